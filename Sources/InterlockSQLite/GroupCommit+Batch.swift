import InterlockStore

/// How a batch becomes one transaction.
extension GroupCommit {
  func run(_ batch: [Request], on connection: SQLiteConnection) {
    do throws(StoreError) {
      do throws(StoreError) {
        // Savepoints cost time, and requests seldom fail.
        guard try commit(batch, on: connection, isolated: false) else {
          _ = try commit(batch, on: connection, isolated: true)
          return
        }
      } catch {
        // What stands in the log twice may be what fills the disk: a deletion must still be possible.
        guard error.code == .diskFull, emptyLog(of: connection) else { throw error }
        _ = try commit(batch, on: connection, isolated: true)
      }
    } catch {
      guard batch.count > 1 else { return batch[0].finish(.failure(error)) }
      // What broke the batch is one request's own trouble: the others deserve a transaction each.
      for request in batch { run([request], on: connection) }
    }
  }

  private func emptyLog(of connection: SQLiteConnection) -> Bool {
    ForkGate.inside {
      (try? connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")) != nil
    }
  }

  /// Runs a batch in one transaction. False if a request failed that was not isolated: then nothing
  /// was committed.
  private func commit(
    _ batch: [Request], on connection: SQLiteConnection, isolated: Bool
  ) throws(StoreError) -> Bool {
    let patience = Patience(milliseconds: busyMilliseconds)
    let mustLast = !isDurable && batch.contains { $0.lasting == .always }
    return try SQLiteConnection.retrying(patience) { () throws(SQLiteError) in
      // Cannot be changed inside of a transaction.
      if mustLast { try connection.run(.synchronousFull) }
      defer { if mustLast { try? connection.run(.synchronousNormal) } }
      try connection.begin(.begin)
      connection.recollection.begin(connection.dataVersion)
      do throws(SQLiteError) {
        guard try perform(batch, on: connection, isolated: isolated) else {
          try connection.run(.rollback)
          connection.recollection.forget()
          return false
        }
        try connection.run(.commit)
        connection.recollection.keep(connection.dataVersion)
        return true
      } catch {
        connection.recollection.forget()
        if !connection.isInAutocommit { try? connection.run(.rollback) }
        throw error
      }
    }
  }

  /// False if a request failed that was not isolated. Throws if the transaction cannot go on. Nobody looks
  /// at an outcome before it is announced: what comes of a transaction that is undone is replaced.
  private func perform(
    _ batch: [Request], on connection: SQLiteConnection, isolated: Bool
  ) throws(SQLiteError) -> Bool {
    let transaction = SQLiteTransaction(connection, connection.recollection)
    for request in batch {
      if isolated { try connection.run(.savepoint) }
      let outcome = Self.outcome(of: request, transaction)
      if case .failure(let error) = outcome {
        guard batch.count > 1, !connection.isInAutocommit else { throw SQLiteError(error) }
        guard isolated else { return false }
        try connection.run(.rollbackToSavepoint)
        connection.recollection.forget()
      }
      if isolated { try connection.run(.release) }
      request.finish(outcome)
    }
    return true
  }

  private static func outcome(
    of request: Request, _ transaction: SQLiteTransaction
  ) -> Result<Void, StoreError> {
    do throws(StoreError) {
      return .success(try request.body(transaction))
    } catch {
      return .failure(error)
    }
  }
}
