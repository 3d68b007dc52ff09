import InterlockCore
import Testing

@Suite struct ReviewWalkTests {
  /// 300 walks of 100 events. Walks that never met something would prove nothing about it, so each
  /// half must meet every outcome, every kind and every action.
  @Test(
    "DESIGN 3: nothing that happens to a review breaks what must hold",
    arguments: [0, 1_000_003] as [UInt64])
  func walks(_ start: UInt64) throws {
    var words: Set<String> = []
    var outcomes: Set<ReviewOutcome> = []
    var kinds: Set<ReviewKind> = []
    var walks = 0
    var seed = start
    while walks < 150 {
      seed += 1
      guard var walk = try ReviewWalk(seed: seed) else { continue }
      walks += 1
      for _ in 0..<100 { try walk.step() }
      words.formUnion(walk.words)
      kinds.insert(walk.machine.definition.kind)
      if let outcome = walk.machine.outcome { outcomes.insert(outcome) }
    }
    #expect(outcomes == Set(ReviewOutcome.allCases))
    #expect(kinds == Set(ReviewKind.allCases))
    #expect(Self.words.subtracting(words).isEmpty)
    #expect(words.contains { $0.contains(">") }, "Nothing was escalated.")
  }

  private static let words: Set<String> = [
    "counted", "advanced", "approved", "rejected", "edited", "answered", "dismissed", "expired",
    "cancelled", "superseded", "top", "stayed", "attempted", "reminded", "claimed", "released",
    "reassigned", "idle", "replayed", "INVALID_RESPONSE", "ALREADY_RESOLVED", "EXPIRED",
    "CANCELLED", "SUPERSEDED", "NOT_AUTHORIZED", "WRONG_STAGE", "ALREADY_VOTED", "SELF_APPROVAL",
    "CONFLICT", "IDEMPOTENCY_MISMATCH",
  ]
}
