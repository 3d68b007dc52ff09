import Interlock
import InterlockCore
import InterlockStore
import Testing

/// What every store must do, run on every store.
@Suite struct CheckpointContractTests {
  @Test(arguments: StoreKind.allCases)
  func returnsWhatWasPut(_ kind: StoreKind) throws {
    try withEngine(kind) { (engine: Engine) throws in
      let versions = [
        ChannelVersion(channel: "a", version: "1"), ChannelVersion(channel: "gone", version: "2"),
        ChannelVersion(channel: "never", version: "3"),
      ]
      let input = CheckpointInput(
        thread: "t", namespace: "n|x:1", id: "id", parent: "before", type: "msgpack",
        body: [0, 255, 0], metadata: bytes(#"{"step":1,"nul":"\u0000"}"#), versions: versions,
        values: [
          ChannelValue(channel: "a", version: "1", type: "null", data: []),
          ChannelValue(channel: "gone", version: "2", type: nil, data: []),
        ])
      try engine.put(input)
      let page = try engine.get(.latest("t", "n|x:1"))
      let stored = try #require(page.checkpoints.first)
      #expect(stored.thread == "t" && stored.namespace == "n|x:1" && stored.id == "id")
      #expect(stored.parent == "before" && stored.type == "msgpack" && stored.body == [0, 255, 0])
      #expect(stored.metadata == input.metadata)
      #expect(stored.versions == versions)
      #expect(page.values(at: 0) == ["a": []])
    }
  }

  @Test(arguments: StoreKind.allCases)
  func reportsWhatIsMissing(_ kind: StoreKind) throws {
    try withEngine(kind) { (engine: Engine) throws in
      func code(_ query: CheckpointQuery) -> StoreError.Code? {
        do {
          _ = try engine.get(query)
          return nil
        } catch {
          return error.code
        }
      }
      #expect(code(.latest("t")) == .notFound)
      try engine.put("t", "1")
      #expect(code(.latest("t")) == nil)
      #expect(code(.latest("t", "other")) == .notFound)
      #expect(code(.latest("t", id: "2")) == .notFound)
      #expect(code(.latest("")) == .invalidArgument)
      #expect(code(CheckpointQuery()) == .invalidArgument)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func theLatestIsTheGreatestID(_ kind: StoreKind) throws {
    try withEngine(kind) { (engine: Engine) throws in
      for id in ["5", "9", "7"] as [Text] { try engine.put("t", id) }
      #expect(try engine.get(.latest("t")).checkpoints.first?.id == "9")
      #expect(try engine.get(.latest("t", id: "7")).checkpoints.first?.id == "7")
    }
  }

  @Test(arguments: StoreKind.allCases)
  func aRepeatedIDReplacesTheCheckpointAndKeepsItsWrites(_ kind: StoreKind) throws {
    try withEngine(kind) { (engine: Engine) throws in
      try engine.put("t", "1", metadata: #"{"a":1}"#, value: bytes("first"))
      let write = WriteInput.Value(channel: "x", type: "t", data: [1])
      try engine.putWrites(WriteInput(thread: "t", checkpoint: "1", task: "k", values: [write]))
      try engine.put("t", "1", parent: "0", metadata: #"{"a":2}"#, value: bytes("second"))
      let page = try engine.get(.latest("t"))
      #expect(page.checkpoints.first?.metadata == bytes(#"{"a":2}"#))
      #expect(page.checkpoints.first?.parent == "0")
      #expect(page.checkpoints.first?.writes.count == 1)
      // A version is immutable.
      #expect(page.values(at: 0) == ["c": bytes("first")])
      #expect(try engine.ids(.latest("t")) == ["1"])
    }
  }

  @Test(arguments: StoreKind.allCases)
  func threadsAndNamespacesAreApart(_ kind: StoreKind) throws {
    try withEngine(kind) { (engine: Engine) throws in
      try engine.put("t", "1", value: bytes("root"))
      try engine.put("t", "2", ns: "child", value: bytes("child"))
      try engine.put("u", "3", value: bytes("other"))
      #expect(try engine.get(.latest("t")).values() == ["c": bytes("root")])
      #expect(try engine.ids(CheckpointQuery(thread: "t")) == ["2", "1"])
      #expect(try engine.ids(CheckpointQuery(thread: "t", namespace: "")) == ["1"])
      #expect(try engine.ids(CheckpointQuery()) == ["3", "2", "1"])
      #expect(try engine.threads(after: "", limit: 10) == ["t", "u"])
      #expect(try engine.threads(after: "t", limit: 10) == ["u"])
    }
  }

  @Test(arguments: StoreKind.allCases)
  func listsByFilterAndBoundInPages(_ kind: StoreKind) throws {
    try withEngine(kind) { (engine: Engine) throws in
      for number in 10..<40 {
        try engine.put("t", Text("\(number)"), metadata: #"{"odd":\#(number % 2 == 1)}"#)
      }
      var query = CheckpointQuery(thread: "t", namespace: "")
      query.limit = 4
      #expect(try engine.ids(query) == (10..<40).reversed().map { "\($0)" })
      query.filter = bytes(#"{"odd":true}"#)
      query.before = "20"
      #expect(try engine.ids(query) == ["19", "17", "15", "13", "11"])
      query.id = "13"
      #expect(try engine.ids(query) == ["13"])
      query.filter = bytes("[]")
      #expect(throws: StoreError.self) { try engine.list(query) }
      query.filter = []
      query.cursor = [1, 2, 3]
      #expect(throws: StoreError.self) { try engine.list(query) }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func equalIDsOfSeveralThreadsAreAllListed(_ kind: StoreKind) throws {
    try withEngine(kind) { (engine: Engine) throws in
      for thread in ["a", "b", "c", "d", "e"] as [Text] { try engine.put(thread, "same") }
      var query = CheckpointQuery()
      query.limit = 2
      #expect(try engine.ids(query).count == 5)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func writesFollowTheRuleAndTheOrder(_ kind: StoreKind) throws {
    try withEngine(kind) { (engine: Engine) throws in
      func put(_ task: Text, _ path: Text, _ values: [(Text, String)]) throws {
        try engine.putWrites(
          WriteInput(
            thread: "t", checkpoint: "1", task: task, taskPath: path,
            values: values.map { .init(channel: $0.0, type: "t", data: bytes($0.1)) }))
      }
      // Before their checkpoint exists.
      try put("k1", "~b", [("x", "first"), ("__resume__", "r1"), ("y", "third")])
      try put("k0", "~b", [("z", "other task")])
      try put("k2", "~a", [("z", "other path")])
      try put("k1", "~b", [("x", "ignored"), ("__resume__", "ignored")])
      try put("k1", "~b", [("__resume__", "r2")])
      try engine.put("t", "1")
      let writes = try engine.get(.latest("t")).checkpoints[0].writes
      #expect(writes.map(\.task) == ["k2", "k0", "k1", "k1", "k1"])
      #expect(writes.map(\.index) == [0, 0, -4, 0, 2])
      #expect(
        writes.map { String(decoding: $0.data, as: UTF8.self) }
          == ["other path", "other task", "r2", "first", "third"])
    }
  }

  @Test(arguments: StoreKind.allCases)
  func aRefusedRequestChangesNothing(_ kind: StoreKind) throws {
    try withEngine(kind) { (engine: Engine) throws in
      #expect(throws: StoreError.self) { try engine.put("t", "1", metadata: "{") }
      #expect(throws: StoreError.self) { try engine.put("t", "1", metadata: "[]") }
      #expect(throws: StoreError.self) { try engine.put("", "1") }
      #expect(throws: StoreError.self) {
        try engine.put(Text(String(repeating: "x", count: 513)), "1")
      }
      #expect(throws: StoreError.self) { try engine.copyThread("missing", to: "t") }
      #expect(try engine.threads(after: "", limit: 10).isEmpty)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func historyGathersWritesBackToTheSeed(_ kind: StoreKind) throws {
    try withEngine(kind) { (engine: Engine) throws in
      func put(_ id: Text, _ parent: Text?, value: [UInt8]? = nil) throws {
        try engine.put("t", id, parent: parent, value: value)
        let write = WriteInput.Value(channel: "c", type: "t", data: bytes("w\(id)"))
        try engine.putWrites(WriteInput(thread: "t", checkpoint: id, task: "k", values: [write]))
      }
      try put("1", nil)
      try put("2", "1", value: bytes("seed"))
      try put("25", "2")
      try put("3", "2")
      try put("4", "3")
      let history = try engine.history(.latest("t"), channels: ["c", "none"])
      #expect(history[0].seed?.data == bytes("seed"))
      #expect(history[0].writes.map(\.data) == [bytes("w2"), bytes("w3")])
      #expect(history[1].seed == nil && history[1].writes.isEmpty)
      #expect(try engine.history(.latest("no"), channels: ["c"])[0].writes.isEmpty)
    }
  }
}
