private import CSodium

package enum SHA256 {
  package static let size = 32

  package static func digest(of bytes: [UInt8]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      bytes.withUnsafeBytes { csodium_sha256(buffer.baseAddress, $0.baseAddress, $0.count) }
      count = size
    }
  }
}

package enum Hex {
  /// Lower case.
  package static func encode(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 2)
    for byte in bytes {
      text.append(digit(byte >> 4))
      text.append(digit(byte & 15))
    }
    return text
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}

package enum Base64 {
  /// The standard alphabet, with padding (RFC 4648, section 4).
  package static func encode(_ bytes: [UInt8]) -> [UInt8] {
    let size = csodium_base64_size(bytes.count)
    let text = [CChar](unsafeUninitializedCapacity: size) { buffer, count in
      bytes.withUnsafeBytes {
        csodium_base64(buffer.baseAddress, size, $0.baseAddress, $0.count)
      }
      count = size
    }
    return text.dropLast().map { UInt8(bitPattern: $0) }
  }

  /// Nil if this is no base64.
  package static func decode(_ text: [UInt8]) -> [UInt8]? {
    var size = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: text.count) { buffer, count in
      text.withUnsafeBytes {
        size = csodium_from_base64(
          buffer.baseAddress, text.count, $0.baseAddress?.assumingMemoryBound(to: CChar.self),
          $0.count)
      }
      count = max(0, size)
    }
    return size < 0 ? nil : bytes
  }
}
