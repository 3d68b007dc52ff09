import InterlockCore
import InterlockStore

/// What ties a review to the interrupt of a graph: the end of one is the answer to the other, in the
/// same transaction.
enum GraphLink {
  /// A review has ended.
  static func deliver(
    _ review: LoadedReview, at now: Instant, _ transaction: any StoreTransaction
  ) throws(StoreError) {
    guard
      var record = try transaction.graphInterrupts(ofReview: review.record.id)
        .first(where: { $0.status == .waiting })
    else { return }
    if let successor = review.machine.successor {
      record.review = successor
      return try transaction.putGraphInterrupt(record)
    }
    let value = GraphThread.value(of: review, record.shape)
    var machine = GraphInterruptMachine(record.status)
    guard machine.resolve(hasValue: value != nil) != .kept else { return }
    record.status = machine.state
    record.value = value.map(JSONWriter.write)
    record.updatedAt = now
    try transaction.putGraphInterrupt(record)
  }

  /// The questions of a thread are asked anew in its copy: who approved here has not approved there.
  static func copy(
    from source: Text, to target: Text, at now: Instant, _ engine: Engine,
    _ transaction: any StoreTransaction
  ) throws(StoreError) {
    for old in try transaction.openGraphInterrupts(ofThread: source)
    where !old.status.mustRunAgain {
      guard let stored = try transaction.reviews(.id(old.review), limit: 1).first else { continue }
      let definition = try LoadedReview.definition(of: stored, engine.definitions)
      guard case .object(let members) = definition.document else { continue }
      let own = members.filter { $0.name != "thread" && $0.name != "key" }
      let document = JSONValue.object(
        own + [JSONMember(name: "thread", value: .string(target))])
      guard let moved = try? ReviewDefinition(stored: document) else { continue }
      let review = try Opening(moved, request: Fingerprint.of(document), at: now)
        .insert(engine, transaction)
      var record = old
      record.thread = target
      record.review = review.record.id
      record.status = review.machine.isPending ? .waiting : .unanswered
      record.value = nil
      record.attempts = 0
      record.updatedAt = now
      try transaction.putGraphInterrupt(record)
    }
  }
}

extension Engine {
  /// Nobody waits for the answer any more.
  func supersedeReview(
    _ id: Text, at now: Instant, _ transaction: any StoreTransaction
  ) throws(StoreError) {
    guard case .success(var review) = try load(id, at: now, transaction), review.machine.isPending
    else { return }
    let journal = ReviewJournal(transaction: transaction, at: review.time(now))
    let action = review.machine.supersede(by: nil, at: journal.at)
    try review.save(transaction)
    try journal.record(action, review)
    try journal.audit("supersession", review, actor: .host, .object(["successor": .null]))
  }
}
