import CSQLite
import InterlockCore
import InterlockStore

/// A prepared statement: bind in order, step, read columns, reset.
final class SQLiteStatement {
  private let database: OpaquePointer?
  private var handle: OpaquePointer?
  private var position: Int32 = 0

  init(_ database: OpaquePointer?, _ sql: String, isKept: Bool) throws(SQLiteError) {
    self.database = database
    let flags = isKept ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0
    let code = sqlite3_prepare_v3(database, sql, -1, flags, &handle, nil)
    guard code == SQLITE_OK else { throw SQLiteError(code: code, database: database) }
  }

  func finalize() {
    sqlite3_finalize(handle)
    handle = nil
  }

  // MARK: Binding, in the order of the parameters

  @discardableResult
  func bind(_ value: Int64) -> SQLiteStatement {
    position += 1
    sqlite3_bind_int64(handle, position, value)
    return self
  }

  @discardableResult
  func bind(_ value: Int64?) -> SQLiteStatement {
    guard let value else { return bindNull() }
    return bind(value)
  }

  @discardableResult
  func bind(_ value: Double) -> SQLiteStatement {
    position += 1
    sqlite3_bind_double(handle, position, value)
    return self
  }

  @discardableResult
  func bind(_ text: Text) -> SQLiteStatement {
    position += 1
    let index = position
    _ = text.utf8.withUnsafeBytes {
      csqlite_bind_text(handle, index, $0.baseAddress, UInt64($0.count))
    }
    return self
  }

  @discardableResult
  func bind(_ text: Text?) -> SQLiteStatement {
    guard let text else {
      position += 1
      sqlite3_bind_null(handle, position)
      return self
    }
    return bind(text)
  }

  @discardableResult
  func bind(_ bytes: some Collection<UInt8>) -> SQLiteStatement {
    position += 1
    let index = position
    let bound: Void? = bytes.withContiguousStorageIfAvailable {
      _ = csqlite_bind_blob(handle, index, $0.baseAddress, UInt64($0.count))
    }
    if bound == nil {
      _ = Array(bytes).withUnsafeBytes {
        csqlite_bind_blob(handle, index, $0.baseAddress, UInt64($0.count))
      }
    }
    return self
  }

  @discardableResult
  func bind(_ digest: RowDigest) -> SQLiteStatement {
    position += 1
    let index = position
    digest.withBytes { _ = csqlite_bind_blob(handle, index, $0.baseAddress, UInt64($0.count)) }
    return self
  }

  @discardableResult
  func bindNull() -> SQLiteStatement {
    position += 1
    sqlite3_bind_null(handle, position)
    return self
  }

  // MARK: Running

  /// Whether there is a row. After the last row, or an error, the statement is ready for reuse.
  func step() throws(SQLiteError) -> Bool {
    let code = sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    let error = code == SQLITE_DONE ? nil : SQLiteError(code: code, database: database)
    reset()
    if let error { throw error }
    return false
  }

  /// Runs a statement that returns no row.
  func run() throws(SQLiteError) {
    while try step() {}
  }

  func reset() {
    sqlite3_reset(handle)
    sqlite3_clear_bindings(handle)
    position = 0
  }

  // MARK: Columns of the current row

  func integer(_ column: Int32) -> Int64 {
    sqlite3_column_int64(handle, column)
  }

  func real(_ column: Int32) -> Double {
    sqlite3_column_double(handle, column)
  }

  func isNull(_ column: Int32) -> Bool {
    sqlite3_column_type(handle, column) == SQLITE_NULL
  }

  func bytes(_ column: Int32) -> [UInt8] {
    [UInt8](buffer(column))
  }

  /// Valid until the next step or reset.
  func buffer(_ column: Int32) -> UnsafeRawBufferPointer {
    let start = sqlite3_column_blob(handle, column)
    return UnsafeRawBufferPointer(
      start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(handle, column)))
  }

  func text(_ column: Int32) -> Text {
    Text(trusted: bytes(column))
  }

  func digest(_ column: Int32) -> RowDigest {
    RowDigest(stored: buffer(column))
  }

  func optionalText(_ column: Int32) -> Text? {
    isNull(column) ? nil : text(column)
  }
}
