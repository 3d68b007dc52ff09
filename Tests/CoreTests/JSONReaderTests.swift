import InterlockCore
import Testing

@Suite struct JSONReaderTests {
  @Test(arguments: [
    "null", "true", " [1, -2.5e3, \"a\"] ", "{\"a\":{\"b\":[]},\"c\":0}", "\"\\ud83d\\ude00\"",
    "\"\\u0000\"", "123456789012345678901234567890", "-0", "1E+2",
  ])
  func accepts(_ text: String) throws {
    _ = try JSONReader.read(Array(text.utf8))
  }

  @Test(arguments: [
    ("", JSONError.Reason.unexpectedEnd), ("nul", .unexpectedEnd), ("nulL", .unexpectedByte),
    ("[1,]", .unexpectedByte), ("{\"a\":1,}", .unexpectedByte), ("{a:1}", .unexpectedByte),
    ("1 2", .trailingBytes), ("01", .trailingBytes), ("1.", .unexpectedEnd),
    ("1.e", .invalidNumber), ("+1", .unexpectedByte), ("NaN", .unexpectedByte),
    ("1e999", .numberOutOfRange), ("1e-999", .numberOutOfRange),
    ("\"\\ud800\"", .loneSurrogate), ("\"\\udc00x\"", .loneSurrogate), ("\"\\x\"", .invalidEscape),
    ("\"a\nb\"", .controlCharacter), ("{\"a\":1,\"a\":2}", .duplicateKey), ("\"a", .unexpectedEnd),
    ("[", .unexpectedEnd), ("{\"a\"", .unexpectedEnd), ("\u{FEFF}1", .unexpectedByte),
    ("{", .unexpectedEnd), ("{\"a\":1, ", .unexpectedEnd), ("{\"a\" 1}", .unexpectedByte),
    ("{\"a\":1 \"b\":2}", .unexpectedByte), ("[1 2]", .unexpectedByte), ("[1", .unexpectedEnd),
    ("-", .unexpectedEnd), ("-x", .invalidNumber), ("1e+", .unexpectedEnd), ("?", .unexpectedByte),
  ])
  func refuses(_ text: String, _ reason: JSONError.Reason) {
    #expect(throws: JSONError.self) { try JSONReader.read(Array(text.utf8)) }
    do {
      _ = try JSONReader.read(Array(text.utf8))
    } catch {
      #expect(error.reason == reason)
    }
  }

  @Test func refusesInvalidUTF8() {
    for bytes: [UInt8] in [
      [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82],
    ] {
      #expect(throws: JSONError.self) { try JSONReader.read([0x22] + bytes + [0x22]) }
    }
  }

  @Test func countsDepthExactly() throws {
    let open = String(repeating: "[", count: JSONReader.maxDepth)
    let close = String(repeating: "]", count: JSONReader.maxDepth)
    _ = try JSONReader.read(Array((open + close).utf8))
    #expect(throws: JSONError.self) { try JSONReader.read(Array(("[" + open + close + "]").utf8)) }
    #expect(throws: JSONError.self) {
      try JSONReader.read(Array(String(repeating: "[", count: 100_000).utf8))
    }
  }

  @Test func countsDigitsExactly() throws {
    for (start, digit) in [("", "9"), ("-", "9"), ("0.", "1"), ("0e", "0"), ("1e-", "0")] {
      let most = start + String(repeating: digit, count: 1024 - start.utf8.count)
      _ = try JSONReader.read(Array(most.utf8))
      #expect(throws: JSONError(reason: .numberOutOfRange, offset: 1)) {
        try JSONReader.read(Array("[\(most)\(digit)]".utf8))
      }
    }
  }

  @Test func countsBytesExactly() throws {
    let spaces = [UInt8](repeating: UInt8(ascii: " "), count: JSONReader.maxBytes)
    #expect(throws: JSONError(reason: .unexpectedEnd, offset: JSONReader.maxBytes)) {
      try JSONReader.read(spaces)
    }
    let tooLarge = JSONError(reason: .tooLarge, offset: JSONReader.maxBytes)
    #expect(throws: tooLarge) { try JSONReader.read(spaces + [UInt8(ascii: "1")]) }
    #expect(tooLarge.message == "too large at byte 8388608")
    // What was written of several values may be larger than each.
    #expect(try JSONReader.readStored(spaces + [UInt8(ascii: "1")]) == .integer(1))
  }

  /// Names are compared one by one while they are few, and hashed when they are many.
  @Test(arguments: [1, 2, 15, 16, 17, 40]) func findsANameAmongMany(_ count: Int) throws {
    let members = (0..<count).map { "\"\($0)\":\($0)" }.joined(separator: ",")
    guard case .object(let read) = try JSONReader.read(Array("{\(members)}".utf8)) else {
      Issue.record("this is an object")
      return
    }
    #expect(read.count == count)
    for name in Set([0, count / 2, count - 1]) {
      let error = JSONError(reason: .duplicateKey, offset: members.utf8.count + 2)
      #expect(throws: error) {
        try JSONReader.read(Array("{\(members),\"\(name)\":1}".utf8))
      }
    }
  }

  @Test func keepsTheDigitsOfIntegers() throws {
    #expect(try JSONReader.read(Array("9223372036854775807".utf8)) == .number(.integer(.max)))
    let big = "92233720368547758070"
    #expect(try JSONReader.read(Array(big.utf8)) == .number(.bigInteger(Text(big))))
    #expect(JSONWriter.write(try JSONReader.read(Array(big.utf8))) == Array(big.utf8))
  }

  @Test func writesWhatItReads() throws {
    let text = #"{"a":[1,true,null,"q\"\\\u0001é😀"],"b":{},"c":-7}"#
    #expect(
      String(decoding: JSONWriter.write(try JSONReader.read(Array(text.utf8))), as: UTF8.self)
        == text)
  }

  @Test func comparesByValue() throws {
    func read(_ text: String) throws -> JSONValue { try JSONReader.read(Array(text.utf8)) }
    #expect(try read(#"{"a":1,"b":2}"#) == read(#"{"b":2.0,"a":1}"#))
    #expect(try read("1") != read("true"))
    #expect(try read("\"\u{E9}\"") != read("\"e\u{301}\""))
    #expect(try read("[1,2]") != read("[2,1]"))
    #expect(try read(#"{"a":1}"#) != read(#"{"a":1,"b":null}"#))
    #expect(try read("9007199254740993") != read("9007199254740992.0"))
  }
}
