import InterlockCore
import InterlockStore

/// The work of a thread inside a transaction: its record, and the machine that decides about it.
struct LoadedRun {
  private(set) var record: RunRecord
  var machine: RunMachine

  init(_ thread: Text, _ transaction: any StoreTransaction) throws(StoreError) {
    guard let stored = try transaction.run(ofThread: thread) else {
      machine = RunMachine()
      record = RunRecord(
        thread: thread, status: .idle, run: nil, fence: 0, worker: nil, leaseUntil: nil,
        outcome: nil, parent: nil, updatedAt: 0)
      return
    }
    record = stored
    let lease = stored.worker.flatMap { worker in
      stored.leaseUntil.map { Lease(worker: worker, fence: stored.fence, until: $0) }
    }
    guard
      let machine = RunMachine(
        stored: stored.status, run: stored.run,
        outcome: try stored.outcome.map(RunOutcome.init(stored:)), lease: lease,
        fence: stored.fence)
    else { throw StoreError(.corrupt, "the run of thread \(thread) cannot be read") }
    self.machine = machine
  }

  /// Writes what the machine has become.
  mutating func save(at now: Instant, _ transaction: any StoreTransaction) throws(StoreError) {
    record.status = machine.status
    record.run = machine.run
    record.fence = machine.fence
    record.worker = machine.lease?.worker
    record.leaseUntil = machine.lease?.until
    record.outcome = machine.outcome.map { JSONWriter.write($0.json) }
    record.updatedAt = now
    try transaction.putRun(record)
  }

  mutating func setParent(_ parent: Text?) {
    record.parent = parent
  }

  /// The document `run` of interlock.h.
  var document: JSONValue {
    .object([
      "thread": .string(record.thread), "status": .text(machine.status.rawValue),
      "run": machine.run.map { .string($0) } ?? .null,
      "fence": .number(.integer(machine.fence)),
      "worker": machine.lease.map { .string($0.worker) } ?? .null,
      "lease_until": machine.lease.map { .number(.integer($0.until)) } ?? .null,
      "outcome": machine.outcome?.json ?? .null,
      "parent": record.parent.map { .string($0) } ?? .null,
      "updated_at": .number(.integer(record.updatedAt)),
    ])
  }
}

extension RunOutcome {
  var json: JSONValue {
    switch self {
    case .completed(let result): .object(["type": "completed", "result": result])
    case .failed(let error): .object(["type": "failed", "error": error])
    case .cancelled(let reason):
      .object(["type": "cancelled", "reason": reason.map { .string($0) } ?? .null])
    }
  }

  init(stored bytes: [UInt8]) throws(StoreError) {
    guard let value = try? JSONReader.readStored(bytes), let type = value.member("type")?.text
    else {
      throw StoreError(.corrupt, "the outcome of a run cannot be read")
    }
    switch type {
    case "completed": self = .completed(value.member("result") ?? .null)
    case "failed": self = .failed(value.member("error") ?? .null)
    default: self = .cancelled(reason: value.member("reason")?.text)
    }
  }
}

extension InterruptRecord {
  /// The value, once there is one. One that cannot be read is damage, and no open question.
  func answer() throws(StoreError) -> JSONValue? {
    guard status == .resumed else { return nil }
    guard let value, let answer = try? JSONReader.readStored(value) else {
      throw StoreError(.corrupt, "the value of interrupt \(id) cannot be read")
    }
    return answer
  }

  func machine() throws(StoreError) -> InterruptMachine {
    InterruptMachine(
      storedValue: try answer(),
      update: update.flatMap { try? JSONReader.readStored($0) }, isCancelled: status == .cancelled,
      hasReview: review != nil)
  }

  /// The document `interrupt` of interlock.h.
  var document: JSONValue {
    .object([
      "id": .string(id), "thread": .string(thread), "run": .string(run), "key": .string(key),
      "status": .text(status.rawValue),
      "request": (try? JSONReader.readStored(request)) ?? .null,
      "review": review.map { .string($0) } ?? .null,
      "value": value.flatMap { try? JSONReader.readStored($0) } ?? .null,
      "update": update.flatMap { try? JSONReader.readStored($0) } ?? .null,
      "created_at": .number(.integer(createdAt)),
      "resolved_at": resolvedAt.map { .number(.integer($0)) } ?? .null,
    ])
  }
}
