import Interlock
import InterlockCore
import InterlockStore
import Testing

/// Permits: what runs is what was approved, once.
@Suite struct PermitEngineTests {
  /// An approved review of a tool call. Returns its permit.
  private func approved(_ desk: Desk, _ arguments: String = #"{"env":"prod"}"#) throws -> String {
    let payload = #"{"tool":"deploy","arguments":\#(arguments)}"#
    let id = try desk.ask(.open, #"{"kind":"approval","payload":\#(payload)}"#).at("review/id")
    #expect(try permits(desk, id).isEmpty)
    #expect(desk.answer(id, "ana") == "OK")
    let permits = try permits(desk, id)
    try #require(permits.count == 1)
    return permits[0].at("id")
  }

  private func permits(_ desk: Desk, _ review: String) throws -> [JSONValue] {
    try desk.work(.permits, #"{"review":"\#(review)"}"#).items("permits")
  }

  private func consume(
    _ desk: Desk, _ permit: String, _ arguments: String = #"{"env":"prod"}"#,
    tool: String = "deploy", _ more: String = ""
  ) -> String {
    desk.tried(
      .consume, #"{"permit":"\#(permit)","tool":"\#(tool)","arguments":\#(arguments)\#(more)}"#)
  }

  private func report(_ desk: Desk, _ permit: String, _ outcome: String, _ more: String = "")
    -> String
  {
    desk.tried(.report, #"{"permit":"\#(permit)","outcome":"\#(outcome)"\#(more)}"#)
  }

  private func status(_ desk: Desk, _ permit: String) throws -> String {
    try desk.work(.permit, #"{"permit":"\#(permit)"}"#).at("status")
  }

  @Test(
    "An approval that names a tool issues one permit; others issue none",
    arguments: StoreKind.allCases)
  func issue(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let permit = try approved(desk)
      let document = try desk.work(.permit, #"{"permit":"\#(permit)"}"#)
      #expect(document.at("tool") == "deploy" && document.at("arguments") == #"{"env":"prod"}"#)
      #expect(document.at("status") == "issued" && document.at("item") == "")
      let plain = try desk.open()
      #expect(desk.answer(plain, "ana") == "OK")
      #expect(try permits(desk, plain).isEmpty)
      let tool = #"{"kind":"approval","payload":{"tool":"deploy"},"expires_in":10}"#
      let ends: [(String) throws -> Void] = [
        { #expect(desk.answer($0, "ana", "reject") == "OK") },
        { _ = try desk.ask(.cancel, Desk.named($0)) },
        { _ in
          try desk.set(10)
          _ = try desk.engine.tick()
        },
      ]
      for end in ends {
        let id = try desk.ask(.open, tool).at("review/id")
        try end(id)
        #expect(try desk.status(of: id) != "pending")
        #expect(try permits(desk, id).isEmpty)
      }
    }
  }

  @Test("A permit is used once and reported once", arguments: StoreKind.allCases)
  func life(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let permit = try approved(desk)
      let before = try desk.heads()
      #expect(report(desk, permit, "done") == "NOT_USED")
      #expect(consume(desk, permit, #"{ "env" : "prod" }"#, #","worker":"w""#) == "OK")
      #expect(consume(desk, permit) == "ALREADY_USED")
      #expect(report(desk, permit, "done", #","result":{"n":1}"#) == "OK")
      #expect(report(desk, permit, "done", #","result":{"n":2}"#) == "OK", "A repeat.")
      #expect(report(desk, permit, "failed") == "ALREADY_USED")
      #expect(consume(desk, permit) == "ALREADY_USED")
      let document = try desk.work(.permit, #"{"permit":"\#(permit)"}"#)
      #expect(document.at("status") == "done" && document.at("result") == #"{"n":1}"#)
      #expect(document.at("worker") == "w")
      #expect(
        try desk.audit(after: before.audit) == """
          refusal/host use/w refusal/host report/host refusal/host \
          refusal/host
          """)
    }
  }

  @Test("Other arguments are refused, and use nothing up", arguments: StoreKind.allCases)
  func argumentsChanged(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let permit = try approved(desk, #"{"n":1,"to":"\#u{e9}","account":9007199254740993}"#)
      for other in [
        "{}", #"{"n":1,"to":"é"}"#, #"{"n":2,"to":"é","account":9007199254740993}"#,
        #"{"n":"1","to":"é","account":9007199254740993}"#,
        #"{"n":1,"to":"e\u0301","account":9007199254740993}"#,
        #"{"n":1,"to":"é","account":9007199254740992}"#,
        #"{"n":1,"to":"é","account":9007199254740993,"more":null}"#,
      ] {
        #expect(consume(desk, permit, other) == "ARGS_CHANGED", "\(other)")
      }
      let same = #"{"account":9007199254740993,"to":"\u00e9","n":1}"#
      #expect(consume(desk, permit, same, tool: "Deploy") == "ARGS_CHANGED")
      #expect(consume(desk, permit, same) == "OK", "The same bytes when written canonically.")
    }
  }

  @Test(
    "Nobody reported: unknown after its time, shown, never run again", arguments: StoreKind.allCases
  )
  func unknown(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let ids = try (0..<3).map { _ in try approved(desk) }
      for id in ids { #expect(consume(desk, id, #"{"env":"prod"}"#, #","lease_ms":50"#) == "OK") }
      try desk.set(49)
      #expect(try status(desk, ids[0]) == "consumed")
      #expect(try desk.work(.permits, "{}").items("permits").isEmpty)
      try desk.set(50)
      #expect(try status(desk, ids[0]) == "unknown")
      #expect(consume(desk, ids[0]) == "UNKNOWN_EFFECT")
      var (seen, after): ([String], String) = ([], "")
      while true {
        let page = try desk.work(.permits, #"{"limit":2\#(after)}"#)
        seen += page.items("permits").map { $0.at("id") }
        guard page.at("next") != "null" else { break }
        after = #","after":"\#(page.at("next"))""#
      }
      #expect(seen == ids.sorted())
      #expect(report(desk, ids[0], "done", #","actor":"ana""#) == "OK")
      #expect(report(desk, ids[1], "failed") == "OK")
      #expect(try ids.map { try status(desk, $0) } == ["done", "failed", "unknown"])
      #expect(consume(desk, ids[1]) == "ALREADY_USED")
      #expect(try desk.work(.permits, "{}").items("permits").map { $0.at("id") } == [ids[2]])
    }
  }

  @Test("What is no permit, and no request", arguments: StoreKind.allCases)
  func badInput(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let permit = try approved(desk)
      #expect(consume(desk, "nobody") == "UNKNOWN_PERMIT")
      #expect(report(desk, "nobody", "done") == "UNKNOWN_PERMIT")
      #expect(desk.tried(.permit, #"{"permit":"nobody"}"#) == "UNKNOWN_PERMIT")
      #expect(consume(desk, permit, "[]") == "INVALID_ARGUMENT")
      #expect(consume(desk, permit, "{}", #","lease_ms":0"#) == "INVALID_ARGUMENT")
      #expect(report(desk, permit, "unknown") == "INVALID_ARGUMENT")
      #expect(try status(desk, permit) == "issued")
    }
  }

  @Test("One worker of many gets the permit", arguments: StoreKind.allCases)
  func race(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      for _ in 0..<10 {
        let permit = try approved(desk)
        let engine = desk.engine
        let winners = Locked(0)
        concurrently(4) { _ in
          let request = #"{"permit":"\#(permit)","tool":"deploy","arguments":{"env":"prod"}}"#
          if (try? engine.permits.consume(bytes(request))) != nil { winners.withLock { $0 += 1 } }
        }
        #expect(winners.withLock { $0 } == 1)
      }
    }
  }

  private static let items = #"""
    {"kind":"actions","payload":{"items":[{"id":"a","name":"deploy","args":{"x":"orig"}},
    {"id":"b","name":"mail","args":{"to":"ana"}},{"id":"c","name":"drop","args":{},
    "allowed":["approve","reject"]}]}}
    """#

  private func decide(_ desk: Desk, _ id: String, _ decisions: String) -> String {
    desk.status(
      .respond, #"{"id":"\#(id)","actor":"ana","response":{"decisions":[\#(decisions)]}}"#)
  }

  @Test(
    "X52: an edit runs the edited arguments, a rejected call nothing", arguments: StoreKind.allCases
  )
  func actions(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let id = try desk.ask(.open, Self.items).at("review/id")
      let edit = #"{"type":"edit","edited_action":{"name":"deploy","args":{"x":"EDITED"}}}"#
      let reject = #"{"type":"reject"}"#
      #expect(decide(desk, id, #"\#(edit),{"type":"approve"},\#(reject)"#) == "OK")
      let permits = try permits(desk, id)
      #expect(
        permits.map { $0.at("item") + $0.at("arguments") } == [
          #"a{"x":"EDITED"}"#, #"b{"to":"ana"}"#,
        ])
      let (first, second) = (permits[0].at("id"), permits[1].at("id"))
      #expect(consume(desk, first, #"{"x":"orig"}"#) == "ARGS_CHANGED")
      #expect(consume(desk, second, #"{"x":"EDITED"}"#) == "ARGS_CHANGED")
      #expect(consume(desk, first, #"{"x":"EDITED"}"#) == "OK")
      #expect(consume(desk, second, #"{"to":"ana"}"#, tool: "mail") == "OK")
    }
  }

  @Test(
    "X54: a disallowed edit issues nothing, an approval after it does",
    arguments: StoreKind.allCases)
  func disallowedEdit(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let id = try desk.ask(.open, Self.items).at("review/id")
      let (approve, reject) = (#"{"type":"approve"}"#, #"{"type":"reject"}"#)
      let edit = #"{"type":"edit","edited_action":{"name":"drop","args":{"all":true}}}"#
      #expect(decide(desk, id, "\(approve),\(reject),\(edit)") == "INVALID_RESPONSE")
      #expect(try permits(desk, id).isEmpty)
      #expect(decide(desk, id, "\(approve),\(reject),\(approve)") == "OK")
      #expect(try permits(desk, id).map { $0.at("item") } == ["a", "c"])
    }
  }

  @Test(
    "A chain issues its permits at its end, and none if it is rejected",
    arguments: StoreKind.allCases)
  func chain(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let stages = #"{"approvers":["ana"]},{"approvers":["boss"]}"#
      for option in ["approve", "reject"] {
        let id = try desk.ask(
          .open,
          #"{"kind":"approval","payload":{"tool":"x"},"policy":{"stages":[\#(stages)]}}"#
        )
        .at("review/id")
        #expect(desk.answer(id, "ana") == "OK")
        #expect(try permits(desk, id).isEmpty)
        #expect(desk.answer(id, "boss", option) == "OK")
        #expect(try permits(desk, id).count == (option == "approve" ? 1 : 0))
      }
    }
  }
}
