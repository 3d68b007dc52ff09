/// `{"text"}`: something to be shown. It resolves when it is created, so it has no answers.
package struct NotifyPayload: Sendable {
  package let text: Text

  init(_ reader: inout MemberReader) {
    text = reader.text("text", .required) ?? .empty
    if reader.problems.isEmpty, TextRule.isBlank(text) {
      reader.report(Flaw(.empty, "This must not be blank."), at: "text")
    }
  }
}
