import InterlockCore
import InterlockStore

/// Scores that people and programs give to runs, threads and reviews. Since 0.1.
public struct Feedback: Sendable {
  let engine: Engine

  /// Adds a score. Nothing is replaced: who changes their mind says so again.
  public func put(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let given = FeedbackDraft(&reader.members)
    try reader.finish()
    let draft = try RequestReader.required(given, "score")
    let now = engine.clock.now
    let outcome = try engine.change { [engine] (transaction) throws(StoreError) in
      try engine.target(of: draft, transaction).flatMapStore { (_) throws(StoreError) in
        .success(try FeedbackRecord.insert(draft, at: now, transaction))
      }
    }
    return JSONWriter.write(try outcome.orRefused().document)
  }

  /// The scores of a run, a thread or a review, or all, in the order they were given.
  public func list(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let target = reader.members.feedbackTarget()
    let after = reader.members.integer("after", in: 0...Int.max)
    let limit = reader.limit(100)
    try reader.finish()
    let records = try engine.look { (transaction) throws(StoreError) in
      try transaction.feedback(about: target, after: Int64(after ?? 0), limit: limit)
    }
    let isFull = records.count == limit
    let next = records.last.flatMap { isFull ? JSONValue.number(.integer($0.sequence)) : nil }
    return JSONWriter.write(
      .object(["feedback": .array(records.map(\.document)), "next": next ?? .null]))
  }

  /// How many scores each key has, and their average, least and greatest.
  public func summary(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let target = reader.members.feedbackTarget()
    let after = reader.members.text("after") ?? .empty
    let limit = reader.limit(100)
    try reader.finish()
    let found = try engine.look { (transaction) throws(StoreError) in
      try transaction.feedbackSummaries(about: target, after: after, limit: limit)
    }
    let next = found.last.flatMap { found.count == limit ? JSONValue.string($0.key) : nil }
    return JSONWriter.write(
      .object(["keys": .array(found.map(\.document)), "next": next ?? .null]))
  }
}

extension Engine {
  public var feedback: Feedback { Feedback(engine: self) }

  /// A review must exist. Runs and threads are named by the host, which may know more of them.
  fileprivate func target(
    of draft: FeedbackDraft, _ transaction: any StoreTransaction
  ) throws(StoreError) -> Result<Void, Refusal> {
    switch draft.target.kind {
    case .run, .thread: .success(())
    case .review: try find(.id(draft.target.id), transaction).map { _ in }
    }
  }
}

extension FeedbackRecord {
  @discardableResult
  static func insert(
    _ draft: FeedbackDraft, at now: Instant, _ transaction: any StoreTransaction
  ) throws(StoreError) -> FeedbackRecord {
    var record = FeedbackRecord(
      id: NewID.make("fbk_", at: now), target: draft.target, key: draft.key, score: draft.score,
      comment: draft.comment, actor: draft.actor.map { JSONWriter.write($0.json) }, at: now)
    record.sequence = try transaction.insertFeedback(record)
    return record
  }

  /// The document `feedback` of interlock.h.
  var document: JSONValue {
    func id(of kind: FeedbackTarget.Kind) -> JSONValue {
      target.kind == kind ? .string(target.id) : .null
    }
    return .object([
      "id": .string(self.id), "seq": .number(.integer(sequence)), "run": id(of: .run),
      "thread": id(of: .thread), "review": id(of: .review), "key": .string(key),
      "score": .number(.double(score)), "comment": comment.map { .string($0) } ?? .null,
      "actor": actor.flatMap { try? JSONReader.readStored($0) } ?? .null,
      "at": .number(.integer(at)),
    ])
  }
}

extension FeedbackSummary {
  var document: JSONValue {
    // Rounding must not take an average out of what was given.
    let average = Swift.min(Swift.max(sum / Double(Swift.max(1, count)), min), max)
    return .object([
      "key": .string(key), "count": .number(.integer(count)), "average": .number(.double(average)),
      "min": .number(.double(min)), "max": .number(.double(max)),
    ])
  }
}
