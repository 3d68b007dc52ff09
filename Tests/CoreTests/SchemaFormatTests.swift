import InterlockCore
import Testing

/// The formats and the arithmetic of schemas, in tables.
@Suite struct SchemaFormatTests {
  static let formats: [(format: String, good: [String], bad: [String])] = [
    (
      "date", ["1963-06-19", "2024-02-29", "2000-02-29", "0000-01-01"],
      [
        "", "06/19/1963", "2023-02-29", "1900-02-29", "2021-04-31", "2020-13-01", "2020-00-10",
        "2020-01-00", "2020-1-1", "2020-01-01T", "20200101", "2020-01-0\u{0661}",
      ]
    ),
    (
      "time",
      [
        "08:30:06Z", "08:30:06.283185z", "00:00:00+00:00", "23:59:60Z", "15:59:60-08:00",
        "01:29:60+01:30",
      ],
      [
        "", "08:30:06", "8:30:06Z", "24:00:00Z", "00:60:00Z", "00:00:61Z", "12:00:60Z",
        "23:59:60+01:00", "08:30:06.Z", "08:30:06,5Z", "01:02:03+24:00", "01:02:03+0100",
        "08:30:06 PST", "01:02:03Z+00:30",
      ]
    ),
    (
      "date-time",
      ["1963-06-19T08:30:06.283185Z", "1990-12-31t15:59:60-08:00", "2026-08-15T00:00:00+02:00"],
      [
        "", "1990-02-31T15:59:59Z", "1998-12-31T23:59:61Z", "2026-08-15", "2026-08-15 00:00:00Z",
        "2026-08-15T00:00:00", "2013-350T01:01:01Z",
      ]
    ),
    (
      "duration",
      [
        "P4DT12H30M5S", "P4Y", "PT0S", "P1M", "PT1M", "PT36H", "P1DT24H", "P2W", "P1Y2D", "PT1H5S",
        "PT0.5S",
      ],
      [
        "", "P", "PT", "PT1D", "4DT12H", "P1YT", "P2D1Y", "P1D2H", "P2S", "P1Y2W", "P2WT1H", "P1",
        "P1Y1Y", "PT1.S", "PT1.5H", "P0.5D", "-P1D", "p1d",
      ]
    ),
    (
      "email",
      ["joe.bloggs@example.com", "te~st@example.com", "a+b_c@d", "x@sub.example.com"],
      [
        "", "2962", "@example.com", "joe@", ".test@example.com", "test.@example.com",
        "te..st@example.com", "joe@exa mple.com", "joe@-a.com", "a@b@c", "joe@a..b", "é@a.b",
        "\"joe bloggs\"@example.com", "joe@[127.0.0.1]",
        String(repeating: "a", count: 65) + "@example.com",
      ]
    ),
    (
      "hostname",
      [
        "www.example.com", "xn--4gbwdl.xn--wgbh1c", "a", "1host", "a-b.c",
        String(repeating: "a", count: 63),
      ],
      [
        "", "-a", "a-", "a.-b", "a_b", "a..b", "a.", ".a", "é", "a b",
        String(repeating: "a", count: 64),
        Array(repeating: String(repeating: "a", count: 63), count: 4).joined(separator: "."),
      ]
    ),
    (
      "ipv4", ["192.168.0.1", "0.0.0.0", "255.255.255.255"],
      [
        "", "127.0.0.0.1", "256.1.1.1", "127.0", "1.2.3.", "087.10.0.1", "00.0.0.0", "1.2.3.4/24",
        "0x7f.0.0.1", "1.2.3.4444444444444444444444", "1.2.3.\u{0664}",
      ]
    ),
    (
      "ipv6",
      [
        "::", "::1", "1::", "2001:db8::ff00:42:8329", "1:2:3:4:5:6:7:8", "::ffff:192.168.0.1",
        "1:2:3:4:5:6:1.2.3.4", "1::8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "fE80::0A",
      ],
      [
        "", ":", "12345::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", ":2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7:", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", ":::", "1:::2", "::g",
        "fe80::a%eth1", "::1.2.3", "::1.2.3.256", "1.2.3.4", "1:2:3:4:5:6:7:1.2.3.4",
        "::1.2.3.4:5", "::1/64",
      ]
    ),
    (
      "uri",
      [
        "http://foo.bar/?baz=qux#quux", "http://user:pw@a.b:8080/c/d;e?f=g&h#i",
        "urn:oasis:names:x",
        "mailto:a@b.c", "http://[::1]:80/", "tel:+1-816-555", "file:///etc/x", "a:", "http://",
        "http://a/%20b", "ldap://[2001:db8::7]/c=GB?one?two", "http://x.y/a_(b)",
      ],
      [
        "", "//foo.bar/?baz", "/abc", "abc", "1a:b", "http://a b", "http://a/%2", "http://a/%zz",
        "http://%zz/", "http://u@a%2/", "http://u%/",
        "http://[::1", "http://[x]/", "http://a:b/", "http://a/<b>", "http://a/\\b", "http://é/",
        ":// x", "http://a#b#c", "bar,baz:foo",
      ]
    ),
    (
      "uuid",
      ["2eb8aa08-aa98-11ea-b4aa-73b441d16380", "2EB8AA08-AA98-11EA-B4AA-73B441D16380"],
      [
        "", "2eb8aa08-aa98-11ea-b4aa-73b441d1638", "2eb8aa08aa9811eab4aa73b441d16380",
        "2eb8aa08-aa98-11ea-b4aa-73b441d163800", "2eb8aa08-aa98-11ea-b4aa-73b441d1638g",
        "{2eb8aa08-aa98-11ea-b4aa-73b441d16380}",
      ]
    ),
    ("password", ["", "x"], []),
    ("binary", ["", "x"], []),
  ]

