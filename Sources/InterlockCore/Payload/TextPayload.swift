/// `{"placeholder"?, "prefill"?, "markdown"?, "minLength"?, "maxLength"?, "allowEmpty"?,
/// "submitLabel"?}`, answered by `{"text"}`.
package struct TextPayload: Sendable {
  private let rule: TextRule
  private let allowsEmpty: Bool

  init(_ reader: inout MemberReader) {
    _ = reader.text("placeholder")
    // A draft to be worked on: it need not be an answer yet.
    _ = reader.text("prefill")
    _ = reader.bool("markdown")
    _ = reader.text("submitLabel")
    rule = TextRule(&reader)
    allowsEmpty = reader.bool("allowEmpty") ?? false
  }

  func check(_ response: JSONValue) -> AnswerCheck {
    var reader = MemberReader(response)
    if let text = reader.text("text", .required) {
      if !allowsEmpty, TextRule.isBlank(text) {
        reader.report(Flaw(.empty, "This must not be blank."), at: "text")
      }
      for flaw in rule.flaws(in: text) { reader.report(flaw, at: "text") }
    }
    reader.finish()
    return .unless(reader.problems, Answer(.answer, response))
  }
}
