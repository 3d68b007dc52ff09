import InterlockCore
import InterlockStore

/// Looks for a thread that its graph can go on with, and claims it.
struct ClaimSearch {
  let worker: Text
  let patience: Int64
  /// The graphs that the worker knows; nil for all.
  let graphs: Set<Text>?
  /// Only this thread; nil for all.
  let thread: Text?
  /// Waits until a thread has no open question left.
  let collects: Bool
  let mostAttempts: Int64
  let now: Instant

  private static let page = 100

  /// An interrupt for which a graph has to be run, and on whose thread nobody works.
  func find(_ transaction: any StoreTransaction) throws(StoreError) -> GraphInterruptRecord? {
    var last: GraphInterruptRecord?
    var seen: Set<Text> = []
    while true {
      let page = try transaction.dueGraphInterrupts(after: last, limit: Self.page)
      for record in page where seen.insert(record.thread).inserted {
        if try isFree(record, transaction) { return record }
      }
      guard page.count == Self.page else { return nil }
      last = page.last
    }
  }

  private func isFree(
    _ record: GraphInterruptRecord, _ transaction: any StoreTransaction
  ) throws(StoreError) -> Bool {
    guard thread == nil || record.thread == thread, record.attempts < mostAttempts,
      now >= record.updatedAt &+ pause(after: record.attempts),
      graphs?.contains(record.graph) ?? true
    else {
      return false
    }
    let run = try LoadedRun(record.thread, transaction)
    if let lease = run.machine.lease, lease.until > now { return false }
    guard collects else { return true }
    return try !transaction.openGraphInterrupts(ofThread: record.thread).contains {
      $0.status == .waiting
    }
  }

  /// What has failed is tried again after a while, each time a longer one.
  private func pause(after attempts: Int64) -> Int64 {
    attempts <= 0 ? 0 : min(60_000, 100 << min(20, attempts - 1))
  }

  /// The claim, or nil if another worker was faster.
  func run(_ transaction: any StoreTransaction) throws(StoreError) -> JSONValue? {
    guard let found = try find(transaction) else { return nil }
    let begun = try Self.begin(found.thread, worker, patience, at: now, transaction)
    guard case .success(let run) = begun else { return nil }
    var answers: [JSONValue] = []
    var repairs = false
    for var record in try transaction.openGraphInterrupts(ofThread: found.thread)
    where record.status.isDue {
      record.attempts &+= 1
      record.updatedAt = now
      try transaction.putGraphInterrupt(record)
      if record.status.mustRunAgain {
        repairs = true
      } else {
        answers.append(try record.document())
      }
    }
    return .object([
      "thread": .string(found.thread), "graph": .string(found.graph),
      "fence": .number(.integer(run.machine.fence)), "repair": .bool(repairs),
      "answers": .array(answers),
    ])
  }

  static func begin(
    _ thread: Text, _ worker: Text, _ patience: Int64, at now: Instant,
    _ transaction: any StoreTransaction
  ) throws(StoreError) -> Result<LoadedRun, RunRefusal> {
    var run = try LoadedRun(thread, transaction)
    let action = run.machine.begin(
      worker: worker, newRun: RunID.make(at: now), patience: patience, at: now)
    if case .rejected(let refusal) = action { return .failure(refusal) }
    try run.save(at: now, transaction)
    return .success(run)
  }
}

extension GraphInterruptRecord {
  /// What the graph is told. A graph must not go on with nothing because its answer is damaged.
  private func answer() throws(StoreError) -> JSONValue? {
    guard let value else {
      guard status != .answered else { throw unreadable }
      return nil
    }
    guard let answer = try? JSONReader.readStored(value) else { throw unreadable }
    return answer
  }

  private var unreadable: StoreError {
    StoreError(.corrupt, "the value of interrupt \(id) of thread \(thread) cannot be read")
  }

  /// The document `graph interrupt` of interlock.h.
  func document() throws(StoreError) -> JSONValue {
    .object([
      "interrupt": .string(id), "thread": .string(thread), "graph": .string(graph),
      "checkpoint_ns": .string(namespace), "checkpoint_id": .string(checkpoint),
      "task": .string(task), "shape": .text(shape.rawValue), "review": .string(review),
      "status": .text(status.rawValue),
      "value": try answer() ?? .null,
      "attempts": .number(.integer(attempts)), "updated_at": .number(.integer(updatedAt)),
    ])
  }
}
