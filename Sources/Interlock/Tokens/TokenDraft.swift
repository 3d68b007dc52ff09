import InterlockCore
import InterlockCrypto
import InterlockStore

/// A token that somebody asks for: read and checked before the transaction, made inside.
struct TokenDraft {
  let purpose: TokenClaims.Purpose
  let actor: Actor
  let review: Text?
  let stage: Text?
  let verdicts: [Answer.Verdict]?
  let channel: Text?
  let isSingleUse: Bool
  let expiresAt: Instant

  init(_ request: [UInt8], at now: Instant) throws(EngineError) {
    var reader = try RequestReader(request)
    let given: TokenClaims.Purpose? = reader.members.choice("purpose", .required)
    let holder = reader.members.actor("actor", .required)
    review = reader.members.id("review", given == .decide ? .required : .optional)
    stage = reader.members.id("stage")
    verdicts = reader.members.verdicts()
    channel = reader.members.id("channel")
    isSingleUse = reader.members.bool("single_use") ?? true
    let patience = reader.members.integer("expires_in", .required, in: 1...Deadline.longest)
    reader.members.add(Self.misplaced(given, stage, verdicts, channel))
    try reader.finish()
    purpose = try RequestReader.required(given, "purpose")
    actor = try RequestReader.required(holder, "actor")
    let (end, overflow) = now.addingReportingOverflow(
      Int64(try RequestReader.required(patience, "expires_in")))
    expiresAt = overflow ? Deadline.last : min(end, Deadline.last)
    let size = JSONWriter.write(claims(id: .empty, key: .empty, stage: stage).json).count
    guard size <= TokenClaims.maxBytes else {
      throw EngineError(.tooLarge, "a token has to fit into a link", path: "/actor")
    }
  }

  private static func misplaced(
    _ purpose: TokenClaims.Purpose?, _ stage: Text?, _ verdicts: [Answer.Verdict]?, _ channel: Text?
  ) -> [Problem] {
    let names: [Text] =
      switch purpose {
      case .decide: channel == nil ? [] : ["channel"]
      case .subscribe:
        (stage == nil ? [] : ["stage"]) + (verdicts == nil ? [] : ["verdicts"])
      case nil: []
      }
    return names.map {
      Problem(.notAllowed, at: JSONPointer.root.appending($0), "It is not for this purpose.")
    }
  }

  private func claims(id: Text, key: Text, stage: Text?) -> TokenClaims {
    TokenClaims(
      id: id, key: key, purpose: purpose, actor: actor, review: review, stage: stage,
      verdicts: verdicts, channel: channel, expiresAt: expiresAt, isSingleUse: isSingleUse)
  }

  struct Issued {
    let token: Text
    let claims: TokenClaims
  }

  /// Binds it to what it is for. A refusal leaves its trace in the audit and nothing else.
  func issue(
    _ engine: Engine, at now: Instant, _ transaction: any StoreTransaction
  ) throws(StoreError) -> Result<Issued, Refusal> {
    let journal = ReviewJournal(transaction: transaction, at: now)
    guard let review else {
      return .success(try make(stage: nil, thread: nil, journal))
    }
    return try engine.load(review, at: now, transaction).flatMapStore {
      (loaded) throws(StoreError) in
      if let refusal = objection(loaded) {
        try journal.audit(refusal, loaded, actor: .host)
        return .failure(refusal)
      }
      let stage = purpose == .decide ? self.stage ?? loaded.machine.stage.name : nil
      return .success(try make(stage: stage, thread: loaded.record.thread, journal))
    }
  }

  /// A link that could never work is not made.
  private func objection(_ review: LoadedReview) -> Refusal? {
    guard purpose == .decide else { return nil }
    if let refusal = review.machine.finality { return refusal }
    let name = stage ?? review.machine.stage.name
    guard let stage = review.definition.policy.stages.first(where: { $0.name == name }) else {
      return Refusal(.wrongStage, "There is no stage called \(name).")
    }
    guard stage.admits(actor) else {
      return Refusal(.notAuthorized, "This stage takes no answer from this actor.")
    }
    return nil
  }

  private func make(
    stage: Text?, thread: Text?, _ journal: ReviewJournal
  ) throws(StoreError) -> Issued {
    let transaction = journal.transaction
    let keys = try TokenKeys.ensure(transaction)
    let id = Text(trusted: Array("tok_".utf8) + Hex.encode(RandomBytes.make(16)))
    guard let key = keys.keys.first?.id else {
      throw StoreError(.corrupt, "the store has no token key")
    }
    let claims = claims(id: id, key: key, stage: stage)
    guard let token = keys.seal(claims) else {
      throw StoreError(.corrupt, "the token key is missing")
    }
    try transaction.insertToken(
      TokenRecord(
        hash: claims.hash, key: key, review: review, isSingleUse: isSingleUse,
        expiresAt: expiresAt, updatedAt: journal.at))
    try journal.audit(
      "issue", review: review, thread: thread, actor: .host,
      .object([
        "token": claims.digest, "purpose": .text(purpose.rawValue), "holder": actor.json,
        "stage": stage.map { .string($0) } ?? .null,
        "expires_at": .number(.integer(expiresAt)),
      ]))
    return Issued(token: token, claims: claims)
  }
}

extension TokenClaims {
  /// How the audit names it.
  var digest: JSONValue { .string(Text(trusted: Hex.encode(hash))) }
}
