private import CSodium

/// HMAC-SHA-256 (RFC 2104, RFC 4231).
package enum HMAC {
  package static let size = 32

  package static func authenticate(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      message.withUnsafeBytes { message in
        key.withUnsafeBytes { key in
          var part = csodium_part(data: message.baseAddress, size: message.count)
          csodium_hmac_sha256(buffer.baseAddress, &part, 1, key.baseAddress, key.count)
        }
      }
      count = size
    }
  }

  /// In a time that does not depend on where it differs.
  package static func isValid(_ code: [UInt8], of message: [UInt8], key: [UInt8]) -> Bool {
    guard code.count == size else { return false }
    return csodium_equal(code, authenticate(message, key: key), size) != 0
  }
}
