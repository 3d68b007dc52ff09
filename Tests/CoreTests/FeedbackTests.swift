import InterlockCore
import Testing

/// Scores, and what they are about.
@Suite struct FeedbackTests {
  private static func read(_ request: String) throws -> (FeedbackDraft?, [String]) {
    var reader = MemberReader(try JSONReader.read(Array(request.utf8)))
    let draft = FeedbackDraft(&reader)
    reader.finish()
    return (draft, reader.problems.map { "\($0.code.rawValue) \($0.path.text)" })
  }

  @Test(
    "S24: a score is from 0 to 1",
    arguments: [
      ("0", nil), ("1", nil), ("1.0", nil), ("0.5", nil), ("-0.0", nil), ("5e-324", nil),
      ("1.0000000000000002", "max /score"), ("-5e-324", "min /score"), ("2", "max /score"),
      ("-1", "min /score"), ("99999999999999999999", "max /score"), (#""1""#, "type /score"),
      ("null", "type /score"), ("true", "type /score"), ("[1]", "type /score"),
    ] as [(String, String?)])
  func scores(_ score: String, _ problem: String?) throws {
    let (draft, problems) = try Self.read(#"{"run":"r","score":\#(score)}"#)
    #expect(problems == (problem.map { [$0] } ?? []), "\(score)")
    #expect((draft == nil) == (problem != nil))
    if let draft { #expect(0...1 ~= draft.score) }
  }

  @Test("S24: what no number is cannot be read", arguments: ["NaN", "Infinity", "1e999", "-1e999"])
  func notFinite(_ score: String) {
    #expect(throws: JSONError.self) { try Self.read(#"{"run":"r","score":\#(score)}"#) }
  }

  @Test(
    arguments: [
      (#"{"score":1}"#, ["missing "]),
      (#"{"run":"a","thread":"b","score":1}"#, ["too_many "]),
      (#"{"run":"a","review":"b","score":1}"#, ["too_many "]),
      (#"{"run":"","score":1}"#, ["empty /run"]),
      (#"{"run":7,"score":1}"#, ["type /run"]),
      (#"{"run":"a"}"#, ["missing /score"]),
      (#"{"run":"a","score":1,"key":""}"#, ["empty /key"]),
      (#"{"run":"a","score":1,"comment":7}"#, ["type /comment"]),
      (#"{"run":"a","score":1,"run_id":"b"}"#, ["unexpected /run_id"]),
    ] as [(String, [String])])
  func refused(_ request: String, _ problems: [String]) throws {
    #expect(try Self.read(request).1 == problems, "\(request)")
  }

  @Test("S22: an empty comment is none, the usual key is helpfulness")
  func usual() throws {
    let draft = try #require(try Self.read(#"{"thread":"t","score":1,"comment":""}"#).0)
    #expect(draft.comment == nil && draft.key == "helpfulness")
    #expect(draft.target == FeedbackTarget(.thread, "t"))
  }

  @Test("S35: any sort of feedback", arguments: ["correctness", "helpfulness", "safety", "é"])
  func keys(_ key: String) throws {
    #expect(try Self.read(#"{"run":"r","score":1,"key":"\#(key)"}"#).0?.key == Text(key))
  }

  @Test func aCommentHasALimit() throws {
    let most = String(repeating: "x", count: 65536)
    #expect(try Self.read(#"{"run":"r","score":1,"comment":"\#(most)"}"#).1.isEmpty)
    #expect(
      try Self.read(#"{"run":"r","score":1,"comment":"\#(most)x"}"#).1 == ["too_large /comment"])
  }
}
