import Glibc

/// Something that one thread at a time may use, for as long as it takes.
///
/// Not `Synchronization.Mutex`: the content is a class that is not Sendable, and what is done with it
/// may wait for a disk.
final class OneAtATime<Content>: @unchecked Sendable {
  private let content: Content
  private let lock: UnsafeMutablePointer<pthread_mutex_t>

  init(_ content: Content) {
    self.content = content
    lock = .allocate(capacity: 1)
    pthread_mutex_init(lock, nil)
  }

  deinit {
    pthread_mutex_destroy(lock)
    lock.deallocate()
  }

  func use<Result>(_ body: (Content) -> Result) -> Result {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return body(content)
  }
}
