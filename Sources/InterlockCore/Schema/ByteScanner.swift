/// Reads ASCII formats from left to right. Every reader answers whether what it wants stood there,
/// and has moved beyond it if so.
struct ByteScanner {
  private let bytes: [UInt8]
  var position = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { position == bytes.count }

  var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func consume(_ scalar: Unicode.Scalar) -> Bool {
    guard current == UInt8(ascii: scalar) else { return false }
    position += 1
    return true
  }

  mutating func consume(anyOf set: StaticString) -> Bool {
    guard let byte = current, set.withUTF8Buffer({ $0.contains(byte) }) else { return false }
    position += 1
    return true
  }

  /// Moves over all bytes that the test accepts, and says how many there were.
  mutating func skip(while accepts: (UInt8) -> Bool) -> Int {
    let start = position
    while let byte = current, accepts(byte) { position += 1 }
    return position - start
  }

  /// The bytes up to the next one of `set` or the end, as a scanner of their own.
  mutating func part(before set: StaticString) -> ByteScanner {
    let start = position
    _ = skip { byte in !set.withUTF8Buffer { $0.contains(byte) } }
    return ByteScanner(Array(bytes[start..<position]))
  }

  /// Exactly `count` digits.
  mutating func number(digits count: Int) -> Int? {
    var value = 0
    for _ in 0..<count {
      guard let byte = current, Self.isDigit(byte) else { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
      position += 1
    }
    return value
  }

  static func isDigit(_ byte: UInt8) -> Bool {
    UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
  }

  static func isLetter(_ byte: UInt8) -> Bool {
    UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
  }

  static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }

  static func isHexDigit(_ byte: UInt8) -> Bool {
    isDigit(byte) || UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte | 0x20
  }
}
