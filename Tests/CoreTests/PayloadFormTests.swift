import InterlockCore
import Testing

@Suite struct PayloadFormTests {
  /// A form of one field called `f`.
  private static func form(_ field: String) -> String { #"{"fields":[{"name":"f",\#(field)}]}"# }

  @Test(
    arguments: [
      (#"{}"#, ["missing /fields"]),
      (#"{"fields":[]}"#, ["too_few /fields"]),
      (#"{"fields":[1]}"#, ["type /fields/0"]),
      (#"{"fields":[{}]}"#, ["missing /fields/0/name", "missing /fields/0/type"]),
      (#"{"fields":[{"name":"a"}]}"#, ["missing /fields/0/type"]),
      (#"{"fields":[{"name":"a","type":"slider","knob":1}]}"#, ["not_an_option /fields/0/type"]),
      (#"{"fields":[{"name":"a","type":"Text"}]}"#, ["not_an_option /fields/0/type"]),
      (#"{"fields":[{"name":"_dismissed","type":"text"}]}"#, ["not_allowed /fields/0/name"]),
      (#"{"fields":[{"name":"a","type":"text"}],"submitLabel":2}"#, ["type /submitLabel"]),
    ] as [(String, [String])])
  func definition(_ payload: String, _ problems: [String]) throws {
    #expect(try PayloadSupport.refusals(.form, payload) == problems, "\(payload)")
  }

  @Test(
    arguments: [
      (#""type":"text","label":"L","required":true,"placeholder":"p","description":"d""#, []),
      (
        #""type":"text","label":1,"required":1,"placeholder":1,"description":1"#,
        ["type label", "type description", "type required", "type placeholder"]
      ),
      (#""type":"text","minLength":2,"maxLength":1"#, ["max minLength"]),
      (#""type":"textarea","minLength":-2"#, ["min minLength"]),
      (
        #""type":"text","options":["a"],"min":1,"mustBeTrue":true"#,
        ["unexpected options", "unexpected min", "unexpected mustBeTrue"]
      ),
      (#""type":"number","min":2,"max":1"#, ["max min"]),
      (#""type":"number","min":99999999999999999999,"max":99999999999999999998"#, ["max min"]),
      (#""type":"number","min":1,"max":1,"step":0.5,"unit":"kg","placeholder":"p""#, []),
      (#""type":"number","step":0"#, ["min step"]),
      (#""type":"number","step":-1,"min":"1""#, ["type min", "min step"]),
      (#""type":"number","minLength":1"#, ["unexpected minLength"]),
      (#""type":"range","min":200"#, ["max min"]),
      (#""type":"range","min":200,"max":300"#, []),
      (#""type":"range","max":-1"#, ["max min"]),
      (#""type":"range","placeholder":"p""#, ["unexpected placeholder"]),
      (#""type":"select""#, ["missing options"]),
      (#""type":"select","options":[]"#, ["too_few options"]),
      (#""type":"select","options":"a""#, ["type options"]),
      (#""type":"select","options":["a",{"value":"b","label":"B"},{"value":"c"}]"#, []),
      (
        #""type":"select","options":["a","a"," ",7,{"label":"x"},{"value":"a"},{"value":"z","y":1}]"#,
        [
          "type options/3", "missing options/4/value", "unexpected options/6/y",
          "duplicate options/1", "empty options/2", "duplicate options/5/value",
        ]
      ),
      (#""type":"checkbox","mustBeTrue":true"#, []),
      (#""type":"checkbox","mustBeTrue":1"#, ["type mustBeTrue"]),
      (#""type":"date","min":"2026-01-01""#, ["unexpected min"]),
      (#""type":"password","defaultValue":"x""#, ["unexpected defaultValue"]),
    ] as [(String, [String])])
  func field(_ field: String, _ problems: [String]) throws {
    let found = try PayloadSupport.refusals(.form, Self.form(field))
    let expected = problems.map { $0.replacingFirstSpace(by: " /fields/0/") }
    #expect(found.sorted() == expected.sorted(), "\(field)")
  }

  @Test(
    arguments: [
      (#""type":"text","maxLength":2,"defaultValue":"abc""#, "max_length"),
      (#""type":"text","required":true,"defaultValue":" ""#, "empty"),
      (#""type":"text","defaultValue":"a\nb""#, "format"),
      (#""type":"text","defaultValue":null"#, "type"),
      (#""type":"number","defaultValue":"1""#, "type"),
      (#""type":"range","defaultValue":101"#, "max"),
      (#""type":"range","defaultValue":0.5"#, "step"),
      (#""type":"email","defaultValue":"a""#, "format"),
      (#""type":"url","defaultValue":"a""#, "format"),
      (#""type":"select","options":["a"],"defaultValue":"b""#, "not_an_option"),
      (#""type":"checkbox","mustBeTrue":true,"defaultValue":false"#, "mismatch"),
      (#""type":"date","defaultValue":"2026-02-30""#, "format"),
      (#""type":"time","defaultValue":"25:00""#, "format"),
      (#""type":"datetime","defaultValue":"2026-02-03""#, "format"),
      (#""type":"range","defaultValue":100"#, nil),
      (#""type":"select","options":["a"],"defaultValue":"a""#, nil),
    ] as [(String, String?)])
  func defaultsAreValid(_ field: String, _ code: String?) throws {
    let found = try PayloadSupport.refusals(.form, Self.form(field))
    #expect(found == (code.map { ["\($0) /fields/0/defaultValue"] } ?? []), "\(field)")
  }

  @Test(
    arguments: [
      (#""type":"text""#, #""a""#, nil), (#""type":"text""#, #""""#, nil),
      (#""type":"text""#, "null", nil), (#""type":"text""#, "1", "type"),
      (#""type":"text""#, #""a\nb""#, "format"), (#""type":"text""#, #""a\rb""#, "format"),
      (#""type":"textarea""#, #""a\nb""#, nil), (#""type":"password""#, #""a\nb""#, "format"),
      (#""type":"text","required":true"#, "null", "missing"),
      (#""type":"text","required":true"#, #"" \u2003""#, "empty"),
      (#""type":"email","required":true"#, #""""#, "empty"),
      (#""type":"email""#, #""""#, "format"),
      (#""type":"text","minLength":2"#, #""a""#, "min_length"),
      (#""type":"text","maxLength":1"#, #""e\u0301""#, "max_length"),
      (#""type":"text","maxLength":1"#, #""\u00e9""#, nil),
      (#""type":"password","minLength":8"#, #""secret""#, "min_length"),
      (#""type":"select","options":["a",{"value":"b"}]"#, #""b""#, nil),
      (#""type":"select","options":["a"]"#, #""A""#, "not_an_option"),
      (#""type":"select","options":["a"]"#, "1", "type"),
      (#""type":"select","options":["a"]"#, #"["a"]"#, "type"),
      (#""type":"select","options":["a"],"required":true"#, #""""#, "empty"),
      (#""type":"checkbox""#, "false", nil), (#""type":"checkbox""#, #""true""#, "type"),
      (#""type":"checkbox""#, "1", "type"),
      (#""type":"checkbox","required":true"#, "false", nil),
      (#""type":"checkbox","required":true"#, "null", "missing"),
      (#""type":"checkbox","mustBeTrue":true"#, "false", "mismatch"),
      (#""type":"checkbox","mustBeTrue":true"#, "null", "missing"),
      (#""type":"checkbox","mustBeTrue":true"#, "true", nil),
    ] as [(String, String, String?)])
  func value(_ field: String, _ value: String, _ code: String?) throws {
    let found = try PayloadSupport.outcome(.form, Self.form(field), #"{"f":\#(value)}"#)
    #expect(found == [code.map { "\($0) /f" } ?? "answer"], "\(field) \(value)")
  }

  @Test(
    arguments: [
      (#""type":"number""#, "1", nil), (#""type":"number""#, "-1.5e3", nil),
      (#""type":"number""#, #""1""#, "type"), (#""type":"number""#, "true", "type"),
      (#""type":"number","required":true"#, #""""#, "type"),
      (#""type":"number","min":1"#, "0.999", "min"), (#""type":"number","min":1"#, "1", nil),
      (#""type":"number","max":1"#, "1.001", "max"), (#""type":"number","max":1"#, "1.0", nil),
      (#""type":"range""#, "100", nil), (#""type":"range""#, "101", "max"),
      (#""type":"range""#, "-1", "min"), (#""type":"range""#, "0.5", "step"),
      (#""type":"range","step":0.5"#, "0.5", nil),
      // Beyond 64 bits, and where doubles would round.
      (#""type":"number","max":9223372036854775807"#, "9223372036854775808", "max"),
      (#""type":"number","min":-9223372036854775808"#, "-9223372036854775809", "min"),
      (#""type":"number","max":9223372036854775808"#, "9223372036854775808", nil),
      (#""type":"number","max":9223372036854775808"#, "9223372036854775809", "max"),
      (#""type":"number","min":-9223372036854775809"#, "-9223372036854775810", "min"),
      (#""type":"number","min":-99999999999999999999"#, "99999999999999999999", nil),
      (#""type":"number","min":99999999999999999999"#, "-99999999999999999999", "min"),
      (#""type":"number","min":99999999999999999999"#, "7", "min"),
      (#""type":"number","max":-99999999999999999999"#, "7", "max"),
      (#""type":"number","max":9007199254740992"#, "9007199254740993", "max"),
      (#""type":"number","max":1e300"#, "99999999999999999999", nil),
      (#""type":"number","max":1e10"#, "99999999999999999999", "max"),
      // Steps.
      (#""type":"number","step":2"#, "3", "step"), (#""type":"number","step":2"#, "-4", nil),
      (#""type":"number","step":2"#, "4.0", nil),
      (#""type":"number","min":1,"step":2"#, "4", "step"),
      (#""type":"number","min":1,"step":2"#, "5", nil),
      (#""type":"number","min":-3,"step":5"#, "2", nil),
      (#""type":"number","step":0.1"#, "0.3", nil), (#""type":"number","step":0.1"#, "0.7", nil),
      (#""type":"number","step":0.1"#, "0.35", "step"),
      (#""type":"number","step":0.1"#, "1234567.8", nil),
      (#""type":"number","step":0.1"#, "1234567.85", "step"),
      (#""type":"number","step":0.01,"min":0.05"#, "19.99", nil),
      (#""type":"number","step":0.01"#, "19.999", "step"),
      (#""type":"number","step":0.01"#, "100000000.01", nil),
      (#""type":"number","step":0.01"#, "100000000.015", "step"),
      (#""type":"number","step":0.1"#, "9007199254740993", nil),
      (#""type":"number","step":2"#, "9223372036854775809", "step"),
      (#""type":"number","step":2"#, "-9223372036854775810", nil),
      (#""type":"number","step":7"#, "-92233720368547758071", "step"),
      (#""type":"number","step":9223372036854775807"#, "-9223372036854775808", "step"),
      (#""type":"number","step":1e-300"#, "1e300", "step"),
    ] as [(String, String, String?)])
  func number(_ field: String, _ value: String, _ code: String?) throws {
    let found = try PayloadSupport.outcome(.form, Self.form(field), #"{"f":\#(value)}"#)
    #expect(found == [code.map { "\($0) /f" } ?? "answer"], "\(field) \(value)")
  }

  static let sound: [(String, [String])] = [
    ("date", ["2026-02-28", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31", "2026-04-30"]),
    ("time", ["00:00", "23:59", "23:59:59", "09:05:00"]),
    (
      "datetime",
      [
        "2026-02-28T00:00", "2026-02-28T23:59:59", "2026-02-28T12:00Z", "2026-02-28T12:00:01+02:00",
        "2026-02-28T12:00-23:59",
      ]
    ),
    ("email", ["a@b", "a.b+c@example.org", "ü@ü.de", "\"q\"@x.y"]),
    (
      "url",
      [
        "http://a", "https://example.org/p?q#f", "HTTPS://EXAMPLE.org", "http://u:p@h:8080/",
        "http://[::1]:80/x", "https://h?a@b", "http://h:", "https://bücher.de/ü",
      ]
    ),
  ]

  static let unsound: [(String, [String])] = [
    (
      "date",
      [
        "2026-02-30", "2026-02-29", "1900-02-29", "2100-02-29", "2026-13-01", "2026-00-10",
        "2026-04-31", "2026-01-00", "0000-01-01", "26-01-01", "2026-1-1", "2026-01-01 ",
        "2026-01-01T00:00", "２026-01-01", "+026-01-01", "", "2026/01/01",
      ]
    ),
    (
      "time",
      ["25:00", "24:00", "12:60", "12:00:60", "1:00", "12", "12:00:", "12:00Z", "12:00:00.5"]
    ),
    (
      "datetime",
      [
        "2026-02-30T00:00", "2026-02-28 00:00", "2026-02-28t00:00", "2026-02-28T24:00",
        "2026-02-28T00:00z", "2026-02-28T00:00+24:00", "2026-02-28T00:00+0200",
        "2026-02-28T00:00+02", "2026-02-28", "2026-02-28T00:00ZZ", "2026-02-28T",
      ]
    ),
    (
      "email",
      [
        "a", "@b", "a@", "a@b@c", "a@b..c", "a@.b", "a@b.", "a@ b", "a b@c", "a@b\u{2003}c",
        "a\r\nBcc: x@y", "a@b\n", "a@b\u{85}",
      ]
    ),
    (
      "url",
      [
        "ftp://a", "a", "//a", "http:/a", "http:a", "http://", "http:///p", "https://?q",
        "http://#",
        "http://:80", "http://u@", "http://u@:80", "http://a b", "http://a\nb", " http://a",
        "http://a\u{a0}b", "http://[]", "http://[::1", "http://[::1]x", "http://h:8x",
        "javascript:alert(1)", "",
      ]
    ),
  ]

  @Test(arguments: sound)
  func acceptsFormat(_ type: String, _ values: [String]) throws {
    try expect(type, values) { $0.isEmpty }
  }

  @Test(arguments: unsound)
  func refusesFormat(_ type: String, _ values: [String]) throws {
    try expect(type, values) { $0 == ["format /f"] }
  }

  private func expect(
    _ type: String, _ values: [String], _ isRight: ([String]) -> Bool
  ) throws {
    let payload = try PayloadSupport.open(.form, Self.form(#""type":"\#(type)""#))
    for value in values {
      let check = payload.check(.object(["f": .text(value)]))
      let found = PayloadSupport.lines(PayloadSupport.problems(of: check))
      #expect(isRight(found), "\(type) \(value): \(found)")
    }
  }

  static let order = #"""
    {"fields":[{"name":"who","type":"text","required":true},{"name":"pin","type":"password",
    "minLength":4},{"name":"n","type":"number"},{"name":"key","type":"password"}]}
    """#

  @Test func reportsEveryProblemAtOnce() throws {
    let found = try PayloadSupport.outcome(
      .form, Self.order, #"{"n":"x","pin":"a\n","Who":"me","_dismissed":true}"#)
    #expect(
      found == [
        "type /n", "min_length /pin", "format /pin", "unexpected /Who", "unexpected /_dismissed",
        "missing /who",
      ])
    #expect(try PayloadSupport.outcome(.form, Self.order, "[]") == ["type "])
  }

  @Test func secretsAreNeverReported() throws {
    #expect(try PayloadSupport.open(.form, Self.order).secretFields == ["pin", "key"])
    for answer in [#"{"pin":"abc"}"#, #"{"pin":71234}"#, #"{"pin":"\n"}"#, #"{"Pin":"abcdef"}"#] {
      let problems = try PayloadSupport.problems(.form, Self.order, answer)
      #expect(!problems.isEmpty)
      #expect(problems.allSatisfy { $0.got == nil }, "\(answer)")
    }
  }

  @Test func sayingNullIsSayingNothing() throws {
    let nothing = try PayloadSupport.answer(.form, Self.order, #"{"who":"me"}"#)
    let null = try PayloadSupport.answer(.form, Self.order, #"{"n":null,"who":"me"}"#)
    #expect(nothing.substance == null.substance)
    #expect(PayloadSupport.text(null.response) == #"{"n":null,"who":"me"}"#)
  }

  @Test func aFieldGivenTwiceIsRefused() throws {
    let member = JSONMember(name: "who", value: .text("me"))
    let check = try PayloadSupport.open(.form, Self.order).check(.object([member, member]))
    #expect(PayloadSupport.lines(PayloadSupport.problems(of: check)) == ["duplicate /who"])
  }

  @Test("P32: a field may be called selectedOption")
  func selectedOption() throws {
    let payload = #"{"fields":[{"name":"selectedOption","type":"text"}]}"#
    #expect(try PayloadSupport.outcome(.form, payload, #"{"selectedOption":"a, b"}"#) == ["answer"])
  }

  @Test func findsOneOfManyFields() throws {
    let fields = (0..<500).map { #"{"name":"f\#($0)","type":"number","required":true}"# }
    let payload = #"{"fields":[\#(fields.joined(separator: ","))]}"#
    let values = (0..<500).reversed().map { #""f\#($0)":\#($0)"# }
    let answer = "{\(values.joined(separator: ","))}"
    #expect(try PayloadSupport.outcome(.form, payload, answer) == ["answer"])
    #expect(try PayloadSupport.outcome(.form, payload, #"{"f7":7}"#).count == 499)
  }
}

extension String {
  fileprivate func replacingFirstSpace(by other: String) -> String {
    guard let space = firstIndex(of: " ") else { return self }
    return self[..<space] + other + self[index(after: space)...]
  }
}
