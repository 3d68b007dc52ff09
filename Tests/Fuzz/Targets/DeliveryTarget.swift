import InterlockCore

/// The request for an endpoint, the row of a delivery, and events: three bytes each. A damaged row must
/// do no harm, and no order of events delivers twice what was delivered, or lets two senders in.
enum DeliveryTarget {
  private static let maxEvents = 200

  static func run(_ input: [UInt8]) throws(Finding) {
    var lines = FuzzLines(input)
    if let request = lines.json() { try read(endpoint: request) }
    guard let row = lines.json(), var machine = try read(row) else { return }
    var now = machine.stored.at ?? 1_786_000_000_000
    let events = lines.remainder().prefix(3 * maxEvents)
    for index in stride(from: events.startIndex, to: events.endIndex - 2, by: 3) {
      now = now.moved(by: events[index + 2], unit: 1000)
      let event = Event(events[index], events[index + 1], now)
      let before = machine
      let action = event.happen(to: &machine)
      try event.hold(before, action, machine)
      try require(
        DeliveryMachine(machine.stored, attempts: machine.attempts, report: machine.report)
          == machine, "stored, it is another delivery")
    }
  }

  private static func read(endpoint request: JSONValue) throws(Finding) {
    var reader = MemberReader(request)
    guard let draft = EndpointDraft(&reader) else { return try requireUseful(reader.problems) }
    try require(1...Limits.idBytes ~= draft.name.utf8.count, "a name without end or beginning")
    try require(1...EndpointDraft.maxAttempts ~= draft.attempts, "\(draft.attempts) attempts")
    try require(draft.url.utf8.count <= EndpointDraft.maxURLBytes, "a URL without end")
    // What becomes a line of a request must not become two.
    try require(draft.url.utf8.allSatisfy { 0x21..<0x7F ~= $0 }, "more than a URL")
    let filter = draft.filter
    try require(EventFilter(stored: .object(filter.members)) == filter, "another filter")
    let type = filter.types.last ?? "review.opened"
    try require(
      filter.includes(
        type: type, review: filter.review, thread: filter.thread, channel: filter.channel),
      "asked for, and not wanted")
  }

  /// `{"status","at","claim","attempts","by","outcome"}`, as the store has it.
  private static func read(_ row: JSONValue) throws(Finding) -> DeliveryMachine? {
    guard
      let status = row.member("status")?.text.flatMap({
        DeliveryMachine.Status(rawValue: $0.string)
      })
    else { return nil }
    let stored = DeliveryMachine.Stored(
      status, at: row.integer("at"), claim: row.member("claim")?.text)
    let attempts = row.integer("attempts").flatMap { Int(exactly: $0) } ?? 0
    let outcome = row.member("outcome")?.text.flatMap { DeliveryOutcome(rawValue: $0.string) }
    let report = row.member("by")?.text.flatMap { claim in
      outcome.map { DeliveryMachine.Report(claim: claim, outcome: $0) }
    }
    guard let machine = DeliveryMachine(stored, attempts: attempts, report: report) else {
      return nil
    }
    try require(
      machine.stored == stored && machine.attempts == attempts && machine.report == report,
      "another delivery than the stored one")
    return machine
  }
}

/// Something that happens to a delivery, and what must be true of it.
private struct Event {
  private enum Kind {
    case claim
    case report(DeliveryOutcome)
    case retry
  }

  private let kind: Kind
  private let claim: Text
  private let patience: Int64
  private let limit: Int
  private let random: UInt64
  private let now: Instant

  init(_ what: UInt8, _ who: UInt8, _ now: Instant) {
    kind =
      switch what % 8 {
      case 0, 1, 2: .claim
      case 3: .report(.delivered)
      case 4, 5, 6: .report(.failed)
      default: .retry
      }
    claim = Text("c\(who % 4)")
    patience = [.max, -1, 0, Int64(who) * 1000][Int(what / 8) % 4]
    limit = 1 + Int(who / 4) % 5
    random = UInt64(what) &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(who)
    self.now = now
  }

  func happen(to machine: inout DeliveryMachine) -> DeliveryMachine.Action {
    switch kind {
    case .claim: machine.claim(claim, patience: patience, limit: limit, at: now)
    case .report(let outcome):
      machine.report(outcome, by: claim, limit: limit, random: random, at: now)
    case .retry: machine.retry(at: now)
    }
  }

  func hold(
    _ before: DeliveryMachine, _ action: DeliveryMachine.Action, _ after: DeliveryMachine
  ) throws(Finding) {
    switch action {
    case .replayed:
      try require(after == before, "the same again, and it changed")
    case .rejected(let refusal):
      try require(after == before, "refused, and changed")
      try require(!refusal.message.isEmpty, "refused without a reason")
      let again = try refusal.json.reread()
      try require(again.member("code") == .text(refusal.code.rawValue), "another code")
    case .claimed(let until):
      try claimed(before, until, after)
    case .delivered, .postponed:
      try reported(before, action, after)
    case .died:
      try require(before.stored.status == .claimed && after.stored.status == .dead, "not dead")
      try require(before.attempts >= limit, "given up too early")
    case .revived:
      try require(before.stored.status == .dead, "revived, and it was not dead")
      try require(after.stored == .init(.pending, at: now), "not due at once")
      try require(after.attempts == 0, "with fewer attempts than a new one")
    }
  }

  private func claimed(
    _ before: DeliveryMachine, _ until: Instant, _ after: DeliveryMachine
  ) throws(Finding) {
    try require(before.stored.at.map { $0 <= now } ?? false, "two senders, or one too early")
    try require(
      before.stored.status == .pending || before.attempts < limit, "one attempt too many")
    try require(after.stored == .init(.claimed, at: until, claim: claim), "another claim")
    try require(until > now || now == .max, "a claim that is over before it begins")
    try require(after.attempts > before.attempts || before.attempts == .max, "not counted")
    try require(after.report == before.report, "reported by a claim")
  }

  private func reported(
    _ before: DeliveryMachine, _ action: DeliveryMachine.Action, _ after: DeliveryMachine
  ) throws(Finding) {
    try require(
      before.stored.status == .claimed && before.stored.claim == claim, "reported by another")
    try require(before.report?.claim != claim, "reported twice")
    try require(after.report?.claim == claim, "forgotten who has reported")
    try require(after.attempts == before.attempts, "a report is no attempt")
    guard case .postponed(let next) = action else {
      return try require(after.stored == .init(.delivered), "not delivered")
    }
    try require(before.attempts < limit, "one attempt too many")
    try require(after.stored == .init(.pending, at: next), "due at another time")
    let (wait, isEndless) = next.subtractingReportingOverflow(now)
    let range = Backoff.usual.first / 2...Backoff.usual.longest
    try require(isEndless || range ~= wait || next == .max, "\(wait) ms until the next attempt")
  }
}
