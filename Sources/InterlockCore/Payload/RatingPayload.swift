/// `{"key"}`, answered by `{"score": 0...1, "comment"?}`.
package struct RatingPayload: Sendable {
  package let key: Text

  static let scores = NumberRule(min: .integer(0), max: .integer(1), step: nil)

  init(_ reader: inout MemberReader) {
    key = reader.text("key", .required, nonEmpty: true) ?? .empty
  }

  func check(_ response: JSONValue) -> AnswerCheck {
    var reader = MemberReader(response)
    let score = reader.number("score", .required)
    if let score {
      for flaw in Self.scores.flaws(in: score) { reader.report(flaw, at: "score") }
    }
    let comment = Self.comment(&reader)
    reader.finish()
    guard reader.problems.isEmpty, let score else { return .invalid(reader.problems) }
    let stored = comment.map { JSONValue.string($0) } ?? .null
    return .valid(
      Answer(
        .answer, .object(["score": .number(score), "comment": stored]),
        substance: .object(["score": .number(score)]), comment: comment))
  }

  /// Null is how an absent comment is stored, so it may come back that way.
  static func comment(_ reader: inout MemberReader) -> Text? {
    guard let value = reader.value("comment") else { return nil }
    switch value {
    case .null: return nil
    case .string(let text): return text.isEmpty ? nil : text
    case .bool, .number, .array, .object:
      reader.report(Flaw.type("string", value), at: "comment")
      return nil
    }
  }
}
