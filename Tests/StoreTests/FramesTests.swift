import CSQLite
import Glibc
import Testing

/// The VFS that writes a commit at once, against SQLite itself: when a commit has returned, the files
/// have it, and nothing of a transaction that was undone reaches them.
@Suite struct FramesTests {
  /// SQLite as a test wants it: an error is the end of the test.
  private final class Database {
    private var handle: OpaquePointer?

    init(_ path: String, through vfs: UnsafePointer<CChar>?, synchronous: String = "NORMAL") throws
    {
      let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      try #require(sqlite3_open_v2(path, &handle, flags, vfs) == SQLITE_OK)
      try run("PRAGMA journal_mode = WAL")
      try run("PRAGMA synchronous = \(synchronous)")
      if vfs != nil { try run("PRAGMA cache_spill = OFF") }
    }

    deinit { sqlite3_close_v2(handle) }

    func run(_ sql: String) throws {
      let code = sqlite3_exec(handle, sql, nil, nil, nil)
      try #require(code == SQLITE_OK, "\(sql): \(String(cString: sqlite3_errmsg(handle)))")
    }

    func text(_ sql: String) throws -> String {
      var statement: OpaquePointer?
      defer { sqlite3_finalize(statement) }
      try #require(sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK)
      try #require(sqlite3_step(statement) == SQLITE_ROW)
      return sqlite3_column_text(statement, 0).map { String(cString: $0) } ?? ""
    }
  }

  private static let table = "CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB)"
  private static let contents = "SELECT count(*) || ' ' || coalesce(sum(length(body)), 0) FROM t"

  private static func insert(_ bytes: Int) -> String {
    "INSERT INTO t (body) VALUES (randomblob(\(bytes)))"
  }

  /// What another machine would find after this one has lost its memory: the two files as they are.
  private static func found(_ folder: Folder) throws -> (contents: String, integrity: String) {
    for suffix in ["", "-wal"] {
      try copy("\(folder.path)/a.db\(suffix)", "\(folder.path)/b.db\(suffix)")
    }
    unlink("\(folder.path)/b.db-shm")
    let copy = try Database("\(folder.path)/b.db", through: nil)
    return (try copy.text(contents), try copy.text("PRAGMA integrity_check"))
  }

  private static func copy(_ from: String, _ to: String) throws {
    let (input, output) = (fopen(from, "r"), fopen(to, "w"))
    defer {
      if let input { fclose(input) }
      if let output { fclose(output) }
    }
    var block = [UInt8](repeating: 0, count: 1 << 20)
    guard let input else { return }
    let file = try #require(output)
    while true {
      let size = fread(&block, 1, block.count, input)
      guard size > 0 else { return }
      try #require(fwrite(block, 1, size, file) == size)
    }
  }

  @Test(arguments: ["OFF", "NORMAL", "FULL"])
  func aCommitIsInTheFilesWhenItReturns(_ synchronous: String) throws {
    let vfs = try #require(csqlite_vfs())
    let folder = Folder()
    let database = try Database("\(folder.path)/a.db", through: vfs, synchronous: synchronous)
    try database.run(Self.table)
    // One page, some, more than are held at once, more than the log has before it begins again.
    for bytes in [10, 3000, 30_000, 64 << 10, 200_000, 6 << 20, 10, 10] {
      try database.run(Self.insert(bytes))
      let found = try Self.found(folder)
      #expect(found.contents == (try database.text(Self.contents)), "after \(bytes) bytes")
      #expect(found.integrity == "ok")
    }
  }

  /// A page is changed again after a savepoint, and the transaction is larger than the page cache.
  @Test func savepointsAndLargeTransactions() throws {
    let vfs = try #require(csqlite_vfs())
    let folder = Folder()
    let database = try Database("\(folder.path)/a.db", through: vfs)
    try database.run(Self.table)
    try database.run("PRAGMA cache_size = 10")
    try database.run("BEGIN")
    for _ in 0..<40 {
      try database.run(Self.insert(20_000))
      try database.run("SAVEPOINT s")
      try database.run("UPDATE t SET body = randomblob(5)")
      try database.run("ROLLBACK TO s")
      try database.run("RELEASE s")
    }
    #expect(try Self.found(folder).contents == "0 0")
    try database.run("COMMIT")
    let found = try Self.found(folder)
    #expect(found.contents == "40 800000")
    #expect(found.integrity == "ok")
  }

  /// Whoever undoes a transaction has written nothing over what others commit meanwhile.
  @Test func whatWasUndoneIsNeverWritten() throws {
    let vfs = try #require(csqlite_vfs())
    let folder = Folder()
    let ours = try Database("\(folder.path)/a.db", through: vfs)
    let theirs = try Database("\(folder.path)/a.db", through: nil)
    try ours.run(Self.table)
    for turn in 1...20 {
      try ours.run("BEGIN IMMEDIATE")
      try ours.run(Self.insert(100_000))
      try ours.run("ROLLBACK")
      try theirs.run(Self.insert(1000 * turn))
      try ours.run(Self.insert(10))
      let found = try Self.found(folder)
      #expect(found.contents == (try theirs.text(Self.contents)))
      #expect(found.integrity == "ok")
    }
    #expect(try theirs.text("SELECT count(*) FROM t") == "40")
  }

  /// A commit seldom makes the log longer, nor after the log was emptied.
  @Test func mostCommitsFindRoom() throws {
    let vfs = try #require(csqlite_vfs())
    let folder = Folder()
    let database = try Database("\(folder.path)/a.db", through: vfs)
    try database.run(Self.table)
    for _ in 0..<2 {
      _ = try database.text("PRAGMA wal_checkpoint(TRUNCATE)")
      #expect(try Self.size("\(folder.path)/a.db-wal") == 0)
      var sizes: Set<Int> = []
      for _ in 0..<200 {
        try database.run(Self.insert(1000))
        sizes.insert(try Self.size("\(folder.path)/a.db-wal"))
      }
      #expect(sizes.count < 10)
      let found = try Self.found(folder)
      #expect(found.contents == (try database.text(Self.contents)))
      #expect(found.integrity == "ok")
    }
  }

  private static func size(_ path: String) throws -> Int {
    var information = stat()
    try #require(stat(path, &information) == 0)
    return Int(information.st_size)
  }
}
