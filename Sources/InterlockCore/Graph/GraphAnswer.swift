/// The end of a review, as the value that a graph gets from its `interrupt()`.
package struct GraphAnswer: Sendable {
  package let shape: GraphShape
  package let payload: ReviewPayload
  package let outcome: ReviewOutcome
  /// What the person said; nil if time or the host decided.
  package let response: JSONValue?

  package init(
    _ shape: GraphShape, _ payload: ReviewPayload, outcome: ReviewOutcome, response: JSONValue?
  ) {
    self.shape = shape
    self.payload = payload
    self.outcome = outcome
    self.response = response
  }

  static let expired: Text = "Decision expired before a human response was received."

  /// Nil if the graph can be told nothing that it would understand: then somebody must look.
  package var value: JSONValue? {
    switch shape {
    case .freeform: freeform
    case .word:
      .text(isApproved ? "approve" : response == nil ? "timeout_reject" : "reject")
    case .flag: .bool(isApproved)
    case .pause: isApproved ? .null : nil
    case .decisions: decisions.map { .object(["decisions": .array($0)]) }
    case .decision: decisions?.first
    case .inbox: decisions.map { .array($0.map(Self.inbox)) }
    case .inboxItem: decisions?.first.map(Self.inbox)
    }
  }

  private var isApproved: Bool {
    switch outcome {
    case .approved, .edited, .acknowledged: true
    case .rejected, .answered, .dismissed, .expired, .cancelled: false
    }
  }

  /// Without an answer it is no: a graph that asks "may I?" takes false for that. With a schema of its
  /// own it takes nothing else.
  private var freeform: JSONValue? {
    if let response { return response }
    if case .freeform(let payload) = payload.body, payload.hasSchema { return nil }
    return .bool(false)
  }

  private var decisions: [JSONValue]? {
    if case .array(let given)? = response?.member("decisions") { return given }
    guard response == nil, case .actions(let payload) = payload.body else { return nil }
    let word: ItemDecision = isApproved ? .approve : .reject
    guard payload.items.allSatisfy({ $0.allowed.contains(word) }) else { return nil }
    return payload.items.map { _ in
      isApproved
        ? .object(["type": .text("approve")])
        : .object(["type": .text("reject"), "message": .string(Self.expired)])
    }
  }

  /// A decision in the words of Agent Inbox.
  private static func inbox(_ decision: JSONValue) -> JSONValue {
    switch decision.member("type")?.text {
    case "approve": .object(["type": .text("accept"), "args": .null])
    case "edit":
      .object([
        "type": .text("edit"),
        "args": .object([
          "action": decision.member("edited_action")?.member("name") ?? .null,
          "args": decision.member("edited_action")?.member("args") ?? .null,
        ]),
      ])
    case "respond":
      .object(["type": .text("response"), "args": decision.member("message") ?? .null])
    default: .object(["type": .text("ignore"), "args": .null])
    }
  }
}
