/// Whether bytes are JSON (RFC 8259), without making values of them: for documents that were written from
/// values, are passed on as they are, and may have been damaged meanwhile.
///
/// What `JSONReader.readStored` reads passes. What passes may hold a name twice, or a number that no double
/// can hold: every reader of JSON takes it.
package struct JSONSyntax {
  private static let maxDepth = JSONReader.storedDepth

  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  /// One bit for each level that is open: 1 for an object.
  private var objects: UInt128 = 0
  private var depth = 0

  private init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  package static func isValue(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var syntax = JSONSyntax(bytes)
    return syntax.document()
  }

  package static func isObject(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var syntax = JSONSyntax(bytes)
    syntax.skipSpace()
    return syntax.current == UInt8(ascii: "{") && syntax.document()
  }

  /// Whether it is an object, as it was written here, with a member: its members can be put beside those
  /// of another.
  package static func isMembers(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count > 2 && bytes[0] == UInt8(ascii: "{") && bytes[1] == UInt8(ascii: "\"")
      && bytes[bytes.count &- 1] == UInt8(ascii: "}") && isValue(bytes)
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func consume(_ byte: UInt8) -> Bool {
    guard current == byte else { return false }
    position &+= 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position &+= 1
    }
  }

  private mutating func document() -> Bool {
    repeat {
      guard begin(), end() else { return false }
    } while depth > 0
    return position == bytes.count
  }

  /// Everything up to and with the next value that holds no other.
  private mutating func begin() -> Bool {
    while true {
      skipSpace()
      guard let byte = current else { return false }
      switch byte {
      case UInt8(ascii: "{"):
        guard open(isObject: true) else { return false }
        if closes(UInt8(ascii: "}")) { return true }
        guard name() else { return false }
      case UInt8(ascii: "["):
        guard open(isObject: false) else { return false }
        if closes(UInt8(ascii: "]")) { return true }
      default:
        return scalar(byte)
      }
    }
  }

  /// The ends of what is complete now, and a comma with the name that follows it, or the end of the text.
  private mutating func end() -> Bool {
    while true {
      skipSpace()
      guard depth > 0 else { return true }
      let isObject = objects & 1 == 1
      if consume(UInt8(ascii: ",")) {
        skipSpace()
        return !isObject || name()
      }
      guard closes(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { return false }
    }
  }

  private mutating func open(isObject: Bool) -> Bool {
    guard depth < Self.maxDepth else { return false }
    depth &+= 1
    objects = objects << 1 | (isObject ? 1 : 0)
    position &+= 1
    skipSpace()
    return true
  }

  private mutating func closes(_ byte: UInt8) -> Bool {
    guard consume(byte) else { return false }
    depth &-= 1
    objects >>= 1
    return true
  }

  /// Of a member, with the colon.
  private mutating func name() -> Bool {
    guard consume(UInt8(ascii: "\"")), string() else { return false }
    skipSpace()
    return consume(UInt8(ascii: ":"))
  }

  private mutating func scalar(_ first: UInt8) -> Bool {
    switch first {
    case UInt8(ascii: "\""):
      position &+= 1
      return string()
    case UInt8(ascii: "t"): return word("true")
    case UInt8(ascii: "f"): return word("false")
    case UInt8(ascii: "n"): return word("null")
    default: return number()
    }
  }

  private mutating func word(_ word: StaticString) -> Bool {
    for index in 0..<word.utf8CodeUnitCount where !consume(word.utf8Start[index]) { return false }
    return true
  }

  /// What follows the quotation mark, with the one at the end.
  private mutating func string() -> Bool {
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""):
        position &+= 1
        return true
      case UInt8(ascii: "\\"):
        position &+= 1
        guard escape() else { return false }
      case 0x00...0x1F:
        return false
      case 0x20...0x7F:
        position &+= 1
      default:
        let length = UTF8Validator.sequenceLength(bytes, at: position)
        guard length > 0 else { return false }
        position &+= length
      }
    }
    return false
  }

  private mutating func escape() -> Bool {
    guard let byte = current else { return false }
    position &+= 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return true
    case UInt8(ascii: "u"):
      guard let unit = unit() else { return false }
      guard 0xD800...0xDFFF ~= unit else { return true }
      // The first half of a pair, and the second.
      guard unit < 0xDC00, consume(UInt8(ascii: "\\")), consume(UInt8(ascii: "u")),
        let second = self.unit()
      else { return false }
      return 0xDC00...0xDFFF ~= second
    default:
      return false
    }
  }

  /// Four hexadecimal digits.
  private mutating func unit() -> UInt32? {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = current.flatMap(JSONReader.hexDigit) else { return nil }
      unit = unit << 4 | digit
      position &+= 1
    }
    return unit
  }

  private mutating func number() -> Bool {
    _ = consume(UInt8(ascii: "-"))
    guard consume(UInt8(ascii: "0")) || digits() else { return false }
    if consume(UInt8(ascii: ".")) {
      guard digits() else { return false }
    }
    guard consume(UInt8(ascii: "e")) || consume(UInt8(ascii: "E")) else { return true }
    if !consume(UInt8(ascii: "+")) { _ = consume(UInt8(ascii: "-")) }
    return digits()
  }

  private mutating func digits() -> Bool {
    let start = position
    while let byte = current, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte { position &+= 1 }
    return position > start
  }
}
