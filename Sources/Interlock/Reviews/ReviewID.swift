import InterlockCore
import InterlockCrypto

/// New ids: the time, so that they sort by it and lie together in an index, and 80 random bits, so
/// that nobody guesses one.
enum ReviewID {
  static func make(at now: Instant) -> Text {
    var bytes = (0..<6).map { UInt8(truncatingIfNeeded: now >> (8 * (5 - Int64($0)))) }
    bytes += RandomBytes.make(10)
    return Text(trusted: Array("rev_".utf8) + Hex.encode(bytes))
  }
}

/// Digests of JSON values: SHA-256 over the canonical bytes, in hex.
enum Fingerprint {
  static func of(_ value: JSONValue) -> Text {
    Text(trusted: Hex.encode(SHA256.digest(of: CanonicalJSON.write(value))))
  }
}
