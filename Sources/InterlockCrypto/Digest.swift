private import CSodium

/// A 128-bit BLAKE2b digest. It finds equal content; whoever relies on equality compares the bytes.
package struct Digest: Hashable, Sendable {
  package static let size = 16

  package let bytes: [UInt8]

  /// Wraps stored digest bytes.
  package init(stored: [UInt8]) {
    bytes = stored
  }

  package init(of content: UnsafeRawBufferPointer) {
    bytes = [UInt8](unsafeUninitializedCapacity: Digest.size) { buffer, count in
      csodium_blake2b(buffer.baseAddress, Digest.size, content.baseAddress, content.count)
      count = Digest.size
    }
  }
}
