/// `{"options"?: [{"id", "label"?, "style"?, "verdict"?}], "allowComment"?, "tool"?, "arguments"?}`,
/// answered by `{"selectedOption", "comment"?}`.
package struct ApprovalPayload: Sendable {
  package enum Style: String, Sendable, CaseIterable {
    case primary
    case danger
    case secondary
    case ghost
  }

  package enum OptionVerdict: String, Sendable, CaseIterable {
    case approve
    case reject
  }

  package struct Option: Sendable, Equatable {
    package let id: Text
    package let label: Text?
    package let style: Style?
    package let verdict: OptionVerdict
  }

  /// What runs when it is approved: a permit is bound to it.
  package struct ToolCall: Sendable, Equatable {
    package let tool: Text
    package let arguments: JSONValue
  }

  package static let defaultOptions = [
    Option(id: "approve", label: "Approve", style: .primary, verdict: .approve),
    Option(id: "reject", label: "Reject", style: .danger, verdict: .reject),
  ]

  package let options: [Option]
  package let allowsComment: Bool
  package let toolCall: ToolCall?
  private let ids: NameIndex

  init(_ reader: inout MemberReader) {
    let own = reader.list("options", .optional, key: "id") { id, reader in
      Option(
        id: id, label: reader.text("label"), style: reader.choice("style"),
        verdict: reader.choice("verdict") ?? Self.verdict(of: id))
    }
    options = own ?? Self.defaultOptions
    ids = NameIndex(options.map(\.id))
    allowsComment = reader.bool("allowComment") ?? false
    let tool = reader.text("tool", nonEmpty: true)
    let arguments = reader.object("arguments")
    if arguments != nil, tool == nil {
      reader.report(Flaw(.missing, "Arguments need the tool they are for."), at: "tool")
    }
    toolCall = tool.map { ToolCall(tool: $0, arguments: arguments ?? .object([])) }
  }

  /// Only what plainly says yes approves; an unknown word refuses.
  private static func verdict(of id: Text) -> OptionVerdict {
    id == yes || id == approve ? .approve : .reject
  }

  private static let yes: Text = "yes"
  private static let approve: Text = "approve"

  func check(_ response: JSONValue) -> AnswerCheck {
    var reader = MemberReader(response)
    let selected = reader.text("selectedOption", .required)
    let comment = comment(&reader)
    reader.finish()
    guard let selected else { return .invalid(reader.problems) }
    guard let index = ids.position(of: selected) else {
      reader.report(Flaw.notAnOption(selected, of: ids.names), at: "selectedOption")
      return .invalid(reader.problems)
    }
    let verdict: Answer.Verdict =
      switch options[index].verdict {
      case .approve: .approve
      case .reject: .reject
      }
    return .unless(
      reader.problems,
      Answer(
        verdict, response, substance: .object(["selectedOption": .string(selected)]),
        comment: comment))
  }

  private func comment(_ reader: inout MemberReader) -> Text? {
    guard !allowsComment else { return reader.text("comment") }
    if reader.value("comment") != nil {
      reader.report(Flaw(.notAllowed, "This review takes no comment."), at: "comment")
    }
    return nil
  }
}
