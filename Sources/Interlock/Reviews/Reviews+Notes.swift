import InterlockCore
import InterlockStore

extension Reviews {
  /// Puts a remark beside a review, in whatever state it is.
  public func comment(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let selector = reader.selector()
    let given = reader.members.actor("actor", .required)
    let said = reader.members.text("text", .required, nonEmpty: true)
    if let said, said.utf8.count > ReviewDefinition.maxTextBytes {
      throw EngineError(.tooLarge, "text has more than 65536 bytes", path: "/text")
    }
    try reader.finish()
    let (actor, text) = (
      try RequestReader.required(given, "actor"), try RequestReader.required(said, "text")
    )
    let (id, now) = (try engine.resolve(selector), engine.clock.now)
    let comment = try engine.change { [engine] (transaction) throws(StoreError) in
      try engine.load(id, at: now, transaction).flatMapStore { (review) throws(StoreError) in
        let journal = ReviewJournal(transaction: transaction, at: review.time(now))
        let comment = JSONValue.object([
          "review": .string(id), "actor": actor.json, "text": .string(text),
          "at": .number(.integer(journal.at)),
        ])
        let sequence = review.record.sequence
        try transaction.insertNote(
          .comment, review: sequence,
          number: try transaction.nextNote(.comment, review: sequence),
          body: JSONWriter.write(comment))
        try journal.event("review.commented", review, comment)
        return .success(comment)
      }
    }
    return JSONWriter.write(try comment.orRefused())
  }

  /// What was decided and said, oldest first.
  public func history(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let named = reader.selector()
    try reader.finish()
    let selector = try RequestReader.required(named, "id")
    let history = try engine.look { [engine] (transaction) throws(StoreError) in
      try engine.find(selector, transaction).flatMapStore { (record) throws(StoreError) in
        let decisions = try Self.notes(.decision, record, transaction)
        let comments = try Self.notes(.comment, record, transaction)
        return .success(
          JSONValue.object([
            "review": .string(record.id), "decisions": decisions, "comments": comments,
          ]))
      }
    }
    return JSONWriter.write(try history.orRefused())
  }

  private static func notes(
    _ note: ReviewNote, _ record: ReviewRecord, _ transaction: any StoreTransaction
  ) throws(StoreError) -> JSONValue {
    let bodies = try transaction.notes(note, review: record.sequence, limit: 1000)
    return .array(
      try bodies.map { (body) throws(StoreError) in
        guard let value = try? JSONReader.readStored(body) else {
          throw StoreError(.corrupt, "a note of review \(record.id) cannot be read")
        }
        return value
      })
  }

  /// Why a review is where it is: from the function that decides.
  public func explain(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let selector = reader.selector()
    let actor = reader.members.actor("actor")
    let response = reader.members.value("response")
    let stage = reader.members.id("stage")
    if response != nil, actor == nil {
      reader.members.add([Problem(.missing, at: .root, "Whose response? An actor is required.")])
    }
    try reader.finish()
    let review = try engine.settled(selector)
    var given: GivenAnswer?
    if let response, let actor {
      let check = review.definition.payload.check(response)
      let fingerprint = Fingerprint.of(response)
      let substance =
        if case .valid(let answer) = check { Fingerprint.of(answer.substance) } else { fingerprint }
      given = GivenAnswer(
        decision: "trial", actor: actor, check: check, substance: substance,
        fingerprint: fingerprint, stage: stage)
    }
    return JSONWriter.write(
      review.machine.explain(
        id: review.record.id, actor: actor, stage: stage, given: given,
        at: review.time(engine.clock.now)))
  }
}
