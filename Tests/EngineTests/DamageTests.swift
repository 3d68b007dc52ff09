import Interlock
import InterlockCore
import InterlockSQLite
import InterlockStore
import Testing

/// Whatever is changed behind the library's back, `check` says so.
@Suite struct DamageTests {
  @Test(arguments: [
    "UPDATE checkpoints SET body = x'00' WHERE id = '1'",
    "UPDATE checkpoints SET metadata = '{\"step\":9}' WHERE id = '1'",
    "UPDATE checkpoints SET metadata = '{' WHERE id = '1'",
    "UPDATE checkpoints SET parent = 'x' WHERE id = '2'",
    "UPDATE checkpoints SET versions = x'FFFF' WHERE id = '1'",
    "UPDATE channel_values SET inline = CAST(inline || x'00' AS BLOB)",
    "UPDATE channel_values SET type = 'other'",
    "UPDATE channel_values SET manifest = x'0100' WHERE manifest IS NOT NULL",
    "UPDATE channel_values SET size = size + 1",
    "UPDATE channel_values SET base = 999 WHERE base IS NOT NULL",
    "UPDATE channel_values SET manifest = x'0000' WHERE base IS NULL AND manifest IS NOT NULL",
    "UPDATE writes SET inline = x'07'",
    "UPDATE checkpoints SET digest = zeroblob(8) WHERE id = '1'",
    "UPDATE checkpoints SET digest = x'' WHERE id = '1'",
    "UPDATE writes SET digest = substr(digest, 1, 7)",
    "UPDATE chunks SET content = zeroblob(length(content)) WHERE id = 2",
    "UPDATE chunks SET content = CAST(content || x'00' AS BLOB) WHERE id = 2",
    "DELETE FROM chunks WHERE id = 2",
    "INSERT INTO chunks (thread, digest, content) VALUES (1, zeroblob(16), x'00')",
  ])
  func isFound(_ sql: String) throws {
    try withDamage(sql) { (damaged) throws in
      // Reading may fail; it may not trap.
      _ = try? damaged.list(CheckpointQuery(thread: "t"))
      _ = try? damaged.put("t", "3", parent: "2", value: noise(20_000, seed: 8))
      _ = try? damaged.prune(["t"], .keepLatest)
    }
  }

  /// What comes out is UTF-8 and JSON, or a status.
  @Test(arguments: [
    "UPDATE checkpoints SET metadata = '{' WHERE id = '1'",
    "UPDATE checkpoints SET metadata = '[]' WHERE id = '1'",
    "UPDATE checkpoints SET metadata = CAST(x'7b2261ff223a317d' AS TEXT) WHERE id = '1'",
    "UPDATE checkpoints SET id = CAST(x'31ff' AS TEXT) WHERE id = '1'",
    "UPDATE checkpoints SET type = CAST(x'ff' AS TEXT) WHERE id = '1'",
    "UPDATE checkpoints SET parent = CAST(x'ff' AS TEXT) WHERE id = '1'",
    "UPDATE channel_values SET type = CAST(x'ff' AS TEXT)",
    "UPDATE channel_values SET size = 9223372036854775807",
    "UPDATE channel_values SET manifest = x'0000' WHERE base IS NULL AND manifest IS NOT NULL",
    "UPDATE channel_values SET depth = -9223372036854775808",
    "UPDATE writes SET task = CAST(x'ff' AS TEXT)",
    "UPDATE writes SET size = 9223372036854775807",
  ])
  func isNeverGivenOut(_ sql: String) throws {
    try withDamage(sql) { (damaged) throws in
      do throws(StoreError) {
        _ = try damaged.list(CheckpointQuery(thread: "t"))
        Issue.record("it is listed")
      } catch {
        #expect(error.code == .corrupt)
      }
    }
  }

  @Test func theRowIsNamed() throws {
    try withDamage("UPDATE checkpoints SET id = CAST(x'ff' AS TEXT) WHERE id = '2'") {
      (damaged) throws in
      let found = try damaged.check().problems.filter { $0.kind == "thread" }
      #expect(found.map(\.message).contains("the stored id is not UTF-8 (sequence 2)"))
    }
  }

  /// Two checkpoints that share most of a value, and a write.
  private func withDamage(_ sql: String, _ body: (Engine) throws -> Void) throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/damage.db"
    let engine = Engine(try .sqlite(path: path))
    let value = noise(20_000, seed: 8)
    try engine.put("t", "1", value: value)
    try engine.put("t", "2", parent: "1", value: value + noise(3000, seed: 9))
    let write = WriteInput.Value(channel: "w", type: "t", data: [1, 2, 3])
    try engine.putWrites(WriteInput(thread: "t", checkpoint: "2", task: "k", values: [write]))
    #expect(try engine.check().isSound)
    try engine.close()

    let damaged = try openDamaged(path, sql)
    try body(damaged)
    try damaged.close()
  }
}
