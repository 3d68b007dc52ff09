import InterlockCore
import Testing

/// One review and a hundred events. Beside it lives a twin that is stored and restored before every
/// event: both must always do the same.
struct ReviewWalk {
  private(set) var machine: ReviewMachine
  private var dice: ReviewDice
  private let answers: [String]
  private var now: Instant = 10_000
  private var invariants: ReviewInvariants
  /// The answers that counted, as they were given.
  private var accepted: [(given: GivenAnswer, decision: Text)] = []
  private var decisions = 0
  /// The words of all actions, to know that a walk meets everything.
  private(set) var words: Set<String> = []

  /// Nil if the request that was drawn cannot be opened.
  init?(seed: UInt64) throws {
    dice = ReviewDice(seed: seed)
    let kind = ReviewDice.kinds[Int(seed % UInt64(ReviewDice.kinds.count))]
    answers = kind.answers
    let request = try ReviewSupport.json(dice.request(kind))
    guard let definition = try? ReviewDefinition(request: request, now: now) else { return nil }
    machine = ReviewMachine(opening: definition, at: now)
    invariants = ReviewInvariants(machine)
    invariants.hold(machine)
  }

  mutating func step() throws {
    now += Instant(dice.chance(70) ? dice.roll(0...60) : dice.roll(-500...500))
    if dice.chance(85) { try settle() }
    if dice.chance(25), let (given, decision) = accepted.isEmpty ? nil : dice.pick(accepted) {
      let action = try happen { [now] in $0.answer(given, at: now) }
      #expect(action == .replayed(decision: decision))
    } else {
      try event()
    }
  }

  /// What is due is applied until nothing is, and then nothing is due.
  private mutating func settle() throws {
    for _ in 0..<(4 * machine.progress.stages.count + 4) {
      if try happen({ [now] in $0.advance(to: now) }) == .idle { break }
    }
    guard let next = machine.nextDeadline else { return }
    let latest = max(now, machine.progress.updatedAt)
    #expect(next.at > latest)
    var copy = machine
    #expect(copy.advance(to: next.at - 1) == .idle)
    #expect(copy.advance(to: next.at) != .idle)
  }

  private mutating func event() throws {
    let actor = ReviewSupport.actor(dice.pick(ReviewDice.people))
    let now = now
    switch dice.roll(1...100) {
    case 1...76: try answer()
    case 77...80:
      let signals = [EscalationSignal(), EscalationSignal(confidence: 0.1)]
      let signal = dice.pick(signals)
      try happen { $0.assess(signal, at: now) }
    case 81...84: try happen { $0.escalate(by: actor, at: now) }
    case 85...88: try happen { $0.claim(by: actor, at: now) }
    case 89...92:
      let claimer = machine.progress.claim ?? actor
      try happen { $0.release(by: claimer, at: now) }
    case 93...98: try happen { $0.reassign(to: actor, at: now) }
    default:
      let isCancelled = dice.chance(50)
      try happen {
        isCancelled ? $0.cancel(reason: "r", at: now) : $0.supersede(by: "next", at: now)
      }
    }
  }

  private mutating func answer() throws {
    decisions += 1
    let stages = machine.definition.policy.stages.map(\.name)
    let given = ReviewSupport.given(
      dice.pick(ReviewDice.people), try ReviewSupport.json(dice.pick(answers)),
      to: machine.definition.payload,
      stage: dice.chance(50) ? machine.stage.name : dice.chance(10) ? dice.pick(stages) : nil,
      key: dice.chance(30) ? Text("k\(dice.roll(1...20))") : nil, decision: Text("d\(decisions)"))
    let votes = machine.progress.stages.flatMap(\.votes).count
    let wasOverdue = machine.isPending && (invariants.end(of: machine).map { $0 <= now } ?? false)
    let action = try happen { [now] in $0.answer(given, at: now) }
    let counted = machine.progress.stages.flatMap(\.votes).count - votes
    #expect(counted == 0 || counted == 1)
    if counted == 1 { accepted.append((given, given.decision)) }
    if wasOverdue { #expect(counted == 0, "An answer at the deadline counted: \(action)") }
  }

  @discardableResult private mutating func happen(
    _ event: (inout ReviewMachine) -> ReviewAction
  ) throws -> ReviewAction {
    let before = machine.snapshot
    var twin = try restored()
    let action = event(&machine)
    #expect(event(&twin) == action)
    #expect(twin.snapshot == machine.snapshot)
    if action.changesNothing {
      #expect(machine.snapshot == before, "\(action.word) changed something")
    }
    words.insert(action.word.split(separator: " ").first.map(String.init) ?? "")
    invariants.hold(machine, after: action, before: before)
    return action
  }

  private func restored() throws -> ReviewMachine {
    let definition = try ReviewDefinition(stored: machine.definition.document)
    let twin = try #require(
      ReviewMachine(
        stored: definition, status: machine.status, outcome: machine.outcome,
        successor: machine.successor, progress: machine.progress))
    #expect(twin.snapshot == machine.snapshot)
    #expect(twin.nextDeadline == machine.nextDeadline)
    return twin
  }
}
