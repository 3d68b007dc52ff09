import CSQLite
import InterlockCore
import InterlockStore

/// What the writing connection found in the database, for as long as nobody else has written to it: a
/// graph stores many steps of one thread, and need not look up the same rows for each.
final class Recollection {
  private static let capacity = 1024

  private var version: UInt32?
  private var threads: [Text: ThreadRecord] = [:]
  private var quiet: Set<Text> = []

  /// A transaction has begun. SQLite counts what others have committed and what this connection has
  /// (https://www.sqlite.org/c3ref/c_fcntl_begin_atomic_write.html#sqlitefcntldataversion).
  func begin(_ version: UInt32?) {
    if version == nil || version != self.version { forget() }
    self.version = nil
  }

  /// The transaction was committed.
  func keep(_ version: UInt32?) {
    self.version = version
  }

  /// Something was undone, or deleted.
  func forget() {
    version = nil
    threads.removeAll(keepingCapacity: true)
    quiet.removeAll(keepingCapacity: true)
  }

  func thread(named name: Text) -> ThreadRecord? {
    threads[name]
  }

  func know(_ thread: ThreadRecord, named name: Text) {
    if threads.count >= Self.capacity { threads.removeAll(keepingCapacity: true) }
    threads[name] = thread
  }

  /// Whether no interrupt of a graph thread is open.
  func isQuiet(_ thread: Text) -> Bool {
    quiet.contains(thread)
  }

  func setQuiet(_ thread: Text, _ isQuiet: Bool) {
    guard isQuiet else {
      quiet.remove(thread)
      return
    }
    if quiet.count >= Self.capacity { quiet.removeAll(keepingCapacity: true) }
    quiet.insert(thread)
  }
}
