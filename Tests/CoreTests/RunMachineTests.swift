import InterlockCore
import Testing

/// What every event does to the work of a thread, in every state.
@Suite struct RunMachineTests {
  /// States by name. `taken` is busy too, after another worker lost its lease.
  private static let states: [(name: String, make: @Sendable () -> RunMachine)] = [
    ("fresh", { RunMachine() }),
    ("busy", { begun() }),
    ("taken", { begun().after { $0.begin(worker: "bo", newRun: "-", patience: 50, at: 200) } }),
    ("paused", { begun().after { $0.suspend(fence: 1) } }),
    ("failed", { begun().after { $0.fail(fence: 1, .text("why")) } }),
    ("done", { begun().after { $0.complete(fence: 1, .integer(1)) } }),
    ("dropped", { begun().after { $0.cancel(reason: "why") } }),
  ]

  /// `ana` has the lease 1 until 150.
  private static func begun() -> RunMachine {
    RunMachine().after { $0.begin(worker: "ana", newRun: "r1", patience: 50, at: 100) }
  }

  private typealias Event = @Sendable (inout RunMachine) -> RunAction

  private static let events: [(name: String, happen: Event)] = [
    ("begin early", { begin(&$0, ($0.lease?.until ?? 300) - 1) }),
    ("begin in time", { begin(&$0, $0.lease?.until ?? 300) }),
    ("begin late", { begin(&$0, .max) }),
    ("beat", { $0.heartbeat(fence: $0.fence, patience: 50, at: 210) }),
    ("beat late", { $0.heartbeat(fence: $0.fence, patience: 50, at: 900) }),
    ("old beats", { $0.heartbeat(fence: $0.fence - 1, patience: 50, at: 210) }),
    ("next beats", { $0.heartbeat(fence: $0.fence + 1, patience: 50, at: 210) }),
    ("suspend", { $0.suspend(fence: $0.fence) }),
    ("old suspends", { $0.suspend(fence: $0.fence - 1) }),
    ("next suspends", { $0.suspend(fence: $0.fence + 1) }),
    ("complete", { $0.complete(fence: $0.fence, .null) }),
    ("old completes", { $0.complete(fence: $0.fence - 1, .null) }),
    ("next completes", { $0.complete(fence: $0.fence + 1, .null) }),
    ("fail", { $0.fail(fence: $0.fence, .null) }),
    ("old fails", { $0.fail(fence: $0.fence - 1, .null) }),
    ("next fails", { $0.fail(fence: $0.fence + 1, .null) }),
    ("cancel", { $0.cancel(reason: nil) }),
  ]

  private static func begin(_ machine: inout RunMachine, _ now: Instant) -> RunAction {
    machine.begin(worker: "eve", newRun: "r2", patience: 50, at: now)
  }

  private static let table = """
    event         | fresh       | busy        | taken       | paused      | failed      | done        | dropped
    begin early   | started     | THREAD_BUSY | THREAD_BUSY | resumed     | resumed     | started     | started
    begin in time; begin late \
                  | started     | took over   | took over   | resumed     | resumed     | started     | started
    beat; beat late \
                  | NOT_RUNNING | extended    | extended    | NOT_RUNNING | NOT_RUNNING | NOT_RUNNING | NOT_RUNNING
    suspend       | NOT_RUNNING | suspended   | suspended   | NOT_RUNNING | NOT_RUNNING | NOT_RUNNING | NOT_RUNNING
    complete      | NOT_RUNNING | completed   | completed   | NOT_RUNNING | NOT_RUNNING | NOT_RUNNING | NOT_RUNNING
    fail          | NOT_RUNNING | failed      | failed      | NOT_RUNNING | NOT_RUNNING | NOT_RUNNING | NOT_RUNNING
    old beats; next beats; old suspends; next suspends; old completes; next completes; old fails; next fails \
                  | FENCED      | FENCED      | FENCED      | FENCED      | FENCED      | FENCED      | FENCED
    cancel        | NOT_RUNNING | cancelled   | cancelled   | cancelled   | cancelled   | NOT_RUNNING | NOT_RUNNING
    """

