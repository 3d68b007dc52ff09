import InterlockCore
import InterlockStore

extension Reviews {
  /// Answers a review.
  public func respond(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    let response = try Response(request, engine)
    let outcome = try engine.change { [engine] (transaction) throws(StoreError) in
      try response.run(engine, transaction)
    }
    let done = try outcome.orRefused()
    return JSONPieces.object([
      "decision": done.decision, "replayed": JSONPieces.bool(done.isReplay),
      "review": done.review.shown,
    ])
  }
}

/// One answer on its way: read and checked before the transaction, decided inside.
struct Response {
  fileprivate enum Via: String, CaseIterable {
    case api
    case token
    case webhook
    case timer
    case `import`
  }

  struct Done {
    let review: LoadedReview
    /// As JSON.
    let decision: [UInt8]
    let isReplay: Bool
  }

  let id: Text
  let actor: Actor
  let stage: Text?
  let key: Text?
  /// The token in the place of an actor.
  let grant: TokenGrant?
  fileprivate let revision: Int?
  fileprivate let via: Via
  fileprivate let response: JSONValue
  /// Whether it was given as an outcome word.
  fileprivate let isWord: Bool
  fileprivate let check: AnswerCheck
  fileprivate let fingerprint: Text
  fileprivate let substance: Text
  fileprivate let now: Instant

  init(_ request: [UInt8], _ engine: Engine) throws(EngineError) {
    var reader = try RequestReader(request)
    let token = reader.members.text("token")
    let selector = reader.selector(token == nil ? .required : .optional)
    let given = reader.members.actor("actor", token == nil ? .required : .optional)
    let value = reader.members.value("response")
    let word = reader.members.text("outcome")
    let named = reader.members.id("stage")
    key = reader.members.id("key")
    revision = reader.members.integer("revision", in: 1...Int.max)
    let comment = reader.members.text("comment")
    let way: Via? = reader.members.choice("via")
    via = token == nil ? way ?? .api : .token
    if token != nil, given != nil || way ?? .token != .token {
      let member: Text = given != nil ? "actor" : "via"
      reader.members.add([
        Problem(.notAllowed, at: .root.appending(member), "The token says so.")
      ])
    }
    if (value == nil) == (word == nil) {
      reader.members.add([
        Problem(.missing, at: .root, "An answer has either a response or an outcome.")
      ])
    }
    try reader.finish()
    now = engine.clock.now
    let claims = try token.map { (token) throws(EngineError) in
      try engine.tokens.open(token, for: .decide)
    }
    actor = try RequestReader.required(claims?.actor ?? given, "actor")
    let (review, payload) = try engine.question(selector ?? claims?.review.map { .id($0) })
    id = review
    grant = claims.map { TokenGrant($0, review: review, stage: named) }
    stage = claims?.stage ?? named
    var flaws: [Problem] = []
    response = Self.response(value, word, comment, payload, &flaws)
    isWord = word != nil
    check = flaws.isEmpty ? payload.check(response) : .invalid(flaws)
    fingerprint = Fingerprint.of(response)
    substance =
      if case .valid(let answer) = check { Fingerprint.of(answer.substance) } else { fingerprint }
  }

  /// The response itself, a comment put into it, or what an outcome word stands for.
  private static func response(
    _ value: JSONValue?, _ word: Text?, _ comment: Text?, _ payload: ReviewPayload,
    _ flaws: inout [Problem]
  ) -> JSONValue {
    if let word {
      switch ReviewPayload.expand(outcomeWord: word, for: payload, message: comment) {
      case .success(let response): return response
      case .failure(let error):
        flaws = error.problems
        return .string(word)
      }
    }
    guard let value, let comment else { return value ?? .null }
    return response(value, with: comment, payload, &flaws)
  }

  /// A comment is a member of the response, in the kinds that have one.
  private static func response(
    _ value: JSONValue, with comment: Text, _ payload: ReviewPayload, _ flaws: inout [Problem]
  ) -> JSONValue {
    let path = JSONPointer.root.appending("comment")
    guard case .object(let members) = value, payload.takesComment else {
      flaws = [Problem(.notAllowed, at: path, "This review takes no comment.")]
      return value
    }
    guard value.member("comment") == nil else {
      flaws = [Problem(.duplicate, at: path, "The response has a comment of its own.")]
      return value
    }
    return .object(members + [JSONMember(name: "comment", value: .string(comment))])
  }

  func run(
    _ engine: Engine, _ transaction: any StoreTransaction
  ) throws(StoreError) -> Result<Done, Refusal> {
    try engine.load(id, at: now, transaction).flatMapStore { (loaded) throws(StoreError) in
      var review = loaded
      let time = review.time(now)
      let number = try transaction.nextNote(.decision, review: review.record.sequence)
      let open = review.machine.stage.name
      let judged = decide(&review.machine, review.record.revision, number, at: time)
      let action = try grant?.judge(judged, check, at: time, transaction) ?? judged
      let journal = ReviewJournal(transaction: transaction, at: time)
      switch action {
      case .replayed(let decision):
        let body = try replay(decision, review, transaction)
        return .success(Done(review: review, decision: body, isReplay: true))
      case .rejected(let refusal):
        try refuse(refusal, loaded, open, number, journal)
        return .failure(refusal)
      case .attempted(let refusal):
        try review.save(transaction)
        try refuse(refusal, review, open, number, journal)
        return .failure(refusal)
      case .counted, .advanced, .resolved, .expired, .cancelled, .superseded, .escalated, .atTop,
        .stayed, .reminded, .claimed, .released, .reassigned, .idle:
        try review.save(transaction)
        let decision = try accept(action, review, open, number, journal)
        try grant?.take(for: Self.decisionID(id, number), at: time, transaction)
        return .success(Done(review: review, decision: decision, isReplay: false))
      }
    }
  }
}

