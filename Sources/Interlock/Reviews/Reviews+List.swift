import InterlockCore
import InterlockStore

extension Reviews {
  private enum Order: String, CaseIterable {
    case newest
    case oldest
  }

  /// Lists reviews, a page at a time.
  public func list(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let order: Order = reader.members.choice("order") ?? .newest
    var scan = ReviewScan(
      order: order == .newest ? .newest : .oldest, limit: reader.limit(50))
    scan.status = reader.members.choice("status")
    scan.kind = reader.members.choice("kind")
    scan.channel = reader.members.id("channel")
    scan.thread = reader.members.id("thread")
    scan.assignee = reader.members.actor("assignee")?.column
    scan.dueBefore = reader.members.integer("due_before").map { Instant($0) }
    if scan.dueBefore != nil { scan.order = .mostUrgent }
    let cursor = reader.members.text("cursor")
    try reader.finish()
    if let cursor { scan.after = try Self.position(cursor) }
    return try page(scan)
  }

  /// Most of a page is shown as it was written: nothing is read that would be written again.
  private func page(_ scan: ReviewScan) throws(EngineError) -> [UInt8] {
    let now = engine.clock.now
    // What has ended by time alone must not be listed as pending. A few are put on record now, the
    // rest is left out.
    if !engine.store.information.isReadOnly { _ = try engine.fireBatch(at: now) }
    return try engine.look { [engine] (transaction) throws(StoreError) in
      let records = try transaction.reviews(scan)
      var documents: [[UInt8]] = []
      for record in records {
        guard !record.isCurrent(at: now) else {
          documents.append(try record.written())
          continue
        }
        let review = try LoadedReview(record, engine.definitions).settled(at: now)
        guard scan.status == nil || review.machine.status == scan.status else { continue }
        documents.append(review.record.document)
      }
      let isFull = records.count == scan.limit
      let next = records.last.flatMap { isFull ? JSONValue.text(Self.cursor(after: $0)) : nil }
      return JSONPieces.object([
        "reviews": JSONPieces.array(documents), "next": JSONWriter.write(next ?? .null),
      ])
    }
  }

  private static func cursor(after record: ReviewRecord) -> String {
    "\(record.due ?? 0):\(record.sequence)"
  }

  private static func position(_ cursor: Text) throws(EngineError) -> ReviewPosition {
    let parts = cursor.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    let numbers = parts.map { Int64(String(decoding: $0, as: UTF8.self)) }
    guard numbers.count == 2, let due = numbers[0], let sequence = numbers[1] else {
      throw EngineError(.invalidArgument, "cursor is not one of a page", path: "/cursor")
    }
    return ReviewPosition(due: due, sequence: sequence)
  }
}
