import Interlock
import InterlockCore
import Testing

/// What becomes a review, and when it ends without an answer.
@Suite struct GraphMirrorTests {
  @Test("What a graph asks is a review in the same transaction", arguments: StoreKind.allCases)
  func asked(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk) throws in
      desk.step("1")
      #expect(desk.ask("i", value: #"{"title":"Pay?","amount":5}"#, graph: "g") == "OK")
      #expect(try desk.states() == "i waiting")
      let review = try desk.ask(.get, Desk.named(try desk.review(of: "i"))).find("review") ?? .null
      let found = try desk.ask(.get, Desk.named(try desk.review(of: "i")))
      let document = found.find("review") == nil ? found : review
      #expect(document.at("status") == "pending")
      #expect(document.at("title") == "Pay?")
      #expect(document.at("details") == #"{"title":"Pay?","amount":5}"#)
      #expect(document.at("thread") == "t")
      #expect(document.at("interrupt/id") == "i")
      #expect(document.at("interrupt/graph") == "g")
      #expect(document.at("interrupt/node") == "n")
      #expect(document.at("interrupt/checkpoint_id") == "1")
    }
  }

  @Test("A nested duplicate is folded, whichever comes first", arguments: StoreKind.allCases)
  func nested(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk) throws in
      for (thread, order) in [("a", ["outer:U", ""]), ("b", ["", "outer:U"])] {
        for ns in order {
          desk.ask(
            "i", at: ns.isEmpty ? "1" : "2", task: ns.isEmpty ? "U" : "T", ns: Text(ns),
            thread: Text(thread))
        }
        let found = try desk.graph(.interrupts, #"{"thread":"\#(thread)"}"#).items("interrupts")
        #expect(found.count == 1)
        #expect(found[0].at("checkpoint_ns") == "outer:U")
        #expect(found[0].at("task") == "T")
      }
      #expect(try desk.ask(.list, "{}").items("reviews").count == 2)
      // The outer task is done, and with it what was asked inside.
      #expect(desk.write("out", task: "U", thread: "a") == "OK")
      #expect(try desk.states("a") == "i moved")
    }
  }

  @Test("Asked again is found again; another question of the task ends the first")
  func again() throws {
    try withDesk(.sqliteFile) { (desk) throws in
      desk.ask("i")
      let review = try desk.review(of: "i")
      desk.ask("i")
      #expect(try desk.review(of: "i") == review)
      try desk.reply("i")
      desk.ask("i")
      #expect(try desk.states() == "i answered")
      desk.write(
        "__interrupt__", "__resume__",
        asks: #"{"interrupts":[{"id":"j","value":1}]}"#)
      #expect(try desk.states() == "i applied, j waiting")
      // Answered past the review of j.
      desk.write(
        "__interrupt__", "__resume__", asks: #"{"interrupts":[{"id":"k","value":1}]}"#)
      #expect(try desk.states() == "i applied, j moved, k waiting")
      #expect(try desk.status(of: try desk.review(of: "j")) == "superseded")
    }
  }

  @Test("Tasks of a step do not touch each other's questions")
  func tasks() throws {
    try withDesk(.memory) { (desk) throws in
      desk.ask("i", task: "A")
      desk.ask("j", task: "B")
      desk.write("out", task: "C")
      desk.write("out", at: "0", task: "A")
      desk.write("__error__", task: "A")
      #expect(try desk.states() == "i waiting, j waiting")
      desk.write("out", task: "A")
      #expect(try desk.states() == "i moved, j waiting")
    }
  }

  @Test(
    "A checkpoint that did not come of the answer moves the thread on",
    arguments: ["input", "update", "fork", "loop"], StoreKind.allCases)
  func movedOn(_ source: String, _ kind: StoreKind) throws {
    try withDesk(kind) { (desk) throws in
      desk.step("1")
      for id in ["a", "b"] { desk.ask(id, task: Text(id)) }
      try desk.reply("b")
      desk.step("0", source: source)
      #expect(try desk.states() == "a waiting, b answered", "an older one is none")
      desk.step("2", after: source == "loop" ? "0" : "1", source: source)
      #expect(try desk.states() == "a moved, b moved")
      #expect(try desk.status(of: try desk.review(of: "a")) == "superseded")
      #expect(try desk.status(of: try desk.review(of: "b")) == "resolved")
      #expect(try desk.claim() == nil)
    }
  }

  @Test("The step that an answer led to may be stored before what the task wrote")
  func lateWrites() throws {
    try withDesk(.sqliteFile) { (desk) throws in
      desk.step("1")
      desk.ask("i")
      try desk.reply("i")
      desk.step("2", after: "1")
      #expect(try desk.states() == "i applied")
      desk.write("__resume__", "out")
      #expect(try desk.states() == "i applied")
    }
  }

  @Test("A checkpoint inside a nested graph is none of the graphs around it")
  func namespaces() throws {
    try withDesk(.sqliteFile) { (desk) throws in
      desk.ask("i")
      desk.ask("j", ns: "in:1")
      desk.ask("k", ns: "in:1|deep:2")
      desk.step("5", ns: "in:12")
      #expect(try desk.states() == "i waiting, j waiting, k waiting")
      desk.step("5", ns: "in:1")
      #expect(try desk.states() == "i waiting, j moved, k moved")
      desk.step("5")
      #expect(try desk.states() == "i moved, j moved, k moved")
    }
  }

  @Test("Deleted with its thread, and with its run", arguments: StoreKind.allCases)
  func deleted(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk) throws in
      for thread in ["a", "b"] {
        desk.step("1", thread: Text(thread))
        desk.ask("i", thread: Text(thread))
      }
      let (a, b) = (try desk.review(of: "i", thread: "a"), try desk.review(of: "i", thread: "b"))
      try desk.engine.deleteCheckpoints(ofRuns: ["other"])
      #expect(try desk.states("a") == "i waiting")
      try desk.engine.deleteThread("a")
      #expect(try desk.states("a") == "")
      #expect(try desk.status(of: a) == "superseded")
      #expect(try desk.states("b") == "i waiting")
      try desk.engine.deleteCheckpoints(ofRuns: ["r1"])
      #expect(try desk.states("b") == "i moved")
      #expect(try desk.status(of: b) == "superseded")
    }
  }

  @Test("A copy is asked anew, answered or not; what has failed stays behind")
  func copied() throws {
    try withDesk(.sqliteFile) { (desk) throws in
      desk.step("1")
      for id in ["a", "b", "c"] { desk.ask(id, task: Text(id)) }
      try desk.reply("b")
      try desk.reply("c")
      desk.write("__resume__", "__error__", task: "c")
      #expect(try desk.states() == "a waiting, b answered, c failed")
      try desk.engine.copyThread("t", to: "copy")
      #expect(try desk.states("copy") == "a waiting, b waiting")
      #expect(try desk.review(of: "a", thread: "copy") != desk.review(of: "a"))
      try desk.reply("a", thread: "copy")
      #expect(try desk.states() == "a waiting, b answered, c failed")
    }
  }

  @Test("A deadline ends a question as its policy says", arguments: ["approve", "reject"])
  func deadlines(_ outcome: String) throws {
    try withDesk(.sqliteFile) { (desk) throws in
      let word = #"{"question":"q","action":"a"}"#
      let review = #","review":{"expires_in":1000,"on_expiry":"\#(outcome)"}"#
      let result = desk.write(
        "__interrupt__",
        asks: #"{"interrupts":[{"id":"i","value":\#(word)}]\#(review)}"#)
      guard result == "OK" else {
        Issue.record("\(result)")
        return
      }
      try desk.set(1000)
      _ = try desk.engine.tick()
      #expect(try desk.states() == "i answered")
      let told = outcome == "approve" ? "approve" : "timeout_reject"
      let answers = try desk.claim()?.answers
      #expect(answers == "i=\(told)", "\(answers ?? "-")")
    }
  }

  @Test("A schema that cannot be enforced: any answer, and the review says why")
  func notEnforced() throws {
    try withDesk(.sqliteFile) { (desk) throws in
      #expect(desk.ask("i", more: #","response_schema":{"type":"nonsense"}"#) == "OK")
      let found = try desk.ask(.get, Desk.named(try desk.review(of: "i")))
      let text = found.at("review/x-not-enforced") + found.at("x-not-enforced")
      #expect(text.count > 2 && !text.contains("cannot be opened"), "\(text)")
      #expect(try desk.reply("i", "5") == "OK")
      #expect(try desk.claim()?.answers == "i=5")
    }
  }

  @Test("Questions that are none are refused, and nothing is stored")
  func refused() throws {
    try withDesk(.sqliteFile) { (desk) throws in
      let questions = [
        "{", "[]", #"{"graph":"g"}"#, #"{"interrupts":[{}]}"#, #"{"interrupts":[{"id":1}]}"#,
        #"{"interrupts":[{"id":""}]}"#, #"{"interrupts":5}"#, #"{"interrupts":[],"other":1}"#,
        #"{"interrupts":[{"id":"i","value":1}],"review":{"policy":"none"}}"#,
      ]
      for each in questions {
        #expect(desk.write("__interrupt__", asks: each) != "OK", "\(each)")
      }
      #expect(try desk.engine.ids(.latest("t")).isEmpty)
      #expect(try desk.ask(.list, "{}").items("reviews").isEmpty)
    }
  }
}
