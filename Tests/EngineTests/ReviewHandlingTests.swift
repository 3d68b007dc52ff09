import Interlock
import InterlockCore
import InterlockSQLite
import InterlockStore
import Testing

/// Claims, assignees, comments and the history.
@Suite struct ReviewHandlingTests {
  @Test(arguments: StoreKind.allCases)
  func whoHasClaimedItAnswersIt(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let id = try desk.open(stages: #"{"approvers":["ana","bob"]}"#)
      func call(_ verb: Desk.Verb, _ actor: String) -> String {
        desk.status(verb, Desk.named(id, #","actor":"\#(actor)""#))
      }
      #expect(call(.release, "ana") == "CONFLICT")
      #expect(call(.claim, "eve") == "NOT_AUTHORIZED")
      #expect(call(.claim, "ana") == "OK")
      #expect(try desk.ask(.get, Desk.named(id)).at("claimed_by/value") == "ana")
      #expect(call(.claim, "bob") == "CONFLICT")
      #expect(call(.release, "bob") == "NOT_AUTHORIZED")
      #expect(desk.answer(id, "bob") == "CONFLICT")
      #expect(call(.release, "ana") == "OK")
      #expect(call(.claim, "bob") == "OK")
      #expect(desk.status(.reassign, Desk.named(id, #","assignee":"eve""#)) == "NOT_AUTHORIZED")
      #expect(desk.status(.reassign, Desk.named(id, #","assignee":"ana""#)) == "OK")
      let review = try desk.ask(.get, Desk.named(id))
      #expect(review.at("assignee/value") + review.at("claimed_by") == "ananull")
      #expect(desk.answer(id, "ana") == "OK")
      #expect(call(.claim, "bob") == "ALREADY_RESOLVED")
      #expect(
        try desk.events() == "opened claimed released claimed reassigned answered resolved")
    }
  }

  @Test("A list finds the reviews of the one who is asked now", arguments: StoreKind.allCases)
  func lists(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let id = try desk.open(#","assignee":"ana""#)
      func listed(_ who: String) throws -> [String] {
        try desk.ask(.list, #"{"assignee":\#(who)}"#).items("reviews").map { $0.at("id") }
      }
      #expect(try listed(#""ana""#) == [id])
      #expect(try listed(#"{"type":"agent","value":"ana"}"#).isEmpty)
      _ = try desk.ask(.reassign, Desk.named(id, #","assignee":{"type":"agent","value":"bot"}"#))
      #expect(try listed(#""ana""#).isEmpty)
      #expect(try listed(#"{"type":"agent","value":"bot"}"#) == [id])
      _ = try desk.ask(.reassign, Desk.named(id, #","assignee":null"#))
      #expect(try listed(#"{"type":"agent","value":"bot"}"#).isEmpty)
      #expect(desk.status(.reassign, Desk.named(id)) == "INVALID_ARGUMENT")
    }
  }

  @Test("Remarks decide nothing, in whatever state", arguments: StoreKind.allCases)
  func comments(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let id = try desk.open()
      func comment(_ text: String) -> String {
        desk.status(.comment, Desk.named(id, #","actor":"eve","text":"\#(text)""#))
      }
      let before = try desk.ask(.get, Desk.named(id))
      #expect(comment("why?") == "OK")
      #expect(try desk.ask(.get, Desk.named(id)) == before)
      #expect(desk.answer(id, "ana") == "OK")
      #expect(comment("late") == "OK")
      #expect(comment("") == "INVALID_ARGUMENT")
      #expect(comment(String(repeating: "x", count: 65536)) == "OK")
      #expect(comment(String(repeating: "x", count: 65537)) == "TOO_LARGE")
      let history = try desk.ask(.history, Desk.named(id))
      #expect(history.items("comments").prefix(2).map { $0.at("text") } == ["why?", "late"])
      #expect(history.items("comments").count == 3)
      #expect(try desk.audit() == "decision/ana")
    }
  }

  @Test("N32, S33: the history has every answer, accepted or not", arguments: StoreKind.allCases)
  func history(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let stages = #"{"name":"one","approvers":["ana"]},{"name":"two","approvers":["bob"]}"#
      let id = try desk.open(stages: stages)
      for (actor, option, status) in [
        ("eve", "approve", "NOT_AUTHORIZED"), ("ana", "maybe", "INVALID_RESPONSE"),
        ("ana", "approve", "OK"), ("ana", "approve", "OK"), ("bob", "reject", "OK"),
        ("eve", "approve", "ALREADY_RESOLVED"),
      ] {
        #expect(desk.answer(id, actor, option) == status, "\(actor) \(option)")
      }
      let decisions = try desk.ask(.history, Desk.named(id)).items("decisions")
      let lines = decisions.map { decision in
        ["id", "stage", "actor/value", "verdict", "accepted", "refusal/code", "via"]
          .map { decision.at($0) }.joined(separator: " ")
          .replacing(id, with: "")
      }
      #expect(
        lines == [
          ":1 one eve null false NOT_AUTHORIZED api", ":2 one ana null false INVALID_RESPONSE api",
          ":3 one ana approve true - api", ":4 two bob reject true - api",
          ":5 two eve null false ALREADY_RESOLVED api",
        ])
      // What was refused may be anything, and is not kept.
      #expect(decisions.map { $0.at("response") }.filter { $0 == "null" }.count == 3)
    }
  }

  @Test("A review that has as many answers or comments as it may takes no more")
  func full() throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/full.db"
    let desk = Desk(try .sqlite(path: path))
    let ids = try (0..<2).map { _ in try desk.open() }
    let most = (1 << 24) - 1
    for row in [
      "decisions (place, body) VALUES ((1 << 24) + \(most) - 1, '{}')",
      "comments (review, number, body) VALUES (1, \(most), '{}')",
    ] {
      #expect(meddle(path, "INSERT INTO \(row)") == 1)
    }
    let comment = #","actor":"ana","text":"x""#
    #expect(desk.status(.comment, Desk.named(ids[0], comment)) == "TOO_LARGE")
    #expect(desk.status(.comment, Desk.named(ids[1], comment)) == "OK")
    // One more, and it is refused; then there is no place for the refusal of another.
    #expect(desk.answer(ids[0], "ana", "no such option") == "INVALID_RESPONSE")
    let heads = try desk.heads()
    #expect(desk.answer(ids[0], "ana") == "TOO_LARGE")
    #expect(try desk.status(of: ids[0]) == "pending" && desk.heads() == heads)
    #expect(desk.answer(ids[1], "ana") == "OK")
    try desk.engine.close()
  }
}
