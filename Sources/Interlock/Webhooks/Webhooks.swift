import InterlockCore
import InterlockCrypto
import InterlockStore

/// Webhooks as data, in the Standard Webhooks form: the host sends and receives. Since 0.1.
public struct Webhooks: Sendable {
  private static let milliseconds: Int64 = 1000

  let engine: Engine

  /// The headers that go with a body.
  public func sign(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let secrets = reader.members.webhookSecrets()
    let given = reader.members.id("id")
    let seconds = reader.members.integer("timestamp", in: 0...Int(Deadline.last / 1000))
    let body = reader.members.webhookBody()
    if let given, !WebhookEnvelope.isID(given) {
      let path = reader.members.pointer("id")
      reader.members.add([Problem(.format, at: path, "An id has no dot.")])
    }
    try reader.finish()
    let envelope = WebhookEnvelope(
      id: given ?? Text(trusted: Array("msg_".utf8) + Hex.encode(RandomBytes.make(16))),
      timestamp: seconds.map { Int64($0) } ?? engine.clock.now / Self.milliseconds)
    return JSONWriter.write(
      .object(["headers": .object(envelope.headers(body, signedWith: secrets))]))
  }

  /// Whether somebody who has one of the secrets has sent this, and lately.
  public func verify(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let secrets = reader.members.webhookSecrets()
    let headers = reader.members.object("headers", .required)
    let body = reader.members.webhookBody()
    let tolerance = reader.members.integer("tolerance_ms", in: 0...Deadline.longest)
    var found: WebhookEnvelope?
    if let headers {
      switch WebhookEnvelope.read(headers, at: reader.members.pointer("headers")) {
      case .success(let envelope): found = envelope
      case .failure(let flaws): reader.members.add(flaws.problems)
      }
    }
    try reader.finish()
    let envelope = try RequestReader.required(found, "headers")
    // Whoever has no secret learns nothing of our clock.
    let content = envelope.signedContent(body)
    let isSigned = envelope.signatures.contains { signature in
      secrets.contains { $0.hasSigned(content, signature) }
    }
    guard isSigned else {
      throw EngineError(
        WebhookRefusal(.signatureInvalid, "No signature is of one of the secrets."))
    }
    let patience = Int64(tolerance ?? WebhookEnvelope.usualTolerance)
    if let refusal = envelope.staleness(at: engine.clock.now, tolerance: patience) {
      throw EngineError(refusal)
    }
    return JSONWriter.write(
      .object([
        "id": .string(envelope.id), "timestamp": .number(.integer(envelope.timestamp)),
      ]))
  }

  /// Keeps what came of a delivery. When it comes again, it gets the first result.
  public func receive(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let from = reader.members.id("source", .required)
    let name = reader.members.id("id", .required)
    let content = reader.members.value("content")
    let result = reader.members.value("result")
    try reader.finish()
    let source = try RequestReader.required(from, "source")
    let id = try RequestReader.required(name, "id")
    let digest = content.map { Fingerprint.of($0) }
    guard let result else { return try look(source, id, digest) }
    let now = engine.clock.now
    typealias Outcome = Result<(InboundRecord, Bool), Refusal>
    let outcome = try engine.change { (transaction) throws(StoreError) -> Outcome in
      let kept = try transaction.inbound(source: source, id: id)
      switch (InboundMatch(kept: kept.map(\.digest), given: digest), kept) {
      case (.rejected(let refusal), _): return .failure(refusal)
      case (.replayed, let kept?): return .success((kept, true))
      case (.first, _), (.replayed, nil):
        let record = InboundRecord(
          source: source, id: id, digest: digest, result: JSONWriter.write(result),
          receivedAt: now)
        try transaction.insertInbound(record)
        return .success((record, false))
      }
    }
    let (record, isReplay) = try outcome.orRefused()
    return try Self.document(record, isReplay: isReplay)
  }

  /// Whether it came before, before anything is done about it.
  private func look(_ source: Text, _ id: Text, _ digest: Text?) throws(EngineError) -> [UInt8] {
    let kept = try engine.look { (transaction) throws(StoreError) in
      try transaction.inbound(source: source, id: id)
    }
    switch (InboundMatch(kept: kept.map(\.digest), given: digest), kept) {
    case (.rejected(let refusal), _): throw EngineError(refusal)
    case (.replayed, let kept?): return try Self.document(kept, isReplay: true)
    case (.first, _), (.replayed, nil):
      return JSONWriter.write(
        .object(["replayed": .bool(false), "result": .null, "received_at": .null]))
    }
  }

  private static func document(
    _ record: InboundRecord, isReplay: Bool
  ) throws(EngineError) -> [UInt8] {
    guard let result = try? JSONReader.readStored(record.result) else {
      throw EngineError(.corrupt, "an inbound result cannot be read")
    }
    return JSONWriter.write(
      .object([
        "replayed": .bool(isReplay), "result": result,
        "received_at": .number(.integer(record.receivedAt)),
      ]))
  }
}

extension Engine {
  public var webhooks: Webhooks { Webhooks(engine: self) }
}
