import Glibc

/// How a process waits for its turn at a file that other processes write.
///
/// SQLite has no queue between processes: whoever asks at the right moment wins. Asking at random
/// moments is fair on average; asking more often the longer one has waited makes it fair at worst.
struct Patience {
  private let deadline: UInt64
  private let start: UInt64

  init(milliseconds: UInt32) {
    start = Self.now
    deadline = start &+ UInt64(milliseconds) &* 1_000_000
  }

  /// Sleeps a moment. False if the time is up.
  func pause() -> Bool {
    let now = Self.now
    guard now < deadline else { return false }
    let waited = now - start
    let longest: UInt64 = waited > 100_000_000 ? 60 : waited > 20_000_000 ? 150 : 300
    let microseconds = UInt64.random(in: (longest / 4)...longest)
    usleep(UInt32(truncatingIfNeeded: microseconds))
    return true
  }

  private static var now: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(bitPattern: Int64(time.tv_sec)) &* 1_000_000_000
      &+ UInt64(bitPattern: Int64(time.tv_nsec))
  }
}
