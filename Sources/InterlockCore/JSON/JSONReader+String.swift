extension JSONReader {
  mutating func string() throws(JSONError) -> Text {
    position += 1
    let plain = try skipPlain()
    // Most strings have no escape: one run, one copy.
    if consume(UInt8(ascii: "\"")) { return Text(trusted: [UInt8](bytes[plain])) }
    var text = [UInt8](bytes[plain])
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return Text(trusted: text)
      case UInt8(ascii: "\\"):
        position += 1
        try escape(into: &text)
      default:
        text.append(contentsOf: bytes[try skipPlain()])
      }
    }
    throw failure(.unexpectedEnd)
  }

  /// Skips what stands for itself, up to a quotation mark, an escape or the end.
  private mutating func skipPlain() throws(JSONError) -> Range<Int> {
    let start = position
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        return start..<position
      case 0x00...0x1F:
        throw failure(.controlCharacter)
      case 0x20...0x7F:
        position += 1
      default:
        let length = UTF8Validator.sequenceLength(bytes, at: position)
        guard length > 0 else { throw failure(.invalidUTF8) }
        position += length
      }
    }
    return start..<position
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
    guard let byte = current else { throw failure(.unexpectedEnd) }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): try append(scalar(), to: &text)
    default:
      position -= 1
      throw failure(.invalidEscape)
    }
  }

  /// The scalar of a `\u` escape, or of two that form a surrogate pair.
  private mutating func scalar() throws(JSONError) -> UInt32 {
    let first = try hexUnit()
    guard 0xD800...0xDFFF ~= first else { return first }
    guard first < 0xDC00, current == UInt8(ascii: "\\") else { throw failure(.loneSurrogate) }
    position += 1
    guard current == UInt8(ascii: "u") else { throw failure(.loneSurrogate) }
    position += 1
    let second = try hexUnit()
    guard 0xDC00...0xDFFF ~= second else { throw failure(.loneSurrogate) }
    return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)
  }

  private mutating func hexUnit() throws(JSONError) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = current else { throw failure(.unexpectedEnd) }
      guard let digit = Self.hexDigit(byte) else { throw failure(.invalidEscape) }
      unit = unit << 4 | digit
      position += 1
    }
    return unit
  }

  static func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }

  private func append(_ value: UInt32, to text: inout [UInt8]) throws(JSONError) {
    guard let scalar = Unicode.Scalar(value) else { throw failure(.loneSurrogate) }
    text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }
}
