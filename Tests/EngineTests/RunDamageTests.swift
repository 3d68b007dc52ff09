import Interlock
import InterlockCore
import InterlockSQLite
import InterlockStore
import Testing

/// What was changed behind the library's back is said to be corrupt, and is never taken for a question
/// that is open or for work that was not done.
@Suite struct RunDamageTests {
  @Test(arguments: [
    ("UPDATE runs SET status = 'busy'", "CORRUPT CORRUPT CORRUPT"),
    ("UPDATE runs SET status = 'done'", "CORRUPT CORRUPT CORRUPT"),
    ("UPDATE runs SET run = NULL", "CORRUPT CORRUPT CORRUPT"),
    ("UPDATE runs SET worker = 'w', lease_until = 9", "CORRUPT CORRUPT CORRUPT"),
    ("UPDATE runs SET outcome = '{'", "CORRUPT CORRUPT CORRUPT"),
    ("UPDATE steps SET result = '{' WHERE key = 'a'", "OK CORRUPT ALREADY_RESOLVED"),
    ("UPDATE steps SET result = NULL WHERE key = 'a'", "OK CORRUPT ALREADY_RESOLVED"),
    ("UPDATE interrupts SET value = '{'", "OK CORRUPT CORRUPT"),
    ("UPDATE interrupts SET value = NULL", "OK CORRUPT CORRUPT"),
    ("UPDATE interrupts SET status = 'x'", "OK CORRUPT CORRUPT"),
  ])
  func runs(_ sql: String, _ expected: String) throws {
    try withFile { (path: String, interrupt: String, _) throws in
      #expect(meddle(path, sql) == 1)
      let desk = Desk(try .sqlite(path: path))
      #expect(try !desk.engine.check().isSound)
      let words = [
        desk.tried(.get, #"{"thread":"t"}"#), desk.beginning(),
        desk.resume("2", #","interrupt":"\#(interrupt)""#),
      ]
      #expect(words.map { $0 == "resumed" ? "OK" : $0 }.joined(separator: " ") == expected)
      try desk.engine.close()
    }
  }

  @Test(arguments: [
    "UPDATE steps SET position = 5 WHERE key = 'q'", "UPDATE steps SET key = 'a' WHERE key = 'q'",
    "UPDATE steps SET interrupt = 'gone' WHERE key = 'q'", "DELETE FROM steps WHERE key = 'a'",
  ])
  func journals(_ sql: String) throws {
    try withFile { (path: String, _, _) throws in
      #expect(meddle(path, sql) == 1)
      let desk = Desk(try .sqlite(path: path))
      let report = try desk.engine.check()
      #expect(report.problems.map(\.kind).allSatisfy { $0 == "run" } && !report.isSound)
      #expect(report.runs == 1)
      try desk.engine.close()
    }
  }

  @Test(arguments: [
    "UPDATE permits SET status = 'x'", "UPDATE permits SET status = 'unknown'",
    "UPDATE permits SET until = NULL", "UPDATE permits SET status = 'issued'",
  ])
  func permits(_ sql: String) throws {
    try withFile { (path: String, _, permit: String) throws in
      #expect(meddle(path, sql) == 1)
      let desk = Desk(try .sqlite(path: path))
      let named = #"{"permit":"\#(permit)"#
      #expect(desk.tried(.permit, named + "\"}") == "CORRUPT")
      #expect(desk.tried(.consume, named + #"","tool":"x","arguments":{}}"#) == "CORRUPT")
      #expect(desk.tried(.report, named + #"","outcome":"done"}"#) == "CORRUPT")
      try desk.engine.close()
    }
  }

  @Test(
    "A graph never goes on with an answer that is damaged",
    arguments: [
      "UPDATE graph_interrupts SET value = NULL", "UPDATE graph_interrupts SET value = ''",
      "UPDATE graph_interrupts SET value = '{'", "UPDATE graph_interrupts SET value = '1e999'",
      "UPDATE graph_interrupts SET value = CAST(x'22ff22' AS TEXT)",
      "UPDATE graph_interrupts SET attempts = 1 << 62",
    ])
  func graphs(_ sql: String) throws {
    try withAnsweredGraph(sql) { (damaged) throws in
      #expect(damaged.graphStatus(.claim, #"{"worker":"w"}"#) == "CORRUPT")
      #expect(damaged.graphStatus(.interrupts, #"{"thread":"t"}"#) == "CORRUPT")
    }
  }

  @Test("A count that was damaged stops nobody") func attempts() throws {
    try withAnsweredGraph("UPDATE graph_interrupts SET attempts = -(1 << 53)") { (damaged) throws in
      #expect(try #require(try damaged.claim()).answers == "i=[1]")
    }
  }

  /// An interrupt with an answer that its graph has not used, and then a change.
  private func withAnsweredGraph(_ sql: String, _ body: (Desk) throws -> Void) throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/damage.db"
    let desk = Desk(try .sqlite(path: path))
    desk.ask("i")
    try desk.reply("i", "[1]")
    try desk.engine.close()
    try change(path, sql)
    let damaged = Desk(try .sqlite(path: path))
    try body(damaged)
    try damaged.engine.close()
    withExtendedLifetime(folder) {}
  }

  /// A run that waits, with a step and an answered question, and a permit that was used.
  private func withFile(_ body: (String, String, String) throws -> Void) throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/damage.db"
    let desk = Desk(try .sqlite(path: path))
    let worker = try desk.begin()
    #expect(worker.record("a") == "recorded 1" && worker.ask("q") == "waiting")
    let interrupt = try desk.run().at("interrupts/0/id")
    #expect(worker.suspend() == "interrupted" && desk.resume("1") == "OK")
    let review = try desk.ask(.open, #"{"kind":"approval","payload":{"tool":"x"}}"#)
    #expect(desk.answer(review.at("review/id"), "ana") == "OK")
    let permits = try desk.work(.permits, #"{"review":"\#(review.at("review/id"))"}"#)
    let permit = permits.at("permits/0/id")
    #expect(desk.tried(.consume, #"{"permit":"\#(permit)","tool":"x","arguments":{}}"#) == "OK")
    try desk.engine.close()
    try body(path, interrupt, permit)
    withExtendedLifetime(folder) {}
  }
}
