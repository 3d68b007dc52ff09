import InterlockCore
import Testing

/// Workers that come, sleep, wake too late and go on: what must hold whatever they do.
@Suite struct RunWalkTests {
  /// 300 walks of 80 events. A walk that never met something would prove nothing about it, so all
  /// together must meet every action and every status.
  @Test("DESIGN 4: one lease at a time, growing fences, and no write of a fenced worker")
  func walks() {
    var words: Set<String> = []
    var statuses: Set<ThreadStatus> = []
    for seed in 1...300 as ClosedRange<UInt64> {
      var walk = RunWalk(seed)
      for _ in 0..<80 {
        walk.step()
        statuses.insert(walk.machine.status)
      }
      words.formUnion(walk.words)
    }
    #expect(
      words == [
        "started", "resumed", "took over", "extended", "suspended", "completed", "failed",
        "cancelled", "THREAD_BUSY", "FENCED", "NOT_RUNNING",
      ])
    #expect(statuses == Set(ThreadStatus.allCases))
  }
}

private struct RunWalk {
  private(set) var machine = RunMachine()
  private(set) var words: Set<String> = []
  private var dice: RunDice
  private var now: Instant = 1000
  /// Every fence that was ever granted: each is a worker that may still be alive.
  private var granted: [Int64] = []
  private var runs = 0

  init(_ seed: UInt64) { dice = RunDice(seed) }

  mutating func step() {
    now += Instant(dice.roll(-10...60))
    let before = machine
    #expect(before.restored == before)
    let fence =
      granted.isEmpty ? 0 : dice.chance(60) ? granted[granted.count - 1] : dice.pick(granted)
    let isNewest = fence == machine.fence
    let action = happen(fence)
    words.insert(action.word)
    switch action {
    case .started(let lease), .resumed(let lease), .tookOver(let lease):
      #expect(before.lease.map { $0.until <= now } ?? true, "Two leases at a time.")
      #expect(lease.fence > (granted.last ?? 0) && lease.fence > before.fence)
      #expect((machine.run != before.run) == (action.word == "started"))
      granted.append(lease.fence)
    case .extended, .suspended, .completed, .failed:
      #expect(isNewest && before.status == .busy, "A fenced worker has written.")
    case .cancelled: #expect(machine.fence > before.fence)
    case .rejected: #expect(machine == before)
    }
    let admitted = granted.filter { fence in
      if case .success = machine.admit(fence) { true } else { false }
    }
    #expect(admitted.count == (machine.status == .busy ? 1 : 0))
    #expect(machine.fence >= before.fence)
    if machine.outcome != before.outcome, before.outcome != nil {
      #expect(machine.outcome == nil || action == .cancelled)
    }
  }

  private mutating func happen(_ fence: Int64) -> RunAction {
    let patience = Int64(dice.roll(0...80))
    switch dice.roll(1...100) {
    case 1...40:
      runs += 1
      return machine.begin(
        worker: Text("w\(runs)"), newRun: Text("r\(runs)"), patience: patience, at: now)
    case 41...60: return machine.heartbeat(fence: fence, patience: patience, at: now)
    case 61...72: return machine.suspend(fence: fence)
    case 73...84: return machine.complete(fence: fence, .integer(runs))
    case 85...94: return machine.fail(fence: fence, .integer(runs))
    default: return machine.cancel(reason: nil)
    }
  }
}
