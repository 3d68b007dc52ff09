import InterlockStore
import Synchronization

/// Connections for reading: as many as read at one time, a few kept for the next.
final class ReaderPool: Sendable {
  static let kept = 8

  private let settings: SQLiteConnection.Settings
  private let busyMilliseconds: UInt32
  private let idle = Mutex<[UncheckedBox<SQLiteConnection>]>([])

  init(_ settings: SQLiteConnection.Settings, busyMilliseconds: UInt32) {
    self.settings = settings
    self.busyMilliseconds = busyMilliseconds
  }

  /// Runs a read transaction on a connection of its own.
  func read<Result>(
    _ body: (any StoreTransaction) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    let patience = Patience(milliseconds: busyMilliseconds)
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
    try transaction.access { (connection) throws(SQLiteError) in try connection.run(.beginRead) }
    defer { if !connection.isInAutocommit { try? connection.run(.commit) } }
    return try body(transaction)
  }

  private func take(_ patience: Patience) throws(StoreError) -> SQLiteConnection {
    if let found = idle.withLock({ $0.popLast() }) { return found.content }
    return try SQLiteConnection.openForReading(settings, patience: patience)
  }

  private func give(back connection: SQLiteConnection) {
    let box = UncheckedBox(connection)
    let isKept = idle.withLock { idle in
      guard idle.count < Self.kept else { return false }
      idle.append(box)
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
    ForkGate.inside { for box in all { box.content.close() } }
  }
}

/// Carries a connection across a lock. Exactly one thread holds it at a time.
private struct UncheckedBox<Content>: @unchecked Sendable {
  let content: Content

  init(_ content: Content) {
    self.content = content
  }
}
