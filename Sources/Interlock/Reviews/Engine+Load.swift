import InterlockCore
import InterlockStore

extension Engine {
  /// The review that a selector names, or why it names none.
  func find(
    _ selector: ReviewSelector, _ transaction: any StoreTransaction
  ) throws(StoreError) -> Result<ReviewRecord, Refusal> {
    let found = try transaction.reviews(selector, limit: selector.isUnique ? 1 : 2)
    guard let first = found.first else {
      return .failure(Refusal(.unknownReview, "There is no such review."))
    }
    // A copied thread has the interrupts of its source.
    let isAmbiguous = found.dropFirst().first?.status == .pending
    return isAmbiguous
      ? .failure(Refusal(.ambiguousReview, "Several pending reviews fit: name one by its id."))
      : .success(first)
  }

  /// Loads a review for a change and applies what is due.
  func load(
    _ id: Text, at now: Instant, _ transaction: any StoreTransaction
  ) throws(StoreError) -> Result<LoadedReview, Refusal> {
    switch try find(.id(id), transaction) {
    case .failure(let refusal): return .failure(refusal)
    case .success(let record):
      var review = try LoadedReview(record, definitions)
      try settle(&review, at: now, transaction)
      return .success(review)
    }
  }

  /// Applies every deadline that has passed. Returns how many events that were.
  @discardableResult
  func settle(
    _ review: inout LoadedReview, at now: Instant, _ transaction: any StoreTransaction
  ) throws(StoreError) -> Int {
    var count = 0
    while count < LoadedReview.mostSteps {
      let time = review.time(now)
      let action = review.machine.advance(to: time)
      guard action != .idle else { break }
      let journal = ReviewJournal(transaction: transaction, at: time)
      try journal.record(action, review)
      try journal.audit(action, review)
      count += 1
    }
    if count > 0 { try review.save(transaction) }
    return count
  }

  /// Loads a review, applies one event of its machine, and writes what came of it. A refusal leaves
  /// its trace in the audit and nothing else.
  func apply(
    to id: Text, actor: Actor, _ audited: StaticString?, detail: JSONValue = .object([]),
    _ event: @escaping (inout ReviewMachine, Instant) -> ReviewAction
  ) throws(EngineError) -> (LoadedReview, ReviewAction) {
    let now = clock.now
    typealias Outcome = Result<(LoadedReview, ReviewAction), Refusal>
    let outcome = try change { [self] (transaction) throws(StoreError) -> Outcome in
      try load(id, at: now, transaction).flatMapStore { (loaded) throws(StoreError) -> Outcome in
        var review = loaded
        let time = review.time(now)
        let action = event(&review.machine, time)
        let journal = ReviewJournal(transaction: transaction, at: time)
        switch action {
        case .rejected(let refusal):
          try journal.audit(refusal, loaded, actor: actor)
          return .failure(refusal)
        case .stayed, .atTop, .idle:
          return .success((review, action))
        case .counted, .advanced, .resolved, .expired, .cancelled, .superseded, .escalated,
          .attempted, .reminded, .claimed, .released, .reassigned, .replayed:
          try review.save(transaction)
          try journal.record(action, review)
          if let audited { try journal.audit(audited, review, actor: actor, detail) }
          return .success((review, action))
        }
      }
    }
    return try outcome.orRefused()
  }
}

extension Result where Failure == Refusal {
  func flatMapStore<Value>(
    _ body: (Success) throws(StoreError) -> Result<Value, Refusal>
  ) throws(StoreError) -> Result<Value, Refusal> {
    switch self {
    case .success(let value): return try body(value)
    case .failure(let refusal): return .failure(refusal)
    }
  }
}
