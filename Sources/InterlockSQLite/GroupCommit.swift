import Glibc
import InterlockStore

/// The writing connection of a store and the queue before it.
///
/// Callers queue; the first becomes the leader, takes all that wait, runs them in one transaction
/// with a savepoint each, and commits: one fsync serves them all. Then it hands the lead to the
/// first of those that queued meanwhile, so that no caller works for others for long.
final class GroupCommit: Sendable {
  private struct Queue {
    var waiting: [Request] = []
    var isLed = false
  }

  static let largestBatch = 256

  private let queue = Locked(Queue())
  private let connection: Locked<SQLiteConnection>
  private let busyMilliseconds: UInt32

  init(_ connection: SQLiteConnection, busyMilliseconds: UInt32) {
    self.connection = Locked(connection)
    self.busyMilliseconds = busyMilliseconds
  }

  /// Runs a request in a transaction that commits, alone or with others.
  func submit(_ body: @escaping Request.Body) throws(StoreError) {
    let request = Request(body)
    let isLeader = queue.withLock { queue in
      queue.waiting.append(request)
      if queue.isLed { return false }
      queue.isLed = true
      return true
    }
    if isLeader || request.waitForOutcomeOrLead() { lead() }
    try request.outcome().get()
  }

  /// Runs one batch, in which the caller's own request is, and passes the lead on.
  private func lead() {
    let batch = queue.withLock { queue in
      let batch = Array(queue.waiting.prefix(Self.largestBatch))
      queue.waiting.removeFirst(batch.count)
      return batch
    }
    connection.withLock { run(batch, on: $0) }
    let next = queue.withLock { queue -> Request? in
      if queue.waiting.isEmpty { queue.isLed = false }
      return queue.waiting.first
    }
    // First the lead: the next batch runs while this thread wakes those it served.
    next?.announceLead()
    for request in batch.dropFirst() { request.announceOutcome() }
  }

  private func run(_ batch: [Request], on connection: SQLiteConnection) {
    do throws(StoreError) {
      do throws(StoreError) {
        try commit(batch, on: connection)
      } catch {
        // What stands in the log twice may be what fills the disk: a deletion must still be possible.
        guard error.code == .diskFull, emptyLog(of: connection) else { throw error }
        try commit(batch, on: connection)
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

  private func commit(_ batch: [Request], on connection: SQLiteConnection) throws(StoreError) {
    let patience = Patience(milliseconds: busyMilliseconds)
    try SQLiteConnection.retrying(patience) { () throws(SQLiteError) in
      try connection.run(.begin)
      do throws(SQLiteError) {
        let outcomes = try perform(batch, on: connection)
        try connection.run(.commit)
        for (request, outcome) in zip(batch, outcomes) { request.finish(outcome) }
      } catch {
        if !connection.isInAutocommit { try? connection.run(.rollback) }
        throw error
      }
    }
  }

  /// Throws if the transaction as a whole cannot go on.
  private func perform(
    _ batch: [Request], on connection: SQLiteConnection
  ) throws(SQLiteError) -> [Result<Void, StoreError>] {
    let transaction = SQLiteTransaction(connection)
    var outcomes: [Result<Void, StoreError>] = []
    for request in batch {
      if batch.count > 1 { try connection.run(.savepoint) }
      let outcome = Self.outcome(of: request, transaction)
      if case .failure(let error) = outcome {
        guard batch.count > 1, !connection.isInAutocommit else { throw SQLiteError(error) }
        try connection.run(.rollbackToSavepoint)
      }
      if batch.count > 1 { try connection.run(.release) }
      outcomes.append(outcome)
    }
    return outcomes
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

  /// Uses the connection between two batches, for what cannot stand in a transaction.
  func maintain(
    _ body: (SQLiteConnection) throws(SQLiteError) -> Void
  ) throws(StoreError) {
    let patience = Patience(milliseconds: busyMilliseconds)
    var outcome: Result<Void, StoreError> = .success(())
    connection.withLock { connection in
      do throws(StoreError) {
        try SQLiteConnection.retrying(patience) { () throws(SQLiteError) in try body(connection) }
      } catch {
        outcome = .failure(error)
      }
    }
    try outcome.get()
  }

  /// The store sees to it that no request is under way.
  func close() {
    connection.withLock { connection in ForkGate.inside { connection.close() } }
  }
}
