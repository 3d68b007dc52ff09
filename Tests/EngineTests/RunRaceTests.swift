import Interlock
import InterlockCore
import InterlockStore
import Testing

/// Of any number who want the same at once, one gets it.
@Suite struct RunRaceTests {
  private static let threads = 4

  /// How often each word came when all threads did the same at once.
  private static func race(_ body: @escaping @Sendable (Int) -> String) -> [String: Int] {
    let words = Locked<[String: Int]>([:])
    concurrently(threads) { thread in
      let word = body(thread)
      words.withLock { $0[word, default: 0] += 1 }
    }
    return words.withLock { $0 }
  }

  private static func begin(_ engine: Engine, _ thread: String) -> String {
    RunWorker.word { () throws(EngineError) in
      let (_, json) = try engine.runs.begin(bytes(#"{"thread":"\#(thread)","lease_ms":10}"#))
      return (try? JSONReader.read(json))?.at("action") ?? "?"
    }
  }

  @Test("One of many begins, and one of many takes over", arguments: StoreKind.allCases)
  func begin(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let engine = desk.engine
      for round in 0..<10 {
        let words = Self.race { _ in Self.begin(engine, "t\(round)") }
        #expect(words == ["started": 1, "THREAD_BUSY": 3])
        try desk.set(Instant(round + 1) * 10)
        let again = Self.race { _ in Self.begin(engine, "t\(round)") }
        #expect(again == ["took_over": 1, "THREAD_BUSY": 3])
      }
    }
  }

  @Test("One of many different answers counts", arguments: StoreKind.allCases)
  func resume(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let engine = desk.engine
      for _ in 0..<10 {
        let worker = try desk.begin()
        #expect(worker.ask("q") == "waiting" && worker.suspend() == "interrupted")
        let id = try desk.run().at("interrupts/0/id")
        let words = Self.race { thread in
          RunWorker.word { () throws(EngineError) in
            _ = try engine.runs.resume(
              bytes(#"{"thread":"t","interrupt":"\#(id)","value":\#(thread)}"#))
            return "OK"
          }
        }
        #expect(words == ["OK": 1, "ALREADY_RESOLVED": 3])
        let next = try desk.begin()
        #expect(next.ask("q").hasPrefix("answered ") && next.complete() == "idle")
      }
    }
  }

  @Test("A late worker against the one who takes over", arguments: StoreKind.allCases)
  func late(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let engine = desk.engine
      for round in 0..<10 {
        let thread = "t\(round)"
        let late = try desk.begin(#","lease_ms":1"#, thread: thread)
        try desk.set(Instant(round) + 1)
        let words = Self.race { index in
          index == 0 ? Self.begin(engine, thread) : late.record("a\(index)")
        }
        #expect(words["took_over"] == 1)
        let kept = words["recorded 1", default: 0]
        #expect(kept + words["FENCED", default: 0] == Self.threads - 1)
        #expect(late.record("b") == "FENCED")
      }
    }
  }

  @Test(
    "A cancel reaches every question, however many", arguments: [StoreKind.memory, .sqliteInMemory])
  func manyQuestions(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let worker = try desk.begin()
      for index in 0..<1001 { #expect(worker.ask("q\(index)") == "waiting") }
      #expect(desk.tried(.cancel, #"{"thread":"t"}"#) == "OK")
      #expect(try desk.work(.interrupts, "{}").items("interrupts").isEmpty)
    }
  }

  @Test("One handle used by many at once records a step once", arguments: StoreKind.allCases)
  func oneHandle(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let worker = try desk.begin()
      for round in 0..<10 {
        let words = Self.race { _ in worker.record("a\(round)") }
        #expect(words == ["recorded 1": 1, "DUPLICATE_KEY": 3])
        let asked = Self.race { _ in worker.ask("q\(round)") }
        #expect(asked == ["waiting": 4])
      }
      #expect(try desk.run().items("interrupts").count == 10)
    }
  }
}
