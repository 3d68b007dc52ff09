import Glibc
import InterlockStore

/// Who is inside a store: requests share it, closing waits until all have left.
final class Occupancy: @unchecked Sendable {
  private let lock: UnsafeMutablePointer<pthread_rwlock_t>
  private var isClosed = false

  init() {
    lock = .allocate(capacity: 1)
    pthread_rwlock_init(lock, nil)
  }

  deinit {
    pthread_rwlock_destroy(lock)
    lock.deallocate()
  }

  func inside<Result>(
    _ body: () throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    pthread_rwlock_rdlock(lock)
    defer { pthread_rwlock_unlock(lock) }
    guard !isClosed else { throw StoreError(.closed, "the store is closed") }
    return try body()
  }

  /// Waits until all have left and lets nobody in again. False if it was closed before.
  func close() -> Bool {
    // Outside of the gate until the lock is free again: those who leave may have to pass it, and those who
    // come wait for the lock inside of it.
    ForkGate.outside {
      pthread_rwlock_wrlock(lock)
      defer { pthread_rwlock_unlock(lock) }
      defer { isClosed = true }
      return !isClosed
    }
  }
}
