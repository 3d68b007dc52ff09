import InterlockCore
import Testing

@Suite struct TokenTests {
  private static let end: Instant = 100
  private static let claims = TokenClaims(
    id: "tok_1", key: "key_1", purpose: .decide, actor: Actor(Identity(.email, "ana@x")),
    review: "rev_1", stage: "manager", verdicts: [.approve], expiresAt: end)

  private static func machine(_ state: String, isSingleUse: Bool = true) throws -> TokenMachine {
    let status = try #require(TokenStatus(rawValue: state == "expired" ? "issued" : state))
    return try #require(
      TokenMachine(
        stored: status, decision: status == .used ? "d1" : nil, expiresAt: end,
        isSingleUse: isSingleUse))
  }

  private static func now(_ state: String) -> Instant { state == "expired" ? end : end - 1 }

  private static func word(_ action: TokenMachine.Action) -> String {
    if case .rejected(let refusal) = action { return refusal.code.rawValue }
    return "\(action)"
  }

  @Test(arguments: [
    ("issued", "used", "revoked", "issued"), ("used", "TOKEN_USED", "TOKEN_USED", "used"),
    ("revoked", "TOKEN_INVALID", "replayed", "revoked"),
    ("expired", "TOKEN_EXPIRED", "revoked", "expired"),
  ])
  func everyStateTimesEveryEvent(
    _ state: String, _ use: String, _ revoke: String, _ status: String
  ) throws {
    var used = try Self.machine(state)
    #expect(Self.word(used.use(for: "d2", at: Self.now(state))) == use)
    var revoked = try Self.machine(state)
    #expect(Self.word(revoked.revoke()) == revoke)
    #expect(try Self.machine(state).status(at: Self.now(state)).rawValue == status)
    if use != "used" { #expect(try used == Self.machine(state), "a refusal changes nothing") }
  }

  @Test func aTokenOfSeveralUsesStaysAsItIs() throws {
    var machine = try Self.machine("issued", isSingleUse: false)
    #expect(machine.use(at: 99) == .admitted && machine.use(at: 99) == .admitted)
    #expect(Self.word(machine.use(at: 100)) == "TOKEN_EXPIRED")
  }

  private static let refused = ReviewAction.rejected(Refusal(.wrongStage, "x"))

  @Test(arguments: [
    // (token, what the review says, verdict, what becomes of it)
    ("issued", ReviewAction.resolved(.approved), Answer.Verdict.approve, "resolved"),
    ("issued", .counted, .approve, "counted"),
    ("issued", .advanced(stage: 1), .approve, "advanced"),
    ("issued", .counted, .reject, "NOT_AUTHORIZED"), ("issued", refused, .reject, "WRONG_STAGE"),
    ("issued", .replayed(decision: "d9"), .approve, "replayed"),
    ("used", .replayed(decision: "d1"), .approve, "replayed"),
    ("used", .replayed(decision: "d9"), .approve, "TOKEN_USED"),
    ("used", .counted, .approve, "TOKEN_USED"), ("used", refused, .approve, "TOKEN_USED"),
    ("revoked", .replayed(decision: "d1"), .approve, "TOKEN_INVALID"),
    ("revoked", .counted, .approve, "TOKEN_INVALID"),
    ("expired", .counted, .approve, "TOKEN_EXPIRED"),
    ("expired", .replayed(decision: "d1"), .approve, "TOKEN_EXPIRED"),
  ])
  func anAnswerIsJudged(
    _ state: String, _ action: ReviewAction, _ verdict: Answer.Verdict, _ expected: String
  ) throws {
    let judged = try Self.machine(state).judge(
      action, verdict, Self.claims, at: Self.now(state))
    guard case .rejected(let refusal) = judged else {
      #expect(judged == action && "\(action)".hasPrefix(expected))
      return
    }
    #expect(refusal.code.rawValue == expected)
  }

  @Test func noMachineWasEverInTheseStates() {
    for (status, decision) in [
      (TokenStatus.issued, Text("d")), (.revoked, "d"), (.expired, nil), (.expired, "d"),
    ] {
      #expect(
        TokenMachine(stored: status, decision: decision, expiresAt: 1, isSingleUse: true) == nil)
    }
  }

  @Test func claimsSurviveTheirJSON() throws {
    #expect(TokenClaims(Self.claims.json) == Self.claims)
    let ticket = TokenClaims(
      id: "i", key: "k", purpose: .subscribe, actor: Actor(Identity(.userID, "é"), roles: ["r"]),
      channel: "c", expiresAt: 1, isSingleUse: false)
    #expect(TokenClaims(ticket.json) == ticket)
  }

  @Test(arguments: [
    "[]", "{}", "null", #"{"id":"i","key":"k","purpose":"x"}"#,
    #"{"id":"i","key":"k","purpose":"decide","actor":"a","review":null,"stage":null,"verdicts":["x"],"channel":null,"expires_at":1,"single_use":true}"#,
    #"{"id":"i","key":"k","purpose":"decide","actor":"a","review":null,"stage":null,"verdicts":null,"channel":null,"expires_at":-1,"single_use":true}"#,
    #"{"id":"i","key":"k","purpose":"decide","actor":"a","review":null,"stage":null,"verdicts":null,"channel":null,"expires_at":1,"single_use":true,"more":1}"#,
  ])
  func otherClaimsAreNone(_ json: String) throws {
    #expect(TokenClaims(try JSONReader.read(Array(json.utf8))) == nil)
  }
}