  @Test(arguments: formats.indices) func assertsFormats(row: Int) throws {
    let (format, good, bad) = Self.formats[row]
    let schema = try Schema(compiling: .object(["format": .text(format)]))
    for text in good { #expect(schema.problems(in: .text(text)).isEmpty, "\(format): \(text)") }
    for text in bad { #expect(!schema.problems(in: .text(text)).isEmpty, "\(format): \(text)") }
    #expect(schema.problems(in: .integer(1)).isEmpty)
  }

  /// A schema, numbers that fit and numbers that do not.
  static let numbers: [(schema: String, good: [String], bad: [String])] = [
    (#"{"multipleOf":0.1}"#, ["0.3", "0", "-0.7", "1", "1e300", "-0.0"], ["0.35", "1e-300"]),
    (#"{"multipleOf":0.01}"#, ["19.99", "4.35", "1.1", "1e2"], ["0.015"]),
    (#"{"multipleOf":2.5}"#, ["5", "7.5", "-2.5"], ["6"]),
    (#"{"multipleOf":3}"#, ["9", "99999999999999999999", "-9223372036854775806"], ["10", "3.5"]),
    (
      #"{"multipleOf":10}"#, ["100", "1e2", "100000000000000000000"],
      ["5", "100000000000000000005"]
    ),
    (#"{"multipleOf":1e-8}"#, ["12391239123", "0.00000001"], ["1e-9"]),
    (
      #"{"multipleOf":9223372036854775807}"#, ["9223372036854775807", "0"], ["9223372036854775806"]
    ),
    (#"{"multipleOf":0.123456789}"#, ["0.123456789"], ["1e308"]),
    (#"{"multipleOf":1e308}"#, ["1e308", "0"], ["1", "1e307"]),
    (
      #"{"minimum":0.1}"#, ["0.1", "1", "99999999999999999999"],
      ["0.09", "0", "-99999999999999999999"]
    ),
    (#"{"exclusiveMinimum":9007199254740992}"#, ["9007199254740993"], ["9007199254740992.0"]),
    (#"{"maximum":9007199254740992.0}"#, ["9007199254740992"], ["9007199254740993", "1e300"]),
    (#"{"exclusiveMaximum":9223372036854775808}"#, ["9223372036854775807", "-1e300"], ["1e300"]),
    (
      #"{"minimum":-9223372036854775809}"#, ["-9223372036854775808", "0.5"],
      ["-9223372036854775810"]
    ),
    (#"{"maximum":18446744073709551616}"#, ["18446744073709551616"], ["18446744073709551617"]),
    (#"{"maximum":-1.5}"#, ["-2", "-1.5", "-1e300"], ["-1", "-1.25"]),
    (#"{"type":"integer"}"#, ["1", "1.0", "1e300", "-99999999999999999999"], ["1.5", "1e-9"]),
    (#"{"const":1}"#, ["1", "1.0"], ["1.5", "2"]),
    (#"{"enum":[100000000000000000000]}"#, ["100000000000000000000", "1e20"], ["1"]),
  ]

  @Test(arguments: numbers.indices) func isExactWithNumbers(row: Int) throws {
    let (source, good, bad) = Self.numbers[row]
    let schema = try Schema(compiling: JSONReader.read(Array(source.utf8)))
    for number in good + bad {
      let problems = schema.problems(in: try JSONReader.read(Array(number.utf8)))
      #expect(problems.isEmpty == good.contains(number), "\(source): \(number)")
    }
  }

  @Test func countsScalars() throws {
    let schema = try Schema(
      compiling: .object(["minLength": .integer(2), "maxLength": .integer(2)]))
    #expect(schema.problems(in: .text("e\u{301}")).isEmpty)
    #expect(schema.problems(in: .text("\u{1F600}\u{1F600}")).isEmpty)
    #expect(!schema.problems(in: .text("\u{1F600}")).isEmpty)
    #expect(!schema.problems(in: .text("abc")).isEmpty)
  }

  @Test func comparesTextsAsBytes() throws {
    let schema = try Schema(compiling: .object(["const": .text("é")]))
    #expect(schema.problems(in: .text("é")).isEmpty)
    #expect(!schema.problems(in: .text("e\u{301}")).isEmpty)
  }

  /// Not a bar: only a line to look at.
  @Test func printsHowLongAnAnswerTakes() throws {
    let (schema, answer) = Self.twentyFields()
    let document = try JSONReader.read(Array(schema.utf8))
    let compiled = try Schema(compiling: document)
    #expect(compiled.problems(in: try JSONReader.read(Array(answer.utf8))).isEmpty)
    let clock = ContinuousClock()
    let bytes = Array(answer.utf8)
    let reading = try clock.measure { for _ in 0..<100 { _ = try JSONReader.read(bytes) } }
    let value = try JSONReader.read(bytes)
    let compiling = try clock.measure { for _ in 0..<100 { _ = try Schema(compiling: document) } }
    let checking = clock.measure { for _ in 0..<100 { _ = compiled.problems(in: value) } }
    print(
      "\(bytes.count) bytes, 20 fields: read \(reading / 100), compile \(compiling / 100),"
        + " check \(checking / 100)")
  }

  /// A form of 20 fields and an answer of about 2 KB.
  static func twentyFields() -> (schema: String, answer: String) {
    let kinds = [
      (#"{"type":"string","maxLength":400}"#, "\"\(String(repeating: "word ", count: 60))\""),
      (#"{"type":"integer","minimum":0,"maximum":1000}"#, "42"),
      (#"{"type":"string","format":"date-time"}"#, #""2026-08-15T12:00:00Z""#),
      (#"{"type":"string","enum":["low","medium","high"]}"#, #""high""#),
      (#"{"anyOf":[{"type":"string","pattern":"^[A-Z]{2}\\d+$"},{"type":"null"}]}"#, #""DE123""#),
    ]
    let fields = (0..<20).map { (name: "\"field\($0)\"", kind: kinds[$0 % kinds.count]) }
    let properties = fields.map { "\($0.name):\($0.kind.0)" }.joined(separator: ",")
    let names = fields.map(\.name).joined(separator: ",")
    let schema = """
      {"type":"object","additionalProperties":false,"required":[\(names)],
      "properties":{\(properties)}}
      """
    let answer = fields.map { "\($0.name):\($0.kind.1)" }.joined(separator: ",")
    return (schema, "{\(answer)}")
  }
}
