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
      bytes: bytes, ends: plan.ends, chunks: (0..<plan.ends.count).map { Int64($0) + 1 })
  }

  private func fresh(_ plan: CutPlan) -> Int {
    plan.pieces.filter { if case .fresh = $0 { true } else { false } }.count
  }

  @Test func chunksKeepTheirBounds() {
    let content = whole(random(300_000, seed: 1))
    var start = Chunker.head
    for end in content.ends {
      #expect(end - start >= Chunker.minimum && end - start <= Chunker.maximum)
      start = end
    }
    #expect(content.bytes.count - start < Chunker.maximum)
    let average = (start - Chunker.head) / content.ends.count
    #expect(average > 800 && average < 1300)
  }

  @Test func constantBytesAreCutAtTheMaximum() {
    let content = whole([UInt8](repeating: 0, count: 20_000))
    #expect(
      content.ends.allSatisfy {
        ($0 - Chunker.head) % Chunker.maximum == 0
          || ($0 - Chunker.head) % (Chunker.minimum + 1) == 0
      })
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
    #expect(plan.ends == whole(new).ends)
    // What is kept has the same bytes.
    var position = 0
    for piece in plan.pieces {
      guard case .kept(let range) = piece else {
        position += 1
        continue
      }
      for chunk in range {
        let old = base.bytes[(chunk == 0 ? Chunker.head : base.ends[chunk - 1])..<base.ends[chunk]]
        let start = position == 0 ? Chunker.head : plan.ends[position - 1]
        #expect(new[start..<plan.ends[position]].elementsEqual(old))
        position += 1
      }
    }
  }

  @Test func anAppendCostsWhatWasAppended() {
    let old = random(100_000, seed: 3)
    #expect(fresh(CutPlan(old + random(2_000, seed: 4), base: whole(old))) <= 6)
  }

  @Test func aChangedCountAndAnAppendCostWhatWasAppended() {
    let old = random(100_000, seed: 3)
    let new = [9, 9, 9] + old.dropFirst(3) + random(2_000, seed: 4)
    #expect(fresh(CutPlan(new, base: whole(old))) <= 6)
    #expect(fresh(CutPlan([9, 9] + new, base: whole(old))) <= 8)
  }

  @Test func anInsertionAnywhereCostsItself() {
    let old = random(100_000, seed: 5)
    for place in [0, 31, 50_000, 99_990] {
      var new = old
      new.insert(contentsOf: random(20_000, seed: 6), at: place)
      #expect(fresh(CutPlan(new, base: whole(old))) <= 30)
    }
  }
}

@Suite struct ManifestTests {
  @Test func survivesTheCodec() {
    let runs = [ChunkRun(first: 1, count: 3), ChunkRun(first: 9_000_000_000, count: 1)]
    for manifest in [
      Manifest.whole([]), .whole(runs), .relative([]),
      .relative([.kept(4..<9), .fresh(runs.reversed()), .kept(0..<2)]),
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
    #expect(
      ChunkRun.slice(runs, 1..<4) == [ChunkRun(first: 2, count: 2), ChunkRun(first: 10, count: 1)])
    #expect(ChunkRun.slice(runs, 0..<6) == nil)
    var joined = [ChunkRun(first: 1, count: 1)]
    ChunkRun.append([ChunkRun(first: 2, count: 1)], to: &joined)
    #expect(joined == [ChunkRun(first: 1, count: 2)])
  }

  @Test func versionsSurviveTheCodec() throws {
    let versions = [
      ChannelVersion(channel: "messages", version: "00000000000000000000000000000002.0.49"),
      ChannelVersion(channel: "é", version: "000"), ChannelVersion(channel: "n", version: "7"),
    ]
    for homes: [ValueHome] in [
      versions.map { _ in .thread },
      versions.indices.map { [.here, .thread, .checkpoint(1), .checkpoint(1 << 40)][$0 % 4] },
    ] {
      let decoded = try #require(ChannelVersion.decode(ChannelVersion.encode(versions, homes)))
      #expect(decoded.versions == versions)
      #expect(decoded.homes == homes)
    }
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
