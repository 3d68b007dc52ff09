import InterlockCore
import Testing

/// What every event does to a permit, in every state, and when it counts as unknown.
@Suite struct PermitMachineTests {
  private static let states: [(name: String, make: @Sendable () -> PermitMachine)] = [
    ("issued", { PermitMachine(issuing: "d") }),
    ("used", { used() }),
    ("done", { used().after { $0.report(isDone: true) } }),
    ("failed", { used().after { $0.report(isDone: false) } }),
  ]

  /// Used at 100, unknown from 150 on.
  private static func used() -> PermitMachine {
    PermitMachine(issuing: "d").after { $0.consume("d", patience: 50, at: 100) }
  }

  private typealias Event = @Sendable (inout PermitMachine) -> PermitMachine.Action

  private static let events: [(name: String, happen: Event)] = [
    ("use", { $0.consume("d", patience: 50, at: 149) }),
    ("use late", { $0.consume("d", patience: 50, at: 150) }),
    ("use other", { $0.consume("x", patience: 50, at: 149) }),
    ("use other late", { $0.consume("x", patience: 50, at: 150) }),
    ("done", { $0.report(isDone: true) }),
    ("failed", { $0.report(isDone: false) }),
  ]

  private static let table = """
    event          | issued       | used         | done         | failed
    use            | used         | ALREADY_USED | ALREADY_USED | ALREADY_USED
    use late       | used         | UNKNOWN_EFFECT | ALREADY_USED | ALREADY_USED
    use other      | ARGS_CHANGED | ALREADY_USED | ALREADY_USED | ALREADY_USED
    use other late | ARGS_CHANGED | UNKNOWN_EFFECT | ALREADY_USED | ALREADY_USED
    done           | NOT_USED     | done         | same         | ALREADY_USED
    failed         | NOT_USED     | failed       | ALREADY_USED | same
    """

  private static func word(_ action: PermitMachine.Action) -> String {
    switch action {
    case .consumed: "used"
    case .reported(let status): status.rawValue
    case .replayed: "same"
    case .rejected(let refusal): refusal.code.rawValue
    }
  }

  @Test func everyPair() throws {
    let table = try WordTable(Self.table)
    table.covers(states: Self.states.map(\.name), events: Self.events.map(\.name))
    for (pair, expected) in table.cells {
      let before = try #require(Self.states.first { $0.name == pair.state }).make()
      let event = try #require(Self.events.first { $0.name == pair.event }).happen
      var machine = before
      let action = event(&machine)
      #expect(Self.word(action) == expected, "\(pair.event) when \(pair.state)")
      switch action {
      case .consumed, .reported: #expect(machine != before, "\(pair.event) when \(pair.state)")
      case .replayed, .rejected: #expect(machine == before, "\(pair.event) when \(pair.state)")
      }
    }
  }

  @Test(
    "Whether a used permit is unknown is a function of the record and the time",
    arguments: [
      ("issued", .max, .issued), ("used", 100, .consumed), ("used", 149, .consumed),
      ("used", 150, .unknown), ("used", .max, .unknown), ("used", .min, .consumed),
      ("done", .max, .done), ("failed", .max, .failed),
    ] as [(String, Instant, PermitStatus)])
  func status(_ state: String, _ now: Instant, _ expected: PermitStatus) throws {
    let machine = try #require(Self.states.first { $0.name == state }).make()
    #expect(machine.status(at: now) == expected)
    let stored = machine.stored
    #expect(stored.status != .unknown)
    let twin = PermitMachine(stored: stored.status, until: stored.until, digest: "d")
    #expect(twin == machine)
  }

  @Test("Someone who found out later may report an unknown permit, and then it is not unknown")
  func lateReport() {
    for isDone in [true, false] {
      var machine = Self.used()
      #expect(machine.status(at: 1000) == .unknown)
      let expected: PermitStatus = isDone ? .done : .failed
      #expect(machine.report(isDone: isDone) == .reported(expected))
      #expect(machine.status(at: 1000) == expected)
    }
  }

  @Test("The time of a permit is at least one tick and never overflows")
  func patience() {
    for (patience, now, until) in [(0, 5, 6), (-9, 5, 6), (.max, 5, .max), (1, .max, .max)]
      as [(Int64, Instant, Instant)]
    {
      var machine = PermitMachine(issuing: "d")
      #expect(machine.consume("d", patience: patience, at: now) == .consumed(until: until))
    }
  }

  @Test("What no machine can have been is not read")
  func stored() {
    let possible: [PermitStatus: [Instant?]] = [
      .issued: [nil], .consumed: [9], .done: [nil, 9], .failed: [nil, 9], .unknown: [],
    ]
    for status in PermitStatus.allCases {
      for until in [nil, 9] as [Instant?] {
        let machine = PermitMachine(stored: status, until: until, digest: "d")
        let isPossible = possible[status]?.contains(until) ?? false
        #expect((machine != nil) == isPossible, "\(status) \(until ?? -1)")
      }
    }
  }

  @Test(
    "An approval lets run what it was of, which may be nothing",
    arguments: [
      (#""approval","payload":{"tool":"t","arguments":{"n":1}}"#, ReviewSupport.approve, ["t"]),
      (#""approval","payload":{"tool":"t"}"#, ReviewSupport.reject, []),
      (#""approval","payload":{}"#, ReviewSupport.approve, []),
      (#""verify","payload":{"phrase":"yes"}"#, #"{"phrase":"yes"}"#, []),
      (#""text","payload":{}"#, #"{"text":"t"}"#, []),
    ])
  func permitted(_ kind: String, _ answer: String, _ tools: [String]) throws {
    var machine = try ReviewSupport.machine(#"{"kind":\#(kind)}"#)
    #expect(machine.permitted.isEmpty)
    try machine.say("ana", answer, at: 1)
    #expect(!machine.isPending)
    #expect(
      (machine.outcome == .approved) == (kind.contains("verify") || answer.contains("approve")))
    #expect(machine.permitted.map(\.tool.string) == tools)
  }

  @Test("Of any number of uses one is honoured, and what was reported stays", arguments: 1...150)
  func walk(_ seed: Int) {
    var dice = RunDice(UInt64(seed))
    var machine = PermitMachine(issuing: "d")
    var now: Instant = 1000
    var (uses, reported) = (0, PermitStatus?.none)
    for _ in 0..<60 {
      now += Instant(dice.roll(-5...40))
      guard
        let twin = PermitMachine(
          stored: machine.stored.status, until: machine.stored.until, digest: "d")
      else {
        Issue.record("\(machine) cannot be stored")
        return
      }
      let before = machine
      #expect(twin == machine)
      let action =
        dice.chance(60)
        ? machine.consume(
          dice.chance(50) ? "d" : "x", patience: Int64(dice.roll(0...100)), at: now)
        : machine.report(isDone: dice.chance(50))
      switch action {
      case .consumed(let until):
        uses += 1
        #expect(before.status(at: now) == .issued && until > now)
      case .reported(let status):
        #expect(reported == nil && uses == 1)
        reported = status
      case .replayed, .rejected: #expect(machine == before)
      }
      if let reported { #expect(machine.status(at: now) == reported) }
      #expect(uses <= 1)
    }
  }
}

extension PermitMachine {
  fileprivate func after(_ event: (inout PermitMachine) -> Action) -> PermitMachine {
    var copy = self
    _ = event(&copy)
    return copy
  }
}
