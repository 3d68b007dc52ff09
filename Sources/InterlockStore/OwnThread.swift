private import CFork
private import Glibc

/// A thread of the library's own, which debuggers show by its name.
///
/// It is inside of the fork gate but while it waits, for Swift's runtime has locks that a child must find
/// free, and it takes no signal that the program could have meant for one of its threads.
package struct OwnThread: Sendable {
  private final class Job: Sendable {
    let name: String
    let run: @Sendable () -> Void

    init(_ name: String, _ run: @escaping @Sendable () -> Void) {
      self.name = name
      self.run = run
    }
  }

  private let handle: pthread_t

  /// Nil if the system gives no thread: then `run` is not called. The name has 15 bytes at most.
  package init?(_ name: String, _ run: @escaping @Sendable () -> Void) {
    let context = Unmanaged.passRetained(Job(name, run))
    var thread = pthread_t()
    let code = Self.withoutSignals {
      pthread_create(
        &thread, nil,
        { context in
          ForkGate.enter()
          defer { ForkGate.leave() }
          guard let context else { return nil }
          let job = Unmanaged<Job>.fromOpaque(context).takeRetainedValue()
          cfork_name_thread(job.name)
          job.run()
          return nil
        }, context.toOpaque())
    }
    guard code == 0 else {
      context.release()
      return nil
    }
    handle = thread
  }

  /// Waits for its end.
  package func join() {
    ForkGate.outside { _ = pthread_join(handle, nil) }
  }

  /// Nobody will wait for its end.
  package func detach() {
    pthread_detach(handle)
  }

  /// A new thread has the mask of the one that starts it. What a thread does to itself is not blocked:
  /// who reports crashes must learn of them.
  private static func withoutSignals(_ body: () -> Int32) -> Int32 {
    var blocked = sigset_t()
    var before = sigset_t()
    sigfillset(&blocked)
    for signal in [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT] {
      sigdelset(&blocked, signal)
    }
    pthread_sigmask(SIG_BLOCK, &blocked, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    return body()
  }
}
