import InterlockCore
import InterlockStore

extension Engine {
  /// How many reviews one transaction settles.
  private static let batch = 64

  /// Applies everything that is due: `{"fired","next_deadline"}`. Since 0.1.
  public func tick() throws(EngineError) -> [UInt8] {
    let fired = try fireDue()
    let next = try nextDeadline()
    return JSONWriter.write(
      .object([
        "fired": .integer(fired), "next_deadline": next.map { .number(.integer($0)) } ?? .null,
      ]))
  }

  /// When something happens next, in milliseconds since 1970; nil if nothing is planned. Since 0.1.
  public func nextDeadline() throws(EngineError) -> Int64? {
    try look { (transaction) throws(StoreError) in try transaction.nextDue() }
  }

  /// Sets a manual clock. Since 0.1.
  public func setTime(_ now: Int64) throws(EngineError) {
    guard 0...Deadline.last ~= now else {
      throw EngineError(.invalidArgument, "now_ms is out of range", path: "now_ms")
    }
    guard clock.set(now) else {
      throw EngineError(.invalidArgument, "engine has no manual clock", path: "engine")
    }
    // Whoever waits for a deadline looks at the clock again.
    store.changes.announce()
  }

  /// Returns how many deadlines, reminders and escalations were applied.
  func fireDue() throws(EngineError) -> Int {
    let now = clock.now
    var fired = 0
    while true {
      let (found, applied) = try fireBatch(at: now)
      fired += applied
      // What another process has applied meanwhile is not due any more.
      if found < Self.batch || applied == 0 { return fired }
    }
  }

  /// Settles the most urgent reviews in one transaction, if any is due. Returns how many were found,
  /// and how many events that were.
  func fireBatch(at now: Instant) throws(EngineError) -> (found: Int, applied: Int) {
    let next = try nextDeadline()
    guard let next, next <= now else { return (0, 0) }
    return try change { [self] (transaction) throws(StoreError) in
      var scan = ReviewScan(order: .mostUrgent, limit: Self.batch)
      scan.dueBefore = now + 1
      let records = try transaction.reviews(scan)
      var applied = 0
      for record in records {
        var review = try LoadedReview(record, definitions)
        applied += try settle(&review, at: now, transaction)
      }
      return (records.count, applied)
    }
  }
}
