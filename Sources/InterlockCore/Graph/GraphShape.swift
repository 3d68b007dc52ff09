/// How a graph asks, and therefore how its answer is written.
///
/// LangGraph lets any JSON value be asked. These are the shapes that LangChain and its neighbours use;
/// everything else is freeform.
package enum GraphShape: String, Sendable, CaseIterable {
  /// LangChain's `HITLRequest`: one decision for each of several tool calls.
  case decisions
  /// LangChain's `ToolApprovalRequest`: one decision.
  case decision
  /// Agent Inbox: a list of requests, answered by a list.
  case inbox
  /// Agent Inbox: one request, answered by one.
  case inboxItem = "inbox_item"
  /// `"approve"` or `"reject"`.
  case word
  /// True or false.
  case flag
  case freeform
  /// A pause before or after a node: nothing is asked by the graph, and nothing is told to it.
  case pause
}

/// What a graph asks, as a request to open a review.
package struct GraphQuestion: Sendable {
  package let shape: GraphShape
  package let kind: ReviewKind
  package let title: Text?
  package let payload: JSONValue

  /// Tells the shape of an interrupt by its value; the first that fits is it. With `checksArguments`
  /// edited arguments must satisfy the schema of their tool.
  package init(value: JSONValue, responseSchema: JSONValue?, checksArguments: Bool = true) {
    self =
      Self.toolCalls(value, checksArguments)
      ?? Self.toolCall(value, responseSchema, checksArguments) ?? Self.inbox(value)
      ?? Self.confirmation(value) ?? Self.approval(value) ?? Self(freeform: responseSchema)
  }

  /// What can always be asked: any answer, checked by the schema if there is one.
  package init(freeform schema: JSONValue?) {
    var payload = [JSONMember(name: "raw", value: .bool(true))]
    if let schema, case .object = schema {
      payload.append(JSONMember(name: "schema", value: schema))
    }
    self.init(.freeform, .freeform, nil, .object(payload))
  }

  init(_ shape: GraphShape, _ kind: ReviewKind, _ title: Text?, _ payload: JSONValue) {
    self.shape = shape
    self.kind = kind
    self.title = title
    self.payload = payload
  }

  /// `{"question","action"}`, `{"level","action"}` (the notebook), `{"type":"approval_required",...}`.
  private static func approval(_ value: JSONValue) -> GraphQuestion? {
    guard case .object(let members) = value else { return nil }
    let names = Set(members.map(\.name))
    let isNamed = value.member("type") == .text("approval_required")
    let isAsked = names == ["question", "action"] || names == ["level", "action"]
    guard isNamed || isAsked else { return nil }
    let title = value.member("message")?.text ?? value.member("question")?.text
    return GraphQuestion(.word, .approval, title, .object([]))
  }

  /// `{"action","level":"confirm"|"verify","details","verification_phrase"?}` (the skill).
  private static func confirmation(_ value: JSONValue) -> GraphQuestion? {
    guard let action = value.member("action")?.text, let level = value.member("level")?.text,
      value.member("details") != nil
    else { return nil }
    if level == "confirm" { return GraphQuestion(.flag, .approval, action, .object([])) }
    guard level == "verify", let phrase = value.member("verification_phrase")?.text,
      !phrase.isEmpty
    else { return nil }
    return GraphQuestion(.flag, .verify, action, .object(["phrase": .string(phrase)]))
  }
}
