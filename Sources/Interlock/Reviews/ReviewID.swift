import InterlockCore
import InterlockCrypto

enum ReviewID {
  static func make(at now: Instant) -> Text { NewID.make("rev_", at: now) }
}

/// Digests of JSON values: SHA-256 over the canonical bytes, in hex.
enum Fingerprint {
  static func of(_ value: JSONValue) -> Text {
    of(canonical: CanonicalJSON.write(value))
  }

  static func of(canonical bytes: [UInt8]) -> Text {
    Text(trusted: Hex.encode(SHA256.digest(of: bytes)))
  }
}
