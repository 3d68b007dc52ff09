import Glibc
import Interlock
import InterlockCore
import InterlockSQLite
import InterlockStore
import Testing

/// Random programs on the engine, with failures, crashes and answers in any order, give what a plain
/// interpreter gives that knows none of them.
@Suite struct RunModelTests {
  /// INTERLOCK_SOAK=1 runs 10,000 seeds.
  private static let seeds: UInt64 = getenv("INTERLOCK_SOAK") == nil ? 300 : 10_000

  @Test("Programs with crashes do what programs without do", arguments: 0..<10 as Range<UInt64>)
  func memory(_ part: UInt64) throws {
    var (crashes, lost) = (0, 0)
    for seed in 0..<(Self.seeds / 10) {
      let desk = Desk(.memory())
      let world = try Self.play(seed * 10 + part) { _ in desk }
      crashes += world.crashes
      lost += world.lost.count
    }
    #expect(crashes > 0 && lost > 0, "What never happens proves nothing.")
  }

  @Test(
    "The same when every crash ends in a new engine on the file", arguments: 0..<20 as Range<UInt64>
  )
  func file(_ seed: UInt64) throws {
    let folder = TemporaryFolder()
    _ = try Self.play(100_000 + seed) { now in
      Desk(try .sqlite(path: folder.path + "/test.db"), at: now)
    }
  }

  private static func play(
    _ seed: UInt64, _ open: @escaping (Instant) throws -> Desk
  ) throws -> EngineWorld {
    var dice = Dice(seed)
    let program = ModelProgram(&dice)
    let people = ModelPeople(seed: seed)
    var plain = PlainWorld(people)
    let expected = try program.run(&plain)
    var world = try EngineWorld(seed &+ 1, people, open: open)
    #expect(try world.finish(program) == "\(expected)", "seed \(seed)")
    // What was lost in a crash is done again before anything else.
    var log: [String] = []
    for key in world.log where log.last != key { log.append(key) }
    #expect(log == plain.log, "seed \(seed)")
    for key in plain.log {
      let count = world.log.filter { $0 == key }.count
      #expect(count == 1 + world.lost[key, default: 0], "\(key), seed \(seed)")
    }
    try #require(world.desks.last).expectSound()
    for desk in world.desks { try desk.engine.close() }
    return world
  }
}
