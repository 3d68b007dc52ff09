import InterlockCore

/// Takes a review through events that bytes spell: three for each, what, who and when.
struct ReviewRide {
  static let maxEvents = 64

  private(set) var machine: ReviewMachine
  /// Whether the state came about by events, so that all promises hold of it.
  var isTrusted = true
  private let responses: [JSONValue]
  private let actors: [Actor]
  private var now: Instant
  private var count = 0

  init(_ machine: ReviewMachine, responses: [JSONValue?]) {
    self.machine = machine
    self.responses = responses.compactMap { $0 }
    now = machine.progress.updatedAt
    actors = Self.actors(machine.definition)
  }

  /// Everybody the review names, and some others.
  private static func actors(_ definition: ReviewDefinition) -> [Actor] {
    var actors: [Actor] = [
      Actor(Identity(.userID, "ana")), Actor(Identity(.userID, "mia"), roles: ["manager"]),
      Actor(Identity(.agent, "bot")), Actor(Identity(.email, "bo@x.org"), roles: ["legal", "a"]),
    ]
    for approver in definition.policy.stages.flatMap(\.approvers).prefix(60) {
      guard case .identity(let identity) = approver else { continue }
      actors.append(Actor(identity))
    }
    let named = [definition.requester, definition.assignee].compactMap { $0 }
    actors += named.map { Actor($0.identity) }
    var seen: Set<Identity> = []
    return actors.filter { seen.insert($0.identity).inserted }
  }

  mutating func follow(_ bytes: [UInt8]) throws(Finding) {
    if isTrusted { try ReviewPromises.hold(machine, actors) }
    var rest = bytes[...]
    while count < Self.maxEvents, let what = rest.popFirst(), let who = rest.popFirst(),
      let when = rest.popFirst()
    {
      count += 1
      move(when)
      let before = machine
      let action = try event(what, Int(who))
      try ReviewPromises.hold(before, action, machine)
      if isTrusted { try ReviewPromises.hold(machine, actors) }
    }
    if isTrusted { _ = try ReviewPromises.twin(of: machine) }
  }

  /// On, back, to the next deadline or just before it, and to the ends of time.
  private mutating func move(_ byte: UInt8) {
    let step = Instant(byte) * Instant(byte)
    switch byte {
    case 0..<200: now = now.addingReportingOverflow(step).partialValue
    case 200..<215: now = now.subtractingReportingOverflow(step * 1000).partialValue
    case 215..<235: now = machine.nextDeadline?.at ?? now
    case 235..<250: now = machine.nextDeadline.map { $0.at &- 1 } ?? now
    case 250: now = .max
    case 251: now = .min
    default: now = Deadline.last
    }
  }

  private mutating func event(_ what: UInt8, _ who: Int) throws(Finding) -> ReviewAction {
    let actor = actors[who % actors.count]
    switch what % 14 {
    case 0: return try advance()
    case 1, 2, 3: return answer(by: actor, who / 8, Int(what) / 14)
    case 4: return answerWithAWord(by: actor, who)
    case 5:
      return machine.assess(
        EscalationSignal(confidence: Double(who) / 255, hasError: who == 1), at: now)
    case 6: return machine.escalate(by: actor, at: now)
    case 7: return machine.claim(by: actor, at: now)
    case 8: return machine.release(by: actor, at: now)
    case 9: return machine.reassign(to: who == 0 ? nil : actor, at: now)
    case 10: return machine.cancel(reason: who == 0 ? nil : "no more", at: now)
    case 11: return machine.supersede(by: "next", at: now)
    case 12:
      machine = try ReviewPromises.twin(of: machine)
      return .idle
    default:
      try show(actor)
      return .idle
    }
  }

  /// What is due, one after the other: it must come to an end.
  private mutating func advance() throws(Finding) -> ReviewAction {
    var last = ReviewAction.idle
    for _ in 0...(2 * Policy.maxStages + 2) {
      let before = machine
      let action = machine.advance(to: now)
      if action == .idle {
        if isTrusted, let next = machine.nextDeadline {
          try require(next.at > now, "something is due, and nothing happens")
        }
        return last
      }
      try ReviewPromises.hold(before, action, machine)
      last = action
    }
    throw Finding("time has no end")
  }

  private mutating func answer(by actor: Actor, _ choice: Int, _ more: Int) -> ReviewAction {
    guard !responses.isEmpty else { return machine.advance(to: now) }
    let response = responses[choice % responses.count]
    return machine.answer(given(response, by: actor, more), at: now)
  }

  private mutating func answerWithAWord(by actor: Actor, _ choice: Int) -> ReviewAction {
    let words = OutcomeWord.allCases
    let expanded = ReviewPayload.expand(
      outcomeWord: Text(words[choice / 8 % words.count].rawValue), for: machine.definition.payload,
      message: nil)
    guard case .success(let response) = expanded else { return machine.advance(to: now) }
    return machine.answer(given(response, by: actor, choice % 3), at: now)
  }

  private func given(_ response: JSONValue, by actor: Actor, _ more: Int) -> GivenAnswer {
    let check = machine.definition.payload.check(response)
    var substance = response
    if case .valid(let answer) = check { substance = answer.substance }
    let stages = machine.definition.policy.stages
    return GivenAnswer(
      decision: Text("d\(count)"), actor: actor, check: check,
      substance: Text(validating: CanonicalJSON.write(substance)) ?? .empty,
      fingerprint: Text(validating: CanonicalJSON.write(response)) ?? .empty,
      stage: more % 3 == 1 ? stages[more % stages.count].name : nil,
      key: more % 3 == 2 ? Text("k\(more % 4)") : nil)
  }

  private func show(_ actor: Actor) throws(Finding) {
    let explanation = machine.explain(
      id: "r", actor: actor, stage: nil, given: responses.first.map { given($0, by: actor, 0) },
      at: now)
    _ = try explanation.reread()
    for redacted in [false, true] {
      let head = machine.head(id: "r", revision: 1, createdAt: now, redacted: redacted)
      try require((try? JSONReader.readStored(head)) != nil, "a head that is no JSON")
    }
  }
}
