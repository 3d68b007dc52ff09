import CSQLite
import InterlockStore

/// The SQLite that this process has loaded. It is the system's, so nobody chose it for us.
enum SQLiteLibrary {
  /// The first with STRICT tables: https://www.sqlite.org/stricttables.html
  static let oldestVersion: Int32 = 3_037_000

  static var version: String { String(cString: sqlite3_libversion()) }

  /// Refuses to open anything with a SQLite that cannot do what the driver asks of it.
  static func refuseUnfit() throws(StoreError) {
    guard sqlite3_libversion_number() >= oldestVersion else {
      throw StoreError(
        .unsupported, "SQLite \(version) is loaded, and 3.37.0 or newer is needed")
    }
    // Connections pass from thread to thread.
    guard sqlite3_threadsafe() != 0 else {
      throw StoreError(.unsupported, "the SQLite that is loaded was built for one thread only")
    }
  }
}
