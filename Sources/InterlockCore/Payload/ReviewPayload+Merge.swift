/// What an answer amounts to after the stages before it.
package struct MergedAnswer: Sendable, Equatable {
  package let verdict: Answer.Verdict
  package let response: JSONValue
}

extension ReviewPayload {
  /// Of tool calls, a later stage approves what an earlier one made of them: an edit stays edited, and
  /// what was rejected stays rejected. Of every other kind the later answer counts.
  package func merge(_ answer: Answer, onto earlier: JSONValue?) -> MergedAnswer {
    guard case .actions(let payload) = body,
      case .array(let before)? = earlier?.member("decisions"),
      case .array(let now)? = answer.response.member("decisions"),
      before.count == now.count, now.count == payload.items.count
    else { return MergedAnswer(verdict: answer.verdict, response: answer.response) }
    let merged = zip(before, now).map { Self.merge($1, onto: $0) }
    let response = JSONValue.object(["decisions": .array(merged)])
    return MergedAnswer(verdict: Self.verdict(of: merged), response: response)
  }

  private static func merge(_ later: JSONValue, onto earlier: JSONValue) -> JSONValue {
    if isDecision(earlier, .reject) { return earlier }
    return isDecision(later, .approve) ? earlier : later
  }

  private static func verdict(of decisions: [JSONValue]) -> Answer.Verdict {
    if decisions.allSatisfy({ isDecision($0, .approve) }) { return .approve }
    return decisions.allSatisfy { isDecision($0, .reject) } ? .reject : .edit
  }

  private static func isDecision(_ value: JSONValue, _ decision: ItemDecision) -> Bool {
    value.member("type") == .text(decision.rawValue)
  }
}
