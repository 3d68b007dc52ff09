import InterlockCore
import InterlockStore
import Testing

/// A carrier finds in the stored bytes what the whole record has.
@Suite struct CarrierTests {
  /// Names and versions that differ in their last byte, in their length, or in leading zeros only.
  private let versions = ["a", "b", "ab", "é"].flatMap { channel in
    ["0", "00", "007", "07", "7", "70", "00000000000000000000000000000007.0.25"].map {
      ChannelVersion(channel: Text(channel), version: Text($0))
    }
  }

  @Test func findsWhatTheRecordHas() throws {
    var generator = SplitMix(seed: 12)
    var seen = (found: 0, missing: 0)
    for _ in 0..<300 {
      let record = record(&generator)
      let carried = try record.carried()
      for version in versions {
        let expected = carried.first { $0.version == version }
        #expect(try record.carrier.value(version) == expected)
        if expected == nil { seen.missing += 1 } else { seen.found += 1 }
      }
    }
    #expect(seen.found > 500 && seen.missing > 500)
  }

  @Test func refusesWhatIsCutShort() throws {
    var generator = SplitMix(seed: 13)
    let record = record(&generator)
    let last = try #require(try record.carried().last)
    for length in record.carriedCode.indices {
      let cut = Carrier(
        place: record.place, versionCode: record.versionCode,
        carriedCode: Array(record.carriedCode.prefix(length)))
      #expect(throws: StoreError.self) { try cut.value(last.version) }
    }
    for length in record.versionCode.indices {
      #expect(
        ChannelVersion.positionOfValue(
          last.version, in: Array(record.versionCode.prefix(length))) == nil)
    }
  }

  @Test func neverTrapsOnNoise() {
    var generator = SplitMix(seed: 14)
    for _ in 0..<50_000 {
      let noise = (0..<2).map { _ in
        (0..<Int.random(in: 0...24, using: &generator)).map { _ in
          UInt8.random(in: 0...7, using: &generator)
        }
      }
      let carrier = Carrier(
        place: Place(thread: 1, namespace: ""), versionCode: noise[0], carriedCode: noise[1])
      _ = try? carrier.value(ChannelVersion(channel: "\u{1}", version: "\u{2}"))
    }
  }

  /// Some of the versions; the last is always one whose value stands here.
  private func record(_ generator: inout SplitMix) -> CheckpointRecord {
    let count = Int.random(in: 1...8, using: &generator)
    let chosen = Array(versions.shuffled(using: &generator).prefix(count))
    var homes = chosen.map { _ in
      [ValueHome.here, .thread, .checkpoint(1), .checkpoint(1 << 40)]
        .randomElement(using: &generator) ?? .here
    }
    homes[count - 1] = .here
    let carried = zip(chosen, homes).filter { $0.1 == .here }.map { version, _ in
      let bytes = (0..<Int.random(in: 0...9, using: &generator)).map { UInt8($0) }
      return CarriedValue(version, type: bytes.isEmpty ? nil : "msgpack", bytes: bytes)
    }
    return CheckpointRecord(
      place: Place(thread: 1, namespace: ""), id: "1", parent: nil, type: "", body: [],
      metadata: [], run: nil, versions: chosen, homes: homes,
      carriedCode: CarriedValue.encode(carried))
  }
}
