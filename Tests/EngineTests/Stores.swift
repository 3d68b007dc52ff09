import CSQLite
import Glibc
import Interlock
import InterlockCore
import InterlockSQLite
import InterlockStore
import Testing

/// The stores that one contract is run on.
enum StoreKind: String, CaseIterable, Sendable {
  case memory
  case sqliteInMemory
  case sqliteFile
}

/// A folder of its own that is gone afterwards.
final class TemporaryFolder {
  let path: String

  init() {
    var template = Array("/tmp/interlock-test-XXXXXX".utf8CString)
    path = mkdtemp(&template).map { String(cString: $0) } ?? "/tmp"
  }

  deinit {
    guard path != "/tmp", let folder = opendir(path) else { return }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      unlink(path + "/" + name)
    }
    closedir(folder)
    rmdir(path)
  }
}

/// Changes a database behind the library's back.
func change(_ path: String, _ sql: String) throws {
  var database: OpaquePointer?
  sqlite3_open(path, &database)
  defer { sqlite3_close(database) }
  try #require(sqlite3_exec(database, sql, nil, nil, nil) == SQLITE_OK)
  try #require(sqlite3_changes(database) > 0)
}

/// Opens a database that was changed behind the library's back, which `check` must say.
func openDamaged(_ path: String, _ sql: String) throws -> Engine {
  try change(path, sql)
  let engine = Engine(try .sqlite(path: path))
  #expect(try !engine.check().isSound)
  return engine
}

/// Runs a test on an engine of a kind.
func withEngine(
  _ kind: StoreKind, cacheBytes: Int = 64 << 20, _ body: (Engine) throws -> Void
) throws {
  let folder = TemporaryFolder()
  let store: AnyStore =
    switch kind {
    case .memory: .memory()
    case .sqliteInMemory: try .sqlite(path: ":memory:")
    case .sqliteFile: try .sqlite(path: folder.path + "/test.db")
    }
  let engine = Engine(store, cacheBytes: cacheBytes)
  try body(engine)
  let report = try engine.check()
  #expect(report.isSound, "\(report.problems)")
  try engine.close()
  withExtendedLifetime(folder) {}
}

extension CheckpointQuery {
  static func latest(_ thread: Text, _ namespace: Text = "", id: Text? = nil) -> CheckpointQuery {
    CheckpointQuery(thread: thread, namespace: namespace, id: id)
  }
}

extension CheckpointPage {
  /// The values of one checkpoint by channel.
  func values(at index: Int = 0) -> [Text: [UInt8]] {
    Dictionary(
      uniqueKeysWithValues: checkpoints[index].valueIndexes.map {
        (values[$0].channel, values[$0].data)
      })
  }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// Repeatable noise that does not compress.
func noise(_ count: Int, seed: UInt64) -> [UInt8] {
  var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
  return (0..<count).map { _ in
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return UInt8(truncatingIfNeeded: state)
  }
}

extension Engine {
  /// Puts a checkpoint that has one channel, `c`, at a version named like the checkpoint.
  func put(
    _ thread: Text, _ id: Text, parent: Text? = nil, ns: Text = "", metadata: String = "{}",
    value: [UInt8]? = nil
  ) throws {
    try put(
      CheckpointInput(
        thread: thread, namespace: ns, id: id, parent: parent, type: "msgpack",
        body: bytes("body \(id)"), metadata: bytes(metadata),
        versions: value == nil ? [] : [ChannelVersion(channel: "c", version: id)],
        values: value.map { [ChannelValue(channel: "c", version: id, type: "bytes", data: $0)] }
          ?? []))
  }

  func ids(_ query: CheckpointQuery) throws -> [String] {
    var ids: [String] = []
    var query = query
    while true {
      let page = try list(query)
      ids += page.checkpoints.map(\.id.string)
      guard !page.cursor.isEmpty else { return ids }
      query.cursor = page.cursor
    }
  }
}
