private import CSodium

package enum Base64URL {
  /// The URL alphabet without padding (RFC 4648, section 5).
  package static func encode(_ bytes: [UInt8]) -> [UInt8] {
    let size = csodium_base64_size(bytes.count)
    let text = [CChar](unsafeUninitializedCapacity: size) { buffer, count in
      bytes.withUnsafeBytes {
        csodium_base64url(buffer.baseAddress, size, $0.baseAddress, $0.count)
      }
      count = size
    }
    return text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
  }

  /// Nil if this is not exactly what `encode` writes.
  package static func decode(_ text: [UInt8]) -> [UInt8]? {
    var size = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: text.count) { buffer, count in
      text.withUnsafeBytes {
        size = csodium_from_base64url(
          buffer.baseAddress, text.count, $0.baseAddress?.assumingMemoryBound(to: CChar.self),
          $0.count)
      }
      count = max(0, size)
    }
    return size < 0 ? nil : bytes
  }
}
