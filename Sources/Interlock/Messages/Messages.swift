import InterlockCore
import InterlockStore

/// One-way messages between agents and people, a channel at a time. Since 0.1.
public struct Messages: Sendable {
  let engine: Engine

  /// Posts a message, and opens the review that it carries. The same again with a client key gets the
  /// first one.
  public func post(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    let posting = try Posting(request, engine)
    return try write(
      try engine.change { [engine] (transaction) throws(StoreError) in
        try posting.run(engine, transaction)
      })
  }

  /// Reads a message.
  public func get(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let given = reader.members.id("message", .required)
    try reader.finish()
    let id = try RequestReader.required(given, "message")
    let record = try engine.look { (transaction) throws(StoreError) in
      try transaction.message(id)
    }
    guard let record else { throw EngineError(Self.missing) }
    return JSONWriter.write(try record.document())
  }

  /// The messages of a channel in the order of posting, a page at a time.
  public func list(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let channel = reader.members.id("channel", .required)
    let sender: MessageDraft.Sender? = reader.members.choice("sender")
    let after = reader.members.integer("after", in: 0...Int.max)
    let limit = reader.limit(50)
    try reader.finish()
    let scan = MessageScan(
      channel: try RequestReader.required(channel, "channel"), sender: sender,
      after: Int64(after ?? 0), limit: limit)
    let (records, isAll) = try engine.look { (transaction) throws(StoreError) in
      try Self.page(scan, transaction)
    }
    let documents = try records.map { (record) throws(EngineError) in try record.document() }
    let next = records.last.flatMap { isAll ? nil : JSONValue.number(.integer($0.sequence)) }
    return JSONWriter.write(.object(["messages": .array(documents), "next": next ?? .null]))
  }

  /// The messages of a page, and whether there are no more. A page of long ones ends early.
  private static func page(
    _ scan: MessageScan, _ transaction: any StoreTransaction
  ) throws(StoreError) -> ([MessageRecord], isAll: Bool) {
    var (records, size, batch) = ([MessageRecord](), 0, scan)
    while records.count < scan.limit, size < usualPageBytes {
      batch.limit = min(fetched, scan.limit - records.count)
      let found = try transaction.messages(batch)
      records += found
      size += found.reduce(0) { $0 + $1.body.count }
      guard found.count == batch.limit, let last = found.last else { return (records, true) }
      batch.after = last.sequence
    }
    return (records, false)
  }

  private static let usualPageBytes = 4 << 20
  private static let fetched = 16

  /// A reader has the message. Saying so again changes nothing.
  public func acknowledge(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let given = reader.members.id("message", .required)
    let actor = reader.members.actor("actor")
    try reader.finish()
    let id = try RequestReader.required(given, "message")
    let now = engine.clock.now
    typealias Outcome = Result<MessageRecord, EngineError>
    return try write(
      try engine.change { (transaction) throws(StoreError) -> Outcome in
        guard var record = try transaction.message(id) else {
          return .failure(EngineError(Self.missing))
        }
        var machine = record.machine
        switch machine.acknowledge() {
        case .acked:
          record.status = machine.status
          record.ackedAt = now
          record.ackedBy = actor.map { JSONWriter.write($0.json) }
          try transaction.updateMessage(record)
          try record.event(
            "message.acked", ["actor": actor?.json ?? .null], at: now, transaction)
          return .success(record)
        case .replayed, .deleted, .followed:
          return .success(record)
        case .rejected(let refusal):
          return .failure(EngineError(refusal))
        }
      })
  }

  /// Deletes a message. A review that it carries and that is pending is cancelled with it.
  public func delete(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let given = reader.members.id("message", .required)
    let actor = reader.members.actor("actor")
    try reader.finish()
    let id = try RequestReader.required(given, "message")
    let now = engine.clock.now
    typealias Outcome = Result<MessageRecord, EngineError>
    return try write(
      try engine.change { [engine] (transaction) throws(StoreError) -> Outcome in
        guard let record = try transaction.message(id) else {
          return .failure(EngineError(Self.missing))
        }
        if case .rejected(let refusal) = record.machine.delete() {
          return .failure(EngineError(refusal))
        }
        if let review = record.review {
          try engine.cancel(review, with: record, by: actor ?? .host, at: now, transaction)
        }
        try transaction.deleteMessage(id)
        try record.event(
          "message.deleted", ["actor": actor?.json ?? .null], at: now, transaction)
        return .success(record)
      })
  }

  static let missing = MessageRefusal(.unknownMessage, "There is no such message.")

  private func write(_ outcome: Result<MessageRecord, EngineError>) throws(EngineError) -> [UInt8] {
    JSONWriter.write(try outcome.get().document())
  }
}

extension Engine {
  public var messages: Messages { Messages(engine: self) }

  /// Retracts the review of a message that goes, if it is still pending.
  fileprivate func cancel(
    _ id: Text, with message: MessageRecord, by actor: Actor, at now: Instant,
    _ transaction: any StoreTransaction
  ) throws(StoreError) {
    guard case .success(var review) = try load(id, at: now, transaction),
      review.machine.isPending
    else { return }
    let time = review.time(now)
    let reason: Text = "The message was deleted."
    let action = review.machine.cancel(reason: reason, at: time)
    guard case .cancelled = action else { return }
    try review.save(transaction)
    let journal = ReviewJournal(transaction: transaction, at: time)
    try journal.record(action, review)
    try journal.audit(
      "cancellation", review, actor: actor,
      .object(["reason": .string(reason), "message": .string(message.id)]))
  }
}
