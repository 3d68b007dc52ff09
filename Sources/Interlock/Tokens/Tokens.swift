import InterlockCore
import InterlockCrypto
import InterlockStore

/// Approval links and tickets: signed, scoped, expiring, for single use. Since 0.1.
public struct Tokens: Sendable {
  let engine: Engine

  /// Makes a token. It is not kept, only what tells whether it was used.
  public func issue(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    let now = engine.clock.now
    let draft = try TokenDraft(request, at: now)
    let outcome = try engine.change { [engine] (transaction) throws(StoreError) in
      try draft.issue(engine, at: now, transaction)
    }
    let issued = try outcome.orRefused()
    return JSONWriter.write(
      .object([
        "token": .string(issued.token), "id": .string(issued.claims.id),
        "expires_at": .number(.integer(issued.claims.expiresAt)),
      ]))
  }

  /// What a token is good for, and whether it still is. Nothing is used up.
  public func inspect(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let given = reader.members.text("token", .required)
    try reader.finish()
    let token = try RequestReader.required(given, "token")
    let now = engine.clock.now
    typealias Found = (claims: TokenClaims, status: TokenStatus)
    let found = try engine.look { (transaction) throws(StoreError) -> Found? in
      guard let claims = try TokenKeys.load(transaction)?.open(token) else { return nil }
      guard let record = try transaction.token(claims.hash) else {
        return now >= claims.expiresAt ? (claims, .expired) : nil
      }
      return (claims, try record.readMachine().status(at: now))
    }
    guard let found else { throw EngineError(TokenMachine.invalid) }
    return Self.document(found.claims, found.status)
  }

  /// Takes a ticket: of any number who bring one for single use, one is let in.
  public func redeem(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let given = reader.members.text("token", .required)
    try reader.finish()
    let claims = try open(try RequestReader.required(given, "token"), for: .subscribe)
    let status = try change(claims.hash, "use", by: claims.actor) { (machine, now) in
      machine.use(at: now)
    }
    return Self.document(claims, status)
  }

  /// Makes a token worthless, by itself or by its id.
  public func revoke(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let token = reader.members.text("token")
    let given = reader.members.id("id")
    let actor = reader.members.actor("actor")
    if (token == nil) == (given == nil) {
      reader.members.add([
        Problem(.missing, at: .root, "What is revoked is named by a token or by its id.")
      ])
    }
    try reader.finish()
    let known = try token.map { (token) throws(EngineError) in try open(token, for: nil).id }
    let id = try RequestReader.required(known ?? given, "id")
    _ = try change(TokenClaims.hash(ofID: id), "revocation", by: actor ?? .host) { (machine, _) in
      machine.revoke()
    }
    return JSONWriter.write(.object(["id": .string(id), "status": "revoked"]))
  }

  /// Signs with a new key from now on; tokens that are out stay good.
  public func rotate(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let actor = reader.members.actor("actor")
    try reader.finish()
    let now = engine.clock.now
    let keys = try engine.change { (transaction) throws(StoreError) in
      let keys = try TokenKeys.rotate(at: now, transaction)
      try ReviewJournal(transaction: transaction, at: now).audit(
        "rotation", review: nil, thread: nil, actor: actor ?? .host,
        .object(["keys": keys.json]))
      return keys
    }
    return JSONWriter.write(.object(["keys": keys.json]))
  }

  private static func document(_ claims: TokenClaims, _ status: TokenStatus) -> [UInt8] {
    JSONWriter.write(
      .object(
        claims.members + [JSONMember(name: "status", value: .text(status.rawValue))]))
  }
}

extension Tokens {
  /// The claims of a token of ours, for this purpose or any. One that is not is on record.
  func open(
    _ token: Text, for purpose: TokenClaims.Purpose?
  ) throws(EngineError) -> TokenClaims {
    let claims = try engine.look { (transaction) throws(StoreError) in
      try TokenKeys.load(transaction)?.open(token)
    }
    if let claims, purpose == nil || claims.purpose == purpose { return claims }
    let now = engine.clock.now
    try engine.change { (transaction) throws(StoreError) in
      try ReviewJournal(transaction: transaction, at: now).audit(
        "refusal", review: nil, thread: nil, actor: claims?.actor ?? .stranger,
        TokenMachine.invalid.json)
    }
    throw EngineError(TokenMachine.invalid)
  }

  /// Applies one event to a token and writes what came of it; a refusal is on record too.
  private func change(
    _ hash: [UInt8], _ audited: StaticString, by actor: Actor,
    _ event: @escaping (inout TokenMachine, Instant) -> TokenMachine.Action
  ) throws(EngineError) -> TokenStatus {
    let now = engine.clock.now
    typealias Outcome = Result<TokenStatus, Refusal>
    let outcome = try engine.change { (transaction) throws(StoreError) -> Outcome in
      let journal = ReviewJournal(transaction: transaction, at: now)
      let digest = JSONValue.string(Text(trusted: Hex.encode(hash)))
      guard var record = try transaction.token(hash) else {
        try journal.audit(
          "refusal", review: nil, thread: nil, actor: actor, TokenMachine.invalid.json)
        return .failure(TokenMachine.invalid)
      }
      var machine = try record.readMachine()
      switch event(&machine, now) {
      case .rejected(let refusal):
        try journal.audit(
          "refusal", review: record.review, thread: nil, actor: actor, refusal.json)
        return .failure(refusal)
      case .replayed:
        return .success(machine.status(at: now))
      case .used, .revoked:
        try record.save(machine, at: now, transaction)
        fallthrough
      case .admitted:
        try journal.audit(
          audited, review: record.review, thread: nil, actor: actor, .object(["token": digest]))
        return .success(machine.status(at: now))
      }
    }
    return try outcome.orRefused()
  }
}

extension Engine {
  public var tokens: Tokens { Tokens(engine: self) }
}

extension Actor {
  /// Who brings a token that is none.
  static let stranger = Actor(Identity(.system, "unknown"))
}

extension TokenRecord {
  func readMachine() throws(StoreError) -> TokenMachine {
    let machine = TokenMachine(
      stored: status, decision: decision, expiresAt: expiresAt, isSingleUse: isSingleUse)
    guard let machine else { throw StoreError(.corrupt, "a token cannot be read") }
    return machine
  }

  mutating func save(
    _ machine: TokenMachine, at now: Instant, _ transaction: any StoreTransaction
  ) throws(StoreError) {
    (status, decision) = machine.stored
    updatedAt = now
    try transaction.updateToken(self)
  }
}
