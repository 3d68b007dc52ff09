import CSQLite
import InterlockCore
import InterlockStore

/// The records of a store inside of a transaction that its owner has begun.
final class SQLiteTransaction: StoreTransaction {
  let connection: SQLiteConnection
  /// Nil in a transaction that only reads.
  let recollection: Recollection?

  init(_ connection: SQLiteConnection, _ recollection: Recollection? = nil) {
    self.connection = connection
    self.recollection = recollection
  }

  /// Runs `body` and translates what SQLite reports.
  func access<Result>(
    _ body: (SQLiteConnection) throws(SQLiteError) -> Result
  ) throws(StoreError) -> Result {
    do throws(SQLiteError) {
      return try body(connection)
    } catch {
      throw error.storeError
    }
  }

  /// The first row of a query, or nil.
  func first<Record>(
    _ sql: SQL, bind: (SQLiteStatement) -> Void,
    read: (SQLiteStatement) throws(StoreError) -> Record
  ) throws(StoreError) -> Record? {
    let statement = try access { (connection) throws(SQLiteError) in
      let statement = try connection.statement(sql)
      bind(statement)
      return try statement.step() ? statement : nil
    }
    guard let statement else { return nil }
    defer { statement.reset() }
    return try read(statement)
  }

  /// All rows of a query.
  func all<Record>(
    _ sql: SQL, bind: (SQLiteStatement) -> Void,
    read: (SQLiteStatement) throws(StoreError) -> Record
  ) throws(StoreError) -> [Record] {
    var records: [Record] = []
    try each(sql, bind: bind) { (statement) throws(StoreError) in
      records.append(try read(statement))
      return true
    }
    return records
  }

  static func firstInteger(_ row: SQLiteStatement) throws(StoreError) -> Int64 {
    try row.integer(0)
  }

  static func firstOptionalInteger(_ row: SQLiteStatement) throws(StoreError) -> Int64? {
    try row.optionalInteger(0)
  }

  static func firstText(_ row: SQLiteStatement) throws(StoreError) -> Text { try row.text(0) }

  /// The rows of a query one by one, while `visit` returns true.
  func each(
    _ sql: SQL, bind: (SQLiteStatement) -> Void,
    visit: (SQLiteStatement) throws(StoreError) -> Bool
  ) throws(StoreError) {
    let statement = try access { (connection) throws(SQLiteError) in
      try connection.statement(sql)
    }
    defer { statement.reset() }
    bind(statement)
    while try access({ (_) throws(SQLiteError) in try statement.step() }) {
      guard try visit(statement) else { return }
    }
  }

  func run(_ sql: SQL, bind: (SQLiteStatement) -> Void) throws(StoreError) {
    try access { (connection) throws(SQLiteError) in
      let statement = try connection.statement(sql)
      bind(statement)
      try statement.run()
    }
  }

  // MARK: Threads

  func thread(named name: Text) throws(StoreError) -> ThreadRecord? {
    if let known = recollection?.thread(named: name) { return known }
    let found = try first(.threadByName, bind: { $0.bind(name) }) { (row) throws(StoreError) in
      try ThreadRecord(key: row.integer(0), epoch: row.integer(1))
    }
    if let found { recollection?.know(found, named: name) }
    return found
  }

  func threadName(_ thread: ThreadKey) throws(StoreError) -> Text? {
    try first(.threadName, bind: { $0.bind(thread) }, read: Self.firstText)
  }

  func insertThread(named name: Text) throws(StoreError) -> ThreadRecord {
    try run(.insertThread) { $0.bind(name) }
    return ThreadRecord(key: connection.lastInsertedRow, epoch: 0)
  }

  func advanceEpoch(of thread: ThreadKey) throws(StoreError) {
    recollection?.forget()
    try run(.advanceEpoch) { $0.bind(thread) }
  }

  func deleteThread(_ thread: ThreadKey) throws(StoreError) {
    recollection?.forget()
    for sql in [
      SQL.deleteCheckpoints, .deleteValues, .deleteWrites, .deleteChunks, .deleteThread,
    ] {
      try run(sql) { $0.bind(thread) }
    }
  }

  func threadNames(after name: Text, limit: Int) throws(StoreError) -> [Text] {
    try all(.threadNames, bind: { $0.bind(name).bind(Int64(limit)) }, read: Self.firstText)
  }
}
