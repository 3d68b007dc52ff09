import InterlockCore
import Testing

/// What every event does in every state. A pair without a row, or with two, fails the test.
@Suite struct ReviewTableTests {
  /// Columns are the scenes, rows are events; several events may share a row.
  private static let pending = """
    event            | one      | chain1   | chain2   | ladder   | top      | half     | claimed  | verify
    answer           | approved | next     | approved | approved | approved | approved | approved | approved
    otherwise        | rejected | rejected | rejected | rejected | rejected | rejected | rejected | rejected
    dismiss          | dismiss  | dismiss  | dismiss  | dismiss  | dismiss  | counted  | dismiss  | INVALID
    answer here      | approved | next     | approved | approved | approved | approved | approved | approved
    other stage      | STAGE    | STAGE    | STAGE    | STAGE    | STAGE    | STAGE    | STAGE    | STAGE
    unknown stage    | STAGE    | STAGE    | STAGE    | STAGE    | STAGE    | STAGE    | STAGE    | STAGE
    repeat           | approved | next     | replay   | approved | approved | replay   | approved | approved
    repeat, k        | approved | next     | replay   | approved | approved | replay   | approved | approved
    repeat here      | approved | next     | approved | approved | approved | replay   | approved | approved
    repeat here, k   | approved | next     | KEY      | approved | approved | replay   | approved | approved
    change           | rejected | rejected | rejected | rejected | rejected | VOTED    | rejected | rejected
    change, k        | rejected | rejected | KEY      | rejected | rejected | KEY      | rejected | rejected
    answer, k        | approved | next     | KEY      | approved | approved | KEY      | approved | approved
    bob answers      | approved | NOBODY   | NOBODY   | NOBODY   | NOBODY   | approved | CONFLICT | approved
    eve answers      | NOBODY   | NOBODY   | NOBODY   | NOBODY   | NOBODY   | NOBODY   | NOBODY   | approved
    invalid          | INVALID  | INVALID  | INVALID  | INVALID  | INVALID  | INVALID  | INVALID  | INVALID
    mismatch         | attempt  | attempt  | attempt  | attempt  | attempt  | attempt  | attempt  | rejected
    eve mismatch     | NOBODY   | NOBODY   | NOBODY   | NOBODY   | NOBODY   | NOBODY   | NOBODY   | rejected
    answer 799       | approved | next     | approved | approved | approved | approved | approved | approved
    answer 800       | approved | EXPIRED  | approved | EXPIRED  | approved | EXPIRED  | approved | approved
    answer 999       | approved | EXPIRED  | approved | EXPIRED  | approved | EXPIRED  | approved | approved
    answer 1000; invalid 1000; cancel 1000; supersede 1000; claim 1000; release 1000; reassign 1000; \
    assess 1000; escalate 1000 \
                     | EXPIRED  | EXPIRED  | EXPIRED  | EXPIRED  | EXPIRED  | EXPIRED  | EXPIRED  | EXPIRED
    repeat 1000      | EXPIRED  | EXPIRED  | replay   | EXPIRED  | EXPIRED  | replay   | EXPIRED  | EXPIRED
    cancel           | cancel   | cancel   | cancel   | cancel   | cancel   | cancel   | cancel   | cancel
    supersede        | super    | super    | super    | super    | super    | super    | super    | super
    claim            | claimed  | claimed  | claimed  | claimed  | claimed  | CONFLICT | claimed  | claimed
    bob claims       | claimed  | NOBODY   | NOBODY   | NOBODY   | NOBODY   | CONFLICT | CONFLICT | claimed
    eve claims       | NOBODY   | NOBODY   | NOBODY   | NOBODY   | NOBODY   | NOBODY   | NOBODY   | claimed
    ana releases     | CONFLICT | CONFLICT | CONFLICT | CONFLICT | CONFLICT | CONFLICT | released | CONFLICT
    bob releases     | CONFLICT | CONFLICT | CONFLICT | CONFLICT | CONFLICT | CONFLICT | NOBODY   | CONFLICT
    reassign         | assigned | assigned | assigned | assigned | assigned | assigned | assigned | assigned
    to eve           | NOBODY   | NOBODY   | NOBODY   | NOBODY   | NOBODY   | NOBODY   | NOBODY   | assigned
    to nobody        | assigned | assigned | assigned | assigned | assigned | assigned | assigned | assigned
    assess           | stayed   | stayed   | stayed   | stayed   | stayed   | stayed   | stayed   | stayed
    assess 0.7       | stayed   | stayed   | stayed   | stayed   | stayed   | stayed   | stayed   | stayed
    assess 0.69      | top      | top      | top      | ^conf    | top      | top      | top      | top
    assess NaN       | top      | top      | top      | ^conf    | top      | top      | top      | top
    assess error     | top      | top      | top      | ^error   | top      | top      | top      | top
    assess sensitive | top      | top      | top      | ^sens    | top      | top      | top      | top
    escalate         | top      | top      | top      | ^request | top      | top      | top      | top
    eve escalates    | NOBODY   | NOBODY   | NOBODY   | NOBODY   | NOBODY   | NOBODY   | NOBODY   | top
    advance 100      | idle     | idle     | idle     | idle     | idle     | idle     | idle     | idle
    advance 499      | idle     | idle     | idle     | idle     | idle     | idle     | idle     | idle
    advance 500      | reminded | reminded | reminded | reminded | reminded | reminded | reminded | reminded
    advance 799      | reminded | reminded | reminded | reminded | reminded | reminded | reminded | reminded
    advance 800      | reminded | expired  | reminded | ^time    | reminded | rejected | reminded | reminded
    advance 1000     | expired  | expired  | expired  | ^time    | expired  | rejected | expired  | expired
    """

