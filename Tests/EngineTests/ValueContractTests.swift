import Interlock
import InterlockCore
import InterlockCrypto
import InterlockStore
import Testing

/// Values through chunks, versions, deletion and copies, run on every store.
@Suite struct ValueContractTests {
  private func chunks(_ engine: Engine, _ thread: Text) throws -> Int {
    let json = try engine.storage(of: thread)
    guard case .number(.integer(let count))? = json.member("chunks")?.member("count") else {
      return -1
    }
    return Int(count)
  }

  /// Random edits of one value over many versions, with and without the cache that guides them.
  @Test(arguments: StoreKind.allCases, [0, 64 << 20])
  func everyVersionReadsBack(_ kind: StoreKind, _ cacheBytes: Int) throws {
    try withEngine(kind, cacheBytes: cacheBytes) { (engine: Engine) throws in
      var value = noise(9000, seed: 1)
      var versions: [Text: [UInt8]] = [:]
      var parent: Text?
      for number in 100..<180 {
        let id = Text("\(number)")
        switch number % 5 {
        case 0: value.insert(contentsOf: noise(700, seed: UInt64(number)), at: value.count / 3)
        case 1: value.removeSubrange(100..<min(900, value.count))
        case 2: value.replaceSubrange(0..<10, with: noise(40, seed: UInt64(number)))
        default: value += noise(1500, seed: UInt64(number))
        }
        try engine.put("t", id, parent: parent, value: value)
        versions[id] = value
        parent = id
      }
      for (id, expected) in versions {
        #expect(try engine.get(.latest("t", id: id)).values() == ["c": expected])
      }
    }
  }

