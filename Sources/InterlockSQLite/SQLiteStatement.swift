import CSQLite
import InterlockCore
import InterlockStore

/// A prepared statement: bind in order, step, read columns, reset.
final class SQLiteStatement {
  private let database: OpaquePointer?
  private var handle: OpaquePointer?
  private var position: Int32 = 0
  /// What a binding was refused with, for want of memory or because it is too large: a parameter that
  /// is not bound is NULL, so the statement must not run.
  private var refusal = SQLITE_OK

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

  /// Binds the next parameter.
  private func next(_ bind: (_ index: Int32) -> Int32) -> SQLiteStatement {
    position += 1
    let code = bind(position)
    if code != SQLITE_OK, refusal == SQLITE_OK { refusal = code }
    return self
  }

  @discardableResult
  func bind(_ value: Int64) -> SQLiteStatement {
    next { sqlite3_bind_int64(handle, $0, value) }
  }

  @discardableResult
  func bind(_ value: Int64?) -> SQLiteStatement {
    guard let value else { return bindNull() }
    return bind(value)
  }

  @discardableResult
  func bind(_ value: Double) -> SQLiteStatement {
    next { sqlite3_bind_double(handle, $0, value) }
  }

  @discardableResult
  func bind(_ text: Text) -> SQLiteStatement {
    next { index in
      text.utf8.withUnsafeBytes {
        csqlite_bind_text(handle, index, $0.baseAddress, UInt64($0.count))
      }
    }
  }

  @discardableResult
  func bind(_ text: Text?) -> SQLiteStatement {
    guard let text else { return bindNull() }
    return bind(text)
  }

  @discardableResult
  func bind(_ bytes: some Collection<UInt8>) -> SQLiteStatement {
    next { index in
      bytes.withContiguousStorageIfAvailable { bind($0, at: index) }
        ?? Array(bytes).withUnsafeBufferPointer { bind($0, at: index) }
    }
  }

  private func bind(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int32) -> Int32 {
    csqlite_bind_blob(handle, index, bytes.baseAddress, UInt64(bytes.count))
  }

  @discardableResult
  func bind(_ digest: RowDigest) -> SQLiteStatement {
    next { index in
      digest.withBytes { csqlite_bind_blob(handle, index, $0.baseAddress, UInt64($0.count)) }
    }
  }

  @discardableResult
  func bindNull() -> SQLiteStatement {
    next { sqlite3_bind_null(handle, $0) }
  }

  // MARK: Running

  /// Whether there is a row. After the last row, or an error, the statement is ready for reuse.
  func step() throws(SQLiteError) -> Bool {
    let code = refusal == SQLITE_OK ? sqlite3_step(handle) : refusal
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
    refusal = SQLITE_OK
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
