import CSQLite
import Glibc
import InterlockCore
import Testing

@testable import InterlockSQLite
@testable import InterlockStore

/// No list walks a table or sorts: however many reviews there are, a page costs a page.
@Suite struct QueryPlanTests {
  private static let orders: [ReviewScan.Order] = [.newest, .oldest, .mostUrgent]

  /// The shapes of lists, as the engine asks for them: with a due time in the order of due times.
  private static let shapes: [ReviewScan] = (0..<(64 * 3)).compactMap { number in
    var scan = ReviewScan(order: orders[number / 64], limit: 10)
    if number & 1 != 0 { scan.status = .pending }
    if number & 2 != 0 { scan.kind = .approval }
    if number & 4 != 0 { scan.channel = "c" }
    if number & 8 != 0 { scan.thread = "t" }
    if number & 16 != 0 { scan.assignee = "a" }
    if number & 32 != 0 { scan.after = ReviewPosition(due: 3, sequence: 7) }
    if scan.order == .mostUrgent { scan.dueBefore = 9 }
    return scan
  }

  private static let statements: [SQL] = [
    .reviewByID, .reviewByKey, .reviewsByInterrupt, .reviewsByExternalID, .pendingReviewsOfThread,
    .reviewsAfter, .nextDue, .decision, .decisions, .lastDecision, .comment, .comments,
    .lastComment, .eventsAfter, .lastEvent, .cursor, .auditAfter, .lastAudit, .newestPolicy,
    .policy, .policiesAfter, .setting, .message, .messageByKey, .messages, .messagesFromSender,
    .lastIteration, .feedback, .feedbackAbout, .feedbackSummaries, .feedbackSummariesAbout,
    .policy, .policiesAfter, .setting, .token, .lastTokenExpiry, .deleteTokens, .inbound,
    .endpoint, .endpointsAfter, .endpointBehind, .delivery, .deleteDeliveries, .deliveries,
    .deliveriesOfEndpoint, .deliveriesWithStatus, .deliveriesOfEndpointWithStatus, .deliveriesDue,
    .nextDelivery, .holdDeliveries, .releaseDeliveries, .updateDelivery,
    .graphInterrupt, .graphInterruptsOfThread, .openGraphInterrupts, .dueGraphInterrupts,
    .deleteGraphInterrupts, .graphInterruptsOfReview,
  ]

  @Test(arguments: [false, true])
  func everyListUsesAnIndex(_ isAnalyzed: Bool) throws {
    try Self.withConnection(isAnalyzed) { connection in
      var wrong: [String] = []
      for shape in Self.shapes {
        let sql = try Self.sql(of: shape, connection)
        let plan = try Self.plan(of: sql, connection)
        let isMerged = plan.contains("MERGE (UNION ALL)") && sql.contains(" LIMIT 10) CROSS JOIN")
        for line in plan {
          // What was merged from the walks of all kinds is a page: that may be put in order again.
          let isPage = line.hasPrefix("SCAN (subquery-") || line == "USE TEMP B-TREE FOR ORDER BY"
          if isMerged && isPage { continue }
          let sorts = line.contains("TEMP B-TREE")
          if sorts || Self.walksATable(line) { wrong.append("\(shape)\n\(line)") }
        }
      }
      #expect(wrong.isEmpty, "\(wrong.count) of \(Self.shapes.count): \(wrong.prefix(3))")
    }
  }

  @Test(arguments: [false, true])
  func everyOtherQueryUsesAnIndex(_ isAnalyzed: Bool) throws {
    try Self.withConnection(isAnalyzed) { connection in
      for statement in Self.statements {
        for line in try Self.plan(of: "\(statement.text)", connection) {
          // What shares an interrupt or an external id are few: pending ones first is a sort.
          let few: [SQL] = [.reviewsByInterrupt, .reviewsByExternalID, .graphInterruptsOfReview]
          let maySort = few.contains(statement)
          #expect(maySort || !line.contains("TEMP B-TREE"), "\(statement): \(line)")
          #expect(!Self.walksATable(line), "\(statement): \(line)")
        }
      }
    }
  }

  /// A walk along the key or an index is no walk of a table: it ends with the page.
  private static func walksATable(_ line: String) -> Bool {
    guard line.hasPrefix("SCAN"), !line.contains("INDEX") else { return false }
    return ![
      "SCAN reviews", "SCAN audit", "SCAN events", "SCAN CONSTANT ROW", "SCAN feedback",
    ].contains(line)
  }

  // MARK: A real file

  private static func withConnection(
    _ isAnalyzed: Bool, _ body: (SQLiteConnection) throws -> Void
  ) throws {
    var template = Array("/tmp/interlock-plan-XXXXXX".utf8CString)
    let folder = mkdtemp(&template).map { String(cString: $0) } ?? "/tmp"
    let path = folder + "/a.db"
    defer {
      for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
      rmdir(folder)
    }
    let store = try SQLiteStore(path: path)
    try store.write { (transaction) throws(StoreError) in
      for number in 0..<400 { _ = try transaction.insertReview(row(number)) }
    }
    try store.close()
    let connection = try SQLiteConnection(
      SQLiteConnection.Settings(path: path, isReadOnly: false, mustExist: true, maximumBytes: 0))
    if isAnalyzed { try connection.execute("ANALYZE") }
    try body(connection)
    connection.close()
  }

  private static func row(_ number: Int) -> ReviewRecord {
    let name = Text("\(number % 7)")
    return ReviewRecord(
      id: Text("\(number)"), kind: .approval, status: number % 9 == 0 ? .pending : .resolved,
      outcome: nil, successor: nil, thread: name, channel: "c", interrupt: nil, externalID: nil,
      key: nil, assignee: number % 2 == 0 ? "a" : nil, due: number % 9 == 0 ? 5 : nil, revision: 1,
      createdAt: 1, request: "", definition: [123, 125], progress: [123, 125])
  }

  /// What the driver asks SQLite for a scan.
  private static func sql(of scan: ReviewScan, _ connection: SQLiteConnection) throws -> String {
    let heard = Heard()
    sqlite3_trace_v2(
      connection.handle, UInt32(SQLITE_TRACE_STMT),
      { _, context, statement, _ in
        guard let context, let statement else { return 0 }
        let heard = Unmanaged<Heard>.fromOpaque(context).takeUnretainedValue()
        heard.sql = String(cString: sqlite3_sql(OpaquePointer(statement)))
        return 0
      }, Unmanaged.passUnretained(heard).toOpaque())
    defer { sqlite3_trace_v2(connection.handle, 0, nil, nil) }
    _ = try SQLiteTransaction(connection).reviews(scan)
    return heard.sql
  }

  private static func plan(of sql: String, _ connection: SQLiteConnection) throws -> [String] {
    let statement = try connection.prepare("EXPLAIN QUERY PLAN " + sql)
    defer { statement.finalize() }
    var lines: [String] = []
    while try statement.step() { lines.append(try statement.text(3).string) }
    return lines
  }
}

private final class Heard {
  var sql = ""
}

extension String {
  /// The parts between a separator.
  fileprivate func components(of separator: String) -> [String] {
    var (parts, rest) = ([String](), self[...])
    while let range = rest.firstRange(of: separator) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }
}
