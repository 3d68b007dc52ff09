/// A pause of a run, waiting for a value: requirements 3.2.
package struct InterruptMachine: Sendable, Equatable {
  private enum State: Sendable, Equatable {
    case pending
    case resumed(value: JSONValue, update: JSONValue?)
    case cancelled
  }

  package enum Action: Sendable, Equatable {
    case resumed
    case cancelled
    /// The same value came before.
    case replayed
    case rejected(RunRefusal)
  }

  /// Whether a review decides about it.
  package let hasReview: Bool
  private var state: State

  package init(hasReview: Bool) {
    self.hasReview = hasReview
    state = .pending
  }

  package init(storedValue: JSONValue?, update: JSONValue?, isCancelled: Bool, hasReview: Bool) {
    self.hasReview = hasReview
    state =
      if isCancelled { .cancelled } else if let storedValue {
        .resumed(value: storedValue, update: update)
      } else { .pending }
  }

  package var isPending: Bool { state == .pending }
  package var isCancelled: Bool { state == .cancelled }

  package var value: JSONValue? {
    switch state {
    case .resumed(let value, _): value
    case .pending, .cancelled: nil
    }
  }

  /// A value arrives; an explicit null is one. What a review decides cannot be answered past it, but by
  /// force.
  package mutating func resume(
    _ value: JSONValue, update: JSONValue?, past review: Bool
  ) -> Action {
    switch state {
    case .pending:
      guard !hasReview || review else {
        return .rejected(
          RunRefusal(.reviewRequired, "A review decides about this interrupt: answer the review."))
      }
      state = .resumed(value: value, update: update)
      return .resumed
    case .resumed(let before, let update_):
      guard before == value, update_ == update else {
        return .rejected(RunRefusal(.alreadyResolved, "The interrupt has another answer."))
      }
      return .replayed
    case .cancelled:
      return .rejected(RunRefusal(.cancelled, "The interrupt was cancelled."))
    }
  }

  package mutating func cancel() -> Action {
    switch state {
    case .pending:
      state = .cancelled
      return .cancelled
    case .resumed:
      return .rejected(RunRefusal(.alreadyResolved, "The interrupt has an answer."))
    case .cancelled:
      return .rejected(RunRefusal(.cancelled, "The interrupt was cancelled before."))
    }
  }

  /// The interrupt that a resume means: the one named, or the only one that is pending.
  package static func choose(
    _ named: Text?, pending: [Text], known: (Text) -> Bool
  ) -> Result<Text, RunRefusal> {
    if let named {
      return known(named)
        ? .success(named)
        : .failure(RunRefusal(.unknownInterrupt, "There is no interrupt \(named) here."))
    }
    guard let first = pending.first else {
      return .failure(RunRefusal(.notInterrupted, "Nothing waits for a value."))
    }
    guard pending.count == 1 else {
      return .failure(
        RunRefusal(
          .ambiguousInterrupt, "\(pending.count) interrupts are pending: name one by its id."))
    }
    return .success(first)
  }
}
