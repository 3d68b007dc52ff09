/// One word for a whole review, as a webhook brings it (X16 to X20).
package enum OutcomeWord: String, Sendable, CaseIterable {
  case approved
  case rejected
  case expired
  case timeout

  /// The word or another form of it, in any case, with white space around it (X19).
  package init?(_ word: Text) {
    let trimmed = word.utf8.drop { TextRule.isSpace($0) }
      .reversed().drop { TextRule.isSpace($0) }.reversed()
    let spelling = Text(trusted: trimmed.map { TextRule.lowercase($0) })
    guard let known = Self.spellings.first(where: { $0.spelling == spelling }) else { return nil }
    self = known.word
  }

  private static let spellings: [(spelling: Text, word: OutcomeWord)] = [
    ("approve", .approved), ("approved", .approved), ("reject", .rejected),
    ("rejected", .rejected), ("expire", .expired), ("expired", .expired), ("timeout", .timeout),
    ("timed_out", .timeout),
  ]

  /// What a rejected tool call is told (X17), or nil when it was approved.
  var rejection: Text? {
    switch self {
    case .approved: nil
    case .rejected: "Human rejected the requested agent action."
    case .expired, .timeout: "Decision expired before a human response was received."
    }
  }
}

/// Why a word is no answer to a review. The code is `not_an_option` for an unknown word (X20's
/// INVALID_OUTCOME) and `not_allowed` for one that this review does not take.
package struct InvalidOutcome: Error, Sendable, Equatable {
  package let problems: [Problem]
}

extension ReviewPayload {
  /// The response that a word stands for, checked: one decision per tool call, or the option of an
  /// approval. `message` takes the place of the text of a rejection (X18).
  package static func expand(
    outcomeWord: Text, for payload: ReviewPayload, message: Text?
  ) -> Result<JSONValue, InvalidOutcome> {
    guard let word = OutcomeWord(outcomeWord) else {
      let flaw = Flaw.notAnOption(outcomeWord, of: OutcomeWord.allCases.map { Text($0.rawValue) })
      return .failure(InvalidOutcome(problems: [flaw.at(.root)]))
    }
    let reason = word.rejection.map { message ?? $0 }
    let response: JSONValue?
    switch payload.body {
    case .approval(let approval): response = approval.response(rejectedFor: reason)
    case .actions(let actions): response = actions.response(rejectedFor: reason)
    case .notify, .verify, .selection, .form, .text, .freeform, .rating: response = nil
    }
    guard let response else {
      let flaw = Flaw(.notAllowed, "This review has no answer that is just \(word.rawValue).")
      return .failure(InvalidOutcome(problems: [flaw.at(.root)]))
    }
    switch payload.check(response) {
    case .valid(let answer): return .success(answer.response)
    case .invalid(let problems), .mismatch(let problems):
      return .failure(InvalidOutcome(problems: problems))
    }
  }
}

extension ActionsPayload {
  fileprivate func response(rejectedFor reason: Text?) -> JSONValue {
    let decision = reason.map { ItemAnswer.reject(message: $0) } ?? .approve
    return .object(["decisions": .array(items.map { _ in decision.json })])
  }
}

extension ApprovalPayload {
  /// Nil when no option says so. Of several that approve only `approve` itself is meant; of several
  /// that reject any will do.
  fileprivate func response(rejectedFor reason: Text?) -> JSONValue? {
    guard let reason else {
      let approving = options.filter { $0.verdict == .approve }
      let option = approving.count == 1 ? approving.first : approving.first { $0.id == "approve" }
      return option.map { .object(["selectedOption": .string($0.id)]) }
    }
    let rejecting = options.filter { $0.verdict == .reject }
    guard let option = rejecting.first(where: { $0.id == "reject" }) ?? rejecting.first else {
      return nil
    }
    guard allowsComment else { return .object(["selectedOption": .string(option.id)]) }
    return .object(["selectedOption": .string(option.id), "comment": .string(reason)])
  }
}