  @Test func everyPair() throws {
    let table = try WordTable(Self.table)
    table.covers(states: Self.states.map(\.name), events: Self.events.map(\.name))
    for (pair, expected) in table.cells {
      let before = try #require(Self.states.first { $0.name == pair.state }).make()
      let event = try #require(Self.events.first { $0.name == pair.event }).happen
      var machine = before
      let action = event(&machine)
      #expect(action.word == expected, "\(pair.event) when \(pair.state)")
      #expect(machine.status == action.status ?? before.status, "\(pair.event) when \(pair.state)")
      if action.status == nil { #expect(machine == before, "\(pair.event) when \(pair.state)") }
      if let lease = action.lease { #expect(machine.lease == lease) }
      #expect((machine.lease != nil) == (machine.status == .busy))
    }
    let statuses = Self.states.map { $0.make().status }
    #expect(Set(statuses) == Set(ThreadStatus.allCases))
  }

  @Test("Only the newest fence may write, and only while the run is under way")
  func admission() {
    for (name, make) in Self.states {
      let machine = make()
      for fence in [Int64.min, machine.fence - 1, machine.fence + 1, .max] {
        #expect(code(machine.admit(fence)) == "FENCED", "\(name)")
      }
      let own = machine.status == .busy ? "OK" : "NOT_RUNNING"
      #expect(code(machine.admit(machine.fence)) == own, "\(name)")
    }
  }

  private func code(_ admission: Result<Lease, RunRefusal>) -> String {
    switch admission {
    case .success: "OK"
    case .failure(let refusal): refusal.code.rawValue
    }
  }

  @Test("A run keeps its id until it has ended; a new one gets another")
  func ids() {
    for (name, make) in Self.states {
      var machine = make()
      let (run, fence) = (machine.run, machine.fence)
      let isNew = machine.status == .idle
      let action = Self.begin(&machine, .max - 100)
      #expect(machine.run == (isNew ? "r2" : run), "\(name)")
      #expect(machine.outcome == nil, "\(name)")
      #expect(action.lease == Lease(worker: "eve", fence: fence + 1, until: .max - 50), "\(name)")
    }
  }

  @Test func outcomes() {
    let expected: [String: RunOutcome] = [
      "failed": .failed(.text("why")), "done": .completed(.integer(1)),
      "dropped": .cancelled(reason: "why"),
    ]
    for (name, make) in Self.states { #expect(make().outcome == expected[name], "\(name)") }
  }

  @Test("A lease never ends before now, is never cut short, and never overflows")
  func patience() {
    var machine = RunMachine()
    let none = machine.begin(worker: "a", newRun: "r", patience: -5, at: 10)
    #expect(none.lease?.until == 10)
    let endless = machine.begin(worker: "b", newRun: "r", patience: .max, at: 10)
    #expect(endless.lease?.until == .max)
    let shorter = machine.heartbeat(fence: 2, patience: 1, at: 20)
    #expect(shorter.lease?.until == .max)
    #expect(machine.begin(worker: "c", newRun: "r", patience: 1, at: .max).word == "took over")
  }

  @Test("A cancel fences the worker off, whoever it is")
  func cancelFences() {
    for (name, make) in Self.states where make().status != .idle {
      var machine = make()
      let fence = machine.fence
      #expect(machine.cancel(reason: nil) == .cancelled, "\(name)")
      #expect(code(machine.admit(fence)) == "FENCED", "\(name)")
    }
  }

  @Test("What no machine can have been is not read")
  func stored() {
    let leases: [(String, Lease?)] = [
      ("none", nil), ("own", Lease(worker: "a", fence: 3, until: 9)),
      ("other", Lease(worker: "a", fence: 2, until: 9)),
    ]
    for status in ThreadStatus.allCases {
      for (word, lease) in leases {
        for run in [nil, "r"] as [Text?] {
          let machine = RunMachine(
            stored: status, run: run, outcome: nil, lease: lease, fence: 3)
          let isPossible =
            switch status {
            case .idle: lease == nil
            case .busy: word == "own" && run != nil
            case .interrupted, .error: lease == nil && run != nil
            }
          #expect((machine != nil) == isPossible, "\(status) \(word) \(run ?? "-")")
          guard let machine else { continue }
          #expect(machine.status == status && machine.run == run && machine.lease == lease)
        }
      }
    }
  }

  @Test(arguments: states.map(\.name))
  func storingLosesNothing(_ name: String) throws {
    let machine = try #require(Self.states.first { $0.name == name }).make()
    #expect(machine.restored == machine)
  }
}

extension RunMachine {
  func after(_ event: (inout RunMachine) -> RunAction) -> RunMachine {
    var copy = self
    _ = event(&copy)
    return copy
  }

  /// What comes back of the store.
  var restored: RunMachine? {
    RunMachine(stored: status, run: run, outcome: outcome, lease: lease, fence: fence)
  }
}
