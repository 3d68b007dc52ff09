import Glibc
import InterlockStore

/// One caller's request in the queue of a `GroupCommit`.
///
/// Written by the leader before the semaphore is posted, read by the caller after it was waited for. Who
/// leads at once waits for nobody and needs no semaphore.
final class Request: @unchecked Sendable {
  typealias Body = (SQLiteTransaction) throws(StoreError) -> Void

  let lasting: Lasting
  let body: Body
  private var result: Result<Void, StoreError>?
  private var mayLead = false
  private var turn: Semaphore?

  init(_ lasting: Lasting, _ body: @escaping Body) {
    self.lasting = lasting
    self.body = body
  }

  /// Before anybody else knows of the request.
  func prepareToWait() {
    turn = Semaphore()
  }

  /// Waits until the request was run, or its caller must lead. True for the latter.
  func waitForOutcomeOrLead() -> Bool {
    ForkGate.outside { turn?.wait() }
    return mayLead
  }

  func finish(_ result: Result<Void, StoreError>) {
    self.result = result
  }

  func announceOutcome() {
    turn?.signal()
  }

  func announceLead() {
    mayLead = true
    turn?.signal()
  }

  func outcome() -> Result<Void, StoreError> {
    result ?? .failure(StoreError(.internalDefect, "a request was not run"))
  }
}

/// A POSIX semaphore.
final class Semaphore: @unchecked Sendable {
  private let handle: UnsafeMutablePointer<sem_t>

  init() {
    handle = .allocate(capacity: 1)
    sem_init(handle, 0, 0)
  }

  deinit {
    sem_destroy(handle)
    handle.deallocate()
  }

  func wait() {
    while sem_wait(handle) != 0 {}
  }

  func signal() {
    sem_post(handle)
  }
}
