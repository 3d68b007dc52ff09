import Interlock
import InterlockCore
import InterlockSQLite
import InterlockStore
import Testing

/// Small values stand with the checkpoint that brought them, and others inherit them: whatever becomes
/// of that checkpoint, every other one reads what it was stored with.
@Suite struct CarriedValueTests {
  private func put(
    _ engine: Engine, _ id: Text, parent: Text? = nil, _ versions: [(Text, Text)],
    _ values: [(Text, Text, String)], run: String? = nil
  ) throws {
    try engine.put(
      CheckpointInput(
        thread: "t", id: id, parent: parent, type: "msgpack", body: bytes("body \(id)"),
        metadata: bytes(run.map { #"{"run_id":"\#($0)"}"# } ?? "{}"),
        versions: versions.map { ChannelVersion(channel: $0.0, version: $0.1) },
        values: values.map {
          ChannelValue(channel: $0.0, version: $0.1, type: "bytes", data: bytes($0.2))
        }))
  }

  private func values(_ engine: Engine, _ id: Text) throws -> [Text: [UInt8]] {
    try engine.get(.latest("t", id: id)).values()
  }

  @Test(arguments: StoreKind.allCases)
  func aGrandchildInherits(_ kind: StoreKind) throws {
    try withEngine(kind) { (engine: Engine) throws in
      try put(engine, "1", [("a", "1"), ("b", "1")], [("a", "1", "A"), ("b", "1", "B")])
      try put(engine, "2", parent: "1", [("a", "1"), ("b", "2")], [("b", "2", "B2")])
      // The order of the channels does not count.
      try put(engine, "3", parent: "2", [("b", "2"), ("a", "1")], [])
      #expect(try values(engine, "3") == ["a": bytes("A"), "b": bytes("B2")])
      // A copy of another branch: its parent has none of these versions.
      try put(engine, "4", [("a", "1"), ("b", "1"), ("c", "9")], [])
      #expect(try values(engine, "4") == ["a": bytes("A"), "b": bytes("B")])
    }
  }

  /// Savers that number versions give two branches the same ones.
  @Test(arguments: StoreKind.allCases)
  func twoBranchesWithOneVersionKeepTheirOwn(_ kind: StoreKind) throws {
    try withEngine(kind) { (engine: Engine) throws in
      try put(engine, "1", [("a", "1")], [("a", "1", "root")])
      try put(engine, "2", parent: "1", [("a", "2")], [("a", "2", "left")])
      try put(engine, "3", parent: "1", [("a", "2")], [("a", "2", "right")])
      try put(engine, "4", parent: "2", [("a", "2")], [])
      try put(engine, "5", parent: "3", [("a", "2")], [])
      #expect(try values(engine, "4") == ["a": bytes("left")])
      #expect(try values(engine, "5") == ["a": bytes("right")])
      let page = try engine.list(CheckpointQuery(thread: "t"))
      #expect(page.values(at: 0) == ["a": bytes("right")])
      #expect(page.values(at: 1) == ["a": bytes("left")])
    }
  }

  @Test(arguments: StoreKind.allCases)
  func whatIsReplacedLeavesWhatOthersInherit(_ kind: StoreKind) throws {
    try withEngine(kind) { (engine: Engine) throws in
      try put(engine, "1", [("a", "1"), ("b", "1")], [("a", "1", "A"), ("b", "1", "B")])
      try put(engine, "2", parent: "1", [("a", "1"), ("b", "1")], [])
      try put(engine, "1", [("a", "1"), ("c", "1")], [("a", "1", "other"), ("c", "1", "C")])
      #expect(try values(engine, "1") == ["a": bytes("A"), "c": bytes("C")])
      #expect(try values(engine, "2") == ["a": bytes("A"), "b": bytes("B")])
      try put(engine, "3", parent: "2", [("a", "1"), ("b", "1")], [])
      #expect(try values(engine, "3") == ["a": bytes("A"), "b": bytes("B")])
    }
  }

  /// More than a checkpoint carries, and larger ones, beside each other.
  @Test(arguments: StoreKind.allCases)
  func allSizesReadBack(_ kind: StoreKind) throws {
    try withEngine(kind) { (engine: Engine) throws in
      let sizes = [0, 1, 2047, 2048, 2049, 30_000] + Array(repeating: 1900, count: 12)
      let given = sizes.enumerated().map { index, size in
        (Text("c\(index)"), noise(size, seed: UInt64(index + 1)))
      }
      let versions = given.map { ChannelVersion(channel: $0.0, version: "1") }
      let none = ChannelVersion(channel: "empty", version: "1")
      try engine.put(
        CheckpointInput(
          thread: "t", id: "1", type: "t", versions: versions + [none],
          values: given.map { ChannelValue(channel: $0.0, version: "1", type: "b", data: $0.1) }
            + [ChannelValue(channel: "empty", version: "1", type: nil, data: [])]))
      try engine.put(
        CheckpointInput(thread: "t", id: "2", parent: "1", type: "t", versions: versions + [none]))
      let expected = Dictionary(uniqueKeysWithValues: given)
      #expect(try values(engine, "1") == expected)
      #expect(try values(engine, "2") == expected)
      let storage = try engine.storage(of: "t").member("channel_values")
      #expect(storage?.member("count") == .integer(sizes.count + 1))
      #expect(storage?.member("logical_bytes") == .integer(sizes.reduce(0, +)))
      try engine.copyThread("t", to: "u")
      #expect(try engine.get(.latest("u", id: "2")).values() == expected)
      try engine.prune(["t"], .keepLatest)
      #expect(try values(engine, "2") == expected)
      try engine.deleteThread("t")
      #expect(try engine.get(.latest("u")).values() == expected)
    }
  }

  @Test(arguments: [
    "UPDATE checkpoints SET carried = x'00' WHERE id = '1'",
    "UPDATE checkpoints SET carried = CAST(carried || x'00' AS BLOB) WHERE id = '1'",
    "UPDATE checkpoints SET carried = x'' WHERE id = '1'",
    "UPDATE checkpoints SET versions = CAST(versions || x'07' AS BLOB) WHERE id = '2'",
    "DELETE FROM checkpoints WHERE id = '1'",
  ])
  func damageIsFound(_ sql: String) throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/damage.db"
    let engine = Engine(try .sqlite(path: path))
    try put(engine, "1", [("a", "1"), ("b", "1")], [("a", "1", "A"), ("b", "1", "B")])
    try put(engine, "2", parent: "1", [("a", "1"), ("b", "1")], [])
    #expect(try engine.check().isSound)
    try engine.close()
    let damaged = try openDamaged(path, sql)
    // A value that must be there is an error, not an empty channel.
    let found = try? values(damaged, "2")
    #expect(found == nil || found == ["a": bytes("A"), "b": bytes("B")])
    _ = try? put(damaged, "3", parent: "2", [("a", "1"), ("b", "1")], [])
    _ = try? damaged.prune(["t"], .keepLatest)
    try damaged.close()
  }

  /// What one engine remembers of a thread, another one may have deleted.
  @Test func twoEnginesOnOneFile() throws {
    let folder = TemporaryFolder()
    let (here, there) = (
      Engine(try .sqlite(path: folder.path + "/a.db")),
      Engine(try .sqlite(path: folder.path + "/a.db"))
    )
    try put(here, "1", [("a", "1"), ("b", "1")], [("a", "1", "A"), ("b", "1", "B")])
    try put(here, "2", parent: "1", [("a", "1"), ("b", "2")], [("b", "2", "B2")])
    try there.prune(["t"], .keepLatest)
    try put(here, "3", parent: "2", [("a", "1"), ("b", "2")], [])
    #expect(try values(there, "3") == ["a": bytes("A"), "b": bytes("B2")])
    try there.deleteThread("t")
    try put(here, "4", parent: "3", [("a", "1"), ("b", "3")], [("b", "3", "B3")])
    #expect(try values(there, "4") == ["b": bytes("B3")])
    #expect(try there.ids(CheckpointQuery(thread: "t")) == ["4"])
    #expect(try here.check().isSound)
    try here.close()
    try there.close()
  }
}
