import Interlock
import InterlockCore
import InterlockStore
import Testing

/// What each action leaves behind: its events, its audit records, and nothing else.
@Suite struct ReviewJournalTests {
  private struct Row: CustomStringConvertible {
    let verb: Desk.Verb
    let more: String
    var before: [(Desk.Verb, String)] = []
    let status: String
    let events: String
    let audit: String

    var description: String { "\(verb) \(more) \(status)" }
  }

  private static let stages = #"""
    {"name":"one","approvers":["ana","bob"],"quorum":"all"},{"name":"two","approvers":["mia"]}
    """#
  private static let approve = #","response":{"selectedOption":"approve"}"#
  private static let reject = #","response":{"selectedOption":"reject"}"#
  private static let ana = #","actor":"ana""#
  private static let bob = #","actor":"bob""#
  private static let mia = #","actor":"mia""#

  private static let rows: [Row] = [
    Row(
      verb: .respond, more: ana + approve, status: "OK", events: "answered", audit: "decision/ana"),
    Row(
      verb: .respond, more: bob + approve, before: [(.respond, ana + approve)], status: "OK",
      events: "answered stage_opened", audit: "decision/bob"),
    Row(
      verb: .respond, more: ana + reject, status: "OK", events: "answered resolved",
      audit: "decision/ana"),
    Row(
      verb: .respond, more: mia + approve,
      before: [(.respond, ana + approve), (.respond, bob + approve)], status: "OK",
      events: "answered resolved", audit: "decision/mia"),
    Row(
      verb: .respond, more: ana + approve, before: [(.respond, ana + approve)], status: "OK",
      events: "", audit: ""),
    Row(
      verb: .respond, more: ana + reject, before: [(.respond, ana + approve)],
      status: "ALREADY_VOTED", events: "", audit: "refusal/ana"),
    Row(
      verb: .respond, more: mia + approve, status: "NOT_AUTHORIZED", events: "",
      audit: "refusal/mia"),
    Row(
      verb: .respond, more: ana + #","response":{"selectedOption":"x"}"#,
      status: "INVALID_RESPONSE", events: "", audit: "refusal/ana"),
    Row(
      verb: .respond, more: ana + approve + #","stage":"two""#, status: "WRONG_STAGE", events: "",
      audit: "refusal/ana"),
    Row(
      verb: .respond, more: ana + approve + #","revision":7"#, status: "CONFLICT", events: "",
      audit: "refusal/ana"),
    Row(
      verb: .respond, more: bob + reject + #","key":"k""#,
      before: [(.respond, ana + approve + #","key":"k""#)], status: "IDEMPOTENCY_MISMATCH",
      events: "", audit: "refusal/bob"),
    Row(
      verb: .cancel, more: #","reason":"never mind""#, status: "OK", events: "cancelled",
      audit: "cancellation/host"),
    Row(
      verb: .cancel, more: ana, before: [(.cancel, "")], status: "CANCELLED", events: "",
      audit: "refusal/ana"),
    Row(verb: .claim, more: ana, status: "CONFLICT", events: "", audit: "refusal/ana"),
    Row(
      verb: .claim, more: mia, before: [(.respond, ana + approve), (.respond, bob + approve)],
      status: "OK", events: "claimed", audit: ""),
    Row(
      verb: .reassign, more: #","assignee":"bob""#, status: "OK", events: "reassigned", audit: ""),
    Row(
      verb: .reassign, more: #","assignee":"eve""#, status: "NOT_AUTHORIZED", events: "",
      audit: "refusal/host"),
    Row(
      verb: .comment, more: ana + #","text":"x""#, status: "OK", events: "commented", audit: ""),
    Row(
      verb: .supersede, more: #","successor":{"kind":"text","payload":{}}"#, status: "OK",
      events: "opened superseded", audit: "supersession/host"),
    Row(
      verb: .supersede, more: #","successor":{"kind":"text","payload":{"minLength":-1}}"#,
      status: "INVALID_PAYLOAD", events: "", audit: ""),
    Row(verb: .explain, more: mia + approve, status: "OK", events: "", audit: ""),
    Row(verb: .history, more: "", status: "OK", events: "", audit: ""),
    Row(verb: .receipt, more: "", status: "CONFLICT", events: "", audit: ""),
  ]

  @Test(
    "N32, X44: every decision, refusal and end is on record, once", arguments: StoreKind.allCases)
  func everyAction(_ kind: StoreKind) throws {
    for row in Self.rows {
      try withDesk(kind) { (desk: Desk) throws in
        let id = try desk.open(#","thread":"t""#, stages: Self.stages)
        for (verb, more) in row.before {
          #expect(desk.status(verb, Desk.named(id, more)) == "OK", "\(row)")
        }
        let heads = try desk.heads()
        let review = try desk.ask(.get, Desk.named(id))
        #expect(desk.status(row.verb, Desk.named(id, row.more)) == row.status, "\(row)")
        #expect(try desk.events(after: heads.event) == row.events, "\(row)")
        #expect(try desk.audit(after: heads.audit) == row.audit, "\(row)")
        // What was refused has changed nothing else.
        if row.status != "OK" {
          #expect(try desk.ask(.get, Desk.named(id)) == review, "\(row)")
        }
      }
    }
  }

  @Test(
    "3.6 item 5, X51, X54: a refusal leaves an audit record and a note, and the right answer counts",
    arguments: StoreKind.allCases)
  func refusalsConsumeNothing(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let id = try desk.open(stages: #"{"approvers":["ana"]}"#)
      let before = try desk.ask(.get, Desk.named(id))
      for _ in 0..<3 { #expect(desk.answer(id, "eve") == "NOT_AUTHORIZED") }
      for _ in 0..<3 { #expect(desk.answer(id, "ana", "Approve") == "INVALID_RESPONSE") }
      #expect(try desk.ask(.get, Desk.named(id)) == before)
      #expect(try desk.heads() == (event: 1, audit: 6))
      #expect(try desk.ask(.history, Desk.named(id)).items("decisions").count == 6)
      #expect(desk.answer(id, "ana") == "OK")
      #expect(try desk.ask(.get, Desk.named(id)).at("outcome") == "approved")
    }
  }

  @Test(
    "N28, X41, X61, 3.6 item 1: a click that is delivered again does not answer the next stage",
    arguments: StoreKind.allCases)
  func redelivery(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let stages =
        #"{"name":"manager","approvers":["anyone"]},{"name":"director","approvers":["anyone"]}"#
      let id = try desk.open(stages: stages)
      let click = Desk.request(id, "mia", "approve", #","key":"click-1""#)
      let first = try desk.ask(.respond, click)
      for _ in 0..<3 {
        let again = try desk.ask(.respond, click)
        #expect(again.at("replayed") == "true")
        #expect(again.find("decision") == first.find("decision"))
      }
      #expect(try desk.ask(.get, Desk.named(id)).at("stage") == "director")
      #expect(
        desk.answer(id, "mia", "reject", more: #","key":"click-1""#) == "IDEMPOTENCY_MISMATCH")
      #expect(desk.answer(id, "dora") == "OK")
      // X41, X61: after the end a repeat still gets its first result.
      #expect(try desk.ask(.respond, click).find("decision") == first.find("decision"))
    }
  }

  @Test("Events by type, review, thread and channel", arguments: StoreKind.allCases)
  func eventFilters(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let first = try desk.open(#","thread":"t","channel":"c""#)
      _ = try desk.open(#","channel":"d""#)
      desk.answer(first, "ana")
      func read(_ filter: String) throws -> String {
        let page = try desk.ask(.readEvents, "{\(filter)}")
        return page.items("events").map { $0.at("seq") }.joined() + "/" + page.at("next")
      }
      #expect(try read("") == "1234/4")
      #expect(try read(#""review":"\#(first)""#) == "134/4")
      #expect(try read(#""channel":"d""#) == "2/4")
      #expect(try read(#""thread":"t","types":["review.resolved","review.opened"]"#) == "14/4")
      #expect(try read(#""types":["review.expired"]"#) == "/4")
      #expect(try read(#""limit":2"#) == "12/2")
      #expect(try read(#""limit":1,"thread":"t","after":1"#) == "3/3")
      #expect(try read(#""after":99"#) == "/99")
    }
  }

  @Test("P47: what was not acknowledged is delivered again", arguments: StoreKind.allCases)
  func cursors(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      for _ in 0..<3 { _ = try desk.open() }
      func read() throws -> String {
        let page = try desk.ask(.readEvents, #"{"cursor":"me"}"#)
        return page.items("events").map { $0.at("seq") }.joined()
      }
      func acknowledge(_ sequence: Int) -> String {
        desk.status(.acknowledge, #"{"cursor":"me","seq":\#(sequence)}"#)
      }
      #expect(try read() + read() == "123123")
      #expect(acknowledge(2) == "OK")
      #expect(try read() == "3")
      #expect(acknowledge(1) == "OK")
      #expect(try read() == "3")
      #expect(acknowledge(4) == "INVALID_ARGUMENT")
      #expect(desk.status(.readEvents, #"{"cursor":"me","after":1}"#) == "INVALID_ARGUMENT")
    }
  }

  @Test("A policy is read in the version it has", arguments: StoreKind.allCases)
  func policies(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      func put(_ who: String) throws -> String {
        try desk.ask(
          .putPolicy, #"{"name":"p","stages":[{"approvers":["\#(who)"]}]}"#
        ).at("version")
      }
      #expect(try put("ana") + put("ana") + put("bob") + put("ana") == "1123")
      let id = try desk.open(#","policy":"p""#)
      #expect(try put("eve") == "4")
      #expect(desk.answer(id, "eve") == "NOT_AUTHORIZED")
      #expect(desk.answer(id, "ana") == "OK")
      #expect(try desk.ask(.get, Desk.named(id)).at("policy/version") == "3")
      let second = try desk.ask(.getPolicy, #"{"name":"p","version":2}"#)
      #expect(second.at("stages/0/approvers/0/value") == "bob")
      #expect(desk.status(.getPolicy, #"{"name":"p","version":9}"#) == "UNKNOWN_POLICY")
      #expect(desk.status(.open, #"{"kind":"text","payload":{},"policy":"q"}"#) == "UNKNOWN_POLICY")
      _ = try desk.ask(.putPolicy, #"{"name":"b","stages":[{"approvers":["ana"]}]}"#)
      let page = try desk.ask(.listPolicies, #"{"limit":1}"#)
      #expect(page.at("policies/0/name") + page.at("next") == "bb")
      let rest = try desk.ask(.listPolicies, #"{"after":"b"}"#)
      #expect(rest.items("policies").map { $0.at("version") } == ["4"])
      #expect(rest.at("next") == "null")
    }
  }
}
