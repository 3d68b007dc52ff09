import InterlockCore
import Testing

@Suite struct PayloadPropertyTests {
  static let payloads: [(ReviewKind, String)] = [
    (.notify, #"{"text":"a"}"#),
    (.approval, #"{"options":[{"id":"yes"},{"id":"no"}],"allowComment":true,"dismissLabel":"x"}"#),
    (.verify, #"{"phrase":"a","maxAttempts":3}"#),
    (.selection, #"{"items":[{"id":"a"},{"id":"b"}],"mode":"multi","min":0}"#),
    (
      .form,
      #"{"fields":[{"name":"a","type":"text"},{"name":"b","type":"number","min":1,"step":0.1}]}"#
    ),
    (.text, #"{"minLength":1,"maxLength":3}"#),
    (.freeform, #"{"raw":true,"schema":true}"#),
    (.actions, #"{"items":[{"id":"a","name":"t","args":{},"allowed":["edit","approve"]}]}"#),
    (.rating, #"{"key":"a"}"#),
  ]

  static let answers = [
    #"{"selectedOption":"yes","comment":"c"}"#, #"{"phrase":"a"}"#, #"{"cancel":true}"#,
    #"{"selectedIds":["b","a"]}"#, #"{"a":"x","b":1.3}"#, #"{"a":null}"#, #"{"text":"abc"}"#,
    #"{"byId":{"a":{"type":"edit","edited_action":{"name":"t","args":{"n":1}}}}}"#,
    #"{"score":0.5,"comment":""}"#, #"{"_dismissed":true}"#, "[null]",
  ]

  /// What stands in the place of one part of a document after another.
  static let parts: [JSONValue] = [
    .null, .bool(true), .integer(0), .integer(-1), .number(.integer(.max)),
    .number(.integer(.min)), .number(.bigInteger("-9223372036854775809")),
    .number(.bigInteger("99999999999999999999")), .number(.double(1e308)),
    .number(.double(.leastNonzeroMagnitude)), .number(.double(.infinity)),
    .text(""),
    .text("a"), .text("\u{0}"), .array([]), .array([.null]), .object([]),
    .object([JSONMember(name: "", value: .null), JSONMember(name: "", value: .null)]),
  ]

  /// Every document that differs from `value` in one part.
  private func variants(_ value: JSONValue) -> [JSONValue] {
    var variants = Self.parts
    switch value {
    case .array(let elements):
      for index in elements.indices {
        for variant in self.variants(elements[index]) {
          var copy = elements
          copy[index] = variant
          variants.append(.array(copy))
        }
      }
      variants.append(.array(elements + elements))
    case .object(let members):
      for index in members.indices {
        for variant in self.variants(members[index].value) {
          var copy = members
          copy[index] = JSONMember(name: members[index].name, value: variant)
          variants.append(.object(copy))
        }
      }
      variants.append(.object(members + members))
    case .null, .bool, .number, .string: break
    }
    return variants
  }

  @Test("No definition and no answer does harm", arguments: payloads)
  func survives(_ kind: ReviewKind, _ text: String) throws {
    let answers = try Self.answers.map { try PayloadSupport.json($0) }
    for document in variants(try PayloadSupport.json(text)) {
      guard let payload = try? ReviewPayload(kind: kind, document, mode: .strict) else { continue }
      for answer in answers { check(payload, answer) }
    }
    let payload = try PayloadSupport.open(kind, text)
    for answer in answers.flatMap({ variants($0) }) { check(payload, answer) }
  }

  /// An answer is accepted or refused for a reason; one that was accepted is accepted again in the
  /// form it was stored in, and then means the same.
  private func check(_ payload: ReviewPayload, _ response: JSONValue) {
    switch payload.check(response) {
    case .valid(let answer):
      #expect(payload.check(answer.response) == .valid(answer))
    case .invalid(let problems), .mismatch(let problems):
      #expect(!problems.isEmpty)
    }
  }

  @Test func everyRowOfTheseTablesIsAcceptedOnce() throws {
    for (kind, text) in Self.payloads where kind != .notify {
      let payload = try PayloadSupport.open(kind, text)
      let accepted = try Self.answers.contains { text in
        PayloadSupport.problems(of: payload.check(try PayloadSupport.json(text))).isEmpty
      }
      #expect(accepted, "\(kind)")
    }
  }
}
