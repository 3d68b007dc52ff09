/// Decides what may happen to a review: DESIGN section 4.
///
/// One event is one method; it changes the review and says what it did, or says why not and changes
/// nothing. Time comes in. A deadline that has passed is an event of its own (`advance`), which the
/// caller applies until nothing is due before it applies another event.
package struct ReviewMachine: Sendable {
  private enum State: Sendable, Equatable {
    case pending
    case resolved(ReviewOutcome)
    case expired
    case cancelled
    case superseded(by: Text?)
  }

  package let definition: ReviewDefinition
  package internal(set) var progress: ReviewProgress
  private var state: State

  /// A review that was just opened.
  package init(opening definition: ReviewDefinition, at now: Instant) {
    self.definition = definition
    progress = ReviewProgress(
      stages: definition.policy.stages.count, assignee: definition.assignee, at: now)
    state = .pending
    skipPastReminders(at: now)
    if definition.isAnsweredByNobody { _ = close(.resolved(.acknowledged), at: now) }
  }

  /// A review as it was stored. Nil if no machine can have been in this state.
  package init?(
    stored definition: ReviewDefinition, status: ReviewStatus, outcome: ReviewOutcome?,
    successor: Text?, progress: ReviewProgress
  ) {
    switch (status, outcome, successor) {
    case (.pending, nil, nil): state = .pending
    case (.resolved, .expired, _), (.resolved, .cancelled, _): return nil
    case (.resolved, let outcome?, nil): state = .resolved(outcome)
    case (.expired, .expired, nil): state = .expired
    case (.cancelled, .cancelled, nil): state = .cancelled
    case (.superseded, .cancelled, let successor): state = .superseded(by: successor)
    case (.pending, _, _), (.resolved, _, _), (.expired, _, _), (.cancelled, _, _),
      (.superseded, _, _):
      return nil
    }
    let isOpen = status == .pending
    guard progress.stages.count == max(1, definition.policy.stages.count),
      progress.stages.indices.contains(progress.stage), isOpen == (progress.closedAt == nil),
      progress.stages.indices.allSatisfy({ index in
        (progress.stages[index].status == .open) == (isOpen && index == progress.stage)
      })
    else { return nil }
    self.definition = definition
    self.progress = progress
  }

  package var status: ReviewStatus {
    switch state {
    case .pending: .pending
    case .resolved: .resolved
    case .expired: .expired
    case .cancelled: .cancelled
    case .superseded: .superseded
    }
  }

  package var outcome: ReviewOutcome? {
    switch state {
    case .pending: nil
    case .resolved(let outcome): outcome
    case .expired: .expired
    case .cancelled, .superseded: .cancelled
    }
  }

  package var successor: Text? {
    switch state {
    case .superseded(let successor): successor
    case .pending, .resolved, .expired, .cancelled: nil
    }
  }

  package var isPending: Bool { state == .pending }

  /// The stage that is open, or was last.
  package var stage: Stage {
    let stages = definition.policy.stages
    return stages.indices.contains(progress.stage) ? stages[progress.stage] : .open
  }

  /// Why a review that has ended takes no more events; nil while it is pending.
  package var finality: Refusal? {
    switch state {
    case .pending: nil
    case .resolved(let outcome):
      Refusal(.alreadyResolved, "The review is resolved: \(outcome.rawValue).")
    case .expired: Refusal(.expired, "The review has expired.")
    case .cancelled: Refusal(.cancelled, "The review was cancelled.")
    case .superseded(let successor):
      Refusal(
        .superseded,
        successor == nil
          ? "The thread went on without an answer to this."
          : "Another review has taken the place of this one.", successor: successor)
    }
  }

  /// The retraction of the question.
  package mutating func cancel(reason: Text?, at now: Instant) -> ReviewAction {
    if let refusal = finality ?? overdue(at: now) { return .rejected(refusal) }
    progress.reason = reason
    progress.response = nil
    return close(.cancelled, at: now)
  }

  /// Another review takes the place of this one; nil if its thread went on without it.
  package mutating func supersede(by successor: Text?, at now: Instant) -> ReviewAction {
    if let refusal = finality ?? overdue(at: now) { return .rejected(refusal) }
    progress.response = nil
    return close(.superseded(by: successor), at: now)
  }

  // MARK: What the other aspects end with

  mutating func resolve(_ outcome: ReviewOutcome, at now: Instant) -> ReviewAction {
    close(.resolved(outcome), at: now)
  }

  /// What the stages before have said is not what came of it.
  mutating func expire(with value: JSONValue? = nil, at now: Instant) -> ReviewAction {
    progress.response = value
    return close(.expired, at: now)
  }

  private mutating func close(_ final: State, at now: Instant) -> ReviewAction {
    state = final
    touch(now)
    progress.closedAt = progress.updatedAt
    progress.claim = nil
    let ended: StageProgress.Status
    let action: ReviewAction
    switch final {
    case .pending: return .idle
    case .resolved(.rejected): (ended, action) = (.rejected, .resolved(.rejected))
    case .resolved(let outcome): (ended, action) = (.passed, .resolved(outcome))
    case .expired: (ended, action) = (.expired, .expired)
    case .cancelled: (ended, action) = (.skipped, .cancelled)
    case .superseded: (ended, action) = (.skipped, .superseded)
    }
    for index in progress.stages.indices {
      switch progress.stages[index].status {
      case .open: progress.stages[index].status = ended
      case .waiting: progress.stages[index].status = .skipped
      case .passed, .rejected, .expired, .escalated, .skipped: break
      }
    }
    return action
  }

  mutating func touch(_ now: Instant) {
    progress.updatedAt = moment(now)
  }

  /// What the clock says, but never before the latest event.
  func moment(_ now: Instant) -> Instant {
    max(now, progress.updatedAt)
  }
}
