import InterlockCore
import InterlockStore

/// A review that is to be opened, read and checked before the transaction.
struct Opening {
  let definition: ReviewDefinition
  /// A digest of the request as it was asked.
  let request: Text
  let now: Instant

  init(_ document: JSONValue, _ engine: Engine) throws(EngineError) {
    now = engine.clock.now
    request = Fingerprint.of(document)
    let resolved = try Self.withPolicy(document, engine)
    do throws(Refusal) {
      definition = try ReviewDefinition(request: resolved, now: now)
    } catch {
      throw EngineError(error)
    }
  }

  /// What was asked before, once more.
  init(_ definition: ReviewDefinition, request: Text, at now: Instant) {
    self.definition = definition
    self.request = request
    self.now = now
  }

  /// Puts the policy in the place of its name.
  private static func withPolicy(
    _ document: JSONValue, _ engine: Engine
  ) throws(EngineError) -> JSONValue {
    guard case .object(let members) = document, case .string(let name)? = document.member("policy")
    else { return document }
    let policy = try engine.policy(name, version: nil)
    return .object(
      members.map { $0.name == "policy" ? JSONMember(name: $0.name, value: policy) : $0 })
  }

  /// Returns the review, and whether it is new.
  func run(
    _ engine: Engine, _ transaction: any StoreTransaction
  ) throws(StoreError) -> Result<(LoadedReview, Bool), Refusal> {
    if let known = try known(engine, transaction) { return known }
    return .success((try insert(engine, transaction), true))
  }

  func insert(
    _ engine: Engine, _ transaction: any StoreTransaction
  ) throws(StoreError) -> LoadedReview {
    var review = LoadedReview(
      opening: definition, id: ReviewID.make(at: now), request: request, at: now)
    try review.insert(transaction)
    engine.definitions.keep(
      definition, of: review.record.id, bytes: review.record.definition.count)
    let journal = ReviewJournal(transaction: transaction, at: now)
    try journal.event("review.opened", review, summary)
    if !review.machine.isPending, let outcome = review.machine.outcome {
      try journal.record(.resolved(outcome), review)
    }
    return review
  }

  /// The review that was opened for the same key or interrupt: asking twice is asking once.
  private func known(
    _ engine: Engine, _ transaction: any StoreTransaction
  ) throws(StoreError) -> Result<(LoadedReview, Bool), Refusal>? {
    if let key = definition.key, let record = try transaction.reviews(.key(key), limit: 1).first {
      guard record.request == request else {
        return .failure(
          Refusal(.idempotencyMismatch, "This key came with another request before."))
      }
      return .success((try LoadedReview(record, engine.definitions), false))
    }
    if let interrupt = definition.interrupt,
      let record = try transaction.reviews(.interrupt(interrupt), limit: 1).first
    {
      return .success((try LoadedReview(record, engine.definitions), false))
    }
    return nil
  }

  private var summary: JSONValue {
    .object([
      "kind": .text(definition.kind.rawValue),
      "title": definition.document.member("title") ?? .null,
      "deadline": definition.deadline.map { .number(.integer($0)) } ?? .null,
    ])
  }
}
