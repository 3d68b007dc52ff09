import InterlockCore
import Testing

@Suite struct WriteRuleTests {
  @Test(
    arguments: [
      (["a", "b"], [0, 1], false),
      (["__error__", "__scheduled__", "__interrupt__", "__resume__"], [-1, -2, -3, -4], true),
      (["__resume__", "__resume__", "a"], [-4, -4, 2], false),
      (["a", "__interrupt__"], [0, -3], false),
      ([], [], true),
    ] as [([String], [Int32], Bool)])
  func followsTheSQLSavers(_ channels: [String], _ indexes: [Int32], _ replaces: Bool) {
    let rule = WriteRule(channels: channels.map { Text($0) })
    #expect(rule.indexes == indexes)
    #expect(rule.replaces == replaces)
  }
}

@Suite struct MetadataFilterTests {
  private func filter(_ text: String) throws -> MetadataFilter {
    try #require(MetadataFilter(try JSONReader.read(Array(text.utf8))))
  }

  @Test(arguments: [
    (#"{}"#, true), (#"{"source":"loop"}"#, true), (#"{"source":"input"}"#, false),
    (#"{"step":1.0}"#, true), (#"{"step":"1"}"#, false), (#"{"missing":null}"#, true),
    (#"{"missing":1}"#, false), (#"{"x.y":3}"#, true), (#"{"x":{"y":2,"z":1}}"#, true),
    (#"{"source":"loop","step":2}"#, false),
  ])
  func matches(_ text: String, _ expected: Bool) throws {
    let metadata = #"{"source":"loop","step":1,"x":{"z":1,"y":2},"x.y":3}"#
    #expect(try filter(text).matches(try JSONReader.read(Array(metadata.utf8))) == expected)
  }

  @Test func mustBeAnObject() {
    #expect(MetadataFilter(.array([])) == nil)
  }
}

@Suite struct PruneRuleTests {
  private func checkpoint(
    _ id: Text, _ parent: Text?, ns: Text = "", delta: Set<Text> = [], stored: Set<Text> = []
  ) -> PruneRule.Checkpoint {
    PruneRule.Checkpoint(
      namespace: ns, id: id, parent: parent, deltaChannels: delta, storedChannels: stored)
  }

  @Test func keepsTheLatestOfEachNamespace() {
    let all = [
      checkpoint("1", nil), checkpoint("3", "1"), checkpoint("2", "1"),
      checkpoint("9", nil, ns: "child"), checkpoint("8", nil, ns: "child"),
    ]
    #expect(PruneRule.survivors(of: all) == [1, 3])
  }

  @Test func keepsTheChainToTheSeedOfADeltaChannel() {
    let all = [
      checkpoint("1", nil, stored: ["log"]), checkpoint("2", "1", stored: ["log"]),
      checkpoint("3", "2"), checkpoint("4", "3", delta: ["log"]), checkpoint("35", "2"),
    ]
    #expect(PruneRule.survivors(of: all) == [1, 2, 3])
  }

  @Test func keepsTheWholeChainWithoutASeed() {
    let all = [checkpoint("1", nil), checkpoint("2", "1"), checkpoint("3", "2", delta: ["log"])]
    #expect(PruneRule.survivors(of: all) == [0, 1, 2])
  }

  @Test func needsNoHistoryAtASnapshot() {
    let all = [checkpoint("1", nil), checkpoint("2", "1", delta: ["log"], stored: ["log"])]
    #expect(PruneRule.survivors(of: all) == [1])
  }

  @Test func survivesACycleOfParents() {
    let all = [checkpoint("1", "2", delta: ["x"]), checkpoint("2", "1", delta: ["x"])]
    #expect(PruneRule.survivors(of: all) == [0, 1])
  }

  @Test func readsTheNamesOfDeltaChannels() throws {
    let metadata = #"{"counters_since_delta_snapshot":{"a":[1,2],"b":[0,1]},"step":1}"#
    #expect(PruneRule.deltaChannels(in: try JSONReader.read(Array(metadata.utf8))) == ["a", "b"])
    #expect(PruneRule.deltaChannels(in: .null).isEmpty)
  }
}

@Suite struct TextTests {
  @Test func comparesBytesNotCharacters() {
    #expect(Text("\u{E9}") != Text("e\u{301}"))
    #expect("\u{E9}" == "e\u{301}")
    #expect(Text("a") < Text("a\u{0}"))
    #expect(Text("Z") < Text("a"))
  }

  @Test(
    arguments: [
      [0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80],
      [0xF5, 0x80, 0x80, 0x80], [0xC3], [0xC3, 0x28],
    ] as [[UInt8]])
  func refusesWhatIsNotUTF8(_ bytes: [UInt8]) {
    #expect(Text(validating: bytes) == nil)
  }

  @Test func agreesWithTheStandardLibrary() {
    var generator = SplitMix(seed: 7)
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
        UInt8.random(in: 0x70...0xFF, using: &generator)
      }
      #expect((Text(validating: bytes) != nil) == (String(validating: bytes, as: UTF8.self) != nil))
    }
  }
}

/// A seeded generator, so that a failure can be repeated.
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
