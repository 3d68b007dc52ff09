import Interlock
import InterlockCore
import InterlockStore
import Testing

/// Requirements that show only with a store behind the machine, by their numbers.
@Suite struct RequirementTests {
  @Test(
    "P4, P15, P17, S14: all that is to be shown comes back, and so does the option that was chosen",
    arguments: StoreKind.allCases)
  func options(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let shown = #"""
        "title":"Delete?","summary":"The whole file","details":{"resource_id":7,"type":"database"}
        """#
      let options = #"""
        [{"id":"go","label":"Go on","style":"primary","verdict":"approve"},
        {"id":"stop","label":"Stop","style":"danger"}]
        """#
      let opened = try desk.ask(
        .open, #"{"kind":"approval","payload":{"options":\#(options)},\#(shown)}"#)
      let review = try desk.ask(.get, Desk.named(opened.at("review/id")))
      for (path, value) in [
        ("title", "Delete?"), ("summary", "The whole file"), ("details/resource_id", "7"),
        ("payload/options/1/style", "danger"), ("payload/options/0/label", "Go on"),
      ] {
        #expect(review.at(path) == value)
      }
      let answered = try desk.ask(.respond, Desk.request(review.at("id"), "ana", "go"))
      #expect(answered.at("review/response/selectedOption") == "go")
      #expect(answered.at("review/outcome") == "approved")
    }
  }

  @Test(
    "P21, P22, P25, P29, P30: what was selected, what was filled in", arguments: StoreKind.allCases)
  func kinds(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let items = #""items":[{"id":"a","label":"A"},{"id":"b","label":"B"}]"#
      let form = #"{"fields":[{"name":"env","type":"text","label":"Env","required":true}]}"#
      for (asked, answer, result) in [
        (#""selection","payload":{"mode":"single",\#(items)}"#, #"{"selectedIds":["b"]}"#, "OK"),
        (
          #""selection","payload":{"mode":"single",\#(items)}"#, #"{"selectedIds":["a","b"]}"#,
          "INVALID_RESPONSE"
        ),
        (#""selection","payload":{"mode":"multi",\#(items)}"#, #"{"selectedIds":["b","a"]}"#, "OK"),
        (#""form","payload":\#(form)"#, #"{"env":"prod, eu"}"#, "OK"),
        (#""form","payload":\#(form)"#, #"{"env":" "}"#, "INVALID_RESPONSE"),
      ] {
        let id = try desk.ask(.open, #"{"kind":\#(asked)}"#).at("review/id")
        let request = Desk.named(id, #","actor":"ana","response":\#(answer)"#)
        #expect(desk.status(.respond, request) == result, "\(asked) \(answer)")
        let review = try desk.ask(.get, Desk.named(id))
        #expect(review.at("response") == (result == "OK" ? answer : "null"))
      }
    }
  }

  @Test(
    "P18, P24, P31, P35, 3.6 item 3: patience ends; the answer that comes later is on record",
    arguments: StoreKind.allCases)
  func patience(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let id = try desk.open()
      let request = bytes(#"{"ids":["\#(id)"]}"#)
      #expect(throws: EngineError.self) {
        try desk.engine.reviews.wait(request, milliseconds: 1, cancel: nil)
      }
      #expect(try desk.status(of: id) == "pending")
      #expect(desk.answer(id, "ana") == "OK")
      let json = try desk.engine.reviews.wait(request, milliseconds: 0, cancel: nil)
      #expect(try JSONReader.read(json) == desk.ask(.get, Desk.named(id)))
    }
  }

  @Test(
    "G7, G13, G19, G25: an interrupt keeps what it says, and takes any JSON value",
    arguments: StoreKind.allCases, ["null", "false", "0", #""""#, #"{"a":[1,null]}"#])
  func interrupts(_ kind: StoreKind, _ value: String) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let interrupt = #"{"id":"i","ns":["node:1"],"when":"during","resumable":true}"#
      let id = try desk.ask(
        .open, #"{"kind":"freeform","payload":{"raw":true},"interrupt":\#(interrupt)}"#
      ).at("review/id")
      #expect(try desk.ask(.get, #"{"interrupt":"i"}"#).at("interrupt") == interrupt)
      let answer = #","actor":"ana","response":\#(value)"#
      #expect(desk.status(.respond, Desk.named(id, answer)) == "OK")
      let review = try desk.ask(.get, Desk.named(id))
      #expect(review.find("response") == (try JSONReader.read(bytes(value))))
      #expect(review.at("outcome") == "answered")
    }
  }

  @Test(
    "G23, G24, X46: what cannot be answered is refused precisely", arguments: StoreKind.allCases)
  func precision(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let ids = try (0..<2).map { _ in try desk.open(#","thread":"t""#) }
      func answer(_ selector: String) -> String {
        desk.status(
          .respond, #"{\#(selector),"actor":"ana","response":{"selectedOption":"approve"}}"#)
      }
      #expect(answer(#""thread":"t""#) == "AMBIGUOUS_REVIEW")
      #expect(answer(#""id":"nobody""#) == "UNKNOWN_REVIEW")
      #expect(answer(#""id":"\#(ids[0])""#) == "OK")
      #expect(answer(#""thread":"t""#) == "OK")
      #expect(answer(#""thread":"t""#) == "UNKNOWN_REVIEW")
      #expect(desk.answer(ids[0], "bob") == "ALREADY_RESOLVED")
    }
  }

  @Test(
    "X50, 3.6 item 4: two guarded calls of one thread, one after the other, are two questions",
    arguments: StoreKind.allCases)
  func twoCalls(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      var ids: Set<String> = []
      for interrupt in ["one", "two"] {
        let names = #""thread":"t","interrupt":"\#(interrupt)""#
        let items = #"[{"id":"\#(interrupt)","name":"delete_file","args":{"path":"a"}}]"#
        let opened = try desk.ask(
          .open, #"{"kind":"actions","payload":{"items":\#(items)},\#(names)}"#)
        #expect(opened.at("created") == "true")
        let approve = #","actor":"ana","outcome":"approved""#
        let id = opened.at("review/id")
        #expect(desk.status(.respond, Desk.named(id, approve)) == "OK")
        ids.insert(id)
      }
      #expect(ids.count == 2)
      #expect(try desk.events() == "opened answered resolved opened answered resolved")
    }
  }

  @Test(
    "N17, N21, X3, X4, X8: one question for all guarded calls, one verdict for each, by its id",
    arguments: StoreKind.allCases)
  func oneQuestionForAll(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let items = #"[{"id":"a","name":"rm","args":{}},{"id":"b","name":"rm","args":{}}]"#
      let id = try desk.ask(.open, #"{"kind":"actions","payload":{"items":\#(items)}}"#)
        .at("review/id")
      let verdicts = #"{"b":{"type":"reject","message":"no"},"a":{"type":"approve"}}"#
      let answer = #","actor":"ana","response":{"byId":\#(verdicts)}"#
      let review = try desk.ask(.respond, Desk.named(id, answer)).find("review") ?? .null
      #expect(review.at("response/decisions/0/type") == "approve")
      #expect(review.at("response/decisions/1/message") == "no")
    }
  }

  @Test(
    "X42, X56, X60: of each review its own people, and when they are silent a no",
    arguments: StoreKind.allCases)
  func identities(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let email = #"{"approvers":[{"type":"email","value":"ana@example.org"}]}"#
      let first = try desk.open(#","interrupt":"i","expires_in":50"#, stages: email)
      let second = try desk.open(stages: #"{"approvers":["bob"]}"#)
      #expect(desk.answer(first, "bob") == "NOT_AUTHORIZED")
      #expect(desk.answer(first, "ana@example.org") == "NOT_AUTHORIZED")
      #expect(desk.answer(second, "bob") == "OK")
      try desk.engine.setTime(Desk.start + 50)
      #expect(try desk.ask(.get, Desk.named(first)).at("outcome") == "rejected")
    }
  }

  @Test(
    "S9, S11, S12, 3.6 item 10: three steps stop three times, and are recorded in order",
    arguments: StoreKind.allCases)
  func steps(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let stages = (1...3).map { #"{"name":"step \#($0)","approvers":["ana"]}"# }
      let id = try desk.open(stages: stages.joined(separator: ","))
      for step in 1...3 {
        let review = try desk.ask(.get, Desk.named(id))
        #expect(review.at("status") + " " + review.at("stage") == "pending step \(step)")
        #expect(desk.answer(id, "ana", more: #","stage":"step \#(step)""#) == "OK")
      }
      let history = try desk.ask(.history, Desk.named(id)).items("decisions")
      #expect(history.map { $0.at("stage") } == ["step 1", "step 2", "step 3"])
      #expect(try desk.ask(.get, Desk.named(id)).at("outcome") == "approved")
    }
  }

  @Test(
    "S29, S36: weak work goes up rung by rung, waits for the human, and says why",
    arguments: StoreKind.allCases)
  func ladder(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let id = try desk.open(#","policy":{"order":"ladder"}"#)
      for (signal, action, stage) in [
        (#""confidence":0.7"#, "stayed", "agent"),
        (#""confidence":0.69"#, "escalated", "senior_agent"),
        (#""error":true,"sensitive":true"#, "escalated", "human"),
        (#""sensitive":true"#, "escalated", "manager"), (#""error":true"#, "at_top", "manager"),
      ] {
        let done = try desk.ask(.escalate, Desk.named(id, "," + signal))
        #expect(done.at("action") + " " + done.at("review/stage") == "\(action) \(stage)")
      }
      let steps = try desk.ask(.get, Desk.named(id)).items("escalations")
      #expect(steps.map { $0.at("reason") } == ["confidence", "error", "sensitive"])
    }
  }

  @Test("S21, S35: feedback of any sort", arguments: StoreKind.allCases)
  func feedback(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      for key in ["correctness", "helpfulness", "safety"] {
        let id = try desk.ask(.open, #"{"kind":"rating","payload":{"key":"\#(key)"}}"#)
          .at("review/id")
        let answer = #","actor":"ana","response":{"score":0.5,"comment":"so so"}"#
        let review = try desk.ask(.respond, Desk.named(id, answer)).find("review") ?? .null
        #expect(review.at("response/score") + review.at("payload/key") == "0.5" + key)
      }
    }
  }
}
