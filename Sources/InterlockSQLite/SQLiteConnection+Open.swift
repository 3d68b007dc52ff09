import CSQLite
import InterlockStore

extension SQLiteConnection {
  /// Opens the writing connection of a store and brings the file to the newest schema.
  ///
  /// Several processes may do this with one new file at the same moment: every step that SQLite
  /// refuses because another is at it is tried again.
  static func openForWriting(
    _ settings: Settings, durability: Durability, patience: Patience
  ) throws(StoreError) -> SQLiteConnection {
    try retrying(patience) { () throws(SQLiteError) in
      let connection = try SQLiteConnection(settings)
      try connection.refuseForeignFile()
      if !connection.isReadOnly {
        // Only an empty file takes this, before its first page; another would be written for nothing.
        if try connection.integer("PRAGMA page_count") == 0 {
          try connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        }
        try connection.limit(to: settings.maximumBytes)
        try connection.keepLog()
        try connection.execute("PRAGMA synchronous = \(durability == .full ? "FULL" : "NORMAL")")
        try connection.migrate()
      } else {
        try connection.refuseMissingSchema()
      }
      return connection
    }
  }

  /// SQLite does not report it as an error if a file cannot have a write-ahead log.
  private func keepLog() throws(SQLiteError) {
    let mode = try prepare("PRAGMA journal_mode = WAL")
    defer { mode.finalize() }
    guard try mode.step(), ["wal", "memory"].map({ Array($0.utf8) }).contains(mode.bytes(0)) else {
      throw SQLiteError(
        StoreError(.unsupported, "SQLite cannot keep a write-ahead log for this file"))
    }
  }

  private func limit(to bytes: UInt64) throws(SQLiteError) {
    guard bytes > 0, let size = UInt64(exactly: try integer("PRAGMA page_size")), size > 0
    else { return }
    try execute("PRAGMA max_page_count = \(bytes / size)")
  }

  static func openForReading(
    _ settings: Settings, patience: Patience
  ) throws(StoreError) -> SQLiteConnection {
    try retrying(patience) { () throws(SQLiteError) in try SQLiteConnection(settings) }
  }

  /// Runs `body` inside of the fork gate, again as long as other processes are in the way.
  static func retrying<Result>(
    _ patience: Patience, _ body: () throws(SQLiteError) -> Result
  ) throws(StoreError) -> Result {
    var patience = patience
    while true {
      do throws(SQLiteError) {
        return try ForkGate.inside(body)
      } catch {
        guard error.isBusy, patience.pause() else { throw error.storeError }
      }
    }
  }

  private func refuseForeignFile() throws(SQLiteError) {
    // One snapshot: another process may be creating the tables.
    try execute("BEGIN")
    defer { try? run(.rollback) }
    let owner = try integer("PRAGMA application_id")
    let version = try integer("PRAGMA user_version")
    if owner == Schema.applicationID {
      guard version <= Int64(Schema.version) else {
        throw SQLiteError(
          StoreError(
            .newerSchema,
            "the database has schema \(version), this library knows \(Schema.version)"))
      }
      return
    }
    let tables = try integer("SELECT count(*) FROM sqlite_schema")
    guard owner == 0, version == 0, tables == 0 else {
      throw SQLiteError(StoreError(.foreignFile, "the file is a database of another program"))
    }
  }

  private func refuseMissingSchema() throws(SQLiteError) {
    guard try integer("PRAGMA user_version") == Int64(Schema.version) else {
      throw SQLiteError(
        StoreError(.readOnly, "the database has an older schema and cannot be written"))
    }
  }

  private func migrate() throws(SQLiteError) {
    guard try integer("PRAGMA user_version") < Int64(Schema.version) else { return }
    try execute("BEGIN IMMEDIATE")
    do throws(SQLiteError) {
      // Another process may have been first.
      let version = try integer("PRAGMA user_version")
      for step in Schema.steps.dropFirst(Int(version)) { try execute(step) }
      try execute("PRAGMA application_id = \(Schema.applicationID)")
      try execute("PRAGMA user_version = \(Schema.version)")
      try execute("COMMIT")
      isNew = version == 0
    } catch {
      if !isInAutocommit { try? run(.rollback) }
      throw error
    }
  }
}
