import InterlockCore
import Testing

/// What is passed on as it is stored; `json_reader` of the fuzz targets compares it with the reader.
@Suite struct JSONSyntaxTests {
  private static let sound = [
    "null", "true", "false", "0", "-0", "12.5e-3", "1E+2", "1e999", #""""#, #""\ud83d\ude00""#,
    #""\"\\\/\b\f\n\r\t\u0000é😀""#, "[]", "{}", " [ 1 , { \"a\" : [ ] } ]\n", #"{"a":1,"a":2}"#,
    #"{"a":{"b":[{},[[]]]},"c":null}"#,
  ]
  private static let unsound = [
    "", " ", "nul", "nulL", "+1", "01", "1.", ".5", "1e", "1e+", "-", "--1", "NaN", "Infinity",
    "inf", "'a'", #""a"#, #""\x""#, #""\u12""#, #""\u12g4""#, #""\ud800""#, #""\ud800\u0041""#,
    #""\udc00""#, "\"a\nb\"", "[", "]", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{", "}", "{]", "[}",
    #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{a:1}"#, #"{1:1}"#, #"{"a":1"b":2}"#, "1 2", "{}{}",
    "[],", "\u{FEFF}1",
  ]

  private func isValue(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { JSONSyntax.isValue($0) }
  }

  @Test(arguments: sound) func takes(_ text: String) { #expect(isValue(Array(text.utf8))) }

  @Test(arguments: unsound) func refuses(_ text: String) { #expect(!isValue(Array(text.utf8))) }

  @Test func refusesWhatIsNotUTF8() {
    for bytes: [UInt8] in [
      [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82],
    ] {
      #expect(!isValue([0x22] + bytes + [0x22]))
    }
  }

  @Test func goesAsDeepAsWhatIsStored() throws {
    func nested(_ depth: Int) -> [UInt8] {
      Array((String(repeating: #"[{"a":"#, count: depth / 2) + "1").utf8)
        + Array(String(repeating: "}]", count: depth / 2).utf8)
    }
    #expect(isValue(nested(96)) && !isValue(nested(98)))
    #expect(!isValue(Array(String(repeating: "[", count: 100_000).utf8)))
    _ = try JSONReader.readStored(nested(96))
    #expect(throws: JSONError.self) { try JSONReader.readStored(nested(98)) }
  }

  @Test(arguments: [
    ("{}", true, false), (" {\"a\":1}", true, false), ("{\"a\":1} ", true, false),
    ("{ \"a\":1}", true, false), ("{\"a\":1}", true, true), ("[]", false, false),
    ("null", false, false), ("{\"", false, false), ("{\"a\"}", false, false),
    ("{\"a\":1}}", false, false), ("", false, false),
  ])
  func objects(_ text: String, _ isObject: Bool, _ isMembers: Bool) {
    Array(text.utf8).withUnsafeBytes {
      #expect(JSONSyntax.isObject($0) == isObject)
      #expect(JSONSyntax.isMembers($0) == isMembers)
    }
  }
}
