import Glibc
import Interlock
import InterlockCore
import InterlockSQLite
import InterlockStore
import Testing

/// Waits: an answer before, during and after one is never lost, and patience ends no review.
@Suite struct ReviewWaitTests {
  /// How a wait for reviews ended: what the first final one has become, or a status.
  private static func wait(
    _ engine: Engine, _ ids: [String], milliseconds: UInt64 = 0, cancel: CancelFlag? = nil
  ) -> String {
    let list = ids.map { "\"\($0)\"" }.joined(separator: ",")
    do throws(EngineError) {
      let json = try engine.reviews.wait(
        bytes(#"{"ids":[\#(list)]}"#), milliseconds: milliseconds, cancel: cancel)
      guard let review = try? JSONReader.read(json) else { return "?" }
      return "\(ids.firstIndex(of: review.at("id")) ?? -1) \(review.at("outcome"))"
    } catch {
      return "\(error.status.name)"
    }
  }

  /// Begins a wait on another thread, then does something, and returns how the wait ended.
  private static func waiting(
    _ engine: Engine, _ ids: [String], cancel: CancelFlag? = nil,
    _ body: @escaping @Sendable () -> Void
  ) -> String {
    let outcome = Locked("")
    concurrently(2) { thread in
      if thread == 0 {
        let result = wait(engine, ids, milliseconds: 20_000, cancel: cancel)
        outcome.withLock { $0 = result }
      } else {
        usleep(20_000)
        body()
      }
    }
    return outcome.withLock { $0 }
  }

  private static func answer(_ id: String, _ option: String = "approve") -> [UInt8] {
    bytes(Desk.request(id, "ana", option))
  }

  @Test(
    "P39, P40, P41: before a wait, after its patience: no answer is lost",
    arguments: StoreKind.allCases)
  func beforeAndAfter(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let (early, late) = (try desk.open(), try desk.open())
      desk.answer(early, "ana")
      #expect(Self.wait(desk.engine, [early]) == "0 approved")
      #expect(Self.wait(desk.engine, [early], milliseconds: 60_000) == "0 approved")
      let before = try desk.ask(.get, Desk.named(late))
      #expect(Self.wait(desk.engine, [late]) == "TIMEOUT")
      #expect(Self.wait(desk.engine, [late], milliseconds: 30) == "TIMEOUT")
      #expect(try desk.ask(.get, Desk.named(late)) == before)
      #expect(desk.answer(late, "ana", "reject") == "OK")
      #expect(Self.wait(desk.engine, [late]) == "0 rejected")
    }
  }

  @Test("P33, P37: an answer ends the wait at once", arguments: StoreKind.allCases)
  func during(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let ids = try (0..<3).map { _ in try desk.open() }
      let engine = desk.engine
      let result = Self.waiting(engine, ids) {
        _ = try? engine.reviews.respond(Self.answer(ids[1]))
      }
      #expect(result == "1 approved")
      let cancelled = Self.waiting(engine, [ids[0]]) {
        _ = try? engine.reviews.cancel(bytes(Desk.named(ids[0])))
      }
      #expect(cancelled == "0 cancelled")
    }
  }

  @Test("P38: each answer reaches its own waiter", arguments: StoreKind.allCases)
  func manyWaiters(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let ids = try (0..<12).map { _ in try desk.open() }
      let engine = desk.engine
      let results = Locked([String](repeating: "", count: 12))
      concurrently(13) { thread in
        if thread < 12 {
          let result = Self.wait(engine, [ids[thread]], milliseconds: 20_000)
          results.withLock { $0[thread] = result }
        } else {
          usleep(20_000)
          for (index, id) in ids.enumerated() {
            let option = index % 2 == 0 ? "approve" : "reject"
            _ = try? engine.reviews.respond(Self.answer(id, option))
          }
        }
      }
      let expected = (0..<12).map { $0 % 2 == 0 ? "0 approved" : "0 rejected" }
      #expect(results.withLock { $0 } == expected)
    }
  }

  @Test("A deadline that passes ends a wait, and is on record", arguments: StoreKind.allCases)
  func deadline(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let id = try desk.open(#","expires_in":1000"#)
      let engine = desk.engine
      let result = Self.waiting(engine, [id]) { try? engine.setTime(Desk.start + 1000) }
      #expect(result == "0 expired")
      #expect(try desk.events() + " " + desk.audit() == "opened expired expiry/timer")
    }
  }

  @Test("A wait is ended by its handle, and by closing", arguments: StoreKind.allCases)
  func cancel(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let id = try desk.open()
      let (engine, flag) = (desk.engine, CancelFlag())
      #expect(Self.waiting(engine, [id], cancel: flag) { flag.cancel() } == "WAIT_CANCELLED")
      #expect(Self.wait(engine, [id], milliseconds: 9000, cancel: flag) == "WAIT_CANCELLED")
      #expect(try desk.status(of: id) == "pending")
    }
    let other = Desk(.memory())
    let (engine, id) = (other.engine, try other.open())
    #expect(Self.waiting(engine, [id]) { try? engine.close() } == "CLOSED")
  }

  @Test("What cannot be waited for is said at once", arguments: StoreKind.allCases)
  func misuse(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let id = try desk.open()
      #expect(Self.wait(desk.engine, [id, "nobody"], milliseconds: 9000) == "UNKNOWN_REVIEW")
      #expect(Self.wait(desk.engine, [], milliseconds: 9000) == "INVALID_ARGUMENT")
      #expect(Self.wait(desk.engine, [""], milliseconds: 9000) == "INVALID_ARGUMENT")
    }
  }

  @Test("P37: an answer through another engine on the same file")
  func otherEngine() throws {
    let folder = TemporaryFolder()
    let desks = try (0..<2).map { _ in Desk(try .sqlite(path: folder.path + "/a.db")) }
    let id = try desks[0].open()
    let other = desks[1].engine
    let result = Self.waiting(desks[0].engine, [id]) {
      _ = try? other.reviews.respond(Self.answer(id))
    }
    #expect(result == "0 approved")
    for desk in desks { try desk.engine.close() }
  }

  @Test("Who waits for events gets the next one that fits", arguments: StoreKind.allCases)
  func events(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let (first, second) = (try desk.open(), try desk.open())
      let (engine, found) = (desk.engine, Locked(""))
      concurrently(2) { thread in
        if thread == 0 {
          let request = bytes(#"{"after":2,"review":"\#(second)","types":["review.resolved"]}"#)
          let json = try? engine.events.wait(request, milliseconds: 20_000, cancel: nil)
          let page = json.flatMap { try? JSONReader.read($0) } ?? .null
          found.withLock { $0 = page.items("events").map { $0.at("seq") }.joined(separator: " ") }
        } else {
          usleep(20_000)
          _ = try? engine.reviews.respond(Self.answer(first))
          _ = try? engine.reviews.respond(Self.answer(second))
        }
      }
      #expect(found.withLock { $0 } == "6")
    }
  }
}
