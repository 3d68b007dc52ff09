import Interlock
import InterlockCore
import InterlockStore
import Testing

/// What was typed into a secret field is for the agent that asked, and for nobody else.
@Suite struct SecretTests {
  private static let secret = "hunter2-hunter2"
  private static let fields =
    #"[{"name":"pin","type":"password","minLength":4,"maxLength":20},"#
    + #"{"name":"town","type":"text"},{"name":"token","type":"password"}]"#

  @Test("Secret values are returned to the asking agent only", arguments: StoreKind.allCases)
  func areNowhereElse(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let (secret, more) = (Self.secret, Self.secret + Self.secret)
      _ = try desk.ask(.putEndpoint, #"{"name":"all","url":"https://x.example"}"#)
      let asked = try desk.ask(
        .post,
        #"{"channel":"c","sender":"agent","review":{"kind":"form","payload":{"fields":"#
          + #"\#(Self.fields)},"thread":"t"}}"#)
      let id = asked.at("review")
      func answer(_ pin: String, _ token: String) -> String {
        #"{"id":"\#(id)","actor":"ana","response":{"pin":"\#(pin)","town":"Bern","token":"\#(token)"}}"#
      }
      // One that is refused, one that counts, one that comes too late.
      #expect(desk.status(.respond, answer(more, secret)) == "INVALID_RESPONSE")
      let refusal = desk.refusal(.respond, answer(more, secret))
      #expect(desk.status(.respond, answer(secret, secret)) == "OK")
      #expect(desk.status(.respond, answer(secret, "other-" + secret)) == "ALREADY_RESOLVED")
      let named = Desk.named(id)
      var shown = [refusal]
      for verb in [Desk.Verb.history, .receipt, .explain] {
        shown.append(try desk.ask(verb, named))
      }
      for verb in [Desk.Verb.list, .readEvents, .readAudit] {
        shown.append(try desk.ask(verb, "{}"))
      }
      shown.append(try desk.ask(.list, #"{"channel":"c","status":"resolved","kind":"form"}"#))
      shown.append(try desk.ask(.listMessages, #"{"channel":"c"}"#))
      shown.append(try desk.ask(.due, #"{"limit":100}"#))
      #expect(shown.last?.items("deliveries").count == 4)
      shown.append(try desk.ask(.listDeliveries, "{}"))
      let lines = try desk.engine.audit.export(bytes("{}"))
      let texts = shown.map { $0.at("") } + [String(decoding: lines, as: UTF8.self)]
      #expect(texts.allSatisfy { !$0.contains(secret) }, "\(texts.filter { $0.contains(secret) })")
      #expect(texts.allSatisfy { !$0.isEmpty })
      let page = try desk.ask(.list, #"{"thread":"t"}"#)
      #expect(page.at("reviews/0/response/pin") == "***REDACTED***")
      #expect(page.at("reviews/0/response/token") == "***REDACTED***")
      #expect(page.at("reviews/0/response/town") == "Bern")
      #expect(try desk.ask(.get, named).at("response/pin") == secret)
      let waited = try desk.engine.reviews.wait(
        bytes(#"{"ids":["\#(id)"]}"#), milliseconds: 0, cancel: nil)
      #expect(try JSONReader.read(waited).at("response/token") == secret)
    }
  }
}