  /// Several values grow in turn, and the cache has room for some of them only.
  @Test(arguments: StoreKind.allCases)
  func whatWasPutOutOfTheCacheReadsBack(_ kind: StoreKind) throws {
    try withEngine(kind, cacheBytes: 60_000) { (engine: Engine) throws in
      var generator = Dice(7)
      var values = (0..<6).map { noise(12_000 + 1000 * $0, seed: UInt64($0)) }
      var parents = [Text?](repeating: nil, count: values.count)
      for number in 100..<160 {
        let index = generator.roll(0...(values.count - 1))
        let place = generator.roll(0...values[index].count)
        values[index].insert(contentsOf: noise(300, seed: UInt64(number)), at: place)
        let id = Text("\(number)")
        try engine.put(Text("t\(index)"), id, parent: parents[index], value: values[index])
        parents[index] = id
      }
      for (index, value) in values.enumerated() where parents[index] != nil {
        #expect(try engine.get(.latest(Text("t\(index)"))).values() == ["c": value])
        // What is new in a version, and not all of it.
        #expect(try chunks(engine, Text("t\(index)")) < 3 * value.count / 1024)
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func equalContentIsStoredOnce(_ kind: StoreKind) throws {
    try withEngine(kind) { (engine: Engine) throws in
      let value = noise(50_000, seed: 2)
      try engine.put("t", "1", value: value)
      let first = try chunks(engine, "t")
      try engine.put("t", "2", value: value)
      try engine.put("t", "3", ns: "child", value: value)
      let write = WriteInput.Value(channel: "c", type: "bytes", data: value)
      try engine.putWrites(WriteInput(thread: "t", checkpoint: "3", task: "k", values: [write]))
      #expect(try chunks(engine, "t") == first)
      #expect(first > 30)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func pruneFreesWhatNothingUses(_ kind: StoreKind) throws {
    try withEngine(kind) { (engine: Engine) throws in
      var value = noise(40_000, seed: 3)
      for number in 10..<90 {
        value.replaceSubrange(0..<5000, with: noise(5000, seed: UInt64(number)))
        let id = Text("\(number)")
        try engine.put("t", id, parent: Text("\(number - 1)"), value: value)
        let write = WriteInput.Value(
          channel: "w", type: "bytes", data: noise(9000, seed: UInt64(number)))
        try engine.putWrites(WriteInput(thread: "t", checkpoint: id, task: "k", values: [write]))
      }
      let before = try chunks(engine, "t")
      try engine.prune(["t", "missing"], .keepLatest)
      #expect(try chunks(engine, "t") < before / 8)
      let page = try engine.get(.latest("t"))
      #expect(page.values() == ["c": value])
      #expect(page.checkpoints[0].writes.count == 1)
      #expect(try engine.ids(.latest("t")) == ["89"])
      // And it goes on from there.
      try engine.put("t", "90", parent: "89", value: value + [1])
      #expect(try engine.get(.latest("t")).values() == ["c": value + [1]])
      try engine.prune(["t"], .delete)
      #expect(try engine.threads(after: "", limit: 1).isEmpty)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func deletingRunsKeepsWhatOthersUse(_ kind: StoreKind) throws {
    try withEngine(kind) { (engine: Engine) throws in
      var values: [Text: [UInt8]] = [:]
      var value = noise(20_000, seed: 4)
      for number in 10..<50 {
        value += noise(1000, seed: UInt64(number))
        let id = Text("\(number)")
        values[id] = value
        try engine.put(
          "t", id, parent: Text("\(number - 1)"), metadata: #"{"run_id":"r\#(number % 3)"}"#,
          value: value)
      }
      try engine.put("u", "1", metadata: #"{"run_id":"r1"}"#, value: value)
      try engine.deleteCheckpoints(ofRuns: ["r1", "r2", "unknown"])
      let left = try engine.ids(.latest("t"))
      #expect(left == (10..<50).reversed().filter { $0 % 3 == 0 }.map { "\($0)" })
      for id in left {
        #expect(
          try engine.get(.latest("t", id: Text(id))).values() == [
            "c": try #require(values[Text(id)])
          ])
      }
      #expect(try engine.ids(.latest("u")).isEmpty)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func aCopyIsWholeAndApart(_ kind: StoreKind) throws {
    try withEngine(kind) { (engine: Engine) throws in
      var value = noise(30_000, seed: 5)
      for number in 10..<60 {
        value += noise(500, seed: UInt64(number))
        try engine.put("t", Text("\(number)"), parent: Text("\(number - 1)"), value: value)
      }
      let write = WriteInput.Value(channel: "w", type: "bytes", data: noise(9000, seed: 9))
      try engine.putWrites(WriteInput(thread: "t", checkpoint: "59", task: "k", values: [write]))
      try engine.copyThread("t", to: "copy")
      #expect(throws: StoreError.self) { try engine.copyThread("t", to: "copy") }
      let original = try engine.get(.latest("t"))
      try engine.deleteThread("t")
      let copied = try engine.get(.latest("copy"))
      #expect(copied.values() == original.values())
      #expect(copied.checkpoints[0].writes.map(\.data) == [write.data])
      #expect(try engine.ids(.latest("copy")).count == 50)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func aThreadOfTheSameNameStartsEmpty(_ kind: StoreKind) throws {
    try withEngine(kind) { (engine: Engine) throws in
      let value = noise(8000, seed: 6)
      try engine.put("t", "1", value: value)
      try engine.deleteThread("t")
      try engine.deleteThread("t")
      #expect(try engine.ids(.latest("t")).isEmpty)
      try engine.put("t", "1", value: value + [7])
      #expect(try engine.get(.latest("t")).values() == ["c": value + [7]])
    }
  }

  @Test(arguments: StoreKind.allCases)
  func valuesAreSharedWithinAPage(_ kind: StoreKind) throws {
    try withEngine(kind) { (engine: Engine) throws in
      let version = ChannelVersion(channel: "c", version: "v")
      for id in ["1", "2", "3"] as [Text] {
        try engine.put(
          CheckpointInput(
            thread: "t", id: id, versions: [version],
            values: id == "1"
              ? [ChannelValue(channel: "c", version: "v", type: "t", data: [1])] : []))
      }
      let page = try engine.list(.latest("t"))
      #expect(page.values.count == 1)
      #expect(page.checkpoints.map(\.valueIndexes) == [[0], [0], [0]])
    }
  }

  /// Whoever has seen enough of a thread is shown no more.
  @Test(arguments: StoreKind.allCases)
  func aVisitEndsWhenItIsTold(_ kind: StoreKind) throws {
    try withStore(kind) { (store: any Store) throws in
      try store.change { (transaction: any StoreTransaction) throws in
        let thread = try transaction.ensureThread(named: "t").key
        let place = Place(thread: thread, namespace: "")
        for number in 1...3 as ClosedRange<UInt8> {
          let name = Text("\(number)")
          _ = try transaction.insertChunk(
            [number], of: thread, digest: Digest(stored: [UInt8](repeating: number, count: 16)))
          _ = try transaction.insertValue(
            ValueRecord(
              place: place, channel: "c", version: name, type: "t",
              body: .inline([number], type: "t")))
          _ = try transaction.insertCheckpoint(
            CheckpointRecord(
              place: place, id: name, parent: nil, type: "t", body: [number],
              metadata: bytes("{}"), run: nil, versions: []), at: place)
        }
        for most in 1...4 {
          var (chunks, values, checkpoints) = ([UInt8](), [Text](), [Text]())
          try transaction.visitChunks(of: thread) {
            chunks += $0.bytes
            return chunks.count < most
          }
          try transaction.visitValues(of: thread) {
            values.append($0.version)
            return values.count < most
          }
          try transaction.visitCheckpoints(CheckpointScan(thread: thread)) {
            checkpoints.append($0.id)
            return checkpoints.count < most
          }
          #expect(chunks == Array([1, 2, 3].prefix(most)))
          #expect(values == Array(["1", "2", "3"].prefix(most)))
          #expect(checkpoints == Array(["3", "2", "1"].prefix(most)), "the newest first")
        }
      }
    }
  }
}
