import InterlockCore
import InterlockStore

extension Reviews {
  /// Opens a review that takes the place of a pending one, in one transaction.
  public func supersede(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let selector = reader.selector()
    let actor = reader.members.actor("actor") ?? .host
    let given = reader.members.object("successor", .required)
    try reader.finish()
    let id = try engine.resolve(selector)
    let successor = try RequestReader.required(given, "successor")
    let place = try engine.look { [engine] (transaction) throws(StoreError) in
      try InterruptLink.place(ofReview: id, engine, transaction)
    }
    let document = place.map { InterruptLink.request(successor, for: $0.interrupt, of: $0.thread) }
    let opening = try Opening(document ?? successor, engine)
    let outcome = try engine.change { [engine] (transaction) throws(StoreError) in
      try Self.supersede(id, opening, actor, engine, transaction)
    }
    let (new, old) = try outcome.orRefused()
    return JSONPieces.object(["review": new.shown, "superseded": old.shown])
  }

  private static func supersede(
    _ id: Text, _ opening: Opening, _ actor: Actor, _ engine: Engine,
    _ transaction: any StoreTransaction
  ) throws(StoreError) -> Result<(LoadedReview, LoadedReview), Refusal> {
    try engine.load(id, at: opening.now, transaction).flatMapStore { (loaded) throws(StoreError) in
      if let repeated = try repetition(of: opening, loaded, engine, transaction) {
        return .success((repeated, loaded))
      }
      let journal = ReviewJournal(transaction: transaction, at: loaded.time(opening.now))
      if let refusal = loaded.machine.finality {
        try journal.audit(refusal, loaded, actor: actor)
        return .failure(refusal)
      }
      if let refusal = try clash(opening, loaded, transaction) { return .failure(refusal) }
      let new = try opening.insert(engine, transaction)
      var old = loaded
      let action = old.machine.supersede(by: new.record.id, at: journal.at)
      try old.save(transaction)
      // The interrupt has gone over; a successor that ended as it was opened has its answer already.
      if !new.machine.isPending {
        try InterruptLink.deliver(new, at: journal.at, transaction)
      }
      try journal.record(action, old)
      try journal.audit(
        "supersession", old, actor: actor, .object(["successor": .string(new.record.id)]))
      return .success((new, old))
    }
  }

  /// The successor, if the same was asked before.
  private static func repetition(
    of opening: Opening, _ old: LoadedReview, _ engine: Engine,
    _ transaction: any StoreTransaction
  ) throws(StoreError) -> LoadedReview? {
    guard let successor = old.machine.successor,
      let record = try transaction.reviews(.id(successor), limit: 1).first,
      record.request == opening.request
    else { return nil }
    return try LoadedReview(record, engine.definitions)
  }

  /// A key belongs to one review; an interrupt may go over to the successor.
  private static func clash(
    _ opening: Opening, _ old: LoadedReview, _ transaction: any StoreTransaction
  ) throws(StoreError) -> Refusal? {
    if let key = opening.definition.key, try !transaction.reviews(.key(key), limit: 1).isEmpty {
      return Refusal(.idempotencyMismatch, "This key belongs to another review.")
    }
    guard let interrupt = opening.definition.interrupt, interrupt != old.record.interrupt,
      try !transaction.reviews(.interrupt(interrupt), limit: 1).isEmpty
    else { return nil }
    return Refusal(.conflict, "This interrupt belongs to another review.")
  }
}