  private static let ended = """
    event | approved | rejected | edited | answered | dismissed | acked | expired | cancel'd | super'd
    answer; otherwise; dismiss; answer here; other stage; unknown stage; bob answers; eve answers; \
    invalid; mismatch; eve mismatch; answer 799; answer 800; answer 999; answer 1000; invalid 1000; \
    change; cancel; cancel 1000; supersede; supersede 1000; claim; bob claims; eve claims; claim 1000; \
    ana releases; bob releases; release 1000; reassign; to eve; to nobody; reassign 1000; assess; \
    assess 0.7; assess 0.69; assess NaN; assess error; assess sensitive; assess 1000; escalate; \
    eve escalates; escalate 1000 \
          | OVER   | OVER   | OVER   | OVER   | OVER   | OVER | EXPIRED | CANCELLED | SUPERSEDED
    repeat; repeat, k; repeat here; repeat here, k; repeat 1000 \
          | replay | replay | replay | replay | replay | OVER | replay  | replay    | replay
    change, k; answer, k \
          | KEY    | KEY    | KEY    | KEY    | KEY    | OVER | KEY     | KEY       | KEY
    advance 100; advance 499; advance 500; advance 799; advance 800; advance 1000 \
          | idle   | idle   | idle   | idle   | idle   | idle | idle    | idle      | idle
    """

  private static let short = [
    "advanced 1": "next", "dismissed": "dismiss", "cancelled": "cancel", "superseded": "super",
    "attempted": "attempt", "reassigned": "assigned", "INVALID_RESPONSE": "INVALID",
    "WRONG_STAGE": "STAGE", "ALREADY_VOTED": "VOTED", "IDEMPOTENCY_MISMATCH": "KEY",
    "NOT_AUTHORIZED": "NOBODY", "ALREADY_RESOLVED": "OVER", "a>b confidence 100": "^conf",
    "a>b error 100": "^error", "a>b sensitive 100": "^sens", "a>b request 100": "^request",
    "a>b deadline 800": "^time", "a>b deadline 1000": "^time", "replayed ana@5": "replay",
    "replayed mia@5": "replay",
  ]

  struct Pair: Hashable {
    let scene: String
    let event: String
  }

  private static func rows(_ table: String) throws -> [(pair: Pair, expected: String)] {
    let lines = table.split(separator: "\n").map { line in
      line.split(separator: "|").map { cell in
        cell.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
      }
    }
    let head = try #require(lines.first)
    return try lines.dropFirst().flatMap { cells in
      try #require(cells.count == head.count, "\(cells)")
      return cells[0].split(separator: ";").flatMap { event in
        let event = event.split(separator: " ").joined(separator: " ")
        return zip(head, cells).dropFirst().map { (Pair(scene: $0, event: event), $1) }
      }
    }
  }

  @Test(
    arguments: [(ReviewScene.pending, pending), (ReviewScene.ended, ended)]
      as [([(name: String, make: ReviewScene.Maker)], String)])
  func everyPair(_ scenes: [(name: String, make: ReviewScene.Maker)], _ table: String) throws {
    let rows = try Self.rows(table)
    let pairs = Set(rows.map(\.pair))
    #expect(pairs.count == rows.count, "A pair has two rows.")
    for scene in scenes {
      for event in ReviewEvents.all {
        #expect(pairs.contains(Pair(scene: scene.name, event: event.name)), "No row for this.")
      }
    }
    #expect(pairs.count == scenes.count * ReviewEvents.all.count)
    for (pair, expected) in rows {
      let make = try #require(scenes.first { $0.name == pair.scene }).make
      let event = try #require(ReviewEvents.all.first { $0.name == pair.event }).happen
      var scene = try make()
      let before = scene.machine.snapshot
      let action = try event(&scene)
      let word = Self.short[action.word] ?? action.word
      #expect(word == expected, "\(pair.event) when \(pair.scene)")
      let isUnchanged = scene.machine.snapshot == before
      #expect(isUnchanged == action.changesNothing, "\(pair.event) when \(pair.scene)")
    }
  }

  @Test func theScenesAreEveryState() throws {
    let machines = try (ReviewScene.pending + ReviewScene.ended).map { try $0.make().machine }
    #expect(Set(machines.map(\.status)) == Set(ReviewStatus.allCases))
    #expect(Set(machines.compactMap(\.outcome)) == Set(ReviewOutcome.allCases))
  }
}
