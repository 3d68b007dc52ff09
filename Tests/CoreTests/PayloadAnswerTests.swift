import InterlockCore
import Testing

@Suite struct PayloadAnswerTests {
  typealias Row = (payload: String, answer: String, outcome: [String])

  private func expect(_ kind: ReviewKind, _ row: Row) throws {
    let found = try PayloadSupport.outcome(kind, row.payload, row.answer)
    #expect(found == row.outcome, "\(row.payload) \(row.answer)")
  }

  @Test("S15: a notification asks for no answer", arguments: [#"{}"#, #"null"#, #"{"a":1}"#])
  func notify(_ answer: String) throws {
    #expect(try PayloadSupport.outcome(.notify, #"{"text":"x"}"#, answer) == ["not_allowed "])
  }

  static let deploy = #"""
    {"options":[{"id":"yes"},{"id":"Yes"},{"id":"no"},{"id":"ship","verdict":"approve"},
    {"id":"approve","verdict":"reject"},{"id":"later"}],"allowComment":true}
    """#

  @Test(
    arguments: [
      ("{}", #"{"selectedOption":"approve"}"#, ["approve"]),
      ("{}", #"{"selectedOption":"reject"}"#, ["reject"]),
      ("{}", #"{"selectedOption":"Approve"}"#, ["not_an_option /selectedOption"]),
      ("{}", #"{"selectedOption":" approve"}"#, ["not_an_option /selectedOption"]),
      ("{}", #"{"selectedOption":1}"#, ["type /selectedOption"]),
      ("{}", #"{"selectedOption":null}"#, ["type /selectedOption"]),
      ("{}", #"{}"#, ["missing /selectedOption"]),
      ("{}", #"[]"#, ["type "]), ("{}", #""approve""#, ["type "]), ("{}", #"null"#, ["type "]),
      ("{}", #"{"selectedOption":"approve","comment":"x"}"#, ["not_allowed /comment"]),
      (
        "{}", #"{"selectedOption":"x","comment":1,"more":1}"#,
        ["not_allowed /comment", "unexpected /more", "not_an_option /selectedOption"]
      ),
      (deploy, #"{"selectedOption":"yes"}"#, ["approve"]),
      (deploy, #"{"selectedOption":"Yes"}"#, ["reject"]),
      (deploy, #"{"selectedOption":"no"}"#, ["reject"]),
      (deploy, #"{"selectedOption":"ship"}"#, ["approve"]),
      (deploy, #"{"selectedOption":"approve"}"#, ["reject"]),
      (deploy, #"{"selectedOption":"later","comment":"why not"}"#, ["reject"]),
      (deploy, #"{"selectedOption":"yes","comment":7}"#, ["type /comment"]),
      (deploy, #"{"selectedOption":"yes","comment":null}"#, ["type /comment"]),
      (
        #"{"options":[{"id":"\u00e9"}]}"#, #"{"selectedOption":"e\u0301"}"#,
        ["not_an_option /selectedOption"]
      ),
    ] as [Row])
  func approval(_ row: Row) throws { try expect(.approval, row) }

  @Test func theCommentIsNoPartOfTheSubstance() throws {
    let answer = try PayloadSupport.answer(
      .approval, Self.deploy, #"{"selectedOption":"yes","comment":"fine"}"#)
    #expect(answer.comment == "fine")
    #expect(PayloadSupport.text(answer.response) == #"{"selectedOption":"yes","comment":"fine"}"#)
    #expect(PayloadSupport.text(answer.substance) == #"{"selectedOption":"yes"}"#)
    let silent = try PayloadSupport.answer(
      .approval, Self.deploy, #"{"comment":"","selectedOption":"yes"}"#)
    #expect(silent.comment == nil)
    #expect(silent.substance == answer.substance)
  }

  @Test(
    "S17: the phrase is compared exactly",
    arguments: [
      (#"{"phrase":"DELETE 7"}"#, ["approve"]),
      (#"{"phrase":"delete 7"}"#, ["attempt", "mismatch /phrase"]),
      (#"{"phrase":"DELETE 7 "}"#, ["attempt", "mismatch /phrase"]),
      (#"{"phrase":""}"#, ["attempt", "mismatch /phrase"]),
      (#"{}"#, ["missing /phrase"]),
      (#"{"phrase":7}"#, ["type /phrase"]),
      (#"{"phrase":null}"#, ["type /phrase"]),
      (#"{"cancel":true}"#, ["reject"]),
      (#"{"cancel":false}"#, ["not_an_option /cancel"]),
      (#"{"cancel":true,"phrase":"DELETE 7"}"#, ["unexpected /phrase"]),
      // Another shape is no attempt, and must not tell whether the phrase was right.
      (#"{"phrase":"DELETE 7","x":1}"#, ["unexpected /x"]),
      (#"{"phrase":"wrong","x":1}"#, ["unexpected /x"]),
      (#"{"phrase":"DELETE 7","comment":"x"}"#, ["unexpected /comment"]),
    ] as [(String, [String])])
  func verify(_ answer: String, _ outcome: [String]) throws {
    try expect(.verify, (#"{"phrase":"DELETE 7"}"#, answer, outcome))
  }

  @Test func aPhraseIsComparedByBytesAndNeverReported() throws {
    let payload = #"{"phrase":"caf\u00e9"}"#
    #expect(try PayloadSupport.outcome(.verify, payload, #"{"phrase":"café"}"#) == ["approve"])
    let problems = try PayloadSupport.problems(.verify, payload, #"{"phrase":"cafe\u0301"}"#)
    #expect(problems.map(\.code) == [.mismatch])
    #expect(problems.allSatisfy { $0.expected == nil && $0.got == nil })
    #expect(!problems.contains { $0.message.contains("caf") })
  }

  static let three = #"[{"id":"a"},{"id":"b"},{"id":"c"}]"#
  static let single = #"{"items":\#(three)}"#
  static let optional = #"{"items":\#(three),"mode":"single","min":0}"#
  static let multi = #"{"items":\#(three),"mode":"multi"}"#
  static let two = #"{"items":\#(three),"mode":"multi","min":2,"max":2}"#

  @Test(
    arguments: [
      (single, #"{"selectedIds":["a"]}"#, ["answer"]),
      (single, #"{"selectedIds":[]}"#, ["too_few /selectedIds"]),
      (single, #"{"selectedIds":["a","b"]}"#, ["too_many /selectedIds"]),
      (single, #"{"selectedIds":["d"]}"#, ["not_an_option /selectedIds/0"]),
      (single, #"{"selectedIds":["A"]}"#, ["not_an_option /selectedIds/0"]),
      (single, #"{"selectedIds":"a"}"#, ["type /selectedIds"]),
      (single, #"{"selectedIds":[1]}"#, ["type /selectedIds/0"]),
      (single, #"{}"#, ["missing /selectedIds"]),
      (single, #"["a"]"#, ["type "]),
      (single, #"{"selectedIds":["a"],"comment":"x"}"#, ["unexpected /comment"]),
      (optional, #"{"selectedIds":[]}"#, ["answer"]),
      (multi, #"{"selectedIds":["c","a","b"]}"#, ["answer"]),
      (multi, #"{"selectedIds":[]}"#, ["too_few /selectedIds"]),
      (multi, #"{"selectedIds":["a","a"]}"#, ["duplicate /selectedIds/1"]),
      (
        multi, #"{"selectedIds":["x",1,"a"]}"#,
        ["not_an_option /selectedIds/0", "type /selectedIds/1"]
      ),
      (multi, #"{"selectedIds":["a","b","c","a"]}"#, ["too_many /selectedIds"]),
      (two, #"{"selectedIds":["a"]}"#, ["too_few /selectedIds"]),
      (two, #"{"selectedIds":["b","a"]}"#, ["answer"]),
      (two, #"{"selectedIds":["a","b","c"]}"#, ["too_many /selectedIds"]),
    ] as [Row])
  func selection(_ row: Row) throws { try expect(.selection, row) }

  @Test func keepsTheOrderOfASelection() throws {
    let answer = try PayloadSupport.answer(.selection, Self.multi, #"{"selectedIds":["c","a"]}"#)
    #expect(PayloadSupport.text(answer.response) == #"{"selectedIds":["c","a"]}"#)
  }

  @Test(
    arguments: [
      ("{}", #"{"text":"a"}"#, ["answer"]),
      ("{}", #"{}"#, ["missing /text"]),
      ("{}", #"{"text":1}"#, ["type /text"]),
      ("{}", #"{"text":""}"#, ["empty /text"]),
      ("{}", #"{"text":" \t\n\u3000\u00a0"}"#, ["empty /text"]),
      ("{}", #"{"text":"\u3000a"}"#, ["answer"]),
      (#"{"allowEmpty":true}"#, #"{"text":""}"#, ["answer"]),
      (#"{"allowEmpty":true,"minLength":2}"#, #"{"text":"a"}"#, ["min_length /text"]),
      (#"{"minLength":2,"maxLength":3}"#, #"{"text":"ab"}"#, ["answer"]),
      (#"{"minLength":2,"maxLength":3}"#, #"{"text":"abcd"}"#, ["max_length /text"]),
      (#"{"minLength":2}"#, #"{"text":" "}"#, ["empty /text", "min_length /text"]),
      // Lengths count Unicode scalars: one, two, one, seven.
      (#"{"maxLength":1}"#, #"{"text":"\u00e9"}"#, ["answer"]),
      (#"{"maxLength":1}"#, #"{"text":"e\u0301"}"#, ["max_length /text"]),
      (#"{"maxLength":1}"#, #"{"text":"😀"}"#, ["answer"]),
      (#"{"minLength":7,"maxLength":7}"#, #"{"text":"👨‍👩‍👧‍👦"}"#, ["answer"]),
      ("{}", #"{"text":"a\nb"}"#, ["answer"]),
      ("{}", #"{"text":"a","comment":"x"}"#, ["unexpected /comment"]),
    ] as [Row])
  func text(_ row: Row) throws { try expect(.text, row) }

  @Test(
    arguments: [
      ("{}", #"{"a":[1]}"#, ["answer"]), ("{}", #"{}"#, ["answer"]),
      ("{}", #"[1]"#, ["type "]), ("{}", #"null"#, ["type "]), ("{}", #""a""#, ["type "]),
      (#"{"raw":true}"#, #"null"#, ["answer"]), (#"{"raw":true}"#, #"[1,"a"]"#, ["answer"]),
      (#"{"raw":true}"#, #"99999999999999999999"#, ["answer"]),
      (#"{"schema":true}"#, #"{"a":1}"#, ["answer"]),
      (#"{"schema":false}"#, #"{"a":1}"#, ["schema "]),
      (#"{"raw":true,"schema":false}"#, #"1"#, ["schema "]),
    ] as [Row])
  func freeform(_ row: Row) throws { try expect(.freeform, row) }

  @Test(
    "S24: a score is from 0 to 1",
    arguments: [
      (#"{"score":0}"#, ["answer"]), (#"{"score":1}"#, ["answer"]),
      (#"{"score":0.75}"#, ["answer"]), (#"{"score":-0.0}"#, ["answer"]),
      (#"{"score":1.0}"#, ["answer"]), (#"{"score":-0.01}"#, ["min /score"]),
      (#"{"score":1.0000000000000002}"#, ["max /score"]), (#"{"score":2}"#, ["max /score"]),
      (#"{"score":123456789012345678901234567890}"#, ["max /score"]),
      (#"{"score":-123456789012345678901234567890}"#, ["min /score"]),
      (#"{"score":"0.5"}"#, ["type /score"]), (#"{"score":null}"#, ["type /score"]),
      (#"{}"#, ["missing /score"]), (#"{"score":2,"comment":1}"#, ["max /score", "type /comment"]),
      (#"{"score":1,"key":"x"}"#, ["unexpected /key"]),
      (#"{"score":1,"comment":null}"#, ["answer"]),
    ] as [(String, [String])])
  func rating(_ answer: String, _ outcome: [String]) throws {
    try expect(.rating, (#"{"key":"helpfulness"}"#, answer, outcome))
  }

  @Test(
    "S22: an empty comment is none",
    arguments: [
      (#"{"score":1}"#, nil), (#"{"comment":"","score":1}"#, nil),
      (#"{"score":1,"comment":null}"#, nil), (#"{"score":1,"comment":"good"}"#, "good"),
    ] as [(String, Text?)])
  func ratingComment(_ given: String, _ comment: Text?) throws {
    let answer = try PayloadSupport.answer(.rating, #"{"key":"k"}"#, given)
    #expect(answer.comment == comment)
    let stored = comment.map { "\"\($0)\"" } ?? "null"
    #expect(PayloadSupport.text(answer.response) == "{\"score\":1,\"comment\":\(stored)}")
    #expect(PayloadSupport.text(answer.substance) == #"{"score":1}"#)
  }

  @Test func aScoreThatIsNoNumberIsRefused() throws {
    let payload = try PayloadSupport.open(.rating, #"{"key":"k"}"#)
    for score in [Double.nan, .infinity, -.infinity] {
      let check = payload.check(.object(["score": .number(.double(score))]))
      #expect(PayloadSupport.problems(of: check).map(\.code) == [.type])
    }
  }

  static let dismissals: [(ReviewKind, String)] = [
    (.approval, ""), (.verify, #""phrase":"a","#), (.selection, #""items":[{"id":"a"}],"#),
    (.form, #""fields":[{"name":"a","type":"text"}],"#), (.text, ""), (.freeform, ""),
    (.actions, #""items":[{"id":"a","name":"a","args":{}}],"#), (.rating, #""key":"a","#),
  ]

  @Test(arguments: dismissals)
  func dismissal(_ kind: ReviewKind, _ members: String) throws {
    let without = "{\(members)\"x-y\":1}"
    let with = "{\(members)\"dismissLabel\":\"Later\"}"
    let refused = try PayloadSupport.outcome(kind, without, #"{"_dismissed":true}"#)
    #expect(refused == ["not_allowed /_dismissed"])
    #expect(try PayloadSupport.outcome(kind, with, #"{"_dismissed":true}"#) == ["dismiss"])
    guard kind != .freeform else { return }
    for other in [#"{"_dismissed":false}"#, #"{"_dismissed":true,"comment":"x"}"#] {
      let outcome = try PayloadSupport.outcome(kind, with, other)
      #expect(outcome.contains("unexpected /_dismissed"), "\(kind) \(other)")
    }
  }

  @Test func aTextOfTenMegabytesIsCheckedLikeAnyOther() throws {
    let long = Text(trusted: [UInt8](repeating: UInt8(ascii: "a"), count: 10 << 20))
    let blank = Text(trusted: [UInt8](repeating: UInt8(ascii: " "), count: 10 << 20))
    let payload = try PayloadSupport.open(.text, #"{"maxLength":10485759}"#)
    let problems = PayloadSupport.problems(of: payload.check(.object(["text": .string(long)])))
    #expect(problems.map(\.code) == [.maxLength])
    #expect(problems.first?.got == .integer(10 << 20))
    let open = try PayloadSupport.open(.text, "{}")
    #expect(PayloadSupport.problems(of: open.check(.object(["text": .string(long)]))).isEmpty)
    let empty = PayloadSupport.problems(of: open.check(.object(["text": .string(blank)])))
    #expect(empty.map(\.code) == [.empty])
    let approval = try PayloadSupport.open(.approval, "{}")
    let wrong = PayloadSupport.problems(
      of: approval.check(.object(["selectedOption": .string(long)])))
    #expect(wrong.map(\.code) == [.notAnOption])
    #expect(wrong.first?.got == nil)
  }

  @Test func saysWhatWasExpectedAndWhatCame() throws {
    let problem = try #require(
      try PayloadSupport.problems(.approval, "{}", #"{"selectedOption":"yes"}"#).first)
    #expect(
      PayloadSupport.text(problem.json)
        == #"{"code":"not_an_option","path":"/selectedOption","message":"This is not one of the options.","expected":["approve","reject"],"got":"yes"}"#
    )
  }
}
