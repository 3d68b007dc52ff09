/// The canonical bytes of a JSON value: RFC 8785, with integers kept digit by digit.
///
/// What a person approves and what runs are compared by these bytes. RFC 8785 sends every number
/// through a double, which rounds an account number of 17 digits; here integers are exact. The bytes
/// differ from RFC 8785 only for integers beyond 2^53.
package enum CanonicalJSON {
  package static func write(_ value: JSONValue) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(512)
    append(value, to: &output)
    return output
  }

  private static func append(_ value: JSONValue, to output: inout [UInt8]) {
    switch value {
    case .null: output.append(contentsOf: "null".utf8)
    case .bool(let flag): output.append(contentsOf: (flag ? "true" : "false").utf8)
    case .number(let number): output.append(contentsOf: CanonicalNumber.text(number).utf8)
    case .string(let text): appendString(text.utf8, to: &output)
    case .array(let elements):
      output.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        append(element, to: &output)
      }
      output.append(UInt8(ascii: "]"))
    case .object(let members):
      output.append(UInt8(ascii: "{"))
      for (index, member) in sorted(members).enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        appendString(member.name.utf8, to: &output)
        output.append(UInt8(ascii: ":"))
        append(member.value, to: &output)
      }
      output.append(UInt8(ascii: "}"))
    }
  }

  /// By UTF-16 code units (RFC 8785, section 3.2.3), which differs from bytes beyond the BMP.
  private static func sorted(_ members: [JSONMember]) -> [JSONMember] {
    // UTF-16 order and byte order differ only where surrogates come in: beyond the BMP.
    if members.allSatisfy({ $0.name.utf8.allSatisfy { $0 < 0xEE } }) {
      let isSorted = zip(members, members.dropFirst()).allSatisfy { $0.name < $1.name }
      return isSorted ? members : members.sorted { $0.name < $1.name }
    }
    let keyed = members.map { (Array($0.name.string.utf16), $0) }
    return keyed.sorted { $0.0.lexicographicallyPrecedes($1.0) }.map(\.1)
  }

  /// RFC 8785, section 3.2.2.2: the short escapes where there is one, `\u00xx` for other controls.
  private static func appendString(_ utf8: [UInt8], to output: inout [UInt8]) {
    JSONStringWriter.append(utf8, to: &output) { byte, output in
      switch byte {
      case UInt8(ascii: "\""): output.append(contentsOf: #"\""#.utf8)
      case UInt8(ascii: "\\"): output.append(contentsOf: #"\\"#.utf8)
      case 0x08: output.append(contentsOf: #"\b"#.utf8)
      case 0x09: output.append(contentsOf: #"\t"#.utf8)
      case 0x0A: output.append(contentsOf: #"\n"#.utf8)
      case 0x0C: output.append(contentsOf: #"\f"#.utf8)
      case 0x0D: output.append(contentsOf: #"\r"#.utf8)
      default: JSONStringWriter.appendHex(byte, to: &output)
      }
    }
  }
}
