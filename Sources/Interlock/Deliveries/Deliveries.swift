import InterlockCore
import InterlockCrypto
import InterlockStore

/// Events on their way to endpoints, at least once. The host sends. Since 0.1.
public struct Deliveries: Sendable {
  private static let usualLease = 60_000
  private static let maxErrorBytes = 4096

  let engine: Engine

  /// Claims what is due and returns what the host sends. Whoever does not report in time has lost it.
  public func due(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let limit = reader.limit(20, most: 100)
    let patience = reader.members.integer("lease_ms", in: 1...Deadline.longest)
    try reader.finish()
    let now = engine.clock.now
    if let idle = try idle(at: now) { return idle }
    typealias Found = (sendings: [JSONValue], next: Instant?)
    let found = try engine.change { (transaction) throws(StoreError) -> Found in
      let outbox = Outbox(transaction: transaction, at: now)
      try outbox.fanOut(limit)
      let sendings = try outbox.claim(limit, patience: Int64(patience ?? Self.usualLease))
      return (sendings, try outbox.nextTime())
    }
    return Self.page(found.sendings, next: found.next)
  }

  /// Nothing is due: who asks in vain writes nothing and wakes nobody.
  private func idle(at now: Instant) throws(EngineError) -> [UInt8]? {
    try engine.look { (transaction) throws(StoreError) -> [UInt8]? in
      let outbox = Outbox(transaction: transaction, at: now)
      return try outbox.isIdle() ? Self.page([], next: outbox.nextTime()) : nil
    }
  }

  private static func page(_ sendings: [JSONValue], next: Instant?) -> [UInt8] {
    JSONWriter.write(
      .object([
        "deliveries": .array(sendings), "next_at": next.map { .number(.integer($0)) } ?? .null,
      ]))
  }

  /// What came of an attempt. The same again gets the first result.
  public func report(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let given = reader.members.id("delivery", .required)
    let holder = reader.members.id("claim", .required)
    let said: DeliveryOutcome? = reader.members.choice("status", .required)
    let code = reader.members.integer("http_status", in: 100...599)
    let error = reader.members.text("error")
    if let error, error.utf8.count > Self.maxErrorBytes {
      let path = reader.members.pointer("error")
      reader.members.add([Problem(.tooLarge, at: path, "An error has at most 4096 bytes.")])
    }
    try reader.finish()
    let id = try RequestReader.required(given, "delivery")
    let claim = try RequestReader.required(holder, "claim")
    let outcome = try RequestReader.required(said, "status")
    return try change(id) { machine, record, limit, now in
      let action = machine.report(
        outcome, by: claim, limit: limit, random: Self.random(), at: now)
      if machine.report != record.report {
        record.httpStatus = code.map { Int64($0) }
        record.error = error
      }
      return action
    }
  }

  /// Puts one whose attempts have all failed back among those that are due.
  public func retry(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    try change(try Self.id(in: request)) { machine, _, _, now in machine.retry(at: now) }
  }

  /// Reads a delivery.
  public func get(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    let id = try Self.id(in: request)
    let record = try engine.look { (transaction) throws(StoreError) in
      try transaction.delivery(id)
    }
    guard let record else { throw EngineError(Self.missing) }
    return JSONWriter.write(record.document)
  }

  /// Deliveries in the order they were made, a page at a time.
  public func list(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let endpoint = reader.members.id("endpoint")
    let status: DeliveryMachine.Status? = reader.members.choice("status")
    let after = reader.members.integer("after", in: 0...Int.max)
    let limit = reader.limit(100)
    try reader.finish()
    let scan = DeliveryScan(
      endpoint: endpoint, status: status, after: Int64(after ?? 0), limit: limit)
    let records = try engine.look { (transaction) throws(StoreError) in
      try transaction.deliveries(scan)
    }
    let isFull = records.count == limit
    let next = records.last.flatMap { isFull ? JSONValue.number(.integer($0.sequence)) : nil }
    return JSONWriter.write(
      .object(["deliveries": .array(records.map(\.document)), "next": next ?? .null]))
  }
}

extension Deliveries {
  private static let missing = DeliveryRefusal(.notFound, "There is no such delivery.")

  private static func id(in request: [UInt8]) throws(EngineError) -> Text {
    var reader = try RequestReader(request)
    let id = reader.members.id("delivery", .required)
    try reader.finish()
    return try RequestReader.required(id, "delivery")
  }

  private static func random() -> UInt64 {
    RandomBytes.make(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Applies one event to a delivery and writes what came of it.
  private func change(
    _ id: Text,
    _ event:
      @escaping (inout DeliveryMachine, inout DeliveryRecord, _ limit: Int, Instant)
      -> DeliveryMachine.Action
  ) throws(EngineError) -> [UInt8] {
    let now = engine.clock.now
    typealias Outcome = Result<DeliveryRecord, DeliveryRefusal>
    let outcome = try engine.change { (transaction) throws(StoreError) -> Outcome in
      guard var record = try transaction.delivery(id) else { return .failure(Self.missing) }
      guard let endpoint = try transaction.endpoint(record.endpoint) else {
        throw StoreError(.corrupt, "the endpoint of delivery \(id) is missing")
      }
      var machine = try record.readMachine()
      switch event(&machine, &record, Int(clamping: endpoint.attempts), now) {
      case .rejected(let refusal): return .failure(refusal)
      case .replayed: return .success(record)
      case .claimed, .delivered, .postponed, .died, .revived:
        record.isHeld = !endpoint.isEnabled
        try record.save(machine, at: now, transaction)
        return .success(record)
      }
    }
    switch outcome {
    case .success(let record): return JSONWriter.write(record.document)
    case .failure(let refusal): throw EngineError(refusal)
    }
  }
}

extension Engine {
  public var deliveries: Deliveries { Deliveries(engine: self) }
}
