import InterlockCore
import InterlockCrypto

/// New ids: the time, so that they sort by it and lie together in an index, and 80 random bits, so
/// that nobody guesses one.
enum NewID {
  static func make(_ prefix: StaticString, at now: Instant) -> Text {
    var bytes = (0..<6).map { UInt8(truncatingIfNeeded: now >> (8 * (5 - Int64($0)))) }
    bytes += RandomBytes.make(10)
    return Text(trusted: Text(stringLiteral: prefix).utf8 + Hex.encode(bytes))
  }
}
