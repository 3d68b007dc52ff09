import Interlock
import InterlockCore
import Testing

/// Who goes on with which thread.
@Suite struct GraphClaimTests {
  @Test("One worker gets an answered thread, and gives it back", arguments: StoreKind.allCases)
  func claimed(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk) throws in
      #expect(try desk.claim() == nil)
      desk.step("1")
      desk.ask("i")
      #expect(try desk.claim() == nil)
      try desk.reply("i", "[1]")
      let claim = try #require(try desk.claim(#""worker":"w","lease_ms":1000"#))
      #expect(claim.answers == "i=[1]" && !claim.repair)
      #expect(try desk.claim() == nil, "there is one already")
      #expect(try desk.run().at("status") == "busy")
      #expect(desk.write("__resume__", "out", fence: claim.fence) == "OK")
      #expect(try desk.states() == "i applying")
      desk.step("2", after: "1", fence: claim.fence)
      #expect(desk.graphStatus(.release, #"{"thread":"t","fence":\#(claim.fence)}"#) == "OK")
      #expect(try desk.states() == "i applied")
      #expect(try desk.run().at("status") == "idle")
      #expect(try desk.claim() == nil)
      #expect(
        desk.graphStatus(.release, #"{"thread":"t","fence":\#(claim.fence)}"#) == "NOT_RUNNING")
    }
  }

  @Test("A thread that asks again is interrupted, not idle")
  func next() throws {
    try withDesk(.sqliteFile) { (desk) throws in
      desk.ask("i")
      try desk.reply("i")
      let claim = try #require(try desk.claim())
      desk.write(
        "__interrupt__", "__resume__", asks: #"{"interrupts":[{"id":"j","value":1}]}"#,
        fence: claim.fence)
      #expect(try desk.states() == "i applying, j waiting")
      _ = try desk.graph(.release, #"{"thread":"t","fence":\#(claim.fence)}"#)
      #expect(try desk.states() == "i applied, j waiting")
      #expect(try desk.run().at("status") == "interrupted")
    }
  }

  @Test(
    "A worker that is silent too long is taken over, and fenced off", arguments: StoreKind.allCases)
  func takenOver(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk) throws in
      desk.step("1")
      desk.ask("i")
      try desk.reply("i")
      let first = try #require(try desk.claim(#""lease_ms":1000"#))
      try desk.set(900)
      let pulse = #"{"thread":"t","fence":\#(first.fence),"lease_ms":1000}"#
      #expect(desk.graphStatus(.heartbeat, pulse) == "OK")
      try desk.set(1899)
      #expect(try desk.claim() == nil)
      try desk.set(1900)
      let second = try #require(try desk.claim())
      #expect(second.answers == first.answers && second.fence > first.fence)
      #expect(desk.graphStatus(.heartbeat, pulse) == "FENCED")
      #expect(
        desk.graphStatus(.release, pulse.replacing(#","lease_ms":1000"#, with: "")) == "FENCED")
      #expect(desk.write("__resume__", "out", fence: first.fence) == "FENCED")
      #expect(desk.step("2", after: "1", fence: first.fence) == "FENCED")
      #expect(try desk.states() == "i answered")
      #expect(desk.write("__resume__", "out", fence: second.fence) == "OK")
    }
  }

  @Test("A worker that dies after the answer was used is taken over all the same")
  func diedLater() throws {
    try withDesk(.sqliteFile) { (desk) throws in
      desk.step("1")
      desk.ask("i")
      try desk.reply("i")
      let first = try #require(try desk.claim(#""lease_ms":1000"#))
      desk.write("__resume__", "out", fence: first.fence)
      desk.step("2", after: "1", fence: first.fence)
      #expect(try desk.states() == "i applying")
      try desk.set(1000)
      let second = try #require(try desk.claim())
      #expect(second.repair && second.answers == "")
      _ = try desk.graph(.release, #"{"thread":"t","fence":\#(second.fence)}"#)
      #expect(try desk.states() == "i applied")
      try desk.set(100_000)
      #expect(try desk.claim() == nil)
    }
  }

  @Test("Whoever moves the thread on ends a take-over too")
  func movedWhileApplying() throws {
    try withDesk(.sqliteFile) { (desk) throws in
      desk.step("1")
      desk.ask("i")
      try desk.reply("i")
      let first = try #require(try desk.claim(#""lease_ms":10"#))
      desk.write("__resume__", "out", fence: first.fence)
      desk.step("2", after: "1", source: "input")
      #expect(try desk.states() == "i applied")
      try desk.set(100_000)
      #expect(try desk.claim() == nil)
    }
  }

  @Test("What has failed is run again after longer and longer pauses, and not for ever")
  func backoff() throws {
    try withDesk(.sqliteFile) { (desk) throws in
      desk.step("1")
      desk.ask("i")
      try desk.reply("i")
      var now: Instant = 0
      for (attempt, pause) in [0, 100, 200, 400].enumerated() {
        if pause > 0 {
          try desk.set(now + Int64(pause) - 1)
          #expect(try desk.claim(#""attempts":4"#) == nil, "attempt \(attempt)")
        }
        now += Int64(pause)
        try desk.set(now)
        let claim = try #require(try desk.claim(#""attempts":4"#), "attempt \(attempt)")
        #expect(claim.repair == (attempt > 0))
        #expect(claim.answers == (attempt > 0 ? "" : "i=yes"))
        desk.write("__resume__", "__error__", fence: claim.fence)
        #expect(try desk.states() == "i failed")
        _ = try desk.graph(
          .release, #"{"thread":"t","fence":\#(claim.fence),"error":{"type":"E"}}"#)
        #expect(try desk.run().at("status") == "error")
      }
      try desk.set(10_000_000)
      #expect(try desk.claim(#""attempts":4"#) == nil)
      let last = try #require(try desk.claim(#""attempts":5"#))
      desk.write("__resume__", "out", fence: last.fence)
      _ = try desk.graph(.release, #"{"thread":"t","fence":\#(last.fence)}"#)
      #expect(try desk.states() == "i applied")
    }
  }

  @Test("More threads that are worked on than a page hide none", arguments: StoreKind.allCases)
  func many(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk) throws in
      let threads = (100..<205).map { "t\($0)" }
      for thread in threads {
        desk.ask("i", thread: Text(thread))
        try desk.reply("i", thread: thread)
      }
      var claimed: [String] = []
      for _ in threads { claimed.append(try desk.graph(.claim, "{}").at("claim/thread")) }
      #expect(claimed.sorted() == threads)
      #expect(try desk.claim() == nil)
      #expect(try desk.claim(#""thread":"t204""#) == nil)
    }
  }

  @Test("A review that takes the place of another answers the graph", arguments: StoreKind.allCases)
  func successor(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk) throws in
      desk.step("1")
      desk.ask("i")
      let old = try desk.review(of: "i")
      let review = #"{"kind":"freeform","payload":{"raw":true},"title":"Really?","interrupt":"i"}"#
      let new = try desk.ask(.supersede, #"{"id":"\#(old)","successor":\#(review)}"#)
        .at("review/id")
      #expect(try desk.states() == "i waiting" && desk.review(of: "i") == new)
      #expect(
        desk.status(.respond, #"{"id":"\#(old)","actor":"ana","response":1}"#) == "SUPERSEDED")
      #expect(try desk.claim() == nil)
      #expect(try desk.reply("i", "[2]") == "OK")
      #expect(try desk.claim()?.answers == "i=[2]")
    }
  }

  @Test("An error before the answer was used keeps the answer")
  func errorWithoutAnswer() throws {
    try withDesk(.memory) { (desk) throws in
      desk.ask("i")
      try desk.reply("i")
      let claim = try #require(try desk.claim())
      desk.write("__error__", fence: claim.fence)
      #expect(try desk.states() == "i answered")
      // A graph that has lost its answer asks again, and gets it again.
      desk.write("__resume__", "__error__", fence: claim.fence)
      desk.ask("i", fence: claim.fence)
      #expect(try desk.states() == "i answered")
    }
  }

  @Test("By the names of graphs, and collected")
  func chosen() throws {
    try withDesk(.sqliteFile) { (desk) throws in
      for id in ["a", "b"] {
        desk.ask(id, graph: "g", task: Text(id))
      }
      try desk.reply("a")
      #expect(try desk.claim(#""graphs":["x","y"]"#) == nil)
      #expect(try desk.claim(#""graphs":["g"],"collect":true"#) == nil)
      try desk.reply("b")
      #expect(
        try desk.claim(#""graphs":["g"],"collect":true"#)?.answers == "a=yes b=yes")
    }
  }

  @Test("A graph that goes on by itself enters its thread alone")
  func entered() throws {
    try withDesk(.sqliteFile) { (desk) throws in
      let enter = #"{"thread":"t","lease_ms":1000}"#
      #expect(try desk.graph(.enter, enter).at("fence") == "null", "nothing waits")
      desk.step("1")
      desk.ask("i")
      let fence = Int64(try desk.graph(.enter, enter).at("fence"))
      #expect(fence != nil)
      #expect(desk.graphStatus(.enter, enter) == "THREAD_BUSY")
      #expect(desk.write("out", exclusive: true) == "THREAD_BUSY")
      #expect(desk.step("2", exclusive: true) == "THREAD_BUSY")
      #expect(desk.write("other", task: "X") == "OK", "who does not ask is not refused")
      #expect(desk.write("__resume__", "out", fence: fence, exclusive: true) == "OK")
      #expect(try desk.states() == "i moved")
      try desk.set(1000)
      #expect(desk.graphStatus(.enter, enter) == "OK")
    }
  }

  @Test("Requests that are none")
  func refused() throws {
    try withDesk(.memory) { (desk) throws in
      let rows: [(Desk.GraphVerb, String, String)] = [
        (.claim, "{", "INVALID_JSON"), (.claim, #"{"lease_ms":0}"#, "INVALID_ARGUMENT"),
        (.claim, #"{"x":1}"#, "INVALID_ARGUMENT"), (.claim, #"{"graphs":"g"}"#, "INVALID_ARGUMENT"),
        (.claim, #"{"graphs":[]}"#, "INVALID_ARGUMENT"),
        (.enter, "{}", "INVALID_ARGUMENT"), (.enter, #"{"thread":""}"#, "INVALID_ARGUMENT"),
        (.heartbeat, #"{"thread":"t"}"#, "INVALID_ARGUMENT"),
        (.heartbeat, #"{"thread":"t","fence":0}"#, "INVALID_ARGUMENT"),
        (.heartbeat, #"{"thread":"t","fence":1}"#, "FENCED"),
        (.release, #"{"thread":"t","fence":1}"#, "FENCED"),
        (.interrupts, "{}", "INVALID_ARGUMENT"),
        (.interrupts, #"{"thread":"t","limit":0}"#, "INVALID_ARGUMENT"),
      ]
      for row in rows { #expect(desk.graphStatus(row.0, row.1) == row.2, "\(row)") }
    }
  }

  @Test("Interrupts in pages")
  func pages() throws {
    try withDesk(.sqliteFile) { (desk) throws in
      for number in 10..<15 { desk.ask("i\(number)", task: Text("\(number)")) }
      var (found, after): ([String], String?) = ([], "")
      while let last = after {
        let page = try desk.graph(.interrupts, #"{"thread":"t","limit":2,"after":"\#(last)"}"#)
        found += page.items("interrupts").map { $0.at("interrupt") }
        after = page.at("next") == "null" ? nil : page.at("next")
      }
      #expect(found == ["i10", "i11", "i12", "i13", "i14"])
    }
  }
}
