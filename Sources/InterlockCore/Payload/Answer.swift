/// What the check of a response against its payload found.
package enum AnswerCheck: Sendable, Equatable {
  case valid(Answer)
  /// Of a verify review: the phrase differs, and the attempt counts.
  case mismatch([Problem])
  case invalid([Problem])

  static func unless(_ problems: [Problem], _ answer: @autoclosure () -> Answer) -> AnswerCheck {
    problems.isEmpty ? .valid(answer()) : .invalid(problems)
  }
}

/// One accepted answer of one person.
package struct Answer: Sendable, Equatable {
  /// What it counts as in a vote: `approve` and `edit` pass, `reject` refuses.
  package enum Verdict: String, Sendable, CaseIterable {
    case approve
    case edit
    case reject
    /// Of the kinds that ask for a value and not for leave.
    case answer
    case dismiss
  }

  package let verdict: Verdict
  /// The response as accepted: `{"decisions":[...]}` with one entry per item for actions, a null
  /// comment for a rating without one, otherwise as it came.
  package let response: JSONValue
  /// What a quorum must agree on: the response without the comment, and without the messages of
  /// rejections, so that people who say the same count together.
  package let substance: JSONValue
  /// Nil when empty.
  package let comment: Text?
  /// Of the kind actions: one per item, in order.
  package let items: [ItemVerdict]

  init(
    _ verdict: Verdict, _ response: JSONValue, substance: JSONValue? = nil, comment: Text? = nil,
    items: [ItemVerdict] = []
  ) {
    self.verdict = verdict
    self.response = response
    self.substance = substance ?? response
    self.comment = comment.flatMap { $0.isEmpty ? nil : $0 }
    self.items = items
  }
}

package enum ItemDecision: String, Sendable, CaseIterable {
  case approve
  case edit
  case reject
  case respond
}

package struct ItemVerdict: Sendable, Equatable {
  package let id: Text
  package let verdict: ItemDecision
}
