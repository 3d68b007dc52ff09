import Interlock
import InterlockCore
import InterlockStore
import Testing

@Suite struct WebhookTests {
  /// The example that the Standard Webhooks libraries are tested with.
  private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
  private static let id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
  private static let seconds: Int64 = 1_614_265_330
  private static let signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
  private static let body = #""body":"{\"test\": 2432232314}""#
  private static let other = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"

  private static func verifying(
    _ secrets: String = quoted, signed signatures: String = signature, id: String = id,
    at seconds: Int64 = seconds, body: String = body, more: String = ""
  ) -> String {
    let headers = """
      {"Webhook-Id":"\(id)","webhook-timestamp":"\(seconds)","webhook-signature":"\(signatures)"}
      """
    return #"{"secrets":[\#(secrets)],"headers":\#(headers),\#(body)\#(more)}"#
  }

  private static let quoted = #""\#(secret)""#

  private static func desk() -> Desk { Desk(.memory(), at: seconds * 1000) }

  @Test(arguments: [secret, String(secret.dropFirst(6))])
  func thePublishedExample(_ secret: String) throws {
    let desk = Self.desk()
    let signed = try desk.ask(
      .signWebhook,
      #"{"secrets":["\#(secret)"],"id":"\#(Self.id)","timestamp":\#(Self.seconds),\#(Self.body)}"#)
    #expect(signed.at("headers/webhook-signature") == Self.signature)
    let encoded = #""body_base64":"eyJ0ZXN0IjogMjQzMjIzMjMxNH0=""#
    for body in [Self.body, encoded] {
      let verified = try desk.ask(.verifyWebhook, Self.verifying(#""\#(secret)""#, body: body))
      #expect(verified.at("id") == Self.id && verified.at("timestamp") == "\(Self.seconds)")
    }
  }

  @Test func secretsAreRotated() throws {
    let desk = Self.desk()
    let both = #""\#(Self.other)","\#(Self.secret)""#
    let signed = try desk.ask(
      .signWebhook, #"{"secrets":[\#(both)],"id":"\#(Self.id)",\#(Self.body)}"#)
    let signatures = signed.at("headers/webhook-signature")
    #expect(signatures.hasSuffix(" " + Self.signature))
    for secrets in [both, #""\#(Self.other)""#, #""\#(Self.secret)""#] {
      #expect(desk.status(.verifyWebhook, Self.verifying(secrets, signed: signatures)) == "OK")
    }
    #expect(desk.status(.verifyWebhook, Self.verifying(both)) == "OK")
    #expect(
      desk.status(.verifyWebhook, Self.verifying(both, signed: "v1a,x v2,y " + Self.signature))
        == "OK")
  }

  @Test(arguments: [
    verifying(#""\#(other)""#), verifying(signed: signature.replacing("g0h", with: "g0i")),
    verifying(signed: "v1,"), verifying(signed: "x"),
    verifying(signed: signature.replacing("v1", with: "v2")),
    verifying(signed: String(signature.dropLast(2))), verifying(id: "msg_other"),
    verifying(at: seconds + 1), verifying(body: #""body":"{}""#),
    verifying(#""\#(other)""#, at: 1),
  ])
  func whatIsNotSignedIsRefused(_ request: String) {
    #expect(Self.desk().status(.verifyWebhook, request) == "SIGNATURE_INVALID")
  }

  @Test(arguments: [
    (Int64(-300_000), "OK"), (300_000, "OK"), (-300_001, "TIMESTAMP_STALE"),
    (300_001, "TIMESTAMP_STALE"),
  ])
  func aStaleTimeIsRefused(_ drift: Int64, _ expected: String) throws {
    let desk = Desk(.memory(), at: Self.seconds * 1000 + drift)
    #expect(desk.status(.verifyWebhook, Self.verifying()) == expected)
    let wider = Self.verifying(more: #","tolerance_ms":400000"#)
    #expect(desk.status(.verifyWebhook, wider) == "OK")
    #expect(
      desk.refusal(.verifyWebhook, Self.verifying()).at("code")
        == (expected == "OK" ? "-" : expected))
  }

  @Test(arguments: [
    (verifying(""), "/secrets"), (verifying(#""whsec_""#), "/secrets/0"),
    (verifying(#""whsec_AAAA""#), "/secrets/0"), (verifying("1"), "/secrets/0"),
    (verifying(id: "a.b"), "/headers/webhook-id"),
    (verifying(at: -1), "/headers/webhook-timestamp"),
    (verifying(signed: ""), "/headers/webhook-signature"),
    (#"{"secrets":["\#(secret)"],"headers":{},"body":""}"#, "/headers/webhook-id"),
    (verifying(body: #""body_base64":"?""#), "/body_base64"),
    (verifying(body: #""x-":1"#), ""),
  ])
  func aMalformedOneIsNamed(_ request: String, _ path: String) {
    do throws(EngineError) {
      _ = try Self.desk().result(.verifyWebhook, request)
      Issue.record("taken: \(request)")
    } catch {
      #expect(error.status == .invalidArgument && error.path == path)
      #expect(!error.message.contains("MfKQ"))
    }
  }

  @Test func whatIsSignedNowIsNew() throws {
    let desk = Self.desk()
    let request = #"{"secrets":["\#(Self.secret)"],"body":""}"#
    let first = try desk.ask(.signWebhook, request)
    #expect(first.at("headers/webhook-timestamp") == "\(Self.seconds)")
    let second = try desk.ask(.signWebhook, request)
    #expect(first.at("headers/webhook-id") != second.at("headers/webhook-id"))
    #expect(
      desk.status(.signWebhook, request.dropLast() + #","id":"a.b"}"#) == "INVALID_ARGUMENT")
  }

  @Test(arguments: StoreKind.allCases)
  func aRepeatGetsTheFirstResult(_ kind: StoreKind) throws {
    try withDesk(kind) { desk in
      func receive(_ more: String, from source: String = "noxy") throws -> JSONValue {
        try desk.ask(.receiveWebhook, #"{"source":"\#(source)","id":"d1"\#(more)}"#)
      }
      #expect(try receive("").at("replayed") == "false")
      let first = try receive(#","result":{"ok":1},"content":{"a":1}"#)
      #expect(first.at("replayed") == "false" && first.at("result/ok") == "1")
      try desk.engine.setTime(Desk.start + 5)
      let second = try receive(#","result":2"#)
      #expect(second.at("replayed") == "true" && second.at("result/ok") == "1")
      #expect(second.at("received_at") == "\(Desk.start)")
      #expect(try receive(#","content":{"a":1.0}"#).at("replayed") == "true")
      for more in ["", #","result":1"#] {
        let changed = #"{"source":"noxy","id":"d1","content":{"a":2}\#(more)}"#
        #expect(desk.status(.receiveWebhook, changed) == "IDEMPOTENCY_MISMATCH")
      }
      #expect(try receive(#","result":null"#, from: "x").at("replayed") == "false")
      #expect(try receive(#","result":3"#, from: "x").at("result") == "null")
    }
  }

  @Test(arguments: [StoreKind.memory, .sqliteFile])
  func ofManyDeliveriesOneIsTheFirst(_ kind: StoreKind) throws {
    try withDesk(kind) { desk in
      let engine = desk.engine
      for round in 0..<20 {
        let results = Locked<[String]>([])
        concurrently(8) { worker in
          let request = #"{"source":"s","id":"\#(round)","result":\#(worker)}"#
          let json = (try? engine.webhooks.receive(bytes(request))) ?? []
          let document = (try? JSONReader.read(json)) ?? .null
          results.withLock { $0.append(document.at("replayed") + document.at("result")) }
        }
        let all = results.withLock { $0 }
        #expect(all.filter { $0.hasPrefix("false") }.count == 1)
        #expect(Set(all.map { $0.drop { $0.isLetter } }).count == 1)
      }
    }
  }
}
