import Glibc
import InterlockStore

/// The writing connection of a store and the queue before it.
///
/// Callers queue; the first becomes the leader, takes all that wait, runs them in one transaction, and
/// commits: one fsync serves them all. Then it hands the lead to the first of those that queued
/// meanwhile, so that no caller works for others for long. If a request of the batch fails, the batch
/// is run again with a savepoint around each, so that it fails alone.
final class GroupCommit: Sendable {
  private struct Queue {
    var waiting: [Request] = []
    var isLed = false
    /// How many callers wanted something while the last batch was committed, it included.
    var siblings = 1
    /// Where the leader waits until so many are in the queue.
    var gathering: (enough: Int, bell: Bell)?
    /// Batches that begin without gathering, because gathering was in vain.
    var patienceLost = 0
  }

  static let largestBatch = 256
  /// The longest that a batch is held back for callers who were served just now, in nanoseconds.
  static let longestGathering: Int64 = 200_000

  private let queue = Locked(Queue())
  /// Nil until something is written: who only reads needs no second connection.
  private let connection: Locked<SQLiteConnection?>
  private let open: @Sendable () throws(StoreError) -> SQLiteConnection
  private let busyMilliseconds: UInt32
  /// Whether every commit survives power loss.
  private let isDurable: Bool

  init(
    _ connection: SQLiteConnection?, busyMilliseconds: UInt32, isDurable: Bool,
    open: @escaping @Sendable () throws(StoreError) -> SQLiteConnection
  ) {
    self.connection = Locked(connection)
    self.open = open
    self.isDurable = isDurable
    self.busyMilliseconds = busyMilliseconds
  }

  /// Runs a request in a transaction that commits, alone or with others.
  func submit(_ lasting: Lasting, _ body: @escaping Request.Body) throws(StoreError) {
    let request = Request(lasting, body)
    let (isLeader, bell) = queue.withLock { queue -> (Bool, Bell?) in
      queue.waiting.append(request)
      guard queue.isLed else {
        queue.isLed = true
        return (true, nil)
      }
      guard let gathering = queue.gathering, queue.waiting.count >= gathering.enough else {
        return (false, nil)
      }
      queue.gathering = nil
      return (false, gathering.bell)
    }
    bell?.ring()
    if isLeader || request.waitForOutcomeOrLead() { lead() }
    try request.outcome().get()
  }

  /// Runs one batch, in which the caller's own request is, and passes the lead on.
  private func lead() {
    gather()
    let batch = queue.withLock { queue in
      let batch = Array(queue.waiting.prefix(Self.largestBatch))
      queue.waiting.removeFirst(batch.count)
      return batch
    }
    connection.withLock { connection in
      do throws(StoreError) {
        run(batch, on: try opened(&connection))
      } catch {
        for request in batch { request.finish(.failure(error)) }
      }
    }
    let next = queue.withLock { queue -> Request? in
      queue.siblings = batch.count + queue.waiting.count
      if queue.waiting.isEmpty { queue.isLed = false }
      return queue.waiting.first
    }
    // First the lead: the next batch runs while this thread wakes those it served.
    next?.announceLead()
    for request in batch.dropFirst() { request.announceOutcome() }
  }

  /// Waits a moment for the callers of the batch before, who are likely to come again.
  ///
  /// Without it the callers split into two groups that take turns, and each fsync serves half.
  private func gather() {
    let bell = queue.withLock { queue -> Bell? in
      guard queue.waiting.count < queue.siblings else { return nil }
      guard queue.patienceLost == 0 else {
        queue.patienceLost -= 1
        return nil
      }
      let bell = Bell()
      queue.gathering = (queue.siblings, bell)
      return bell
    }
    guard let bell, !bell.wait(nanoseconds: Self.longestGathering) else { return }
    queue.withLock { queue in
      queue.gathering = nil
      if queue.waiting.count <= queue.siblings / 2 { queue.patienceLost = 32 }
    }
  }

  private func opened(
    _ connection: inout SQLiteConnection?
  ) throws(StoreError) -> SQLiteConnection {
    if let connection { return connection }
    let new = try open()
    connection = new
    return new
  }

  private func run(_ batch: [Request], on connection: SQLiteConnection) {
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
  /// was committed and no request is finished.
  private func commit(
    _ batch: [Request], on connection: SQLiteConnection, isolated: Bool
  ) throws(StoreError) -> Bool {
    let patience = Patience(milliseconds: busyMilliseconds)
    let mustLast = !isDurable && batch.contains { $0.lasting == .always }
    return try SQLiteConnection.retrying(patience) { () throws(SQLiteError) in
      // Cannot be changed inside of a transaction.
      if mustLast { try connection.run(.synchronousFull) }
      defer { if mustLast { try? connection.run(.synchronousNormal) } }
      try connection.run(.begin)
      do throws(SQLiteError) {
        guard let outcomes = try perform(batch, on: connection, isolated: isolated) else {
          try connection.run(.rollback)
          return false
        }
        try connection.run(.commit)
        for (request, outcome) in zip(batch, outcomes) { request.finish(outcome) }
        return true
      } catch {
        if !connection.isInAutocommit { try? connection.run(.rollback) }
        throw error
      }
    }
  }

  /// Nil if a request failed that was not isolated. Throws if the transaction cannot go on.
  private func perform(
    _ batch: [Request], on connection: SQLiteConnection, isolated: Bool
  ) throws(SQLiteError) -> [Result<Void, StoreError>]? {
    let transaction = SQLiteTransaction(connection)
    var outcomes: [Result<Void, StoreError>] = []
    outcomes.reserveCapacity(batch.count)
    for request in batch {
      if isolated { try connection.run(.savepoint) }
      let outcome = Self.outcome(of: request, transaction)
      if case .failure(let error) = outcome {
        guard batch.count > 1, !connection.isInAutocommit else { throw SQLiteError(error) }
        guard isolated else { return nil }
        try connection.run(.rollbackToSavepoint)
      }
      if isolated { try connection.run(.release) }
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
        let connection = try opened(&connection)
        try SQLiteConnection.retrying(patience) { () throws(SQLiteError) in try body(connection) }
      } catch {
        outcome = .failure(error)
      }
    }
    try outcome.get()
  }

  /// The store sees to it that no request is under way.
  func close() {
    connection.withLock { connection in ForkGate.inside { connection?.close() } }
  }
}
