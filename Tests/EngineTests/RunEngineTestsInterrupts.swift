import Interlock
import InterlockCore
import InterlockStore
import Testing

/// What a run asks for values, and what it gets.
@Suite struct RunEngineTestsInterrupts {
  /// Asks a, b and c, whatever is answered, and says what came.
  private func round(_ desk: Desk) throws -> String {
    let worker = try desk.begin()
    let words = ["a", "b", "c"].map { worker.ask($0) }
    #expect(words.contains("waiting") ? worker.suspend() == "interrupted" : true)
    return words.joined(separator: ", ")
  }

  private func ids(_ desk: Desk) throws -> [String: String] {
    let waiting = try desk.run().items("interrupts").map { ($0.at("key"), $0.at("id")) }
    return Dictionary(uniqueKeysWithValues: waiting)
  }

  @Test("G24: several questions, answered one by one in any order", arguments: StoreKind.allCases)
  func oneByOne(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      #expect(try round(desk) == "waiting, waiting, waiting")
      let ids = try ids(desk)
      #expect(desk.resume("1") == "AMBIGUOUS_INTERRUPT")
      #expect(desk.resume("2", #","interrupt":"\#(ids["b"] ?? "")""#) == "OK")
      #expect(try round(desk) == "waiting, answered 2, waiting")
      #expect(try self.ids(desk) == ids.filter { $0.key != "b" })
      #expect(desk.resume("3", #","interrupt":"\#(ids["c"] ?? "")""#) == "OK")
      #expect(try round(desk) == "waiting, answered 2, answered 3")
      #expect(desk.resume("1") == "OK", "One is left, so it needs no name.")
      #expect(try round(desk) == "answered 1, answered 2, answered 3")
    }
  }

  @Test("G24: several questions, answered together", arguments: StoreKind.allCases)
  func together(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      #expect(try round(desk) == "waiting, waiting, waiting")
      for (key, id) in try ids(desk) {
        #expect(desk.resume("\"\(key)\"", #","interrupt":"\#(id)""#) == "OK")
      }
      #expect(desk.resume("1") == "NOT_INTERRUPTED")
      #expect(try round(desk) == "answered a, answered b, answered c")
    }
  }

  @Test(
    "G25: every value is a value, an explicit null among them", arguments: StoreKind.allCases)
  func values(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      for value in ["null", "false", "0", #""""#, "[]", "{}", "12345678901234567890"] {
        var worker = try desk.begin()
        #expect(worker.ask("q") == "waiting" && worker.suspend() == "interrupted")
        #expect(desk.tried(.resume, #"{"thread":"t"}"#) == "INVALID_ARGUMENT")
        let request = #"{"thread":"t","value":\#(value)}"#
        #expect(try desk.work(.resume, request).at("interrupt/status") == "resumed")
        worker = try desk.begin()
        #expect(worker.ask("q") == "answered " + (value == #""""# ? "" : value))
        #expect(worker.complete() == "idle")
      }
    }
  }

  @Test(
    "An update alone is an answer of null, and reaches the next worker",
    arguments: StoreKind.allCases)
  func update(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let worker = try desk.begin()
      #expect(worker.ask("q") == "waiting" && worker.suspend() == "interrupted")
      #expect(desk.tried(.resume, #"{"thread":"t","update":{"plan":"b"}}"#) == "OK")
      let next = try desk.begin()
      #expect(next.begun.at("updates") == #"[{"plan":"b"}]"#)
      #expect(next.ask("q") == "answered null")
    }
  }

  @Test("An equal resume is a repeat, another is refused", arguments: StoreKind.allCases)
  func repeats(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let worker = try desk.begin()
      #expect(worker.ask("q") == "waiting" && worker.suspend() == "interrupted")
      let id = try #require(try ids(desk)["q"])
      func resume(_ value: String) throws -> String {
        let request = #"{"thread":"t","interrupt":"\#(id)","value":\#(value)}"#
        return try desk.work(.resume, request).at("replayed")
      }
      #expect(try resume(#"{"b":1,"a":[2]}"#) == "false")
      let before = try desk.run()
      try desk.set(5)
      #expect(try resume(#"{"b":1,"a":[2]}"#) == "true")
      #expect(desk.resume("2", #","interrupt":"\#(id)""#) == "ALREADY_RESOLVED")
      let update = #","interrupt":"\#(id)","update":{}"#
      #expect(desk.resume(#"{"b":1,"a":[2]}"#, update) == "ALREADY_RESOLVED")
      #expect(try desk.run() == before)
    }
  }

  @Test("Names of nothing and of others are refused", arguments: StoreKind.allCases)
  func names(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let other = try desk.begin(thread: "other")
      #expect(other.ask("q") == "waiting")
      let foreign = try desk.run("other").at("interrupts/0/id")
      let worker = try desk.begin()
      #expect(worker.ask("q") == "waiting" && worker.suspend() == "interrupted")
      for name in [foreign, "q", "x"] {
        #expect(desk.resume("1", #","interrupt":"\#(name)""#) == "UNKNOWN_INTERRUPT")
      }
      #expect(try desk.run().items("interrupts").count == 1)
      #expect(try desk.run("other").items("interrupts").count == 1)
    }
  }

  @Test("An answer before the worker suspends is not lost", arguments: StoreKind.allCases)
  func early(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let worker = try desk.begin()
      #expect(worker.ask("q") == "waiting")
      #expect(desk.resume("5") == "OK")
      #expect(worker.suspend() == "interrupted")
      #expect(try desk.begin().ask("q") == "answered 5")
    }
  }

  @Test("An answer while the program is on its way is found", arguments: StoreKind.allCases)
  func meanwhile(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let first = try desk.begin()
      #expect(first.ask("q") == "waiting" && first.suspend() == "interrupted")
      let worker = try desk.begin()
      #expect(desk.resume("5") == "OK")
      #expect(worker.ask("q") == "answered 5")
    }
  }

  @Test("What waits, of all threads, a page at a time", arguments: StoreKind.allCases)
  func inbox(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      for (index, thread) in ["b", "a"].enumerated() {
        let worker = try desk.begin(thread: thread)
        for key in ["1", "2"] {
          try desk.set(Instant(index * 10 + (Int(key) ?? 0)))
          #expect(worker.ask(key) == "waiting")
        }
      }
      var (seen, cursor): ([String], String) = ([], "")
      while true {
        let page = try desk.work(.interrupts, #"{"limit":3\#(cursor)}"#)
        seen += page.items("interrupts").map { $0.at("thread") + $0.at("key") }
        guard page.at("next") != "null" else { break }
        cursor = #","cursor":"\#(page.at("next"))""#
      }
      #expect(seen == ["b1", "b2", "a1", "a2"])
      let own = try desk.work(.interrupts, #"{"thread":"a"}"#)
      #expect(own.items("interrupts").map { $0.at("key") } == ["1", "2"])
      #expect(desk.tried(.interrupts, #"{"cursor":"x"}"#) == "INVALID_ARGUMENT")
    }
  }

  @Test("Questions and updates come in the order of asking", arguments: StoreKind.allCases)
  func order(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let worker = try desk.begin()
      for index in 0..<12 { #expect(worker.ask("\(index)") == "waiting") }
      let asked = try desk.run().items("interrupts")
      let order = (0..<12).map(String.init)
      #expect(asked.map { $0.at("key") } == order)
      #expect(worker.suspend() == "interrupted")
      for interrupt in asked.reversed() {
        let more = #","interrupt":"\#(interrupt.at("id"))","update":{"n":\#(interrupt.at("key"))}"#
        #expect(desk.resume("1", more) == "OK")
      }
      #expect(try desk.begin().begun.items("updates").map { $0.at("n") } == order)
    }
  }

  @Test(
    "S7, 3.6 item 9: a resume by update repeats neither the proposal nor the step",
    arguments: StoreKind.allCases)
  func stateUpdate(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      var log: [String] = []
      for round in 0..<2 {
        let worker = try desk.begin()
        #expect(worker.perform("propose", &log) == "recorded propose")
        guard worker.ask("approve?") != "waiting" else {
          worker.suspend()
          #expect(desk.tried(.resume, #"{"thread":"t","update":{"approved":true}}"#) == "OK")
          continue
        }
        #expect(round == 1 && worker.begun.at("updates/0/approved") == "true")
        #expect(worker.perform("execute", &log) == "recorded execute")
        #expect(worker.complete() == "idle")
      }
      #expect(log == ["propose", "execute"])
    }
  }
}
