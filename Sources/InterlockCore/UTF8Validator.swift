/// Well-formed UTF-8 by table 3-7 of the Unicode Standard: no overlong forms, no surrogates.
package enum UTF8Validator {
  package static func isValid(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { isValid($0) }
  }

  package static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var index = 0
    while index < bytes.count {
      // Most texts are ASCII.
      if isASCIIWord(bytes, at: index) {
        index &+= 8
      } else if bytes[index] < 0x80 {
        index &+= 1
      } else {
        let length = sequenceLength(bytes, at: index)
        guard length > 0 else { return false }
        index &+= length
      }
    }
    return true
  }

  private static func isASCIIWord(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Bool {
    index &+ 8 <= bytes.count
      && bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
  }

  /// The length of the well-formed sequence at `index`, or 0.
  static func sequenceLength(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Int {
    let lead = bytes[index]
    switch lead {
    case 0x00...0x7F:
      return 1
    case 0xC2...0xDF:
      return hasTail(bytes, index &+ 1, 1) ? 2 : 0
    case 0xE0...0xEF:
      guard hasTail(bytes, index &+ 1, 2) else { return 0 }
      let second = bytes[index &+ 1]
      let overlong = lead == 0xE0 && second < 0xA0
      let surrogate = lead == 0xED && second > 0x9F
      return overlong || surrogate ? 0 : 3
    case 0xF0...0xF4:
      guard hasTail(bytes, index &+ 1, 3) else { return 0 }
      let second = bytes[index &+ 1]
      let overlong = lead == 0xF0 && second < 0x90
      let beyond = lead == 0xF4 && second > 0x8F
      return overlong || beyond ? 0 : 4
    default:
      return 0
    }
  }

  private static func hasTail(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ count: Int) -> Bool {
    guard start &+ count <= bytes.count else { return false }
    for index in start..<(start &+ count) where bytes[index] & 0xC0 != 0x80 { return false }
    return true
  }
}
