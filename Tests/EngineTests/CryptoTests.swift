import InterlockCrypto
import Testing

/// Test vectors of the standards.
@Suite struct CryptoTests {
  /// RFC 4231, section 4: key, data, HMAC-SHA-256; case 5 is cut to 128 bits.
  private static let vectors: [(key: [UInt8], data: [UInt8], code: String)] = [
    (
      Array(repeating: 0x0b, count: 20), bytes("Hi There"),
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      bytes("Jefe"), bytes("what do ya want for nothing?"),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
      Array(repeating: 0xaa, count: 20), Array(repeating: 0xdd, count: 50),
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
    ),
    (
      Array(1...25), Array(repeating: 0xcd, count: 50),
      "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
    ),
    (
      Array(repeating: 0x0c, count: 20), bytes("Test With Truncation"),
      "a3b6167473100ee06e0c796c2955552b"
    ),
    (
      Array(repeating: 0xaa, count: 131),
      bytes("Test Using Larger Than Block-Size Key - Hash Key First"),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
    (
      Array(repeating: 0xaa, count: 131),
      bytes(
        "This is a test using a larger than block-size key and a larger than block-size data. "
          + "The key needs to be hashed before being used by the HMAC algorithm."),
      "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
    ),
  ]

  @Test func hmacIsThatOfRFC4231() {
    for (key, data, expected) in Self.vectors {
      let code = HMAC.authenticate(data, key: key)
      #expect(String(decoding: Hex.encode(code), as: UTF8.self).hasPrefix(expected))
      #expect(HMAC.isValid(code, of: data, key: key))
      #expect(!HMAC.isValid(code, of: data + [0], key: key))
      #expect(!HMAC.isValid(code, of: data, key: key + [1]))
      #expect(!HMAC.isValid(Array(code.dropLast()), of: data, key: key))
    }
  }

  @Test(arguments: [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg")])
  func base64url(_ plain: String, _ encoded: String) {
    #expect(Base64URL.encode(bytes(plain)) == bytes(encoded))
    #expect(Base64URL.decode(bytes(encoded)) == bytes(plain))
  }

  @Test(arguments: ["Zg==", "Zh", "Z", "+/", " Zg", "Zg ", "Zg\n", "Zg.", "\0\0"])
  func otherBase64urlIsNone(_ text: String) {
    #expect(Base64URL.decode(bytes(text)) == nil)
  }

  @Test func base64urlTakesEveryByte() {
    let all = Array(UInt8.min...UInt8.max)
    #expect(Base64URL.decode(Base64URL.encode(all)) == all)
    #expect(Base64URL.encode([0xfb, 0xff]) == bytes("-_8"))
  }
}