extension Response {
  private func decide(
    _ machine: inout ReviewMachine, _ revision: Int64, _ number: Int64, at time: Instant
  ) -> ReviewAction {
    var changed = machine
    let action = changed.answer(
      GivenAnswer(
        decision: Self.decisionID(id, number), actor: actor, check: check, substance: substance,
        fingerprint: fingerprint, stage: stage, key: key), at: time)
    // A repeat is answered whatever has happened since.
    if case .replayed = action { return action }
    if let seen = self.revision, Int64(seen) != revision, machine.isPending {
      return .rejected(Refusal(.conflict, "The review has changed: it is at \(revision)."))
    }
    machine = changed
    if case .rejected(let refusal) = action, isWord, refusal.code == .invalidResponse {
      return .rejected(
        Refusal(.invalidOutcome, "The outcome does not fit the review.", problems: refusal.problems)
      )
    }
    return action
  }

  private func accept(
    _ action: ReviewAction, _ review: LoadedReview, _ stage: Text, _ number: Int64,
    _ journal: ReviewJournal
  ) throws(StoreError) -> [UInt8] {
    let verdict = verdict.map { JSONValue.text($0.rawValue) } ?? .null
    let decision = document(review, stage, number, journal.at, refusal: nil)
    try journal.transaction.insertNote(
      .decision, review: review.record.sequence, number: number,
      body: decision)
    let decisionID = JSONValue.string(Self.decisionID(id, number))
    try journal.event(
      "review.answered", review,
      .object([
        "decision": decisionID, "stage": .string(stage), "actor": actor.json, "verdict": verdict,
        "result": .text(action.word),
      ]))
    try journal.record(action, review)
    try journal.audit(
      "decision", review, actor: actor,
      .object([
        "decision": decisionID,
        "outcome": review.machine.outcome.map { .text($0.rawValue) } ?? .null,
        "response_digest": .string(digest(in: review)), "result": .text(action.word),
        "stage": .string(stage), "verdict": verdict, "via": .text(via.rawValue),
      ]))
    return decision
  }

  private func refuse(
    _ refusal: Refusal, _ review: LoadedReview, _ stage: Text, _ number: Int64,
    _ journal: ReviewJournal
  ) throws(StoreError) {
    let decision = document(review, stage, number, journal.at, refusal: refusal)
    try journal.transaction.insertNote(
      .decision, review: review.record.sequence, number: number,
      body: decision)
    try journal.audit(refusal, review, actor: actor)
  }

  private func replay(
    _ decision: Text, _ review: LoadedReview, _ transaction: any StoreTransaction
  ) throws(StoreError) -> [UInt8] {
    guard let number = Self.number(of: decision),
      let body = try transaction.note(
        .decision, review: review.record.sequence, number: number),
      (try? JSONReader.readStored(body)) != nil
    else { throw StoreError(.corrupt, "decision \(decision) cannot be read") }
    return body
  }

  private var verdict: Answer.Verdict? {
    switch check {
    case .valid(let answer): answer.verdict
    case .mismatch: .reject
    case .invalid: nil
    }
  }

  /// Of what may be seen: from the digest of a secret one could try what it was.
  private func digest(in review: LoadedReview) -> Text {
    let payload = review.definition.payload
    return payload.secretFields.isEmpty
      ? fingerprint : Fingerprint.of(payload.redacted(response))
  }

  private var comment: Text? {
    guard case .valid(let answer) = check else { return nil }
    return answer.comment
  }

  /// What a refused answer said is not kept: it may be anything, of any size.
  private func document(
    _ review: LoadedReview, _ stage: Text, _ number: Int64, _ at: Instant, refusal: Refusal?
  ) -> [UInt8] {
    let isAccepted = refusal == nil
    let payload = review.definition.payload
    var json = JSONBuilder(capacity: 512)
    json.object { json in
      json.member("id", Self.decisionID(id, number))
      json.member("review", id)
      json.member("stage", stage)
      json.member("actor", value: actor.json)
      json.member("verdict", word: isAccepted ? verdict?.rawValue : nil)
      json.member("response", value: isAccepted ? payload.redacted(response) : nil)
      json.member("comment", isAccepted ? comment : nil)
      json.member("via", word: via.rawValue)
      json.member("key", key)
      json.member("at", at)
      json.member("accepted", value: .bool(isAccepted))
      json.member("refusal", value: refusal?.json)
    }
    return json.bytes
  }

  fileprivate static func decisionID(_ review: Text, _ number: Int64) -> Text {
    Text(trusted: review.utf8 + [UInt8(ascii: ":")] + String(number).utf8)
  }

  /// The number of a decision in its review.
  static func number(of decision: Text) -> Int64? {
    guard let colon = decision.utf8.lastIndex(of: UInt8(ascii: ":")) else { return nil }
    return Int64(String(decoding: decision.utf8[(colon + 1)...], as: UTF8.self))
  }
}

extension Engine {
  /// The review that a selector names, and what it asks: that never changes, so it is read before the
  /// transaction, and not at all if it is known.
  func question(_ selector: ReviewSelector?) throws(EngineError) -> (Text, ReviewPayload) {
    let selector = try RequestReader.required(selector, "id")
    if case .id(let id) = selector, let known = definitions.definition(of: id) {
      return (id, known.payload)
    }
    return try look { [self] (transaction) throws(StoreError) in
      try find(selector, transaction).flatMapStore { (record) throws(StoreError) in
        .success((record.id, try LoadedReview.definition(of: record, definitions).payload))
      }
    }.orRefused()
  }
}
