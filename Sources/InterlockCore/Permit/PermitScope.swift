/// What an approval lets somebody run.
package struct PermitScope: Sendable, Equatable {
  /// The tool call it is for, in a review of several; empty for an approval of one.
  package let item: Text
  package let tool: Text
  package let arguments: JSONValue

  package init(item: Text, tool: Text, arguments: JSONValue) {
    self.item = item
    self.tool = tool
    self.arguments = arguments
  }

  /// What is compared: RFC 8785 bytes of both.
  package var document: JSONValue {
    .object(["tool": .string(tool), "arguments": arguments])
  }
}

extension ReviewMachine {
  /// The tool calls that may run now that the review has ended: what was approved, as it was approved or
  /// edited. None unless people said yes, or their policy says yes for their silence.
  package var permitted: [PermitScope] {
    switch outcome {
    case .approved, .edited: break
    case nil, .rejected, .answered, .dismissed, .acknowledged, .expired, .cancelled: return []
    }
    switch definition.payload.body {
    case .approval(let payload):
      guard let call = payload.toolCall else { return [] }
      return [PermitScope(item: .empty, tool: call.tool, arguments: call.arguments)]
    case .actions(let payload):
      return permitted(payload)
    case .notify, .verify, .selection, .form, .text, .freeform, .rating:
      return []
    }
  }

  private func permitted(_ payload: ActionsPayload) -> [PermitScope] {
    guard case .array(let decisions)? = progress.response?.member("decisions"),
      decisions.count == payload.items.count
    else { return [] }
    return zip(payload.items, decisions).compactMap { item, decision in
      switch decision.member("type").flatMap({ $0.text }) {
      case "approve":
        return PermitScope(item: item.id, tool: item.name, arguments: item.args)
      case "edit":
        let action = decision.member("edited_action")
        guard let tool = action?.member("name")?.text, let arguments = action?.member("args")
        else { return nil }
        return PermitScope(item: item.id, tool: tool, arguments: arguments)
      default:
        return nil
      }
    }
  }
}
