import Glibc
import InterlockStore

/// How a process waits for its turn at a file that other processes write.
///
/// SQLite has no queue between processes: whoever asks at the right moment wins. Each refusal doubles
/// the sleep, so that many waiters do not take the processor from the one who works; random lengths
/// make it fair on average. Whoever has waited long asks more often again, which makes it fair at
/// worst.
struct Patience {
  private let most: UInt64
  /// When it was refused first.
  private var start: UInt64?
  private var refusals: UInt64 = 0

  init(milliseconds: UInt32) {
    most = UInt64(milliseconds) &* 1_000_000
  }

  /// Sleeps a moment. False if the time is up.
  mutating func pause() -> Bool {
    let now = Self.now
    let waited = now &- (start ?? now)
    start = start ?? now
    guard waited < most else { return false }
    let longest = longestSleep(afterWaiting: waited)
    refusals += 1
    let sleep = UInt32(truncatingIfNeeded: UInt64.random(in: (longest / 4)...longest))
    ForkGate.outside { _ = usleep(sleep) }
    return true
  }

  /// In microseconds.
  private func longestSleep(afterWaiting waited: UInt64) -> UInt64 {
    if waited > 200_000_000 { return 300 }
    if waited > 60_000_000 { return 2000 }
    return min(12_000, 1000 << min(refusals, 4))
  }

  private static var now: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(bitPattern: Int64(time.tv_sec)) &* 1_000_000_000
      &+ UInt64(bitPattern: Int64(time.tv_nsec))
  }
}
