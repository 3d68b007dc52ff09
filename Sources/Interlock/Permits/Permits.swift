import InterlockCore
import InterlockCrypto
import InterlockStore

/// The single-use right to run exactly what was approved. Since 0.1.
public struct Permits: Sendable {
  static let usualLease = 60_000

  let engine: Engine

  /// Takes a permit: of any number who ask, one may run what was approved, once.
  public func consume(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let given = reader.members.id("permit", .required)
    let tool = reader.members.text("tool", .required)
    let arguments = reader.members.object("arguments", .required)
    let worker = reader.members.id("worker")
    let patience = reader.members.integer("lease_ms", in: 1...Deadline.longest)
    try reader.finish()
    let id = try RequestReader.required(given, "permit")
    let scope = PermitScope(
      item: .empty, tool: try RequestReader.required(tool, "tool"),
      arguments: try RequestReader.required(arguments, "arguments"))
    let actual = Fingerprint.of(scope.document)
    return try change(id, audited: "use", by: worker.map { Actor(Identity(.agent, $0)) }) {
      machine, record, now in
      let action = machine.consume(actual, patience: Int64(patience ?? Self.usualLease), at: now)
      if case .consumed = action { record.worker = worker }
      return action
    }
  }

  /// What came of it. Whoever finds out about an unknown one reports it here too.
  public func report(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let given = reader.members.id("permit", .required)
    let outcome: PermitOutcome? = reader.members.choice("outcome", .required)
    let result = reader.members.value("result")
    let actor = reader.members.actor("actor")
    try reader.finish()
    let id = try RequestReader.required(given, "permit")
    let isDone = try RequestReader.required(outcome, "outcome") == .done
    return try change(id, audited: "report", by: actor) { machine, record, _ in
      let action = machine.report(isDone: isDone)
      if case .reported = action { record.result = result.map { JSONWriter.write($0) } }
      return action
    }
  }

  /// Reads a permit.
  public func get(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let given = reader.members.id("permit", .required)
    try reader.finish()
    let id = try RequestReader.required(given, "permit")
    let record = try engine.look { [engine] (transaction) throws(StoreError) in
      try PermitJournal.find(id, engine, transaction)?.record
    }
    guard let record else { throw EngineError(Self.missing) }
    return JSONWriter.write(try record.document(at: engine.clock.now))
  }

  /// The permits of a review, or all that somebody has used and not reported.
  public func list(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let review = reader.members.id("review")
    let after = reader.members.text("after") ?? .empty
    let limit = reader.limit(100)
    try reader.finish()
    let now = engine.clock.now
    let records = try engine.look { [engine] (transaction) throws(StoreError) in
      guard let review else {
        return try transaction.unreportedPermits(at: now, after: after, limit: limit)
      }
      return Array(
        try PermitJournal.permits(ofReview: review, engine, transaction)
          .filter { $0.id > after }.prefix(limit))
    }
    let documents = try records.map { (record) throws(EngineError) in
      try record.document(at: now)
    }
    let isFull = records.count == limit
    let next = records.last.flatMap { isFull ? JSONValue.string($0.id) : nil }
    return JSONWriter.write(.object(["permits": .array(documents), "next": next ?? .null]))
  }

  private enum PermitOutcome: String, CaseIterable {
    case done
    case failed
  }

  private static let missing = PermitRefusal(.unknownPermit, "There is no such permit.")

  /// Applies one event to a permit and writes what came of it; a refusal is on record too.
  private func change(
    _ id: Text, audited: StaticString, by actor: Actor?,
    _ event: @escaping (inout PermitMachine, inout PermitRecord, Instant) -> PermitMachine.Action
  ) throws(EngineError) -> [UInt8] {
    let now = engine.clock.now
    typealias Outcome = Result<PermitRecord, PermitRefusal>
    let outcome = try engine.change { [engine] (transaction) throws(StoreError) -> Outcome in
      guard var permit = try PermitJournal.find(id, engine, transaction) else {
        return .failure(Self.missing)
      }
      guard var machine = permit.record.machine else {
        throw StoreError(.corrupt, "permit \(id) cannot be read")
      }
      let journal = PermitJournal(engine: engine, transaction: transaction, at: now)
      switch event(&machine, &permit.record, now) {
      case .rejected(let refusal):
        try journal.audit("refusal", permit, by: actor, refusal.json)
        return .failure(refusal)
      case .replayed:
        return .success(permit.record)
      case .consumed, .reported:
        (permit.record.status, permit.record.until) = machine.stored
        permit.record.updatedAt = now
        try journal.save(permit)
        let status = JSONValue.text(permit.record.status.rawValue)
        try journal.audit(audited, permit, by: actor, .object(["status": status]))
        return .success(permit.record)
      }
    }
    switch outcome {
    case .success(let record): return JSONWriter.write(try record.document(at: now))
    case .failure(let refusal): throw EngineError(refusal)
    }
  }
}

extension Engine {
  public var permits: Permits { Permits(engine: self) }
}

extension PermitRecord {
  var machine: PermitMachine? {
    PermitMachine(stored: status, until: until, digest: digest)
  }

  /// The document `permit` of interlock.h.
  func document(at now: Instant) throws(EngineError) -> JSONValue {
    guard let machine, let scope = try? JSONReader.readStored(scope) else {
      throw EngineError(.corrupt, "permit \(id) cannot be read")
    }
    return .object([
      "id": .string(id), "review": .string(review), "item": .string(item),
      "tool": scope.member("tool") ?? .null, "arguments": scope.member("arguments") ?? .null,
      "digest": .string(digest), "status": .text(machine.status(at: now).rawValue),
      "worker": worker.map { .string($0) } ?? .null,
      "until": until.map { .number(.integer($0)) } ?? .null,
      "result": result.flatMap { try? JSONReader.readStored($0) } ?? .null,
      "issued_at": .number(.integer(issuedAt)), "updated_at": .number(.integer(updatedAt)),
    ])
  }
}
