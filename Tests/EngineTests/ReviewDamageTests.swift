import Interlock
import InterlockCore
import InterlockSQLite
import InterlockStore
import Testing

/// Whatever is changed about reviews behind the library's back, `check` says so.
@Suite struct ReviewDamageTests {
  /// One pending review with a vote of two, one resolved, one expired.
  private static func withFile(_ body: (String) throws -> Void) throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/damage.db"
    let desk = Desk(try .sqlite(path: path))
    let stages = #"{"approvers":["ana","bob","eve"],"quorum":"all","veto":false}"#
    let pending = try desk.open(#","expires_in":5000,"key":"pending""#, stages: stages)
    desk.answer(pending, "ana")
    desk.answer(pending, "mia")
    desk.answer(try desk.open(#","key":"resolved""#), "ana")
    _ = try desk.open(#","expires_in":10,"key":"expired""#)
    try desk.engine.setTime(Desk.start + 10)
    _ = try desk.engine.tick()
    try desk.expectSound()
    try desk.engine.close()
    try body(path)
    withExtendedLifetime(folder) {}
  }

  private static let vote = #"""
    json_insert(progress, '$.stages[0].votes[#]',
      json_set(json_extract(progress, '$.stages[0].votes[0]'), '$.actor.value', 'bob'))
    """#

  @Test(arguments: [
    "UPDATE reviews SET status = 'resolved', outcome = 'approved' WHERE key = 'pending'",
    "UPDATE reviews SET status = 'pending', outcome = NULL WHERE key = 'resolved'",
    "UPDATE reviews SET status = 'resolved' WHERE key = 'pending'",
    "UPDATE reviews SET status = 'cancelled', outcome = 'cancelled' WHERE key = 'expired'",
    "UPDATE reviews SET outcome = 'rejected' WHERE key = 'resolved'",
    "UPDATE reviews SET successor = 'x' WHERE key = 'resolved'",
    "UPDATE reviews SET due = due + 1 WHERE key = 'pending'",
    "UPDATE reviews SET due = NULL WHERE key = 'pending'",
    "UPDATE reviews SET due = 7 WHERE key = 'resolved'",
    "UPDATE reviews SET progress = '{}' WHERE key = 'pending'",
    "UPDATE reviews SET progress = '{' WHERE key = 'pending'",
    "UPDATE reviews SET definition = '{}' WHERE key = 'pending'",
    "UPDATE reviews SET assignee = 'user_id:eve' WHERE key = 'pending'",
    "UPDATE reviews SET progress = \(vote) WHERE key = 'pending'",
    "UPDATE reviews SET channel = 'x' WHERE key = 'pending'",
    "UPDATE reviews SET progress = json_set(progress, '$.stages[0].votes', json('[]')) WHERE key = 'resolved'",
    "UPDATE reviews SET progress = json_set(progress, '$.stages[0].votes', json('[]')) WHERE key = 'pending'",
    "DELETE FROM decisions WHERE review = 1 AND number = 1",
    "UPDATE decisions SET body = json_set(body, '$.accepted', json('false')) WHERE review = 2",
    "UPDATE decisions SET body = json_set(body, '$.accepted', json('true')) WHERE review = 1 AND number = 2",
    "UPDATE decisions SET body = json_set(body, '$.actor.value', 'eve') WHERE review = 2",
    "UPDATE decisions SET body = json_set(body, '$.verdict', 'reject') WHERE review = 2",
    "UPDATE decisions SET body = '{' WHERE review = 1 AND number = 1",
    "DELETE FROM events WHERE sequence = 2",
    "DELETE FROM events WHERE sequence = 1",
    "DELETE FROM audit WHERE sequence = 1",
    "UPDATE audit SET body = replace(body, 'ana', 'eve') WHERE sequence = 1",
  ])
  func isFound(_ change: String) throws {
    try Self.withFile { path in
      #expect(meddle(path, change) > 0)
      let damaged = Desk(try .sqlite(path: path), at: Desk.start + 20)
      #expect(try !damaged.engine.check().isSound)
      // Reading and answering may fail; they may not trap.
      for key in ["pending", "resolved", "expired"] {
        let selector = #"{"review_key":"\#(key)"}"#
        for verb in [Desk.Verb.get, .explain, .history, .receipt] {
          _ = damaged.status(verb, selector)
        }
        let answer = #""actor":"bob","response":{"selectedOption":"approve"}"#
        _ = damaged.status(.respond, #"{"review_key":"\#(key)",\#(answer)}"#)
      }
      _ = damaged.status(.list, "{}")
      _ = try? damaged.engine.tick()
      try damaged.engine.close()
    }
  }
}
