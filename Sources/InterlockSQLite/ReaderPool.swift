import InterlockStore

/// Connections for reading: as many as read at one time, a few kept for the next.
final class ReaderPool: Sendable {
  static let kept = 8

  private let settings: SQLiteConnection.Settings
  private let busyMilliseconds: UInt32
  private let idle = Locked<[SQLiteConnection]>([])

  init(_ settings: SQLiteConnection.Settings, busyMilliseconds: UInt32) {
    self.settings = settings
    self.busyMilliseconds = busyMilliseconds
  }

  /// Runs a read transaction on a connection of its own.
  func read<Result>(
    _ body: (any StoreTransaction) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    var patience = Patience(milliseconds: busyMilliseconds)
    let connection = try take(patience)
    defer { give(back: connection) }
    while true {
      do throws(StoreError) {
        return try ForkGate.inside { () throws(StoreError) in try Self.run(body, on: connection) }
      } catch {
        guard error.code == .busy, patience.pause() else { throw error }
      }
    }
  }

  private static func run<Result>(
    _ body: (any StoreTransaction) throws(StoreError) -> Result, on connection: SQLiteConnection
  ) throws(StoreError) -> Result {
    let transaction = SQLiteTransaction(connection)
    try transaction.access { (connection) throws(SQLiteError) in try connection.begin(.beginRead) }
    defer { if !connection.isInAutocommit { try? connection.run(.commit) } }
    return try body(transaction)
  }

  private func take(_ patience: Patience) throws(StoreError) -> SQLiteConnection {
    if let found = idle.withLock({ $0.popLast() }) { return found }
    return try SQLiteConnection.openForReading(settings, patience: patience)
  }

  func give(back connection: SQLiteConnection) {
    let isKept = idle.withLock { idle in
      guard idle.count < Self.kept else { return false }
      idle.append(connection)
      return true
    }
    if !isKept { ForkGate.inside { connection.close() } }
  }

  /// The store sees to it that nobody reads.
  func close() {
    let all = idle.withLock { idle in
      defer { idle = [] }
      return idle
    }
    ForkGate.inside { for connection in all { connection.close() } }
  }
}
