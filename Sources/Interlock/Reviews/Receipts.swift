import InterlockCore
import InterlockCrypto
import InterlockStore

extension Reviews {
  /// A signed statement of how a review ended, to be verified without the store.
  public func receipt(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let selector = reader.selector()
    try reader.finish()
    let id = try engine.resolve(selector)
    let now = engine.clock.now
    // What time alone has ended is put on record first.
    let loaded = try engine.change { [engine] (transaction) throws(StoreError) in
      try engine.load(id, at: now, transaction).flatMapStore { (review) throws(StoreError) in
        .success((review, try transaction.lastAudit()))
      }
    }
    let (review, audit) = try loaded.orRefused()
    guard !review.machine.isPending else {
      throw EngineError(Refusal(.conflict, "The review is pending: there is nothing to state yet."))
    }
    let key = try engine.signingKey()
    let statement = Self.statement(review, audit)
    let signature = key.sign(CanonicalJSON.write(statement))
    return JSONWriter.write(
      .object([
        "receipt": statement, "key": .string(Text(trusted: Base64.encode(key.publicKey))),
        "signature": .string(Text(trusted: Base64.encode(signature))),
      ]))
  }

  private static func statement(_ review: LoadedReview, _ audit: AuditRecord?) -> JSONValue {
    let machine = review.machine
    let decisions = zip(machine.definition.policy.stages, machine.progress.stages)
      .flatMap { stage, progress in
        progress.votes.map { vote in
          JSONValue.object([
            "id": .string(vote.decision), "stage": .string(stage.name),
            "actor": vote.identity.json, "verdict": .text(vote.verdict.rawValue),
            "at": .number(.integer(vote.at)),
          ])
        }
      }
    let head = audit.map { record in
      JSONValue.object([
        "seq": .number(.integer(record.sequence)),
        "hash": .string(Text(trusted: Hex.encode(record.hash))),
      ])
    }
    let payload = machine.definition.document.member("payload") ?? .object([])
    return .object([
      "version": .integer(1), "review": .string(review.record.id),
      "kind": .text(review.record.kind.rawValue), "status": .text(machine.status.rawValue),
      "outcome": machine.outcome.map { .text($0.rawValue) } ?? .null,
      "payload_digest": .string(Fingerprint.of(payload)),
      "response_digest": machine.progress.response.map {
        .string(Fingerprint.of(machine.definition.payload.redacted($0)))
      } ?? .null,
      "policy": machine.definition.policy.json, "decisions": .array(decisions),
      "opened_at": .number(.integer(review.record.createdAt)),
      "closed_at": machine.progress.closedAt.map { .number(.integer($0)) } ?? .null,
      "audit": head ?? .null,
    ])
  }
}

/// Verifies receipts. Needs no engine. Since 0.1.
public enum Receipt {
  /// - Parameters:
  ///   - receipt: what `Reviews.receipt` returned.
  ///   - publicKey: base64 of the key to trust.
  /// - Returns: `{"valid":true,"receipt"}`.
  /// - Throws: `notAuthorized` if the key has not signed this; `invalidArgument`, `invalidJSON`.
  public static func verify(
    _ receipt: [UInt8], publicKey: [UInt8]
  ) throws(EngineError) -> [UInt8] {
    guard let key = Base64.decode(publicKey), key.count == SigningKey.publicSize else {
      throw EngineError(
        .invalidArgument, "public_key is not the base64 of 32 bytes", path: "public_key")
    }
    var reader = try RequestReader(receipt)
    let statement = reader.members.object("receipt", .required)
    let signature = reader.members.text("signature", .required)
    _ = reader.members.text("key")
    try reader.finish()
    guard let statement, let signature, let bytes = Base64.decode(signature.utf8),
      SigningKey.isValid(bytes, of: CanonicalJSON.write(statement), by: key)
    else {
      throw EngineError(
        Refusal(.notAuthorized, "The receipt was not signed by this key, or changed since."))
    }
    return JSONWriter.write(.object(["valid": .bool(true), "receipt": statement]))
  }
}
