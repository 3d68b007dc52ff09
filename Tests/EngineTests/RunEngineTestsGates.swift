import Interlock
import InterlockCore
import InterlockStore
import Testing

/// Steps that pause by themselves, and sequences of steps with one approval each.
@Suite struct RunEngineTestsGates {
  /// A program of steps that stops where it is told to wait, or where a gate was refused.
  private func play(
    _ desk: Desk, _ steps: [String], _ gates: String, _ log: inout [String]
  ) throws -> String {
    let worker = try desk.begin(gates)
    for step in steps {
      let word = worker.perform(step, &log)
      if word == "waiting" { return worker.suspend() }
      if word.hasPrefix("rejected") {
        return "stopped, " + worker.complete(#"{"completed":false}"#)
      }
      #expect(word == "recorded \(step)")
    }
    return worker.complete(#"{"completed":true}"#)
  }

  private func answer(_ desk: Desk, _ option: String = "approve") throws {
    let id = try #require(try desk.waitingReviews().first)
    #expect(desk.answer(id, "ana", option) == "OK")
  }

  @Test("S2: a pause before a named step", arguments: StoreKind.allCases)
  func before(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      var log: [String] = []
      let (steps, gates) = (["propose", "execute"], #","interrupt_before":["execute"]"#)
      #expect(try play(desk, steps, gates, &log) == "interrupted")
      #expect(log == ["propose"])
      let review = try desk.ask(.list, "{}")
      #expect(review.at("reviews/0/title") == "before execute")
      #expect(try play(desk, steps, gates, &log) == "interrupted", "Nobody has answered.")
      try answer(desk)
      #expect(try play(desk, steps, gates, &log) == "idle")
      #expect(log == ["propose", "execute"])
    }
  }

  @Test("S2: what was refused before the step is never done", arguments: StoreKind.allCases)
  func refused(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      for option in ["reject", "cancel", "expire"] {
        var log: [String] = []
        let (steps, gates) = (["propose", "execute"], #","interrupt_before":["execute"]"#)
        let gate =
          #","gate_review":{"kind":"approval","payload":{},"expires_in":10,"title":"Sure?"}"#
        #expect(try play(desk, steps, gates + gate, &log) == "interrupted")
        let id = try #require(try desk.waitingReviews().first)
        #expect(try desk.ask(.get, Desk.named(id)).at("title") == "Sure?")
        switch option {
        case "reject": try answer(desk, "reject")
        case "cancel": _ = try desk.ask(.cancel, Desk.named(id))
        default: try desk.set(10)
        }
        #expect(try play(desk, steps, gates + gate, &log) == "stopped, idle")
        #expect(log == ["propose"], "\(option)")
        #expect(try desk.run().at("outcome/result/completed") == "false")
      }
    }
  }

  @Test(
    "S9, S10, S11: a pause after each step, one approval each, in order",
    arguments: StoreKind.allCases)
  func after(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      var log: [String] = []
      let (steps, gates) = (["one", "two", "three"], #","interrupt_after":"*""#)
      for count in 1...3 {
        #expect(try play(desk, steps, gates, &log) == "interrupted")
        #expect(log == Array(steps.prefix(count)))
        #expect(try desk.run().at("interrupts/0/key") == "after \(steps[count - 1])")
        try answer(desk)
      }
      #expect(try play(desk, steps, gates, &log) == "idle")
      #expect(log == steps)
      #expect(try desk.run().at("outcome/result/completed") == "true")
      let answered = try desk.ask(.readEvents, #"{"types":["review.resolved"]}"#)
      #expect(answered.items("events").count == 3)
    }
  }

  @Test("S12: three steps pause exactly three times", arguments: StoreKind.allCases)
  func threeSteps(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      var log: [String] = []
      let (steps, gates) = (["1", "2", "3"], #","interrupt_before":["1","2","3"]"#)
      var pauses = 0
      while try play(desk, steps, gates, &log) == "interrupted", pauses < 9 {
        pauses += 1
        #expect(log.count == pauses - 1)
        try answer(desk)
      }
      #expect(pauses == 3 && log == steps)
    }
  }

  @Test("S12: a rejection at step 2 stops the sequence", arguments: StoreKind.allCases)
  func rejection(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      for (gates, done) in [("before", ["1"]), ("after", ["1", "2"])] {
        var log: [String] = []
        let more = #","interrupt_\#(gates)":["1","2","3"]"#
        for option in ["approve", "reject"] {
          #expect(try play(desk, ["1", "2", "3"], more, &log) == "interrupted")
          try answer(desk, option)
        }
        #expect(try play(desk, ["1", "2", "3"], more, &log) == "stopped, idle")
        #expect(log == done, "\(gates)")
      }
    }
  }

  @Test("Gates before and after one step", arguments: StoreKind.allCases)
  func both(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      var log: [String] = []
      let gates = #","interrupt_before":"*","interrupt_after":["a"]"#
      var keys: [String] = []
      while try play(desk, ["a", "b"], gates, &log) == "interrupted", keys.count < 9 {
        keys.append(try desk.run().at("interrupts/0/key"))
        try answer(desk)
      }
      #expect(keys == ["before a", "after a", "before b"] && log == ["a", "b"])
    }
  }

  @Test("A step with the longest key can have a gate", arguments: StoreKind.allCases)
  func longKey(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      var log: [String] = []
      let key = String(repeating: "k", count: 512)
      #expect(try play(desk, [key], #","interrupt_before":"*""#, &log) == "interrupted")
      try answer(desk)
      #expect(try play(desk, [key], #","interrupt_before":"*""#, &log) == "idle")
      #expect(log == [key])
    }
  }

  @Test(
    "A gate that somebody forces with anything but yes stays shut", arguments: StoreKind.allCases)
  func forced(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      for (value, state) in [
        ("true", "work"), ("false", "rejected false"), ("null", "rejected null"),
        (#""approved""#, "rejected approved"), ("1", "rejected 1"), ("{}", "rejected {}"),
      ] {
        let gates = #","interrupt_before":"*""#
        var worker = try desk.begin(gates)
        #expect(worker.step("a") == "waiting" && worker.suspend() == "interrupted")
        #expect(desk.resume(value, #","force":true,"actor":"boss""#) == "OK")
        worker = try desk.begin(gates)
        #expect(worker.step("a") == state, "\(value)")
        #expect(worker.complete() == "idle")
      }
    }
  }

  @Test(
    "A gate that was taken away or added meanwhile is divergence", arguments: StoreKind.allCases)
  func changed(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let gates = #","interrupt_before":"*""#
      var worker = try desk.begin(gates)
      #expect(worker.step("a") == "waiting" && worker.suspend() == "interrupted")
      worker = try desk.begin()
      #expect(worker.step("a") == "DIVERGED", "Nobody has approved.")
      #expect(worker.record("a") == "DIVERGED" && worker.fail() == "error")
      #expect(desk.tried(.cancel, #"{"thread":"t"}"#) == "OK")
      worker = try desk.begin()
      #expect(worker.record("a") == "recorded 1" && worker.suspend() == "interrupted")
      worker = try desk.begin(gates)
      #expect(worker.step("a") == "DIVERGED")
    }
  }
}
