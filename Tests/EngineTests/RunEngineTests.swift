import Interlock
import InterlockCore
import InterlockStore
import Testing

/// A run from its beginning to its result, over pauses, failures and workers.
@Suite struct RunEngineTests {
  @Test("Begin, step, record, interrupt, suspend, resume, complete", arguments: StoreKind.allCases)
  func life(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      #expect(desk.tried(.get, #"{"thread":"t"}"#) == "NOT_FOUND")
      var worker = try desk.begin(#","worker":"ana","lease_ms":50,"parent":"run/step""#)
      #expect(worker.begun.at("action") == "started" && worker.begun.at("recorded") == "0")
      #expect(worker.step("a") == "work")
      #expect(worker.record("a", #"{"x":[1,null]}"#) == #"recorded {"x":[1,null]}"#)
      #expect(worker.ask("q", #"{"how":"?"}"#) == "waiting")
      let waiting = try desk.run()
      #expect(waiting.at("worker") == "ana" && waiting.at("parent") == "run/step")
      #expect(waiting.at("lease_until") == "\(Desk.start + 50)")
      #expect(waiting.at("interrupts/0/request/how") == "?")
      #expect(worker.suspend() == "interrupted")
      #expect(try desk.run().at("worker") == "null")
      #expect(desk.resume("7", #","update":{"u":1}"#) == "OK")
      worker = try desk.begin()
      #expect(worker.begun.at("action") == "resumed" && worker.begun.at("recorded") == "2")
      #expect(worker.begun.at("updates") == #"[{"u":1}]"#)
      #expect(worker.step("a") == #"recorded {"x":[1,null]}"#)
      #expect(worker.ask("q") == "answered 7")
      #expect(worker.complete(#"{"ok":true}"#) == "idle")
      let done = try desk.run()
      #expect(done.at("outcome") == #"{"type":"completed","result":{"ok":true}}"#)
      #expect(done.items("interrupts").isEmpty && done.at("run") == worker.begun.at("run"))
      let events = try desk.ask(.readEvents, #"{"thread":"t"}"#)
      #expect(
        events.items("events").map { String($0.at("type").dropFirst(4)) } == [
          "started", "asked", "interrupted", "answered", "resumed", "completed",
        ])
    }
  }

  @Test("A new run on a thread knows nothing of the last", arguments: StoreKind.allCases)
  func again(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let first = try desk.begin(#","parent":"p""#)
      first.record("a")
      #expect(first.complete() == "idle")
      let second = try desk.begin()
      #expect(second.begun.at("action") == "started")
      #expect(second.begun.at("run") != first.begun.at("run"))
      #expect(second.step("a") == "work" && first.record("b") == "FENCED")
      let run = try desk.run()
      #expect(run.at("outcome") == "null" && run.at("parent") == "null")
    }
  }

  @Test(
    "A thread that is deleted takes its steps and questions along", arguments: StoreKind.allCases)
  func deleted(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      for (index, end) in ["waits", "failed", "works", "idle"].enumerated() {
        try desk.engine.put("t", "1", value: [1])
        let worker = try desk.begin()
        #expect(worker.begun.at("recorded") == "0" && worker.step("a") == "work", "\(end)")
        #expect(worker.record("a") == "recorded 1")
        switch end {
        case "waits": #expect(worker.review("q") == "waiting" && worker.suspend() == "interrupted")
        case "failed": #expect(worker.fail() == "error")
        case "works": #expect(worker.ask("q") == "waiting")
        default: #expect(worker.complete() == "idle")
        }
        let reviews = try desk.waitingReviews()
        try desk.engine.deleteThread("t")
        #expect(try desk.waitingReviews().isEmpty)
        if index == 0 { #expect(try desk.status(of: reviews[0]) == "cancelled") }
        #expect(worker.record("b") != "recorded 1", "\(end)")
        let next = try desk.begin()
        #expect(next.begun.at("action") == "started" && next.begun.at("recorded") == "0")
        #expect(next.begun.at("run") != worker.begun.at("run"))
        #expect(next.step("a") == "work" && next.complete() == "idle")
      }
    }
  }

