import InterlockStore

/// The writing connection of a store and the queue before it.
///
/// Who finds nobody writing writes at once. Who comes meanwhile queues, and a thread of the store serves
/// the queue: it takes all that wait, runs them in one transaction, and commits: one fsync serves them
/// all, and those who wait for the next one gather behind it. If a request of a batch fails, the batch
/// is run again with a savepoint around each, so that it fails alone.
///
/// A thread, and not one of the callers in turn: nobody has to be woken before the next batch can begin,
/// no caller works for others, and the scheduler finds a processor for the one who writes more quickly.
final class GroupCommit: Sendable {
  private enum Helper {
    case none
    /// Waits for its bell; the turn is not its own.
    case asleep(OwnThread, Bell)
    /// Has the turn until nobody waits.
    case awake(OwnThread)
  }

  private struct Queue {
    var waiting: [Batch] = []
    /// Whether somebody has the turn.
    var isBusy = false
    var helper = Helper.none

    /// Takes the turn if nobody has it; otherwise returns the batch that serves the request.
    mutating func admit(_ request: Request) -> Batch? {
      guard isBusy else {
        isBusy = true
        return nil
      }
      if let last = waiting.last, last.add(request) { return last }
      let batch = Batch(request)
      waiting.append(batch)
      return batch
    }

    /// Ends the turn if nobody waits.
    mutating func next() -> Batch? {
      guard waiting.isEmpty else { return waiting.removeFirst() }
      isBusy = false
      if case .awake(let thread) = helper { helper = .asleep(thread, Bell()) }
      return nil
    }
  }

  /// How long the thread waits for work before it ends, in nanoseconds.
  static let idle: Int64 = 1_000_000_000

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

  /// Runs a request in a transaction that commits, alone or with others, and returns when it was run.
  func submit(_ lasting: Lasting, _ body: @escaping Request.Body) throws(StoreError) {
    let request = Request(lasting, body)
    if let batch = queue.withLock({ $0.admit(request) }) {
      ForkGate.outside { batch.done.wait() }
    } else {
      perform([request])
      passOn()
    }
    try request.outcome().get()
  }

  private func perform(_ requests: [Request]) {
    connection.withLongLock { connection in
      do throws(StoreError) {
        run(requests, on: try opened(&connection))
      } catch {
        for request in requests { request.finish(.failure(error)) }
      }
    }
  }

  // MARK: - The turn

  /// Ends a caller's turn. Who came meanwhile is served by the thread, or by this caller if there can be
  /// no thread.
  private func passOn() {
    let (bell, isAlone) = queue.withLock { queue -> (Bell?, Bool) in
      guard !queue.waiting.isEmpty else {
        queue.isBusy = false
        return (nil, false)
      }
      switch queue.helper {
      case .awake:
        return (nil, false)
      case .asleep(let thread, let bell):
        queue.helper = .awake(thread)
        return (bell, false)
      case .none:
        guard let thread = OwnThread("interlock-write", { self.help() }) else { return (nil, true) }
        queue.helper = .awake(thread)
        return (nil, false)
      }
    }
    bell?.ring()
    if isAlone { serve() }
  }

  private func serve() {
    while let batch = queue.withLock({ $0.next() }) {
      perform(batch.requests)
      batch.done.ring()
      // A fork waits for one batch, and not for all of the queue.
      ForkGate.outside {}
    }
  }

  private func help() {
    repeat { serve() } while isCalledAgain()
  }

  /// False if the thread is to end: nobody has called it for long, or the store was closed.
  private func isCalledAgain() -> Bool {
    let bell = queue.withLock { queue -> Bell? in
      guard case .asleep(_, let bell) = queue.helper else { return nil }
      return bell
    }
    if let bell { _ = ForkGate.outside { bell.wait(nanoseconds: Self.idle) } }
    return queue.withLock { queue in
      switch queue.helper {
      case .awake:
        return true
      case .asleep(let thread, _):
        thread.detach()
        queue.helper = .none
        return false
      case .none:
        return false
      }
    }
  }

  // MARK: - The connection

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
    let (thread, bell) = queue.withLock { queue -> (OwnThread?, Bell?) in
      defer { queue.helper = .none }
      switch queue.helper {
      case .none: return (nil, nil)
      case .awake(let thread): return (thread, nil)
      case .asleep(let thread, let bell): return (thread, bell)
      }
    }
    bell?.ring()
    thread?.join()
    connection.withLongLock { $0?.close() }
  }
}
