/// Writes the text of JSON strings: what stands for itself in runs, the rest as escapes.
enum JSONStringWriter {
  static func append(
    _ utf8: [UInt8], to output: inout [UInt8],
    escape: (_ byte: UInt8, _ output: inout [UInt8]) -> Void
  ) {
    output.append(UInt8(ascii: "\""))
    utf8.withUnsafeBufferPointer { text in
      var start = 0
      for index in 0..<text.count where isSpecial(text[index]) {
        output.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<index]))
        escape(text[index], &output)
        start = index + 1
      }
      output.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
    }
    output.append(UInt8(ascii: "\""))
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  /// `\u00xx`, for control characters without a shorter escape.
  static func appendHex(_ byte: UInt8, to output: inout [UInt8]) {
    output.append(contentsOf: #"\u00"#.utf8)
    for digit in [byte >> 4, byte & 15] {
      output.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
  }
}
