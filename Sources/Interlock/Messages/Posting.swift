import InterlockCore
import InterlockCrypto
import InterlockStore

/// A message on its way: read and checked before the transaction, decided inside.
struct Posting {
  /// Where the message stands among several tries.
  private struct Group {
    let root: Text
    let iteration: Int64
    /// The first message, if nothing has followed it before.
    let first: MessageRecord?
  }

  private let draft: MessageDraft
  /// A digest of the request as it was made.
  private let request: Text
  private let opening: Opening?
  private let id: Text
  private let now: Instant

  init(_ json: [UInt8], _ engine: Engine) throws(EngineError) {
    var reader = try RequestReader(json)
    let given = MessageDraft(&reader.members)
    try reader.finish()
    draft = try RequestReader.required(given, "channel")
    request = Fingerprint.of(reader.document)
    now = engine.clock.now
    id = NewID.make("msg_", at: now)
    if let review = draft.reviewRequest(message: id) {
      opening = try Opening(review, engine)
    } else {
      opening = nil
    }
  }

  func run(
    _ engine: Engine, _ transaction: any StoreTransaction
  ) throws(StoreError) -> Result<MessageRecord, EngineError> {
    if let known = try known(transaction) { return known }
    switch try group(engine, transaction) {
    case .failure(let refusal): return .failure(EngineError(refusal))
    case .success(let group):
      switch try openReview(engine, transaction) {
      case .failure(let refusal): return .failure(EngineError(refusal))
      case .success(let review): return .success(try insert(group, review, transaction))
      }
    }
  }

  /// The message that came with this key before.
  private func known(
    _ transaction: any StoreTransaction
  ) throws(StoreError) -> Result<MessageRecord, EngineError>? {
    guard let key = draft.key,
      let record = try transaction.message(inChannel: draft.channel, key: key)
    else { return nil }
    guard record.request == request else {
      return .failure(
        EngineError(
          MessageRefusal(.idempotencyMismatch, "This key came with another message before.")))
    }
    return .success(record)
  }

  /// The group that the message joins, if it is another try of one before.
  private func group(
    _ engine: Engine, _ transaction: any StoreTransaction
  ) throws(StoreError) -> Result<Group?, MessageRefusal> {
    guard let predecessor = draft.predecessor else { return .success(nil) }
    guard let record = try transaction.message(predecessor) else {
      return .failure(
        MessageRefusal(.invalidIteration, "There is no message that this could follow."))
    }
    let status = try reviewStatus(of: record, engine, transaction)
    switch record.machine.follow(in: draft.channel, review: status) {
    case .rejected(let refusal):
      return .failure(refusal)
    case .followed(let root):
      let last = record.root == nil ? 1 : try transaction.lastIteration(ofRoot: root)
      return .success(
        Group(root: root, iteration: last + 1, first: record.root == nil ? record : nil))
    case .acked, .replayed, .deleted:
      return .success(nil)
    }
  }

  private func reviewStatus(
    of record: MessageRecord, _ engine: Engine, _ transaction: any StoreTransaction
  ) throws(StoreError) -> ReviewStatus? {
    guard let review = record.review,
      case .success(let found) = try engine.find(.id(review), transaction)
    else { return nil }
    return try LoadedReview(found, engine.definitions).settled(at: now).machine.status
  }

  private func openReview(
    _ engine: Engine, _ transaction: any StoreTransaction
  ) throws(StoreError) -> Result<Text?, Refusal> {
    guard let opening else { return .success(nil) }
    return try opening.run(engine, transaction).map { $0.0.record.id }
  }

  private func insert(
    _ group: Group?, _ review: Text?, _ transaction: any StoreTransaction
  ) throws(StoreError) -> MessageRecord {
    if var first = group?.first {
      first.root = first.id
      try transaction.updateMessage(first)
    }
    var record = MessageRecord(
      id: id, channel: draft.channel, sender: draft.sender, key: draft.key, request: request,
      review: review, root: group?.root, iteration: group?.iteration ?? 1,
      body: JSONWriter.write(draft.body), createdAt: now)
    record.sequence = try transaction.insertMessage(record)
    try record.event(
      "message.created",
      ["sender": .text(draft.sender.rawValue), "level": .text(draft.level.rawValue)],
      at: now, transaction)
    return record
  }
}
