package import InterlockCrypto

/// What a row says of its own content, so that damage is found.
package enum RowDigest: Hashable, Sendable {
  case checksum(Checksum)
  /// Of a row that was written before version 9 of the schema.
  case blake2b(Digest)

  /// As stored: a checksum is 8 bytes, the lowest first.
  package init(stored: UnsafeRawBufferPointer) {
    self =
      stored.count == MemoryLayout<UInt64>.size
      ? .checksum(Checksum(stored: UInt64(littleEndian: stored.loadUnaligned(as: UInt64.self))))
      : .blake2b(Digest(stored: [UInt8](stored)))
  }

  /// Hands over the bytes to store.
  package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    switch self {
    case .checksum(let checksum): withUnsafeBytes(of: checksum.value.littleEndian) { body($0) }
    case .blake2b(let digest): digest.bytes.withUnsafeBytes { body($0) }
    }
  }
}
