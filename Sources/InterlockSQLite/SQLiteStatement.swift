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

  /// The integers that every reader of JSON takes. Nothing larger is ever stored, so that whoever
  /// calculates with a few of these need not fear an overflow.
  private static let integers: ClosedRange<Int64> = -(1 << 53)...(1 << 53)

  func integer(_ column: Int32) throws(StoreError) -> Int64 {
    let integer = sqlite3_column_int64(handle, column)
    guard Self.integers.contains(integer) else { throw damage(column, "in range") }
    return integer
  }

  /// The first column of what counts rows or pages: not stored by anybody.
  var count: Int64 { sqlite3_column_int64(handle, 0) }

  func optionalInteger(_ column: Int32) throws(StoreError) -> Int64? {
    isNull(column) ? nil : try integer(column)
  }

  func real(_ column: Int32) throws(StoreError) -> Double {
    let real = sqlite3_column_double(handle, column)
    guard real.isFinite else { throw damage(column, "a number") }
    return real
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

  /// What is not UTF-8 any more must not reach anybody who relies on it.
  func text(_ column: Int32) throws(StoreError) -> Text {
    let bytes = bytes(column)
    guard UTF8Validator.isValid(bytes) else { throw damage(column, "UTF-8") }
    return Text(trusted: bytes)
  }

  func digest(_ column: Int32) -> RowDigest {
    RowDigest(stored: buffer(column))
  }

  func optionalText(_ column: Int32) throws(StoreError) -> Text? {
    isNull(column) ? nil : try text(column)
  }

  /// A document that is passed on as it is.
  func json(_ column: Int32) throws(StoreError) -> [UInt8] {
    guard JSONSyntax.isValue(buffer(column)) else { throw damage(column, "JSON") }
    return bytes(column)
  }

  func optionalJSON(_ column: Int32) throws(StoreError) -> [UInt8]? {
    isNull(column) ? nil : try json(column)
  }

  private func damage(_ column: Int32, _ wanted: String) -> StoreError {
    // Most rows begin with what they are found by.
    let key = sqlite3_column_type(handle, 0) == SQLITE_BLOB ? [] : bytes(0).prefix(64)
    let row = "\(name(0)) \(String(decoding: key, as: UTF8.self))"
    return StoreError(.corrupt, "the stored \(name(column)) is not \(wanted) (\(row))")
  }

  private func name(_ column: Int32) -> String {
    sqlite3_column_name(handle, column).map { String(cString: $0) } ?? ""
  }
}
