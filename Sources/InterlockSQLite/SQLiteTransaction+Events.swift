import InterlockCore
import InterlockStore

extension SQLiteTransaction {
  // MARK: Decisions and comments

  func insertNote(
    _ note: ReviewNote, review: Int64, number: Int64, body: [UInt8]
  ) throws(StoreError) {
    let sql: SQL =
      switch note {
      case .decision: .insertDecision
      case .comment: .insertComment
      }
    try run(sql) { $0.bind(review).bind(number).bind(Text(trusted: body)) }
  }

  func note(_ note: ReviewNote, review: Int64, number: Int64) throws(StoreError) -> [UInt8]? {
    let sql: SQL =
      switch note {
      case .decision: .decision
      case .comment: .comment
      }
    return try first(sql, bind: { $0.bind(review).bind(number) }) { $0.bytes(0) }
  }

  func notes(_ note: ReviewNote, review: Int64, limit: Int) throws(StoreError) -> [[UInt8]] {
    let sql: SQL =
      switch note {
      case .decision: .decisions
      case .comment: .comments
      }
    return try all(sql, bind: { $0.bind(review).bind(Int64(limit)) }) { $0.bytes(0) }.reversed()
  }

  func nextNote(_ note: ReviewNote, review: Int64) throws(StoreError) -> Int64 {
    let sql: SQL =
      switch note {
      case .decision: .lastDecision
      case .comment: .lastComment
      }
    let last = try first(sql, bind: { $0.bind(review) }, read: Self.firstInteger) ?? 0
    guard last < Self.mostNotes else {
      throw StoreError(.tooLarge, "the review has \(last) of these, and takes no more")
    }
    return last + 1
  }

  /// What the place of a decision has room for.
  private static let mostNotes: Int64 = (1 << 24) - 1

  // MARK: Events

  /// Nothing deletes events, so the key is one more than that of the event before.
  func insertEvent(_ record: EventRecord) throws(StoreError) -> Int64 {
    try run(.insertEvent) {
      $0.bind(record.type).bind(record.at).bind(record.review).bind(record.thread)
        .bind(record.channel).bind(Text(trusted: record.body))
    }
    return connection.lastInsertedRow
  }

  func events(after sequence: Int64, limit: Int) throws(StoreError) -> [EventRecord] {
    try all(
      .eventsAfter, bind: { $0.bind(sequence).bind(Int64(limit)) }, read: Self.event)
  }

  private static func event(_ row: SQLiteStatement) throws(StoreError) -> EventRecord {
    try EventRecord(
      sequence: row.integer(0), type: row.text(1), at: row.integer(2),
      review: row.optionalText(3), thread: row.optionalText(4), channel: row.optionalText(5),
      body: row.bytes(6))
  }

  func lastEvent() throws(StoreError) -> Int64 {
    try first(.lastEvent, bind: { _ in }, read: Self.firstInteger) ?? 0
  }

  func eventCount() throws(StoreError) -> Int64 {
    try first(.eventCount, bind: { _ in }, read: Self.firstInteger) ?? 0
  }

  func cursor(_ name: Text) throws(StoreError) -> Int64? {
    try first(.cursor, bind: { $0.bind(name) }, read: Self.firstInteger)
  }

  func setCursor(_ name: Text, to sequence: Int64) throws(StoreError) {
    try run(.setCursor) { $0.bind(name).bind(sequence) }
  }

  // MARK: Audit

  func insertAudit(_ record: AuditRecord) throws(StoreError) {
    try run(.insertAudit) {
      $0.bind(record.sequence).bind(record.review).bind(Text(trusted: record.body))
        .bind(record.hash)
    }
  }

  func audit(after sequence: Int64, limit: Int) throws(StoreError) -> [AuditRecord] {
    try all(
      .auditAfter, bind: { $0.bind(sequence).bind(Int64(limit)) }, read: Self.audit)
  }

  func lastAudit() throws(StoreError) -> AuditRecord? {
    try first(.lastAudit, bind: { _ in }, read: Self.audit)
  }

  private static func audit(_ row: SQLiteStatement) throws(StoreError) -> AuditRecord {
    try AuditRecord(
      sequence: row.integer(0), review: row.optionalText(1), body: row.bytes(2),
      hash: row.bytes(3))
  }

  // MARK: Policies and settings

  func policy(_ name: Text, version: Int?) throws(StoreError) -> PolicyRecord? {
    guard let version else {
      return try first(.newestPolicy, bind: { $0.bind(name) }, read: Self.policy)
    }
    return try first(
      .policy, bind: { $0.bind(name).bind(Int64(version)) }, read: Self.policy)
  }

  func insertPolicy(_ record: PolicyRecord) throws(StoreError) {
    try run(.insertPolicy) {
      $0.bind(record.name).bind(Int64(record.version)).bind(Text(trusted: record.body))
    }
  }

  func policies(after name: Text, limit: Int) throws(StoreError) -> [PolicyRecord] {
    try all(
      .policiesAfter, bind: { $0.bind(name).bind(Int64(limit)) }, read: Self.policy)
  }

  private static func policy(_ row: SQLiteStatement) throws(StoreError) -> PolicyRecord {
    try PolicyRecord(name: row.text(0), version: Int(row.integer(1)), body: row.bytes(2))
  }

  func setting(_ name: Text) throws(StoreError) -> [UInt8]? {
    try first(.setting, bind: { $0.bind(name) }) { $0.bytes(0) }
  }

  func insertSetting(_ name: Text, _ value: [UInt8]) throws(StoreError) {
    try run(.insertSetting) { $0.bind(name).bind(value) }
  }
}
