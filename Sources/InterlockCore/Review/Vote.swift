/// One accepted answer, as a stage counts it.
package struct Vote: Sendable, Equatable {
  /// The id of the decision.
  package let decision: Text
  package let identity: Identity
  package let verdict: Answer.Verdict
  /// A digest of what a quorum must agree on.
  package let substance: Text
  /// A digest of the whole response: an equal one is a repeat.
  package let fingerprint: Text
  package let key: Text?
  package let at: Instant

  package init(
    decision: Text, identity: Identity, verdict: Answer.Verdict, substance: Text,
    fingerprint: Text, key: Text?, at: Instant
  ) {
    self.decision = decision
    self.identity = identity
    self.verdict = verdict
    self.substance = substance
    self.fingerprint = fingerprint
    self.key = key
    self.at = at
  }
}

/// What a stage has come to.
package struct StageProgress: Sendable, Equatable {
  package enum Status: String, Sendable, CaseIterable {
    case waiting
    case open
    case passed
    case rejected
    case expired
    /// Left for the next rung.
    case escalated
    /// Never needed an answer: the review ended otherwise.
    case skipped
  }

  package var status: Status
  package var openedAt: Instant?
  package var votes: [Vote]
  /// How many reminders were given.
  package var reminded: Int

  package init(
    status: Status = .waiting, openedAt: Instant? = nil, votes: [Vote] = [], reminded: Int = 0
  ) {
    self.status = status
    self.openedAt = openedAt
    self.votes = votes
    self.reminded = reminded
  }
}

/// What the votes of a stage amount to.
package enum Tally: Sendable, Equatable {
  case open
  case passed
  case rejected

  /// Counts the votes. Answers count together only if they say the same; a stage that can no longer
  /// reach its quorum, because of what was said or of who must not decide, is rejected.
  package init(of votes: [Vote], _ stage: Stage, barred: Set<Identity> = []) {
    let rejections = votes.filter { $0.verdict == .reject }.count
    var groups: [Text: Int] = [:]
    for vote in votes where vote.verdict != .reject { groups[vote.substance, default: 0] += 1 }
    let best = groups.values.max() ?? 0
    let silent = stage.people?.subtracting(barred).subtracting(votes.map(\.identity)).count
    if rejections > 0, stage.hasVeto {
      self = .rejected
    } else if best >= stage.needed {
      self = .passed
    } else if rejections >= stage.needed {
      self = .rejected
    } else if let silent, best + silent < stage.needed {
      self = .rejected
    } else {
      self = .open
    }
  }
}
