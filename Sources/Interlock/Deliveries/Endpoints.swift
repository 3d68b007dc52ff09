import InterlockCore
import InterlockStore

/// Where events are pushed. Since 0.1.
public struct Endpoints: Sendable {
  let engine: Engine

  /// Keeps an endpoint under its name. The same again changes nothing.
  public func put(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let given = EndpointDraft(&reader.members)
    let secret = reader.members.webhookSecret("secret")
    try reader.finish()
    let draft = try RequestReader.required(given, "name")
    let (now, made) = (engine.clock.now, WebhookSecret.make())
    typealias Kept = (record: EndpointRecord, isNew: Bool)
    let kept = try engine.change { (transaction) throws(StoreError) -> Kept in
      guard let known = try transaction.endpoint(draft.name) else {
        let newest = try transaction.lastEvent()
        let cursor = min(draft.after ?? newest, newest)
        let record = EndpointRecord(draft, secret ?? made, cursor: cursor, at: now)
        try transaction.putEndpoint(record)
        return (record, true)
      }
      var record = EndpointRecord(draft, secret ?? known.signer, known, at: now)
      if record == known { return (known, false) }
      record.updatedAt = now
      try record.save(over: known, transaction)
      return (record, false)
    }
    // This is the only time that it is seen, and nobody else knows it.
    let isMade = kept.isNew && secret == nil
    return JSONWriter.write(try kept.record.document(isMade ? [made.member] : []))
  }

  /// Reads an endpoint, without its secret.
  public func get(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    let name = try Self.name(in: request)
    let record = try engine.look { (transaction) throws(StoreError) in
      try transaction.endpoint(name)
    }
    guard let record else { throw EngineError(Self.missing) }
    return JSONWriter.write(try record.document())
  }

  /// Lists endpoints by name, without their secrets.
  public func list(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let after = reader.members.text("after") ?? .empty
    let limit = reader.limit(50)
    try reader.finish()
    let records = try engine.look { (transaction) throws(StoreError) in
      try transaction.endpoints(after: after, limit: limit)
    }
    let documents = try records.map { (record) throws(EngineError) in try record.document() }
    let next = records.count == limit ? records.last.map { JSONValue.string($0.name) } : nil
    return JSONWriter.write(.object(["endpoints": .array(documents), "next": next ?? .null]))
  }

  /// Sends nothing to it from now on. What happens meanwhile waits until it is enabled again.
  public func disable(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    try change(request) { (record, now, transaction) throws(StoreError) in
      guard record.isEnabled else { return }
      let before = record
      record.isEnabled = false
      record.updatedAt = now
      try record.save(over: before, transaction)
    }
  }

  /// Forgets an endpoint, and all that was delivered to it or was to be.
  public func remove(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    try change(request) { (record, _, transaction) throws(StoreError) in
      try transaction.deleteEndpoint(record.name)
    }
  }

  static let missing = DeliveryRefusal(.notFound, "There is no such endpoint.")

  private static func name(in request: [UInt8]) throws(EngineError) -> Text {
    var reader = try RequestReader(request)
    let name = reader.members.id("name", .required)
    try reader.finish()
    return try RequestReader.required(name, "name")
  }

  private func change(
    _ request: [UInt8],
    _ event:
      @escaping (inout EndpointRecord, Instant, any StoreTransaction) throws(StoreError) -> Void
  ) throws(EngineError) -> [UInt8] {
    let (name, now) = (try Self.name(in: request), engine.clock.now)
    let changed = try engine.change { (transaction) throws(StoreError) -> EndpointRecord? in
      guard var record = try transaction.endpoint(name) else { return nil }
      try event(&record, now, transaction)
      return record
    }
    guard let changed else { throw EngineError(Self.missing) }
    return JSONWriter.write(try changed.document())
  }
}

extension Engine {
  public var endpoints: Endpoints { Endpoints(engine: self) }
}
