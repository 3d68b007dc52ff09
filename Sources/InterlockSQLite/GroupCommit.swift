import Glibc
import InterlockStore

/// The writing connection of a store and the queue before it.
///
/// Callers queue; the first becomes the leader, takes all that wait, runs them in one transaction, and
/// commits: one fsync serves them all. Then it hands the lead to the first of those that queued
/// meanwhile, so that no caller works for others for long. If a request of the batch fails, the batch
/// is run again with a savepoint around each, so that it fails alone.
final class GroupCommit: Sendable {
  private enum Standing {
    /// Nobody leads, and nobody else is likely to come.
    case alone
    /// Nobody leads.
    case first
    /// Somebody leads, and waits for this bell if there is one.
    case behind(Bell?)
  }

  private struct Queue {
    var waiting: [Request] = []
    var isLed = false
    /// How many callers wanted something while the last batch was committed, it included.
    var siblings = 1
    /// Where the leader waits until so many are in the queue.
    var gathering: (enough: Int, bell: Bell)?
    /// Batches that begin without gathering, because gathering was in vain.
    var patienceLost = 0

    /// Where a new request stands.
    mutating func admit(_ request: Request) -> Standing {
      guard isLed else {
        isLed = true
        guard siblings > 1 else { return .alone }
        waiting.append(request)
        return .first
      }
      request.prepareToWait()
      waiting.append(request)
      guard let gathering, waiting.count >= gathering.enough else { return .behind(nil) }
      self.gathering = nil
      return .behind(gathering.bell)
    }

    mutating func takeBatch() -> [Request] {
      var batch: [Request] = []
      guard waiting.count > GroupCommit.largestBatch else {
        swap(&batch, &waiting)
        return batch
      }
      batch = Array(waiting.prefix(GroupCommit.largestBatch))
      waiting.removeFirst(batch.count)
      return batch
    }
  }

  static let largestBatch = 256
  /// The longest that a batch is held back for callers who were served just now, in nanoseconds.
  static let longestGathering: Int64 = 200_000

  private let queue = Locked(Queue())
  /// Nil until something is written: who only reads needs no second connection.
  private let connection: Locked<SQLiteConnection?>
  private let open: @Sendable () throws(StoreError) -> SQLiteConnection
  let busyMilliseconds: UInt32
  /// Whether every commit survives power loss.
  let isDurable: Bool

  init(
    _ connection: SQLiteConnection?, busyMilliseconds: UInt32, isDurable: Bool,
    open: @escaping @Sendable () throws(StoreError) -> SQLiteConnection
  ) {
    self.connection = Locked(connection)
    self.open = open
    self.isDurable = isDurable
    self.busyMilliseconds = busyMilliseconds
  }

  /// Runs a request in a transaction that commits, alone or with others: queues it, leads if nobody does,
  /// and returns when it was run.
  func submit(_ lasting: Lasting, _ body: @escaping Request.Body) throws(StoreError) {
    let request = Request(lasting, body)
    switch queue.withLock({ $0.admit(request) }) {
    case .alone:
      lead([request])
    case .first:
      lead(gathered())
    case .behind(let bell):
      bell?.ring()
      if request.waitForOutcomeOrLead() { lead(gathered()) }
    }
    try request.outcome().get()
  }

  private func gathered() -> [Request] {
    gather()
    return queue.withLock { $0.takeBatch() }
  }

  /// Runs one batch, at whose head the caller's own request is, and passes the lead on.
  private func lead(_ batch: [Request]) {
    connection.withLongLock { connection in
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
    guard let bell, !ForkGate.outside({ bell.wait(nanoseconds: Self.longestGathering) }) else {
      return
    }
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

  /// Uses the connection between two batches, for what cannot stand in a transaction.
  func maintain(
    _ body: (SQLiteConnection) throws(SQLiteError) -> Void
  ) throws(StoreError) {
    let patience = Patience(milliseconds: busyMilliseconds)
    try connection.withLongLock { (connection) throws(StoreError) in
      let connection = try opened(&connection)
      try SQLiteConnection.retrying(patience) { () throws(SQLiteError) in try body(connection) }
    }
  }

  /// The store sees to it that no request is under way.
  func close() {
    connection.withLongLock { $0?.close() }
  }
}
