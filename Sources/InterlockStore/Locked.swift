private import Glibc

/// A value that one thread at a time may use.
///
/// A POSIX mutex rather than `Synchronization.Mutex`: ThreadSanitizer does not see the latter on Linux
/// and reports every use of what it guards. The value need not be Sendable; it must not leave `body`.
package final class Locked<Value>: @unchecked Sendable {
  private var value: Value
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  package init(_ value: Value) {
    self.value = value
    mutex = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  package func withLock<Result, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&value)
  }

  /// The same for a lock that is held while its holder waits for others. It is waited for outside of the
  /// fork gate, so that a fork can pass and the holder enter again.
  package func withLongLock<Result, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    if pthread_mutex_trylock(mutex) != 0 {
      ForkGate.outside { _ = pthread_mutex_lock(mutex) }
    }
    defer { pthread_mutex_unlock(mutex) }
    return try ForkGate.inside { () throws(Failure) in try body(&value) }
  }
}
