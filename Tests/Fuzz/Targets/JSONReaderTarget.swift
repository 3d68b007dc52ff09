import InterlockCore

/// Any bytes: a value or a refusal, and what is accepted is written and read again.
enum JSONReaderTarget {
  static func run(_ input: [UInt8]) throws(Finding) {
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONReader.read(input)
    } catch {
      try require(0...input.count ~= error.offset, "an offset outside of the text")
      return
    }
    try require(Text(validating: input) != nil, "accepted what is not UTF-8")
    let written = JSONWriter.write(value)
    let again = try value.reread()
    try require(again == value, "another value after writing")
    try require(JSONWriter.write(again) == written, "other bytes after writing")
    try require(depth(of: value) <= JSONReader.maxDepth, "deeper than the limit")
  }

  private static func depth(of value: JSONValue) -> Int {
    switch value {
    case .null, .bool, .number, .string: 0
    case .array(let elements): 1 + (elements.map { depth(of: $0) }.max() ?? 0)
    case .object(let members): 1 + (members.map { depth(of: $0.value) }.max() ?? 0)
    }
  }
}