  @Test("A failed run is tried again, and repeats no recorded step", arguments: StoreKind.allCases)
  func retry(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      var log: [String] = []
      var worker = try desk.begin()
      #expect(worker.perform("a", &log) == "recorded a")
      #expect(worker.step("b") == "work")
      #expect(worker.fail(#"{"why":"b broke"}"#) == "error")
      #expect(try desk.run().at("outcome/error/why") == "b broke")
      #expect(worker.record("b") == "NOT_RUNNING")
      worker = try desk.begin()
      #expect(worker.begun.at("action") == "resumed")
      #expect(worker.perform("a", &log) == "recorded a")
      #expect(worker.perform("b", &log) == "recorded b")
      #expect(log == ["a", "b"])
      #expect(worker.complete() == "idle")
    }
  }

  @Test(
    "A lost lease: the next takes over, the late worker is refused", arguments: StoreKind.allCases)
  func takeOver(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let late = try desk.begin(#","worker":"late","lease_ms":100"#)
      late.record("a")
      try desk.set(99)
      #expect(desk.beginning() == "THREAD_BUSY")
      #expect(late.heartbeat() == "busy")
      try desk.set(198)
      #expect(desk.beginning() == "THREAD_BUSY")
      try desk.set(199)
      #expect(late.heartbeat() == "busy", "Nobody has taken over yet.")
      try desk.set(299)
      let next = try desk.begin(#","worker":"next","lease_ms":100"#)
      #expect(next.begun.at("action") == "took_over")
      #expect(next.begun.at("run") == late.begun.at("run") && next.begun.at("recorded") == "1")
      let before = try desk.run()
      for refused in [
        late.record("b"), late.ask("q"), late.review("q"), late.heartbeat(), late.suspend(),
        late.complete(), late.fail(),
      ] {
        #expect(refused == "FENCED")
      }
      #expect(try desk.run() == before)
      #expect(try desk.waitingReviews().isEmpty)
      #expect(next.step("a") == "recorded 1" && next.step("b") == "work")
      #expect(next.record("b") == "recorded 1" && next.complete() == "idle")
      #expect(late.complete() == "FENCED")
    }
  }

  @Test("A cancel fences the worker off and cancels what is asked", arguments: StoreKind.allCases)
  func cancel(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      #expect(desk.tried(.cancel, #"{"thread":"t"}"#) == "NOT_RUNNING")
      let worker = try desk.begin()
      #expect(worker.ask("q") == "waiting" && worker.review("r") == "waiting")
      let interrupts = try desk.run().items("interrupts")
      let review = try #require(interrupts.last).at("review")
      let run = try desk.work(.cancel, #"{"thread":"t","reason":"enough"}"#)
      #expect(run.at("outcome") == #"{"type":"cancelled","reason":"enough"}"#)
      #expect(worker.record("a") == "FENCED" && worker.suspend() == "FENCED")
      #expect(try desk.status(of: review) == "cancelled")
      #expect(try desk.work(.interrupts, "{}").items("interrupts").isEmpty)
      for interrupt in interrupts {
        let named = #","interrupt":"\#(interrupt.at("id"))""#
        #expect(desk.resume("1", named) == "CANCELLED")
      }
      #expect(desk.resume("1") == "NOT_INTERRUPTED")
      #expect(desk.tried(.cancel, #"{"thread":"t"}"#) == "NOT_RUNNING")
      #expect(desk.beginning() == "started")
    }
  }

  @Test("A run that waits or has failed can be cancelled", arguments: StoreKind.allCases)
  func cancelIdle(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      for ends in [{ $0.suspend() }, { $0.fail() }] as [(RunWorker) -> String] {
        let worker = try desk.begin()
        worker.record("a")
        #expect(["interrupted", "error"].contains(ends(worker)))
        #expect(desk.tried(.cancel, #"{"thread":"t"}"#) == "OK")
        #expect(worker.heartbeat() == "FENCED")
      }
    }
  }

  @Test("What a program that has changed is told", arguments: StoreKind.allCases)
  func divergence(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let first = try desk.begin()
      first.record("a")
      #expect(first.ask("q") == "waiting" && first.suspend() == "interrupted")
      desk.resume("1")
      let worker = try desk.begin()
      #expect(worker.ask("a") == "DIVERGED" && worker.step("b") == "DIVERGED")
      let details = worker.refusal("b")
      #expect(details.at("recorded") == #"{"kind":"step","key":"a"}"#)
      #expect(details.at("came") == #"{"kind":"step","key":"b"}"#)
      #expect(details.at("position") == "0")
      #expect(worker.record("a") == "DIVERGED" && worker.complete() == "DIVERGED")
      #expect(worker.step("a") == "recorded 1")
      #expect(worker.step("q") == "DIVERGED" && worker.complete() == "DIVERGED")
      #expect(worker.ask("q") == "answered 1" && worker.complete() == "idle")
    }
  }

  @Test("A key is used once in a run", arguments: StoreKind.allCases)
  func duplicates(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let worker = try desk.begin()
      worker.record("a")
      #expect(worker.step("a") == "DUPLICATE_KEY" && worker.record("a") == "DUPLICATE_KEY")
      #expect(worker.ask("a") == "DUPLICATE_KEY" && worker.review("a") == "DUPLICATE_KEY")
      #expect(worker.record("e\u{301}") == "recorded 1" && worker.step("\u{e9}") == "work")
      #expect(worker.complete() == "idle")
      #expect(try desk.ask(.list, "{}").items("reviews").isEmpty)
    }
  }

  @Test("What is no request is refused, and changes nothing", arguments: StoreKind.allCases)
  func badInput(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      for request in [
        #","lease_ms":0"#, #","lease_ms":"x""#, #","interrupt_before":"all""#, #","worker":"""#,
        #","interrupt_after":[1]"#, #","gate_review":[]"#, #","unknown":1"#,
      ] {
        #expect(desk.beginning(request) == "INVALID_ARGUMENT", "\(request)")
      }
      #expect(desk.tried(.get, #"{"thread":"t"}"#) == "NOT_FOUND")
      let worker = try desk.begin()
      #expect(worker.step("") == "INVALID_ARGUMENT" && worker.record("") == "INVALID_ARGUMENT")
      #expect(worker.step(String(repeating: "k", count: 513)) == "TOO_LARGE")
      #expect(worker.record("a", "oops") == "INVALID_JSON")
      #expect(worker.review("q", #","expires_in":-1"#) == "INVALID_DEADLINE")
      #expect(worker.step("a") == "work" && worker.complete() == "idle")
      for (request, status) in [
        (#"{"thread":"t"}"#, "INVALID_ARGUMENT"), (#"{"value":1}"#, "INVALID_ARGUMENT"),
        (#"{"thread":"t","value":1,"update":[]}"#, "INVALID_ARGUMENT"),
        (#"{"thread":"t","value":1,"force":true}"#, "INVALID_ARGUMENT"),
        (#"{"thread":"t","value":1}"#, "NOT_INTERRUPTED"),
        (#"{"thread":"nobody","value":1}"#, "NOT_INTERRUPTED"),
      ] {
        #expect(desk.tried(.resume, request) == status, "\(request)")
      }
    }
  }

  @Test("A run that has ended takes nothing more", arguments: StoreKind.allCases)
  func ended(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let worker = try desk.begin()
      #expect(worker.complete("1") == "idle")
      let before = try desk.run()
      for refused in [
        worker.record("a"), worker.ask("q"), worker.review("r"), worker.heartbeat(),
        worker.suspend(), worker.complete(), worker.fail(),
      ] {
        #expect(refused == "NOT_RUNNING")
      }
      #expect(try desk.run() == before)
    }
  }

  @Test("Runs by thread, a page at a time", arguments: StoreKind.allCases)
  func list(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      for thread in ["c", "a", "b"] {
        let worker = try desk.begin(thread: thread)
        if thread != "b" { worker.suspend() }
      }
      func page(_ request: String) throws -> String {
        let page = try desk.work(.list, request)
        return page.items("runs").map { $0.at("thread") }.joined() + " " + page.at("next")
      }
      #expect(try page("{}") == "abc null")
      #expect(try page(#"{"limit":2}"#) == "ab b")
      #expect(try page(#"{"limit":2,"after":"b"}"#) == "c null")
      #expect(try page(#"{"status":"busy"}"#) == "b null")
      #expect(try page(#"{"status":"interrupted"}"#) == "ac null")
    }
  }
}
