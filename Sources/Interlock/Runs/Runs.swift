import InterlockCore
import InterlockStore

/// The work of threads: who may do it, what it has recorded, what it waits for. Since 0.1.
public struct Runs: Sendable {
  let engine: Engine

  /// Reads the run of a thread.
  public func get(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let given = reader.members.id("thread", .required)
    try reader.finish()
    let thread = try RequestReader.required(given, "thread")
    let found = try engine.look { (transaction) throws(StoreError) -> JSONValue? in
      guard try transaction.run(ofThread: thread) != nil else { return nil }
      let run = try LoadedRun(thread, transaction)
      let pending = try transaction.pendingInterrupts(ofThread: thread, after: nil, limit: 1000)
      guard case .object(let members) = run.document else { return nil }
      let interrupts = JSONValue.array(pending.map(\.document))
      return .object(members + [JSONMember(name: "interrupts", value: interrupts)])
    }
    guard let found else {
      throw EngineError(.notFound, "there is no run of this thread", path: "/thread")
    }
    return JSONWriter.write(found)
  }

  /// Lists runs by thread.
  public func list(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let status: ThreadStatus? = reader.members.choice("status")
    let after = reader.members.text("after") ?? .empty
    let limit = reader.limit(50)
    try reader.finish()
    let runs = try engine.look { (transaction) throws(StoreError) -> [LoadedRun] in
      let records = try transaction.runs(status: status, after: after, limit: limit)
      return try records.map { (record) throws(StoreError) in
        try LoadedRun(record.thread, transaction)
      }
    }
    let next = runs.count == limit ? runs.last.map { JSONValue.string($0.record.thread) } : nil
    return JSONWriter.write(
      .object(["runs": .array(runs.map(\.document)), "next": next ?? .null]))
  }

  /// The questions that wait, of one thread or of all.
  public func interrupts(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let thread = reader.members.id("thread")
    let limit = reader.limit(100)
    let cursor = reader.members.text("cursor")
    try reader.finish()
    let after = try cursor.map(Self.position)
    let found = try engine.look { (transaction) throws(StoreError) in
      try transaction.pendingInterrupts(ofThread: thread, after: after, limit: limit)
    }
    let next = found.count == limit ? found.last.map { "\($0.createdAt):\($0.id)" } : nil
    return JSONWriter.write(
      .object([
        "interrupts": .array(found.map(\.document)), "next": next.map { .text($0) } ?? .null,
      ]))
  }

  private static func position(_ cursor: Text) throws(EngineError) -> InterruptPosition {
    guard let colon = cursor.utf8.firstIndex(of: UInt8(ascii: ":")),
      let createdAt = Int64(String(decoding: cursor.utf8[..<colon], as: UTF8.self))
    else { throw EngineError(.invalidArgument, "cursor is not one of a page", path: "/cursor") }
    return InterruptPosition(
      createdAt: createdAt, id: Text(trusted: Array(cursor.utf8[(colon + 1)...])))
  }

  /// Gives up the run of a thread: its worker is fenced off, its questions are cancelled.
  public func cancel(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let given = reader.members.id("thread", .required)
    let reason = reader.members.text("reason")
    try reader.finish()
    let thread = try RequestReader.required(given, "thread")
    let now = engine.clock.now
    let outcome = try engine.change { [engine] (transaction) throws(StoreError) in
      try Self.cancel(thread, reason, at: now, engine, transaction)
    }
    switch outcome {
    case .success(let run): return JSONWriter.write(run.document)
    case .failure(let refusal): throw EngineError(refusal)
    }
  }

  private static func cancel(
    _ thread: Text, _ reason: Text?, at now: Instant, _ engine: Engine,
    _ transaction: any StoreTransaction
  ) throws(StoreError) -> Result<LoadedRun, RunRefusal> {
    var run = try LoadedRun(thread, transaction)
    let action = run.machine.cancel(reason: reason)
    if case .rejected(let refusal) = action { return .failure(refusal) }
    try run.save(at: now, transaction)
    try cancelQuestions(
      of: thread, reason: "The run was cancelled.", at: now, engine, transaction)
    try RunJournal(transaction: transaction, at: now).event("run.cancelled", run)
    return .success(run)
  }

  /// The run of a thread that is deleted: its worker is fenced off, its journal goes. The row stays, so
  /// that no later worker gets a fence that somebody has had.
  static func drop(
    _ thread: Text, at now: Instant, _ engine: Engine, _ transaction: any StoreTransaction
  ) throws(StoreError) {
    guard try transaction.run(ofThread: thread) != nil else { return }
    var run = try LoadedRun(thread, transaction)
    if let id = run.machine.run { try transaction.deleteSteps(of: id) }
    if case .cancelled = run.machine.cancel(reason: "The thread was deleted.") {
      try run.save(at: now, transaction)
    }
    try cancelQuestions(
      of: thread, reason: "The thread was deleted.", at: now, engine, transaction)
  }

  /// Nobody waits for these answers any more.
  static func cancelQuestions(
    of thread: Text, reason: Text, at now: Instant, _ engine: Engine,
    _ transaction: any StoreTransaction
  ) throws(StoreError) {
    while true {
      let page = try transaction.pendingInterrupts(ofThread: thread, after: nil, limit: 1000)
      guard !page.isEmpty else { return }
      for var interrupt in page {
        interrupt.status = .cancelled
        interrupt.resolvedAt = now
        try transaction.updateInterrupt(interrupt)
        guard let review = interrupt.review else { continue }
        try engine.cancelReview(review, reason: reason, at: now, transaction)
      }
    }
  }
}

extension Engine {
  public var runs: Runs { Runs(engine: self) }

  /// Cancels a pending review as part of something else.
  func cancelReview(
    _ id: Text, reason: Text, at now: Instant, _ transaction: any StoreTransaction
  ) throws(StoreError) {
    guard case .success(var review) = try load(id, at: now, transaction), review.machine.isPending
    else { return }
    let journal = ReviewJournal(transaction: transaction, at: review.time(now))
    let action = review.machine.cancel(reason: reason, at: journal.at)
    try review.save(transaction)
    try journal.record(action, review)
    try journal.audit(
      "cancellation", review, actor: .host, .object(["reason": .string(reason)]))
  }
}

/// Writes what happened to a run.
struct RunJournal {
  let transaction: any StoreTransaction
  let at: Instant

  func event(
    _ type: StaticString, _ run: LoadedRun, _ more: [JSONMember] = []
  ) throws(StoreError) {
    let body = JSONValue.object(
      [
        JSONMember(name: "run", value: run.machine.run.map { .string($0) } ?? .null),
        JSONMember(name: "fence", value: .number(.integer(run.machine.fence))),
      ] + more)
    _ = try transaction.insertEvent(
      EventRecord(
        type: Text(stringLiteral: type), at: at, review: nil, thread: run.record.thread,
        channel: nil, body: JSONWriter.write(body)))
  }
}
