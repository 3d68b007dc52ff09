package enum ReviewStatus: String, Sendable, CaseIterable {
  case pending
  case resolved
  case expired
  case cancelled
  case superseded
}

/// How a review ended: requirements 3.2. Set once, with the final status.
package enum ReviewOutcome: String, Sendable, CaseIterable {
  case approved
  case rejected
  /// Approved with changes.
  case edited
  case answered
  case dismissed
  case acknowledged
  case expired
  case cancelled
}

/// One step up a ladder (S26).
package struct EscalationStep: Sendable, Equatable {
  package let from: Text
  package let to: Text
  package let reason: EscalationTrigger
  package let at: Instant

  package init(from: Text, to: Text, reason: EscalationTrigger, at: Instant) {
    self.from = from
    self.to = to
    self.reason = reason
    self.at = at
  }
}

/// What changes while a review lives, apart from where it stands.
package struct ReviewProgress: Sendable, Equatable {
  /// The position of the stage that is open, or was last.
  package var stage: Int
  package var stages: [StageProgress]
  /// What the stages that passed have said, merged.
  package var response: JSONValue?
  /// Whether somebody changed what was asked for.
  package var isEdited: Bool
  package var escalations: [EscalationStep]
  /// Wrong phrases of a verify review.
  package var attempts: Int
  package var assignee: Actor?
  package var claim: Actor?
  /// How many reminders of the review's own deadline were given.
  package var reminded: Int
  /// The latest instant of an event. Time never goes back for a review, whatever the clock does.
  package var updatedAt: Instant
  package var closedAt: Instant?
  package var reason: Text?

  package init(stages: Int, assignee: Actor?, at now: Instant) {
    stage = 0
    self.stages = (0..<max(1, stages)).map { index in
      index == 0 ? StageProgress(status: .open, openedAt: now) : StageProgress()
    }
    response = nil
    isEdited = false
    escalations = []
    attempts = 0
    self.assignee = assignee
    claim = nil
    reminded = 0
    updatedAt = now
    closedAt = nil
    reason = nil
  }

  /// The progress of the open stage.
  var open: StageProgress {
    get { stages.indices.contains(stage) ? stages[stage] : StageProgress() }
    set { if stages.indices.contains(stage) { stages[stage] = newValue } }
  }
}
