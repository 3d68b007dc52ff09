import InterlockCore
import InterlockStore

extension SQLiteTransaction {
  func reviews(_ selector: ReviewSelector, limit: Int) throws(StoreError) -> [ReviewRecord] {
    let (sql, name): (SQL, Text) =
      switch selector {
      case .id(let id): (.reviewByID, id)
      case .key(let key): (.reviewByKey, key)
      case .interrupt(let id): (.reviewsByInterrupt, id)
      case .externalID(let id): (.reviewsByExternalID, id)
      case .thread(let thread): (.pendingReviewsOfThread, thread)
      }
    let bind = { (statement: SQLiteStatement) -> Void in
      _ = statement.bind(name).bind(Int64(limit))
    }
    // Looking for a second one costs as much as reading the first.
    if limit == 1 { return try first(sql, bind: bind, read: Self.review).map { [$0] } ?? [] }
    return try all(sql, bind: bind, read: Self.review)
  }

  func insertReview(_ record: ReviewRecord) throws(StoreError) -> Int64 {
    let isSmall = record.definition.count <= Self.smallDefinition
    try run(.insertReview) {
      $0.bind(record.id).bind(Text(record.kind.rawValue)).bind(Text(record.status.rawValue))
        .bind(record.outcome.map { Text($0.rawValue) }).bind(record.successor)
        .bind(record.thread).bind(record.channel).bind(record.interrupt).bind(record.externalID)
        .bind(record.key).bind(record.assignee).bind(record.due).bind(record.revision)
        .bind(record.createdAt).bind(record.request)
        .bind(isSmall ? Text(trusted: record.definition) : nil)
        .bind(Text(trusted: record.progress)).bind(Text(trusted: record.head))
    }
    let sequence = connection.lastInsertedRow
    if !isSmall {
      try run(.insertDefinition) { $0.bind(sequence).bind(Text(trusted: record.definition)) }
    }
    return sequence
  }

  /// Up to here a definition stands with what changes: it is on the page that is read and written
  /// anyway. A larger one would be written again with every change.
  private static let smallDefinition = 1024

  func updateReview(_ record: ReviewRecord) throws(StoreError) {
    try run(.updateReview) {
      $0.bind(Text(record.status.rawValue)).bind(record.outcome.map { Text($0.rawValue) })
        .bind(record.successor).bind(record.assignee).bind(record.due).bind(record.revision)
        .bind(Text(trusted: record.progress)).bind(Text(trusted: record.head))
        .bind(record.sequence).bind(Int64(record.progress.count + record.head.count))
    }
  }

  func reviews(_ scan: ReviewScan) throws(StoreError) -> [ReviewRecord] {
    let query = ReviewQuery(scan)
    let statement = try access { (connection) throws(SQLiteError) in
      try connection.prepare(query.sql)
    }
    defer { statement.finalize() }
    for value in query.values {
      switch value {
      case .text(let text): statement.bind(text)
      case .integer(let integer): statement.bind(integer)
      }
    }
    var records: [ReviewRecord] = []
    while try access({ (_) throws(SQLiteError) in try statement.step() }) {
      records.append(try Self.review(statement))
    }
    return records
  }

  func nextDue() throws(StoreError) -> Instant? {
    try first(.nextDue, bind: { _ in }, read: Self.firstOptionalInteger) ?? nil
  }

  func reviews(after sequence: Int64, limit: Int) throws(StoreError) -> [ReviewRecord] {
    try all(
      .reviewsAfter, bind: { $0.bind(sequence).bind(Int64(limit)) }, read: Self.review)
  }

  private static func review(_ row: SQLiteStatement) throws(StoreError) -> ReviewRecord {
    guard let kind = try ReviewKind(rawValue: row.text(2).string),
      let status = try ReviewStatus(rawValue: row.text(3).string)
    else { throw try StoreError(.corrupt, "review \(row.text(1)) cannot be read") }
    return try ReviewRecord(
      sequence: row.integer(0), id: row.text(1), kind: kind, status: status,
      outcome: row.optionalText(4).flatMap { ReviewOutcome(rawValue: $0.string) },
      successor: row.optionalText(5), thread: row.optionalText(6), channel: row.optionalText(7),
      interrupt: row.optionalText(8), externalID: row.optionalText(9), key: row.optionalText(10),
      assignee: row.optionalText(11), due: row.optionalInteger(12),
      revision: row.integer(13), createdAt: row.integer(14), request: row.text(15),
      definition: row.bytes(16), progress: row.bytes(17), head: row.bytes(18))
  }
}

