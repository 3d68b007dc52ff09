import CSQLite
import InterlockCore
import Testing

@testable import InterlockSQLite
@testable import InterlockStore

/// A statement runs with all that was bound to it, or not at all.
@Suite struct StatementTests {
  private static let insert = "INSERT INTO t (a, b) VALUES (?, ?)"

  private func withTable(_ body: (SQLiteConnection) throws -> Void) throws {
    let settings = SQLiteConnection.Settings(
      path: ":memory:", isReadOnly: false, mustExist: false, maximumBytes: 0)
    let connection = try SQLiteConnection(settings)
    try connection.execute("CREATE TABLE t (a ANY, b ANY)")
    // What the header says of rows holds for the SQLite that is used here.
    #expect(sqlite3_limit(connection.handle, SQLITE_LIMIT_LENGTH, 1000) == 1_000_000_000)
    try body(connection)
  }

  /// What running the statement ends with.
  private func code(_ statement: SQLiteStatement) -> StoreError.Code? {
    do throws(SQLiteError) {
      try statement.run()
      return nil
    } catch {
      return error.storeError.code
    }
  }

  /// What SQLite does not take is no NULL.
  @Test func whatIsTooLargeIsRefused() throws {
    try withTable { connection in
      let statement = try connection.prepare(Self.insert)
      defer { statement.finalize() }
      let large = [UInt8](repeating: 65, count: 1001)
      let tooLarge: [(SQLiteStatement) -> SQLiteStatement] = [
        { $0.bind(large) }, { $0.bind(large[...]) }, { $0.bind(Text(trusted: large)) },
        { $0.bind(Text(trusted: large) as Text?) },
      ]
      for bind in tooLarge {
        #expect(code(bind(statement).bind(Int64(1))) == .tooLarge)
        #expect(code(statement.bind(Int64(1)).bind(large.prefix(2))) == nil)
      }
      #expect(try connection.integer("SELECT count(*) FROM t") == Int64(tooLarge.count))
      #expect(try connection.integer("SELECT count(*) FROM t WHERE a IS NULL OR b IS NULL") == 0)
    }
  }

  @Test func aParameterThatTheStatementDoesNotHaveIsRefused() throws {
    try withTable { connection in
      let statement = try connection.prepare(Self.insert)
      defer { statement.finalize() }
      #expect(code(statement.bind(Int64(1)).bind(2.5).bindNull()) == .internalDefect)
      #expect(try connection.integer("SELECT count(*) FROM t") == 0)
    }
  }

  /// A connection that was left in a transaction is not lost.
  @Test func aTransactionBeginsAfterOneThatWasNotEnded() throws {
    try withTable { connection in
      try connection.execute("BEGIN; INSERT INTO t VALUES (1, 1)")
      try connection.begin(.begin)
      try connection.run(.commit)
      #expect(try connection.integer("SELECT count(*) FROM t") == 0)
    }
  }
}
