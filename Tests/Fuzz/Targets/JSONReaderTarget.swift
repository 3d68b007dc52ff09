import InterlockCore

/// Any bytes: a value or a refusal, and what is accepted is written and read again. What only looks at the
/// syntax agrees.
enum JSONReaderTarget {
  static func run(_ input: [UInt8]) throws(Finding) {
    let hasSyntax = input.withUnsafeBytes { JSONSyntax.isValue($0) }
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONReader.read(input)
    } catch {
      try require(0...input.count ~= error.offset, "an offset outside of the text")
      try require(!hasSyntax || isLimit(error.reason), "JSON, and refused: \(error.message)")
      return
    }
    try require(hasSyntax, "not JSON, and read")
    let isObject = if case .object = value { true } else { false }
    try require(
      input.withUnsafeBytes { JSONSyntax.isObject($0) } == isObject, "an object, or not")
    try require(Text(validating: input) != nil, "accepted what is not UTF-8")
    let written = JSONWriter.write(value)
    let again = try value.reread()
    try require(again == value, "another value after writing")
    try require(JSONWriter.write(again) == written, "other bytes after writing")
    try require(depth(of: value) <= JSONReader.maxDepth, "deeper than the limit")
  }

  /// What the reader refuses although it is JSON.
  private static func isLimit(_ reason: JSONError.Reason) -> Bool {
    switch reason {
    case .numberOutOfRange, .duplicateKey, .tooDeep, .tooLarge: true
    case .unexpectedByte, .unexpectedEnd, .trailingBytes, .invalidUTF8, .invalidEscape,
      .loneSurrogate, .controlCharacter, .invalidNumber:
      false
    }
  }

  private static func depth(of value: JSONValue) -> Int {
    switch value {
    case .null, .bool, .number, .string: 0
    case .array(let elements): 1 + (elements.map { depth(of: $0) }.max() ?? 0)
    case .object(let members): 1 + (members.map { depth(of: $0.value) }.max() ?? 0)
    }
  }
}
