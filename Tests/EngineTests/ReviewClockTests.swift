import Interlock
import InterlockCore
import InterlockSQLite
import InterlockStore
import Testing

/// Deadlines, reminders and escalations by a clock that stands still until it is set.
@Suite struct ReviewClockTests {
  private func at(_ milliseconds: Int64) -> Instant { Desk.start + milliseconds }

  private func fired(_ desk: Desk) throws -> String {
    try JSONReader.read(try desk.engine.tick()).at("fired")
  }

  @Test(
    "3.6 item 8: an answer at the deadline is too late, though nobody swept",
    arguments: StoreKind.allCases, [(999, "OK"), (1000, "EXPIRED"), (1001, "EXPIRED")])
  func exactly(_ kind: StoreKind, _ moment: (at: Int64, status: String)) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let id = try desk.open(#","expires_in":1000"#)
      try desk.engine.setTime(at(moment.at))
      #expect(desk.answer(id, "ana") == moment.status)
      #expect(try desk.status(of: id) == (moment.status == "OK" ? "resolved" : "expired"))
      // Whoever comes now finds it as it is.
      #expect(desk.answer(id, "bob") == (moment.status == "OK" ? "ALREADY_RESOLVED" : "EXPIRED"))
      #expect(try fired(desk) == "0")
    }
  }

  @Test("N29: a deadline shows at once, also before it is on record", arguments: StoreKind.allCases)
  func readsAreSettled(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let id = try desk.open(#","expires_in":1000"#)
      try desk.engine.setTime(at(1000))
      #expect(try desk.status(of: id) == "expired")
      #expect(try desk.ask(.explain, Desk.named(id)).at("why") == "Its deadline passed.")
      // Reading changed nothing.
      #expect(try desk.events() == "opened")
      #expect(try fired(desk) == "1")
      #expect(try desk.events() + " " + desk.audit() == "opened expired expiry/timer")
    }
  }

  @Test("Nothing that has ended is listed as pending", arguments: StoreKind.allCases)
  func lists(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let ids = try (0..<150).map { try desk.open(#","channel":"c","expires_in":\#(1000 + $0)"#) }
      try desk.engine.setTime(at(1099))
      func listed(_ filter: String) throws -> [String] {
        try desk.ask(.list, #"{"order":"oldest","limit":1000\#(filter)}"#).items("reviews")
          .map { $0.at("id") }
      }
      #expect(try listed(#","status":"pending""#) == Array(ids[100...]))
      #expect(try listed(#","status":"pending","channel":"c""#) == Array(ids[100...]))
      #expect(try listed(#","status":"expired""#) == Array(ids[..<100]))
      #expect(try listed(#","due_before":\#(at(1102))"#) == Array(ids[100..<102]))
      #expect(try listed("").count == 150)
    }
  }

  @Test("S32, S38: reminders come once, and after them the deadline", arguments: StoreKind.allCases)
  func reminders(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let id = try desk.open(#","expires_in":1000,"reminders":[300,600],"interrupt":"i""#)
      var log: [String] = []
      for time in [0, 399, 400, 400, 699, 700, 999, 1000, 1000, 5000] as [Int64] {
        try desk.engine.setTime(at(time))
        log.append("\(time):\(try fired(desk))")
      }
      #expect(
        log == [
          "0:0", "399:0", "400:1", "400:0", "699:0", "700:1", "999:0", "1000:1", "1000:0", "5000:0",
        ])
      #expect(try desk.events() == "opened reminded reminded resolved")
      #expect(try desk.ask(.get, Desk.named(id)).at("outcome") == "rejected")
      #expect(try desk.engine.nextDeadline() == nil)
    }
  }

  @Test("A host that slept is told once, then the end", arguments: StoreKind.allCases)
  func overslept(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      _ = try desk.open(#","expires_in":1000,"reminders":[300,600]"#)
      try desk.engine.setTime(at(800))
      #expect(try fired(desk) == "1")
      try desk.engine.setTime(at(100_000))
      #expect(try fired(desk) == "1")
      #expect(try desk.events() == "opened reminded expired")
    }
  }

  @Test("S30: the human rung goes on to the manager by deadline", arguments: StoreKind.allCases)
  func ladder(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let stages = #"""
        {"name":"human","approvers":["ana"],"deadline_in":100,"on_expiry":"escalate"},
        {"name":"manager","approvers":["mia"],"deadline_in":100,"on_expiry":"expire"}
        """#
      let policy = #","policy":{"order":"ladder","stages":[\#(stages)]}"#
      let id = try desk.open(policy)
      try desk.engine.setTime(at(100))
      #expect(desk.answer(id, "ana") == "NOT_AUTHORIZED")
      let review = try desk.ask(.get, Desk.named(id))
      #expect(review.at("escalations/0/reason") + " " + review.at("stage") == "deadline manager")
      #expect(review.at("next_at") == "\(at(200))")
      try desk.engine.setTime(at(200))
      #expect(try fired(desk) == "1")
      #expect(try desk.events() == "opened escalated expired")
      #expect(try desk.audit() == "escalation/timer refusal/ana expiry/timer")
    }
  }

  @Test("A stage that silence passes is on record as such", arguments: StoreKind.allCases)
  func stagePassed(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let stages = #"""
        {"name":"first","approvers":["ana"],"deadline_in":100,"on_expiry":"approve"},
        {"name":"second","approvers":["mia"]}
        """#
      let id = try desk.open(stages: stages)
      try desk.engine.setTime(at(99))
      #expect(try fired(desk) == "0")
      try desk.engine.setTime(at(150))
      #expect(try fired(desk) == "1")
      let review = try desk.ask(.get, Desk.named(id))
      #expect(review.at("status") + " " + review.at("stage") == "pending second")
      #expect(review.at("stages/0/status") + " " + review.at("stages/1/status") == "passed open")
      #expect(review.at("stages/1/opened_at") == "\(at(100))")
      let record = try desk.ask(.readAudit, "{}").at("records/0/detail")
      #expect(record == #"{"result":"stage_passed"}"#)
      #expect(desk.answer(id, "ana") == "NOT_AUTHORIZED" && desk.answer(id, "mia") == "OK")
      #expect(try desk.audit() == "expiry/timer refusal/ana decision/mia")
      #expect(try desk.events() == "opened stage_opened answered resolved")
    }
  }

  @Test("N30: a timeout may resume with a value", arguments: StoreKind.allCases)
  func resumesWithAValue(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let id = try desk.open(#","expires_in":1,"on_expiry":{"resume_with":"timeout_reject"}"#)
      try desk.engine.setTime(at(1))
      let review = try desk.ask(.get, Desk.named(id))
      #expect(review.at("status") + " " + review.at("response") == "expired timeout_reject")
    }
  }

  @Test("N31, 3.6 item 11: two engines on one file fire each deadline once")
  func twoSweepers() throws {
    let folder = TemporaryFolder()
    let desks = try (0..<2).map { _ in Desk(try .sqlite(path: folder.path + "/a.db")) }
    let ids = try (0..<60).map { try desks[0].open(#","expires_in":\#(100 + $0 % 7)"#) }
    for desk in desks { try desk.engine.setTime(at(500)) }
    let engines = desks.map(\.engine)
    let total = Locked(0)
    concurrently(4) { thread in
      guard let json = try? engines[thread % 2].tick(), let value = try? JSONReader.read(json)
      else { return }
      total.withLock { $0 += Int(value.at("fired")) ?? 0 }
    }
    #expect(total.withLock { $0 } == 60)
    for id in ids { #expect(try desks[1].status(of: id) == "expired") }
    #expect(try desks[0].heads() == (event: 120, audit: 60))
    for desk in desks { #expect(try fired(desk) == "0") }
    try desks[0].expectSound()
    for desk in desks { try desk.engine.close() }
  }

  @Test("G16, N31: what was planned before a restart happens after it")
  func restart() throws {
    let folder = TemporaryFolder()
    let first = Desk(try .sqlite(path: folder.path + "/a.db"))
    let id = try first.open(#","expires_in":100,"interrupt":"i""#)
    try first.engine.close()
    let second = Desk(try .sqlite(path: folder.path + "/a.db"), at: at(100))
    #expect(try second.engine.nextDeadline() == at(100))
    #expect(try fired(second) == "1")
    #expect(try second.ask(.get, Desk.named(id)).at("outcome") == "rejected")
    try second.engine.close()
  }

  @Test("Who may only read sees no ended review as pending, and writes nothing")
  func readOnly() throws {
    let folder = TemporaryFolder()
    let writer = Desk(try .sqlite(path: folder.path + "/a.db"))
    let id = try writer.open(#","expires_in":100"#)
    var options = SQLiteOptions()
    options.isReadOnly = true
    let store = try AnyStore.sqlite(path: folder.path + "/a.db", options: options)
    let reader = Desk(store, at: at(100))
    #expect(try reader.ask(.list, #"{"status":"pending"}"#).items("reviews").isEmpty)
    #expect(try reader.ask(.list, "{}").at("reviews/0/status") == "expired")
    #expect(try reader.status(of: id) == "expired")
    #expect(reader.answer(id, "ana") == "READ_ONLY")
    #expect(try writer.heads() == (event: 1, audit: 0))
    try reader.engine.close()
    try writer.engine.close()
  }

  @Test("A clock that goes back undoes nothing", arguments: StoreKind.allCases)
  func clockGoesBack(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let id = try desk.open(#","expires_in":1000"#)
      try desk.engine.setTime(at(1000))
      #expect(try fired(desk) == "1")
      try desk.engine.setTime(at(0))
      #expect(desk.answer(id, "ana") == "EXPIRED")
      #expect(try desk.status(of: id) == "expired")
    }
  }
}