/// The query of a scan: it walks an index, or the table, in the order of the scan, and sorts nothing.
private struct ReviewQuery {
  enum Value {
    case text(Text)
    case integer(Int64)
  }

  private(set) var sql = ""
  private(set) var values: [Value] = []

  init(_ scan: ReviewScan) {
    var conditions: [String] = []
    for (column, value) in [
      ("channel", scan.channel), ("thread", scan.thread), ("assignee", scan.assignee),
      ("kind", scan.kind.map { Text($0.rawValue) }),
    ] {
      guard let value else { continue }
      conditions.append("\(column) = ?")
      values.append(.text(value))
    }
    // Written out, so that the planner may use an index of just these.
    if let status = scan.status {
      conditions.append("status = '\(status.rawValue)'")
      if status != .pending { conditions.append("status <> 'pending'") }
    }
    if let dueBefore = scan.dueBefore {
      conditions.append("due < ?")
      values.append(.integer(dueBefore))
    }
    conditions += after(scan)
    let condition = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
    values.append(.integer(Int64(scan.limit)))
    sql = """
      SELECT sequence, id, kind, status, outcome, successor, thread, channel, interrupt, \
      external_id, key, assignee, due, revision, created_at, request, \
      coalesce(definition, (SELECT body FROM definitions WHERE review = sequence)), progress, head \
      FROM \(source(scan)) \
      \(condition) \(order(scan)) LIMIT ?
      """
  }

  private mutating func after(_ scan: ReviewScan) -> [String] {
    var conditions = scan.order == .mostUrgent ? ["due IS NOT NULL"] : []
    guard let after = scan.after else { return conditions }
    switch scan.order {
    case .newest: conditions.append("sequence < ?")
    case .oldest: conditions.append("sequence > ?")
    case .mostUrgent:
      conditions.append("(due, sequence) > (?, ?)")
      values.append(.integer(after.due))
    }
    values.append(.integer(after.sequence))
    return conditions
  }

  /// The planner does not know how few are pending, nor that one page is wanted and no more.
  private func source(_ scan: ReviewScan) -> String {
    let isPending = scan.status == .pending
    let index: String? =
      if scan.order == .mostUrgent {
        "reviews_by_due"
      } else if scan.thread != nil {
        "reviews_by_thread"
      } else if scan.assignee != nil {
        isPending ? "reviews_pending_by_assignee" : "reviews_by_assignee"
      } else if scan.channel != nil {
        isPending ? "reviews_pending_by_channel" : "reviews_by_channel"
      } else if isPending {
        scan.kind != nil ? "reviews_pending_by_kind" : nil
      } else {
        scan.status != nil ? "reviews_ended" : nil
      }
    guard let index else { return isPending ? pendingOfAllKinds(scan) : "reviews" }
    return "reviews INDEXED BY \(index)"
  }

  /// The page of pending ones of every kind, merged: an index of them all would be one page more to
  /// write for every question and every answer.
  private func pendingOfAllKinds(_ scan: ReviewScan) -> String {
    let after = scan.after.map {
      " AND sequence \(scan.order == .newest ? "<" : ">") \($0.sequence)"
    }
    let due = scan.dueBefore.map { " AND due < \($0)" }
    let kinds = ReviewKind.allCases.map { kind in
      """
      SELECT sequence AS place FROM reviews INDEXED BY reviews_pending_by_kind \
      WHERE status = 'pending' AND kind = '\(kind.rawValue)'\(after ?? "")\(due ?? "")
      """
    }
    return """
      (\(kinds.joined(separator: " UNION ALL ")) \
      ORDER BY place \(scan.order == .newest ? "DESC" : "") LIMIT \(scan.limit)) \
      CROSS JOIN reviews ON sequence = place
      """
  }

  private func order(_ scan: ReviewScan) -> String {
    switch scan.order {
    case .newest: "ORDER BY sequence DESC"
    case .oldest: "ORDER BY sequence"
    case .mostUrgent: "ORDER BY due, sequence"
    }
  }
}
