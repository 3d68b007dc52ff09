import InterlockCore

/// The row of a thread's run, the row of an interrupt, and events: three bytes each. A damaged row
/// must do no harm, and no order of events lets two workers in.
enum RunStoredTarget {
  private static let maxEvents = 200
  /// A fence that is as large as it gets starts again from below: such a row is damage.
  private static let lastFence = Int64.max - Int64(maxEvents)

  static func run(_ input: [UInt8]) throws(Finding) {
    var lines = FuzzLines(input)
    guard let row = lines.json() else { return }
    var interrupt = lines.json().map(InterruptRide.init)
    guard var machine = try read(row) else { return }
    var isTrusted = machine.fence >= 0 && machine.fence < lastFence
    var now = machine.lease?.until ?? 1_786_000_000_000
    let events = lines.remainder().prefix(3 * maxEvents)
    for index in stride(from: events.startIndex, to: events.endIndex - 2, by: 3) {
      let (what, who, when) = (events[index], events[index + 1], events[index + 2])
      now = now.moved(by: when, unit: 1)
      if what >= 200 {
        try interrupt?.happen(what, who)
        continue
      }
      let before = machine
      let action = happen(what, who, now, &machine)
      isTrusted = isTrusted && machine.fence < lastFence
      try hold(before, action, machine, at: now, isTrusted: isTrusted)
    }
  }

  /// `{"status","run","worker","until","fence","outcome"}`, as the store has it.
  private static func read(_ row: JSONValue) throws(Finding) -> RunMachine? {
    guard let status = row.member("status")?.text.flatMap({ ThreadStatus(rawValue: $0.string) })
    else { return nil }
    let fence = row.integer("fence") ?? 0
    let lease = row.member("worker")?.text.map { worker in
      Lease(
        worker: worker, fence: row.integer("lease") ?? fence, until: row.integer("until") ?? 0)
    }
    let run = row.member("run")?.text
    let outcome = row.member("outcome").map(RunOutcome.completed)
    guard
      let machine = RunMachine(
        stored: status, run: run, outcome: outcome, lease: lease, fence: fence)
    else { return nil }
    try require(
      machine.status == status && machine.lease == lease && machine.fence == fence
        && machine.run == run && machine.outcome == outcome, "another run than the stored one")
    return machine
  }

  private static func happen(
    _ what: UInt8, _ who: UInt8, _ now: Instant, _ machine: inout RunMachine
  ) -> RunAction {
    // Mostly the newest worker, otherwise one that has slept.
    let fence = who < 160 ? machine.fence : machine.fence &- Int64(who % 4)
    let patience: Int64 =
      switch who % 5 {
      case 0: .max
      case 1: -1
      default: Int64(who) * 100
      }
    return switch what % 8 {
    case 0, 1, 2:
      machine.begin(
        worker: Text("w\(who % 4)"), newRun: Text("r\(what)"), patience: patience, at: now)
    case 3: machine.heartbeat(fence: fence, patience: patience, at: now)
    case 4: machine.suspend(fence: fence)
    case 5: machine.complete(fence: fence, .integer(Int(who)))
    case 6: machine.fail(fence: fence, .null)
    default: machine.cancel(reason: who == 0 ? nil : "no more")
    }
  }

  private static func hold(
    _ before: RunMachine, _ action: RunAction, _ after: RunMachine, at now: Instant,
    isTrusted: Bool
  ) throws(Finding) {
    switch action {
    case .started(let lease), .resumed(let lease), .tookOver(let lease):
      try require(before.lease.map { $0.until <= now } ?? true, "two leases at a time")
      try require(after.lease == lease && after.fence == lease.fence, "another lease")
      try require(!isTrusted || lease.fence > before.fence, "an old fence")
      try require(lease.until >= now, "a lease that is over before it begins")
    case .extended(let lease):
      try require(after.lease == lease && lease.fence == before.fence, "another lease")
      try require(lease.until >= (before.lease?.until ?? .min), "a shorter lease")
    case .suspended, .completed, .failed:
      try require(before.status == .busy && after.lease == nil, "\(action) without a lease")
    case .cancelled:
      try require(before.status != .idle && after.status == .idle, "cancelled, and not idle")
      try require(!isTrusted || after.fence > before.fence, "cancelled, and not fenced off")
    case .rejected(let refusal):
      try require(after == before, "refused, and changed")
      _ = try refusal.json.reread()
    }
    try require((after.lease != nil) == (after.status == .busy), "busy without a lease")
    try require(after.status == .idle || after.run != nil, "work on no run")
    for fence in [after.fence, after.fence &- 1, before.fence, 0] {
      guard case .success(let lease) = after.admit(fence) else { continue }
      try require(lease == after.lease && fence == after.fence, "an old worker is let in")
    }
    let twin = RunMachine(
      stored: after.status, run: after.run, outcome: after.outcome, lease: after.lease,
      fence: after.fence)
    try require(twin == after, "stored, it is another run")
  }
}

/// `{"value"?,"update"?,"cancelled"?,"review"?}`: an interrupt has one answer for ever.
private struct InterruptRide {
  private var machine: InterruptMachine
  private let values: [JSONValue]

  init(_ row: JSONValue) {
    machine = InterruptMachine(
      storedValue: row.member("value"), update: row.member("update"),
      isCancelled: row.member("cancelled") == .bool(true),
      hasReview: row.member("review") == .bool(true))
    values = [row.member("value") ?? .null, row, .null, .bool(false)]
  }

  mutating func happen(_ what: UInt8, _ who: UInt8) throws(Finding) {
    let before = machine
    let value = values[Int(who) % values.count]
    let isPastReview = who >= 128
    let action =
      what.isMultiple(of: 8)
      ? machine.cancel()
      : machine.resume(
        value, update: what.isMultiple(of: 3) ? value : nil, past: isPastReview)
    switch action {
    case .resumed:
      try require(before.isPending && machine.value == value, "another answer")
      try require(!machine.hasReview || isPastReview, "answered past its review")
    case .cancelled:
      try require(before.isPending && machine.isCancelled, "not cancelled")
    case .replayed:
      try require(machine == before && machine.value == value, "another answer")
    case .rejected(let refusal):
      try require(machine == before, "refused, and changed")
      _ = try refusal.json.reread()
    }
    try require(before.isPending || machine == before, "what has ended changed")
    try require(
      [machine.isPending, machine.isCancelled, machine.value != nil].count { $0 } == 1,
      "neither waiting nor at its end")
  }
}
