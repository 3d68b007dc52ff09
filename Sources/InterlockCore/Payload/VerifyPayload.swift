/// `{"phrase", "maxAttempts"?}`, answered by `{"phrase"}` typed exactly (S17) or `{"cancel":true}`.
package struct VerifyPayload: Sendable {
  package let phrase: Text
  package let maxAttempts: Int?

  init(_ reader: inout MemberReader) {
    phrase = reader.text("phrase", .required, nonEmpty: true) ?? .empty
    maxAttempts = reader.integer("maxAttempts", in: 1...Int.max)
  }

  func check(_ response: JSONValue) -> AnswerCheck {
    var reader = MemberReader(response)
    if let cancel = reader.bool("cancel") {
      if !cancel {
        reader.report(
          Flaw(.notAnOption, "This can only be true.", expected: .bool(true)), at: "cancel")
      }
      reader.finish()
      return .unless(reader.problems, Answer(.reject, response))
    }
    let given = reader.text("phrase", .required)
    reader.finish()
    // What has another shape is not an attempt, and must not tell whether its phrase was right.
    guard reader.problems.isEmpty, let given else { return .invalid(reader.problems) }
    guard given == phrase else {
      return .mismatch([
        Problem(.mismatch, at: reader.pointer("phrase"), "The phrase is not the one asked for.")
      ])
    }
    return .valid(Answer(.approve, response))
  }
}
