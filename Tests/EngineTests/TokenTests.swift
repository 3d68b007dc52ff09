import Interlock
import InterlockCore
import InterlockCrypto
import InterlockSQLite
import InterlockStore
import Testing

@Suite struct TokenTests {
  private static let approve = #""response":{"selectedOption":"approve"}"#
  private static let reject = #""response":{"selectedOption":"reject"}"#
  private static let chain = """
    {"name":"manager","approvers":["ana"]},{"name":"director","approvers":["ana","cy"]}
    """

  private static func issue(
    _ desk: Desk, _ review: String, _ more: String = "", actor: String = "ana"
  ) throws -> (token: String, id: String) {
    let made = try desk.ask(
      .issueToken,
      #"{"purpose":"decide","review":"\#(review)","actor":"\#(actor)","expires_in":1000\#(more)}"#)
    return (made.at("token"), made.at("id"))
  }

  private static func answer(
    _ desk: Desk, _ token: String, _ answer: String = approve, _ more: String = ""
  ) -> String {
    desk.status(.respond, #"{"token":"\#(token)",\#(answer)\#(more)}"#)
  }

  private func hash(_ id: String) -> String {
    String(decoding: Hex.encode(SHA256.digest(of: bytes(id))), as: UTF8.self)
  }

  private static func status(_ desk: Desk, _ token: String) throws -> String {
    try desk.ask(.inspectToken, #"{"token":"\#(token)"}"#).at("status")
  }

  @Test(arguments: StoreKind.allCases)
  func aLinkAnswersOnce(_ kind: StoreKind) throws {
    try withDesk(kind) { desk in
      let id = try desk.open()
      let (token, _) = try Self.issue(desk, id)
      let claims = try desk.ask(.inspectToken, #"{"token":"\#(token)"}"#)
      #expect(claims.at("review") == id && claims.at("actor/value") == "ana")
      #expect(claims.at("status") == "issued" && claims.at("key") == "-")
      let request = #"{"token":"\#(token)",\#(Self.approve)}"#
      let first = try desk.ask(.respond, request)
      #expect(first.at("review/outcome") == "approved" && first.at("decision/via") == "token")
      #expect(try Self.status(desk, token) == "used")
      let again = try desk.ask(.respond, request)
      #expect(again.at("replayed") == "true" && again.at("decision/id") == first.at("decision/id"))
      #expect(Self.answer(desk, token, Self.reject) == "TOKEN_USED")
      #expect(try desk.audit() == "issue/host decision/ana refusal/ana")
    }
  }

  /// N28: a click that is delivered again does not approve the next stage.
  @Test(arguments: StoreKind.allCases)
  func aLinkIsBoundToItsStage(_ kind: StoreKind) throws {
    try withDesk(kind) { desk in
      let id = try desk.open(stages: Self.chain)
      let (manager, _) = try Self.issue(desk, id)
      let (director, _) = try Self.issue(desk, id, #","stage":"director""#)
      #expect(Self.answer(desk, director) == "WRONG_STAGE")
      #expect(Self.answer(desk, manager) == "OK" && Self.answer(desk, manager) == "OK")
      #expect(try desk.status(of: id) == "pending")
      #expect(Self.answer(desk, manager, Self.reject) == "TOKEN_USED")
      #expect(Self.answer(desk, director, Self.approve, #","stage":"manager""#) == "WRONG_STAGE")
      #expect(Self.answer(desk, director) == "OK", "what was refused has not used it up")
      #expect(try desk.status(of: id) == "resolved")
    }
  }

  @Test(arguments: StoreKind.allCases)
  func aRefusedAnswerDoesNotUseItUp(_ kind: StoreKind) throws {
    try withDesk(kind) { desk in
      let id = try desk.open()
      let other = try desk.open()
      let (token, _) = try Self.issue(desk, id, #","verdicts":["approve"]"#)
      let before = try desk.ask(.get, Desk.named(id)).at("revision")
      #expect(Self.answer(desk, token, Self.reject) == "NOT_AUTHORIZED")
      #expect(Self.answer(desk, token, #""response":{}"#) == "INVALID_RESPONSE")
      #expect(Self.answer(desk, token, Self.approve, #","revision":99"#) == "CONFLICT")
      #expect(
        Self.answer(desk, token, Self.approve, #","id":"\#(other)""#) == "NOT_AUTHORIZED")
      #expect(
        Self.answer(desk, token, Self.approve, #","actor":"ben""#) == "INVALID_ARGUMENT")
      #expect(Self.answer(desk, token, Self.approve, #","via":"api""#) == "INVALID_ARGUMENT")
      #expect(try desk.ask(.get, Desk.named(id)).at("revision") == before)
      #expect(try Self.status(desk, token) == "issued")
      #expect(Self.answer(desk, token, Self.approve, #","id":"\#(id)","via":"token""#) == "OK")
    }
  }

  /// X51, the other way round: who has answered otherwise has not used up the link.
  @Test func anEqualAnswerByAnotherWayUsesNothingUp() throws {
    try withDesk(.memory) { desk in
      let id = try desk.open()
      let (token, _) = try Self.issue(desk, id)
      #expect(desk.answer(id, "ana") == "OK")
      #expect(Self.answer(desk, token) == "OK")
      #expect(try Self.status(desk, token) == "issued")
      #expect(Self.answer(desk, token, Self.reject) == "ALREADY_RESOLVED")
    }
  }

  @Test(arguments: StoreKind.allCases)
  func timeAndRevocationEndIt(_ kind: StoreKind) throws {
    try withDesk(kind) { desk in
      let id = try desk.open()
      let (early, _) = try Self.issue(desk, id)
      let (gone, name) = try Self.issue(desk, id)
      #expect(desk.status(.revokeToken, #"{"id":"\#(name)"}"#) == "OK")
      #expect(desk.status(.revokeToken, #"{"token":"\#(gone)"}"#) == "OK")
      #expect(Self.answer(desk, gone) == "TOKEN_INVALID")
      #expect(try Self.status(desk, gone) == "revoked")
      #expect(desk.status(.revokeToken, #"{"id":"tok_0"}"#) == "TOKEN_INVALID")
      try desk.engine.setTime(Desk.start + 999)
      #expect(try Self.status(desk, early) == "issued")
      try desk.engine.setTime(Desk.start + 1000)
      #expect(try Self.status(desk, early) == "expired")
      #expect(Self.answer(desk, early) == "TOKEN_EXPIRED")
      #expect(try desk.status(of: id) == "pending")
      #expect(
        desk.refusal(.respond, #"{"token":"\#(early)",\#(Self.approve)}"#).at("code")
          == "TOKEN_EXPIRED")
    }
  }

  @Test(arguments: StoreKind.allCases)
  func whatIsForgedIsRefusedAndOnRecord(_ kind: StoreKind) throws {
    try withDesk(kind) { desk in
      let id = try desk.open()
      #expect(Self.answer(desk, "a.b") == "TOKEN_INVALID", "before there is a key")
      let (token, _) = try Self.issue(desk, id)
      var forged = ["", ".", "..", token + "A", token + ".", "." + token, token + "="]
      for cut in 1...60 { forged.append(String(token.dropLast(cut))) }
      for index in token.indices {
        let other: Character = token[index] == "A" ? "B" : "A"
        forged.append(token[..<index] + String(other) + token[token.index(after: index)...])
      }
      let before = try desk.heads()
      for text in forged { #expect(Self.answer(desk, text) == "TOKEN_INVALID", "\(text)") }
      let after = try desk.heads()
      #expect(after.audit - before.audit == forged.count && after.event == before.event)
      #expect(desk.status(.inspectToken, #"{"token":"x"}"#) == "TOKEN_INVALID")
      #expect(Self.answer(desk, token) == "OK")
    }
  }

  @Test func aTokenIsGoodInItsStoreAlone() throws {
    try withDesk(.memory) { desk in
      try withDesk(.memory) { other in
        let token = try Self.issue(desk, try desk.open()).token
        _ = try Self.issue(other, try other.open())
        #expect(Self.answer(other, token) == "TOKEN_INVALID")
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func rotationKeepsWhatIsOut(_ kind: StoreKind) throws {
    try withDesk(kind) { desk in
      let id = try desk.open()
      let (old, _) = try Self.issue(desk, id)
      let keys = try desk.ask(.rotateTokenKey, "{}").items("keys")
      #expect(keys.map { $0.at("until") } == ["null", "\(Desk.start + 1000)"])
      let (new, _) = try Self.issue(desk, id)
      #expect(try Self.status(desk, old) == "issued")
      #expect(try Self.status(desk, new) == "issued")
      try desk.engine.setTime(Desk.start + 1000)
      #expect(Self.answer(desk, old) == "TOKEN_EXPIRED")
      #expect(try desk.ask(.rotateTokenKey, "{}").items("keys").count == 1)
      #expect(Self.answer(desk, old) == "TOKEN_INVALID", "its key is forgotten")
    }
  }

  @Test(arguments: StoreKind.allCases)
  func aTicketLetsOneIn(_ kind: StoreKind) throws {
    try withDesk(kind) { desk in
      let ask = #"{"purpose":"subscribe","channel":"c","actor":"ana","expires_in":1000"#
      let once = try desk.ask(.issueToken, ask + "}").at("token")
      #expect(Self.answer(desk, once) == "TOKEN_INVALID", "it answers nothing")
      let claims = try desk.ask(.redeemToken, #"{"token":"\#(once)"}"#)
      #expect(claims.at("channel") == "c" && claims.at("status") == "used")
      #expect(desk.status(.redeemToken, #"{"token":"\#(once)"}"#) == "TOKEN_USED")
      #expect(desk.status(.revokeToken, #"{"token":"\#(once)"}"#) == "TOKEN_USED")
      let often = try desk.ask(.issueToken, ask + #","single_use":false}"#).at("token")
      for _ in 0..<3 { #expect(desk.status(.redeemToken, #"{"token":"\#(often)"}"#) == "OK") }
      let link = try Self.issue(desk, try desk.open()).token
      #expect(desk.status(.redeemToken, #"{"token":"\#(link)"}"#) == "TOKEN_INVALID")
    }
  }

  @Test(arguments: [
    ("{}", "INVALID_ARGUMENT"),
    (#"{"purpose":"x","actor":"a","expires_in":1}"#, "INVALID_ARGUMENT"),
    (#"{"purpose":"decide","actor":"a","expires_in":1}"#, "INVALID_ARGUMENT"),
    (#"{"purpose":"subscribe","actor":"a","expires_in":0}"#, "INVALID_ARGUMENT"),
    (#"{"purpose":"subscribe","actor":"a","expires_in":1,"stage":"s"}"#, "INVALID_ARGUMENT"),
    (
      #"{"purpose":"subscribe","actor":"a","expires_in":1,"verdicts":["approve"]}"#,
      "INVALID_ARGUMENT"
    ),
    (
      #"{"purpose":"decide","review":"$","actor":"a","expires_in":1,"channel":"c"}"#,
      "INVALID_ARGUMENT"
    ),
    (
      #"{"purpose":"decide","review":"$","actor":"a","expires_in":1,"verdicts":[]}"#,
      "INVALID_ARGUMENT"
    ),
    (
      #"{"purpose":"decide","review":"$","actor":"a","expires_in":1,"verdicts":["approve","approve"]}"#,
      "INVALID_ARGUMENT"
    ),
    (#"{"purpose":"decide","review":"none","actor":"a","expires_in":1}"#, "UNKNOWN_REVIEW"),
    (#"{"purpose":"decide","review":"$","actor":"a","expires_in":1}"#, "NOT_AUTHORIZED"),
    (#"{"purpose":"decide","review":"$","actor":"ana","expires_in":1,"stage":"x"}"#, "WRONG_STAGE"),
    (#"{"purpose":"decide","review":"$","actor":"ana","expires_in":3155760000000}"#, "OK"),
  ])
  func whatCannotBeIssued(_ request: String, _ expected: String) throws {
    try withDesk(.memory) { desk in
      let id = try desk.open(stages: Self.chain)
      #expect(desk.status(.issueToken, request.replacing("$", with: id)) == expected)
    }
  }

  @Test func whatHasEndedGetsNoLink() throws {
    try withDesk(.memory) { desk in
      let id = try desk.open()
      let (token, _) = try Self.issue(desk, id)
      #expect(desk.answer(id, "ben") == "OK")
      let ask = #"{"purpose":"decide","review":"\#(id)","actor":"ana","expires_in":1}"#
      #expect(desk.status(.issueToken, ask) == "ALREADY_RESOLVED")
      #expect(Self.answer(desk, token, Self.reject) == "ALREADY_RESOLVED")
      #expect(try Self.status(desk, token) == "issued")
    }
  }

  @Test func theStoreHasNoToken() throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/test.db"
    let desk = Desk(try .sqlite(path: path))
    let (token, id) = try Self.issue(desk, try desk.open())
    #expect(Self.answer(desk, token) == "OK")
    try desk.engine.close()
    #expect(meddle(path, "UPDATE tokens SET status = status WHERE hash = x'\(hash(id))'") == 1)
    for table in ["audit", "events", "decisions", "reviews"] {
      for secret in [id, String(token.prefix(40))] {
        #expect(meddle(path, "DELETE FROM \(table) WHERE body LIKE '%\(secret)%'") <= 0)
      }
    }
    withExtendedLifetime(folder) {}
  }

  @Test(arguments: [StoreKind.memory, .sqliteFile])
  func ofManyWhoBringOneTokenOneIsLetIn(_ kind: StoreKind) throws {
    try withDesk(kind) { desk in
      for _ in 0..<20 {
        let ask = #"{"purpose":"subscribe","actor":"ana","expires_in":1000}"#
        let token = try desk.ask(.issueToken, ask).at("token")
        let request = bytes(#"{"token":"\#(token)"}"#)
        let engine = desk.engine
        let wins = Locked(0)
        concurrently(8) { _ in
          if (try? engine.tokens.redeem(request)) != nil { wins.withLock { $0 += 1 } }
        }
        #expect(wins.withLock { $0 } == 1)
      }
    }
  }
}
