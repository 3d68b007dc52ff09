/// What an event did to a review.
package enum ReviewAction: Sendable, Equatable {
  /// The answer counts; the stage stays open.
  case counted
  /// The stage passed and the next one opened.
  case advanced(stage: Int)
  case resolved(ReviewOutcome)
  case expired
  case cancelled
  case superseded
  case escalated(EscalationStep)
  /// There is no higher rung; nothing changed (S28).
  case atTop
  /// No trigger fired; nothing changed.
  case stayed
  /// A wrong phrase: it counts as an attempt, and the review stays open.
  case attempted(Refusal)
  case reminded
  case claimed
  case released
  case reassigned
  /// Nothing was due.
  case idle
  /// The same was answered before: this is the decision it was.
  case replayed(decision: Text)
  case rejected(Refusal)
}

/// An answer as it arrives at the machine: checked against the payload, but not yet admitted.
package struct GivenAnswer: Sendable {
  package let decision: Text
  package let actor: Actor
  package let check: AnswerCheck
  /// Digests of the response, see `Vote`.
  package let substance: Text
  package let fingerprint: Text
  /// The stage it answers; nil for the open one.
  package let stage: Text?
  package let key: Text?

  package init(
    decision: Text, actor: Actor, check: AnswerCheck, substance: Text, fingerprint: Text,
    stage: Text? = nil, key: Text? = nil
  ) {
    self.decision = decision
    self.actor = actor
    self.check = check
    self.substance = substance
    self.fingerprint = fingerprint
    self.stage = stage
    self.key = key
  }
}
