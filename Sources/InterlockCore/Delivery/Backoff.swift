/// How long to wait before the next attempt: twice as long each time, and not all at once.
package struct Backoff: Sendable {
  /// Five seconds, and at most twelve hours.
  package static let usual = Backoff(first: 5000, longest: 43_200_000)

  package let first: Int64
  package let longest: Int64

  /// Both at least a millisecond.
  package init(first: Int64, longest: Int64) {
    self.first = max(1, first)
    self.longest = max(1, longest)
  }

  /// Between half of the time and all of it; `random` says where.
  package func delay(after attempts: Int, random: UInt64) -> Int64 {
    var whole = min(first, longest)
    var left = attempts
    while left > 1, whole < longest {
      let (doubled, overflow) = whole.multipliedReportingOverflow(by: 2)
      whole = overflow ? longest : min(doubled, longest)
      left &-= 1
    }
    let half = whole / 2
    let spread = UInt64(truncatingIfNeeded: whole &- half) &+ 1
    return half &+ Int64(truncatingIfNeeded: random % max(1, spread))
  }
}
