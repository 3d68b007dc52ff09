import InterlockCore
import Testing

@Suite struct PayloadOutcomeTests {
  private func expand(
    _ word: Text, _ kind: ReviewKind, _ payload: String, _ message: Text? = nil
  ) throws -> String {
    let payload = try PayloadSupport.open(kind, payload)
    return switch ReviewPayload.expand(outcomeWord: word, for: payload, message: message) {
    case .success(let response): PayloadSupport.text(response)
    case .failure(let error): PayloadSupport.lines(error.problems).joined(separator: ", ")
    }
  }

  static let one = #"{"items":[{"id":"1","name":"a","args":{}}]}"#
  static let rejected =
    #"{"decisions":[{"type":"reject","message":"Human rejected the requested agent action."}]}"#
  static let expired =
    #"{"decisions":[{"type":"reject","message":"Decision expired before a human response was received."}]}"#

  @Test(
    "X17, X19: the words, their aliases and what they stand for",
    arguments: [
      ("approved", #"{"decisions":[{"type":"approve"}]}"#),
      ("approve", #"{"decisions":[{"type":"approve"}]}"#),
      (" \tAPPROVED\n", #"{"decisions":[{"type":"approve"}]}"#),
      ("rejected", rejected), ("Reject", rejected), ("expired", expired), ("expire", expired),
      ("timeout", expired), ("Timed_Out", expired),
      ("", "not_an_option "), ("ok", "not_an_option "), ("timed out", "not_an_option "),
      ("approved!", "not_an_option "), ("approv\u{435}d", "not_an_option "),
    ] as [(Text, String)])
  func words(_ word: Text, _ response: String) throws {
    #expect(try expand(word, .actions, Self.one) == response)
  }

  @Test("X18: a message of one's own")
  func ownMessage() throws {
    let response = #"{"decisions":[{"type":"reject","message":"Not today."}]}"#
    #expect(try expand("rejected", .actions, Self.one, "Not today.") == response)
    #expect(try expand("timeout", .actions, Self.one, "Not today.") == response)
    let approved = #"{"decisions":[{"type":"approve"}]}"#
    #expect(try expand("approved", .actions, Self.one, "Not today.") == approved)
  }

  @Test("X37: a word counts for every call, and only where every call allows it")
  func everyCall() throws {
    let two = #"""
      {"items":[{"id":"1","name":"a","args":{}},
      {"id":"2","name":"b","args":{},"allowed":["edit","reject"]}]}
      """#
    #expect(try expand("approved", .actions, two) == "not_allowed /decisions/1/type")
    #expect(
      try expand("rejected", .actions, two, "n")
        == #"{"decisions":[{"type":"reject","message":"n"},{"type":"reject","message":"n"}]}"#)
    let ask = #"{"items":[{"id":"1","name":"a","args":{},"allowed":["approve","respond"]}]}"#
    #expect(try expand("timeout", .actions, ask) == "not_allowed /decisions/0/type")
  }

  @Test(
    arguments: [
      ("approved", "{}", #"{"selectedOption":"approve"}"#),
      ("expired", "{}", #"{"selectedOption":"reject"}"#),
      (
        "rejected", #"{"allowComment":true}"#,
        #"{"selectedOption":"reject","comment":"Human rejected the requested agent action."}"#
      ),
      ("approved", #"{"allowComment":true}"#, #"{"selectedOption":"approve"}"#),
      ("approved", #"{"options":[{"id":"yes"},{"id":"no"}]}"#, #"{"selectedOption":"yes"}"#),
      ("rejected", #"{"options":[{"id":"yes"},{"id":"no"}]}"#, #"{"selectedOption":"no"}"#),
      (
        "rejected", #"{"options":[{"id":"never"},{"id":"reject"}]}"#,
        #"{"selectedOption":"reject"}"#
      ),
      // Which of two is meant nobody said.
      (
        "approved",
        #"{"options":[{"id":"test","verdict":"approve"},{"id":"prod","verdict":"approve"}]}"#,
        "not_allowed "
      ),
      (
        "approved", #"{"options":[{"id":"approve"},{"id":"yes"}]}"#,
        #"{"selectedOption":"approve"}"#
      ),
      ("approved", #"{"options":[{"id":"no"}]}"#, "not_allowed "),
      ("rejected", #"{"options":[{"id":"yes"}]}"#, "not_allowed "),
    ] as [(Text, String, String)])
  func approval(_ word: Text, _ payload: String, _ response: String) throws {
    #expect(try expand(word, .approval, payload) == response)
  }

  @Test(
    arguments: [
      (.notify, #"{"text":"x"}"#), (.verify, #"{"phrase":"x"}"#),
      (.selection, #"{"items":[{"id":"approved"}]}"#), (.text, "{}"), (.freeform, "{}"),
      (.form, #"{"fields":[{"name":"a","type":"text"}]}"#), (.rating, #"{"key":"x"}"#),
    ] as [(ReviewKind, String)])
  func otherKindsTakeNoWord(_ kind: ReviewKind, _ payload: String) throws {
    #expect(try expand("approved", kind, payload) == "not_allowed ")
    #expect(try expand("maybe", kind, payload) == "not_an_option ")
  }
}
