private import CSodium

/// An Ed25519 key (RFC 8032).
package struct SigningKey: Sendable {
  package static let seedSize = 32
  package static let publicSize = 32
  package static let signatureSize = 64

  package let publicKey: [UInt8]
  private let secret: [UInt8]

  /// Nil unless the seed has 32 bytes.
  package init?(seed: [UInt8]) {
    guard seed.count == Self.seedSize else { return nil }
    var publicKey = [UInt8](repeating: 0, count: Self.publicSize)
    secret = [UInt8](unsafeUninitializedCapacity: 64) { buffer, count in
      csodium_sign_keypair(&publicKey, buffer.baseAddress, seed)
      count = 64
    }
    self.publicKey = publicKey
  }

  package func sign(_ message: [UInt8]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Self.signatureSize) { buffer, count in
      csodium_sign(buffer.baseAddress, message, message.count, secret)
      count = Self.signatureSize
    }
  }

  package static func isValid(
    _ signature: [UInt8], of message: [UInt8], by publicKey: [UInt8]
  ) -> Bool {
    guard signature.count == signatureSize, publicKey.count == publicSize else { return false }
    return csodium_verify(signature, message, message.count, publicKey) != 0
  }
}
