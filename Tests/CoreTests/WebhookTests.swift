import InterlockCore
import Testing

@Suite struct WebhookTests {
  private static func read(_ headers: String) throws -> Result<WebhookEnvelope, WebhookFlaws> {
    WebhookEnvelope.read(try JSONReader.read(Array(headers.utf8)), at: .root)
  }

  @Test func headersAreFoundInAnyCase() throws {
    let envelope = try Self.read(
      #"{"Webhook-ID":"m","WEBHOOK-TIMESTAMP":"12","webhook-signature":"v1,a v1a,b v1,c v2,d","x":1}"#
    ).get()
    #expect(envelope.id == "m" && envelope.timestamp == 12)
    #expect(envelope.signatures == [Array("a".utf8), Array("c".utf8)])
    #expect(envelope.signedContent(Array("{}".utf8)) == Array("m.12.{}".utf8))
  }

  @Test(arguments: [
    (#"{"webhook-timestamp":"1","webhook-signature":"v1,a"}"#, "missing /webhook-id"),
    (
      #"{"webhook-id":"a.b","webhook-timestamp":"1","webhook-signature":"s"}"#,
      "format /webhook-id"
    ),
    (#"{"webhook-id":"","webhook-timestamp":"1","webhook-signature":"s"}"#, "type /webhook-id"),
    (
      #"{"webhook-id":"a","Webhook-Id":"b","webhook-timestamp":"1","webhook-signature":"s"}"#,
      "duplicate /webhook-id"
    ),
    (
      #"{"webhook-id":"a","webhook-timestamp":1,"webhook-signature":"s"}"#,
      "type /webhook-timestamp"
    ),
    (#"{"webhook-id":"a","webhook-timestamp":"1"}"#, "missing /webhook-signature"),
  ])
  func headersAreRefused(_ headers: String, _ problem: String) throws {
    guard case .failure(let flaws) = try Self.read(headers) else {
      Issue.record("taken: \(headers)")
      return
    }
    #expect(flaws.problems.map { "\($0.code.rawValue) \($0.path.text)" } == [problem])
  }

  @Test(arguments: ["-1", "+1", "01", "1 ", "1.0", "1e3", "x", "99999999999999999999"])
  func aTimestampIsWrittenInOneWay(_ time: String) throws {
    let headers = #"{"webhook-id":"a","webhook-timestamp":"\#(time)","webhook-signature":"s"}"#
    guard case .failure = try Self.read(headers) else {
      Issue.record("taken: \(time)")
      return
    }
  }

  @Test(arguments: [
    (Int64(1000), Int64(1_000_000), true), (1000, 1_300_000, true), (1000, 1_300_001, false),
    (1000, 700_000, true), (1000, 699_999, false), (.max, 0, false), (0, .max, false),
  ])
  func aTimestampIsNear(_ timestamp: Int64, _ now: Instant, _ isFresh: Bool) {
    let envelope = WebhookEnvelope(id: "m", timestamp: timestamp)
    #expect((envelope.staleness(at: now, tolerance: 300_000) == nil) == isFresh)
  }

  @Test func aDeliveryComesOnce() {
    #expect(InboundMatch(kept: nil, given: "a") == .first)
    #expect(InboundMatch(kept: .some(nil), given: "a") == .replayed)
    #expect(InboundMatch(kept: "a", given: nil) == .replayed)
    #expect(InboundMatch(kept: "a", given: "a") == .replayed)
    guard case .rejected(let refusal) = InboundMatch(kept: "a", given: "b") else {
      Issue.record("taken")
      return
    }
    #expect(refusal.code == .idempotencyMismatch)
  }
}
