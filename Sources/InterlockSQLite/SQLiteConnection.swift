import CSQLite
import Glibc
import InterlockStore

/// One connection with its prepared statements. Used by one thread at a time; the owner sees to it.
final class SQLiteConnection {
  struct Settings: Sendable {
    var path: String
    var isReadOnly: Bool
    var mustExist: Bool
    /// 0 is no limit.
    var maximumBytes: UInt64
  }

  private(set) var handle: OpaquePointer?
  /// Whether this connection made the tables.
  var isNew = false
  /// Of the writing transactions of this connection.
  let recollection = Recollection()
  private var statements: [SQL: SQLiteStatement] = [:]

  init(_ settings: Settings) throws(SQLiteError) {
    guard !Self.isTooSmall(settings.path) else {
      throw SQLiteError(StoreError(.foreignFile, "the file is not a database"))
    }
    var flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    if settings.isReadOnly {
      flags |= SQLITE_OPEN_READONLY
    } else {
      flags |= SQLITE_OPEN_READWRITE | (settings.mustExist ? 0 : SQLITE_OPEN_CREATE)
    }
    let code = sqlite3_open_v2(
      settings.path, &handle, flags, settings.isReadOnly ? nil : csqlite_vfs())
    guard code == SQLITE_OK else {
      let error = SQLiteError(code: code, database: handle)
      sqlite3_close_v2(handle)
      handle = nil
      throw error
    }
    sqlite3_busy_timeout(handle, 0)
    ConnectionRegistry.add(self)
    try execute("PRAGMA temp_store = MEMORY")
    try execute("PRAGMA cache_size = -8192")
    // Pages that become free are given back, and not first written with zeros, as Debian's SQLite would:
    // a deletion must need little room on a disk that is full.
    try execute("PRAGMA secure_delete = FAST")
    // The VFS counts on both.
    try execute("PRAGMA cache_spill = OFF")
    try execute("PRAGMA checkpoint_fullfsync = ON")
    // To end a transaction must need no memory.
    for end in [SQL.commit, .rollback] { _ = try statement(end) }
  }

  /// SQLite takes a file of one byte for an empty database and would overwrite it.
  private static func isTooSmall(_ path: String) -> Bool {
    var information = stat()
    // Not S_IFMT and S_IFREG: those bring in Swift's wrappers of the mathematical library.
    let isRegular = stat(path, &information) == 0 && information.st_mode & 0o170000 == 0o100000
    return isRegular && 1..<512 ~= information.st_size
  }

  deinit {
    ForkGate.inside { close() }
  }

  func close() {
    for statement in statements.values { statement.finalize() }
    statements.removeAll()
    guard handle != nil else { return }
    ConnectionRegistry.remove(self)
    sqlite3_close_v2(handle)
    handle = nil
  }

  /// Lets go of a connection that was inherited through fork(): nothing is written back.
  func abandon() {
    _ = csqlite_no_checkpoint_on_close(handle)
    close()
  }

  var isReadOnly: Bool { sqlite3_db_readonly(handle, "main") == 1 }

  /// Whether no transaction is open. An error may have ended one.
  var isInAutocommit: Bool { sqlite3_get_autocommit(handle) != 0 }

  /// Begins a transaction, even if the one before could not be ended.
  func begin(_ sql: SQL) throws(SQLiteError) {
    if !isInAutocommit { try run(.rollback) }
    try run(sql)
  }

  /// The key of the row that the last INSERT made. RETURNING would cost a microsecond a row.
  var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle) }

  /// Changes with every commit of this connection and, once a transaction has begun, with those of others.
  var dataVersion: UInt32? {
    var version: UInt32 = 0
    let code = sqlite3_file_control(handle, "main", SQLITE_FCNTL_DATA_VERSION, &version)
    return code == SQLITE_OK ? version : nil
  }

  /// How many rows the last statement changed.
  var changedRows: Int32 { sqlite3_changes(handle) }

  func execute(_ sql: String) throws(SQLiteError) {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw SQLiteError(code: code, database: handle) }
  }

  /// The prepared statement of an SQL text, reset and without bindings.
  func statement(_ sql: SQL) throws(SQLiteError) -> SQLiteStatement {
    if let statement = statements[sql] { return statement }
    let statement = try SQLiteStatement(handle, "\(sql.text)", isKept: true)
    statements[sql] = statement
    return statement
  }

  /// A statement for one use, e.g. a pragma.
  func prepare(_ sql: String) throws(SQLiteError) -> SQLiteStatement {
    try SQLiteStatement(handle, sql, isKept: false)
  }

  /// The first column of the first row of a pragma or query, or 0.
  func integer(_ sql: String) throws(SQLiteError) -> Int64 {
    let statement = try prepare(sql)
    defer { statement.finalize() }
    return try statement.step() ? statement.count : 0
  }

  func run(_ sql: SQL) throws(SQLiteError) {
    try statement(sql).run()
  }
}
