import CSodium

/// Finds accidental damage of a row: SipHash-2-4 of each part, under a key made of those before it.
///
/// It takes a fraction of the time of BLAKE2b. Its key is no secret, so it is no protection against
/// somebody who changes a row on purpose.
package struct Checksum: Hashable, Sendable {
  package private(set) var value: UInt64 = 0

  package init() {}

  /// A stored one.
  package init(stored: UInt64) {
    value = stored
  }

  package mutating func add(_ part: [UInt8]) {
    value = part.withUnsafeBytes { csodium_checksum(value, $0.baseAddress, $0.count) }
  }
}
