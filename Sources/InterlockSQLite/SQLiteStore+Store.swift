import InterlockCore
package import InterlockStore

extension SQLiteStore: Store {
  package var information: StoreInformation {
    StoreInformation(
      kind: "sqlite", path: readers == nil ? nil : name, isReadOnly: isReadOnly,
      durability: durability, schema: Schema.version,
      mediumVersion: SQLiteLibrary.version)
  }

  package func write<Result>(
    _ lasting: Lasting, _ body: @escaping (any StoreTransaction) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    guard !isReadOnly else { throw StoreError(.readOnly, "the database is read-only") }
    return try occupancy.inside { () throws(StoreError) in try submit(lasting, body) }
  }

  package func read<Result>(
    _ body: @escaping (any StoreTransaction) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try occupancy.inside { () throws(StoreError) in
      guard let readers else { return try submit(.asOpened, body) }
      return try readers.read(body)
    }
  }

  private func submit<Result>(
    _ lasting: Lasting, _ body: @escaping (any StoreTransaction) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    var result: Result?
    try writer.submit(lasting) { (transaction) throws(StoreError) in result = try body(transaction)
    }
    guard let result else { throw StoreError(.internalDefect, "a request left no result") }
    return result
  }

  package var changes: ChangeSignal { signal.value }

  /// Most databases are never asked, and every put would pay for the index.
  package func orderAcrossThreads() {
    guard !isReadOnly, !isOrderedAcrossThreads.withLock({ $0 }) else { return }
    do throws(StoreError) {
      let isThere = try read { (transaction) throws(StoreError) in
        try (transaction as? SQLiteTransaction)?.hasOrderAcrossThreads() ?? true
      }
      if !isThere {
        try write(.asOpened) { (transaction) throws(StoreError) in
          try (transaction as? SQLiteTransaction)?.makeOrderAcrossThreads()
        }
      }
      isOrderedAcrossThreads.withLock { $0 = true }
    } catch {
      return
    }
  }

  package func reclaim() {
    guard !isReadOnly else { return }
    // In steps, so that other writers are not kept waiting. What fails is left for the next time.
    var free = Int64.max
    while true {
      do throws(StoreError) {
        let left = try vacuumStep()
        guard left > 0, left < free else { return }
        free = left
      } catch {
        return
      }
    }
  }

  /// Returns how many free pages are left in the file.
  private func vacuumStep() throws(StoreError) -> Int64 {
    var left: Int64 = 0
    try occupancy.inside { () throws(StoreError) in
      try writer.maintain { (connection) throws(SQLiteError) in
        try connection.execute("PRAGMA incremental_vacuum(1024)")
        left = try connection.integer("PRAGMA freelist_count")
        if left == 0 { try connection.execute("PRAGMA wal_checkpoint(TRUNCATE)") }
      }
    }
    return left
  }

  package func verifyMedium() throws(StoreError) -> [String] {
    try read { (transaction) throws(StoreError) in
      guard let transaction = transaction as? SQLiteTransaction else { return [] }
      return try transaction.access { (connection) throws(SQLiteError) in
        let statement = try connection.prepare("PRAGMA integrity_check(100)")
        defer { statement.finalize() }
        var findings: [String] = []
        while try statement.step() {
          findings.append(String(decoding: statement.bytes(0), as: UTF8.self))
        }
        return findings == ["ok"] ? [] : findings
      }
    }
  }

  package func close() throws(StoreError) {
    guard occupancy.close() else { throw StoreError(.closed, "the store is closed") }
    readers?.close()
    writer.close()
  }
}
