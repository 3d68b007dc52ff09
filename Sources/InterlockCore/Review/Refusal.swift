/// Why something was not done: requirements 3.5. Nothing was changed but the audit.
package struct Refusal: Error, Sendable, Equatable {
  package enum Code: String, Sendable, CaseIterable {
    case invalidPayload = "INVALID_PAYLOAD"
    case invalidResponse = "INVALID_RESPONSE"
    case invalidPolicy = "INVALID_POLICY"
    case invalidDeadline = "INVALID_DEADLINE"
    case invalidOutcome = "INVALID_OUTCOME"
    case unknownReview = "UNKNOWN_REVIEW"
    case unknownPolicy = "UNKNOWN_POLICY"
    case ambiguousReview = "AMBIGUOUS_REVIEW"
    case alreadyResolved = "ALREADY_RESOLVED"
    case expired = "EXPIRED"
    case cancelled = "CANCELLED"
    case superseded = "SUPERSEDED"
    case notAuthorized = "NOT_AUTHORIZED"
    case wrongStage = "WRONG_STAGE"
    case alreadyVoted = "ALREADY_VOTED"
    case selfApproval = "SELF_APPROVAL"
    case conflict = "CONFLICT"
    case idempotencyMismatch = "IDEMPOTENCY_MISMATCH"
    case tokenInvalid = "TOKEN_INVALID"
    case tokenUsed = "TOKEN_USED"
    case tokenExpired = "TOKEN_EXPIRED"
  }

  package let code: Code
  package let message: String
  package let problems: [Problem]
  /// The review that took the place of this one.
  package let successor: Text?

  package init(
    _ code: Code, _ message: String, problems: [Problem] = [], successor: Text? = nil
  ) {
    self.code = code
    self.message = message
    self.problems = problems
    self.successor = successor
  }

  /// `{"code","message","problems"?,"successor"?}`.
  package var json: JSONValue {
    var members = [
      JSONMember(name: "code", value: .text(code.rawValue)),
      JSONMember(name: "message", value: .text(message)),
    ]
    if !problems.isEmpty {
      members.append(JSONMember(name: "problems", value: .array(problems.map(\.json))))
    }
    if let successor { members.append(JSONMember(name: "successor", value: .string(successor))) }
    return .object(members)
  }
}
