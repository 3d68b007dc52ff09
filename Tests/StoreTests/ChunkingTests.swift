import InterlockCore
import Testing

@testable import InterlockStore

@Suite struct ChunkingTests {
  private func random(_ count: Int, seed: UInt64) -> [UInt8] {
    var generator = SplitMix(seed: seed)
    return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }

  /// Cuts from nothing, numbering the chunks from 1.
  private func whole(_ bytes: [UInt8]) -> ChunkedBytes {
    let plan = CutPlan(bytes, base: nil)
    return ChunkedBytes(
      bytes: bytes, ends: plan.fresh.map(\.upperBound),
      chunks: (0..<plan.fresh.count).map { Int64($0) + 1 })
  }

  private func ends(_ plan: CutPlan, _ bytes: [UInt8], _ base: ChunkedBytes) -> [Int] {
    Array(base.ends.prefix(plan.keptPrefix)) + plan.fresh.map(\.upperBound)
      + base.ends.suffix(plan.keptSuffix).map { $0 + bytes.count - base.bytes.count }
  }

  @Test func chunksKeepTheirBounds() {
    let content = whole(random(300_000, seed: 1))
    var start = 0
    for end in content.ends {
      #expect(end - start >= Chunker.minimum && end - start <= Chunker.maximum)
      start = end
    }
    #expect(content.bytes.count - start < Chunker.maximum)
    let average = start / content.ends.count
    #expect(average > 800 && average < 1300)
  }

  @Test func constantBytesAreCutAtTheMaximum() {
    let content = whole([UInt8](repeating: 0, count: 20_000))
    #expect(content.ends.allSatisfy { $0 % Chunker.maximum == 0 || $0 % Chunker.minimum < 2 })
  }

  /// The one property everything rests on: a guide changes the cost, never the cuts.
  @Test(arguments: 0..<400 as Range<UInt64>)
  func aGuideNeverChangesTheCuts(_ seed: UInt64) {
    var generator = SplitMix(seed: seed)
    let old = random(Int.random(in: 0...40_000, using: &generator), seed: seed &+ 1)
    var new = old
    for _ in 0..<Int.random(in: 0...4, using: &generator) {
      let at = Int.random(in: 0...new.count, using: &generator)
      let insertion = random(Int.random(in: 0...3000, using: &generator), seed: generator.next())
      let removed = min(new.count - at, Int.random(in: 0...3000, using: &generator))
      new.replaceSubrange(at..<(at + removed), with: insertion)
    }
    let base = whole(old)
    let plan = CutPlan(new, base: base)
    #expect(ends(plan, new, base) == whole(new).ends)
    #expect(plan.tailStart == whole(new).tailStart)
  }

  @Test func anAppendCostsWhatWasAppended() {
    let old = random(100_000, seed: 3)
    let plan = CutPlan(old + random(2_000, seed: 4), base: whole(old))
    #expect(plan.fresh.count <= 6)
    #expect(plan.keptPrefix == whole(old).ends.count)
  }

  @Test func anInsertionAtTheFrontKeepsTheRest() {
    let old = random(100_000, seed: 5)
    let plan = CutPlan([1, 2, 3] + old, base: whole(old))
    #expect(plan.fresh.count <= 4)
    #expect(plan.keptSuffix >= whole(old).ends.count - 4)
  }
}

@Suite struct ManifestTests {
  @Test func survivesTheCodec() {
    let runs = [ChunkRun(first: 1, count: 3), ChunkRun(first: 9_000_000_000, count: 1)]
    for manifest in [
      Manifest.whole([]), .whole(runs), .relative(prefix: 4, suffix: 0, between: runs.reversed()),
    ] {
      #expect(Manifest(manifest.encode()) == manifest)
    }
  }

  @Test func refusesDamage() {
    let code = Manifest.whole([ChunkRun(first: 1, count: 3)]).encode()
    for length in 0..<code.count { #expect(Manifest(Array(code.prefix(length))) == nil) }
    #expect(Manifest(code + [0]) == nil)
    #expect(Manifest([7]) == nil)
    #expect(Manifest([0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]) == nil)
  }

  @Test func neverTrapsOnNoise() {
    var generator = SplitMix(seed: 11)
    for _ in 0..<50_000 {
      let noise = (0..<Int.random(in: 0...24, using: &generator)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      _ = Manifest(noise)
      _ = ChannelVersion.decode(noise)
    }
  }

  @Test func slicesAndJoinsRuns() {
    let runs = [ChunkRun(first: 1, count: 3), ChunkRun(first: 10, count: 2)]
    #expect(ChunkRun.slice(runs, 1..<4) == [ChunkRun(first: 2, count: 2), ChunkRun(first: 10, count: 1)])
    #expect(ChunkRun.slice(runs, 0..<6) == nil)
    #expect(ChunkRun.joined([ChunkRun(first: 1, count: 1)], [ChunkRun(first: 2, count: 1)]) == [ChunkRun(first: 1, count: 2)])
  }

  @Test func versionsSurviveTheCodec() {
    let versions = [
      ChannelVersion(channel: "messages", version: "00000000000000000000000000000002.0.49"),
      ChannelVersion(channel: "é", version: "000"), ChannelVersion(channel: "n", version: "7"),
    ]
    #expect(ChannelVersion.decode(ChannelVersion.encode(versions)) == versions)
  }
}

struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
