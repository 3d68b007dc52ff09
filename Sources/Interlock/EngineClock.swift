package import InterlockCore
import InterlockStore
private import Glibc

/// What time it is for an engine: the system's, or what the host says.
package final class EngineClock: Sendable {
  private let manual: Locked<Instant>?

  package static let system = EngineClock(manual: nil)

  /// A clock that stands still until it is set.
  package convenience init(startingAt now: Instant) {
    self.init(manual: Locked(now))
  }

  private init(manual: Locked<Instant>?) {
    self.manual = manual
  }

  package var now: Instant {
    if let manual { return manual.withLock { $0 } }
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(time.tv_sec) &* 1000 &+ Instant(time.tv_nsec / 1_000_000)
  }

  /// False if this clock cannot be set.
  package func set(_ now: Instant) -> Bool {
    guard let manual else { return false }
    manual.withLock { $0 = now }
    return true
  }

  var isManual: Bool { manual != nil }
}

/// Time for measuring how long a wait lasts: it never jumps.
enum Stopwatch {
  static var nanoseconds: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}
