import CSQLite
import InterlockStore

/// What SQLite reported, before it is translated for the store's callers.
struct SQLiteError: Error {
  /// The extended result code.
  let code: Int32
  let message: String
  /// Set if it was not SQLite that refused.
  private let refusal: StoreError?

  var primary: Int32 { code & 0xFF }
  /// Whether another process or thread is in the way and it is worth asking again. SQLITE_PROTOCOL is
  /// what a race for the recovery of a log gives.
  var isBusy: Bool {
    primary == SQLITE_BUSY || primary == SQLITE_LOCKED || primary == SQLITE_PROTOCOL
  }

  init(code: Int32, database: OpaquePointer?) {
    self.code = code
    refusal = nil
    let text = database.flatMap { sqlite3_errmsg($0) } ?? sqlite3_errstr(code)
    message = text.map { String(cString: $0) } ?? "SQLite error \(code)"
  }

  init(_ refusal: StoreError) {
    code = SQLITE_ERROR
    message = refusal.message
    self.refusal = refusal
  }

  var storeError: StoreError {
    if let refusal { return refusal }
    // The message that SQLite has for it is "not an error", if it was a binding that it refused.
    guard primary != SQLITE_TOOBIG else {
      return StoreError(.tooLarge, "SQLite takes no row of this size")
    }
    return StoreError(storeCode, "SQLite: \(message) (\(code))")
  }

  private var storeCode: StoreError.Code {
    switch primary {
    case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: .busy
    case SQLITE_READONLY: .readOnly
    case SQLITE_FULL: .diskFull
    case SQLITE_IOERR: code == SQLiteError.ioNoMemory ? .noMemory : .inputOutput
    // No statement of ours breaks a rule of the tables unless what is stored contradicts itself.
    case SQLITE_CORRUPT, SQLITE_CONSTRAINT, SQLITE_MISMATCH: .corrupt
    case SQLITE_NOTADB: .foreignFile
    case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH: .cannotOpen
    case SQLITE_NOMEM: .noMemory
    case SQLITE_TOOBIG: .tooLarge
    default: .internalDefect
    }
  }

  /// SQLITE_IOERR_NOMEM, a macro that the importer cannot read.
  private static let ioNoMemory = SQLITE_IOERR | (12 << 8)
}
