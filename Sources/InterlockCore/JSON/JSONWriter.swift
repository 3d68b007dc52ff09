/// Writes JSON compactly, members in the order they stand in.
package enum JSONWriter {
  package static func write(_ value: JSONValue) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(usualBytes)
    append(value, to: &output)
    return output
  }

  private static let usualBytes = 512

  static func append(_ value: JSONValue, to output: inout [UInt8]) {
    switch value {
    case .null: output.append(contentsOf: "null".utf8)
    case .bool(let flag): output.append(contentsOf: (flag ? "true" : "false").utf8)
    case .number(.integer(let integer)): output.append(contentsOf: String(integer).utf8)
    case .number(.bigInteger(let digits)): output.append(contentsOf: digits.utf8)
    case .number(.double(let double)): output.append(contentsOf: "\(double)".utf8)
    case .string(let text): appendString(text.utf8, to: &output)
    case .array(let elements):
      appendList(elements, "[", "]", to: &output) { element, output in append(element, to: &output)
      }
    case .object(let members):
      appendList(members, "{", "}", to: &output) { member, output in
        appendString(member.name.utf8, to: &output)
        output.append(UInt8(ascii: ":"))
        append(member.value, to: &output)
      }
    }
  }

  private static func appendList<Element>(
    _ elements: [Element], _ open: Unicode.Scalar, _ close: Unicode.Scalar,
    to output: inout [UInt8], _ each: (Element, inout [UInt8]) -> Void
  ) {
    output.append(UInt8(ascii: open))
    for (index, element) in elements.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      each(element, &output)
    }
    output.append(UInt8(ascii: close))
  }

  static func appendString(_ utf8: [UInt8], to output: inout [UInt8]) {
    JSONStringWriter.append(utf8, to: &output) { byte, output in
      switch byte {
      case UInt8(ascii: "\""): output.append(contentsOf: #"\""#.utf8)
      case UInt8(ascii: "\\"): output.append(contentsOf: #"\\"#.utf8)
      case 0x09: output.append(contentsOf: #"\t"#.utf8)
      case 0x0A: output.append(contentsOf: #"\n"#.utf8)
      case 0x0D: output.append(contentsOf: #"\r"#.utf8)
      default: JSONStringWriter.appendHex(byte, to: &output)
      }
    }
  }
}
