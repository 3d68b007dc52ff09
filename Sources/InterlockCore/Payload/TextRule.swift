/// How long a text may be, in Unicode scalars.
struct TextRule: Sendable {
  let minLength: Int
  let maxLength: Int?

  init(_ reader: inout MemberReader) {
    minLength = reader.integer("minLength", in: 0...Int.max) ?? 0
    maxLength = reader.integer("maxLength", in: 0...Int.max)
    if let maxLength, minLength > maxLength {
      reader.reportCrossed("minLength", above: "maxLength", expected: .integer(maxLength))
    }
  }

  func flaws(in text: Text) -> [Flaw] {
    guard minLength > 0 || maxLength != nil else { return [] }
    let length = Self.length(text)
    if length < minLength {
      return [
        Flaw(
          .minLength, "At least \(minLength) characters are needed, got \(length).",
          expected: .integer(minLength), got: .integer(length))
      ]
    }
    if let maxLength, length > maxLength {
      return [
        Flaw(
          .maxLength, "At most \(maxLength) characters are allowed, got \(length).",
          expected: .integer(maxLength), got: .integer(length))
      ]
    }
    return []
  }

  /// Unicode scalars, which is what Python's `len` counts: every byte that continues none.
  static func length(_ text: Text) -> Int {
    text.utf8.reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 &+ 1 }
  }

  /// Empty, or white space only.
  static func isBlank(_ text: Text) -> Bool {
    let rest = text.utf8.drop { isSpace($0) }
    guard let first = rest.first else { return true }
    guard first >= 0x80 else { return false }
    return String(decoding: rest, as: UTF8.self).unicodeScalars.allSatisfy {
      $0.properties.isWhitespace
    }
  }

  static func hasNewline(_ text: Text) -> Bool {
    text.utf8.contains { $0 == 0x0A || $0 == 0x0D }
  }

  /// White space or a control character of any script.
  static func hasSpaceOrControl(_ text: Text) -> Bool {
    if text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) { return true }
    guard text.utf8.contains(where: { $0 >= 0x80 }) else { return false }
    return text.string.unicodeScalars.contains {
      $0.properties.isWhitespace || 0x80...0x9F ~= $0.value
    }
  }

  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || 0x09...0x0D ~= byte
  }

  /// Of ASCII letters only: other scripts are left alone.
  static func lowercase(_ byte: UInt8) -> UInt8 {
    UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
  }
}
