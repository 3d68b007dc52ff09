import Glibc
import Interlock
import InterlockCore
import InterlockSQLite
import InterlockStore
import Testing

/// Database files of released schemas, kept for ever: each must open, migrate and read back.
///
/// `make_fixture.py` beside this file made them, with the library of their time.
@Suite struct FixtureTests {
  @Test(arguments: [1])
  func anOldDatabaseOpens(_ schema: Int) throws {
    let folder = TemporaryFolder()
    let path = try fixture(schema, in: folder)
    let engine = Engine(try .sqlite(path: path))
    #expect(try engine.threads(after: "", limit: 10) == ["fixture", "other"])
    let page = try engine.get(.latest("fixture"))
    let latest = try #require(page.checkpoints.first)
    #expect(latest.id == "0020" && latest.parent == "0019" && latest.body == bytes("body 20"))
    #expect(latest.writes.map(\.channel) == ["__interrupt__", "answer"])
    let text = (1...20).map { "line \($0) " + String(repeating: "abcdefgh", count: 40) }
    #expect(page.values() == ["log": bytes(text.joined(separator: "\n")), "n": bytes("20")])
    let report = try engine.check()
    #expect(report.isSound && report.checkpoints == 21 && report.chunks > 0)
    try engine.put("fixture", "0021", parent: "0020", value: bytes("new"))
    try engine.close()
  }

  /// Who may only read cannot bring it to the schema of today, and would read it wrongly as it is.
  @Test func anOldDatabaseIsOnlyReadWhenItWasMigrated() throws {
    let folder = TemporaryFolder()
    let path = try fixture(1, in: folder)
    var options = SQLiteOptions()
    options.isReadOnly = true
    do throws(StoreError) {
      _ = try AnyStore.sqlite(path: path, options: options)
      Issue.record("an old database was opened to be read")
    } catch {
      #expect(error.code == .readOnly && error.path == "url")
      #expect(error.message.hasSuffix("the database has an older schema and cannot be written"))
    }
    try Engine(try .sqlite(path: path)).close()
    let reader = Engine(try .sqlite(path: path, options: options))
    #expect(try reader.threads(after: "", limit: 10) == ["fixture", "other"])
    try reader.close()
  }

  /// The rows of version 8 and before have a digest of another kind.
  @Test(arguments: [
    "UPDATE checkpoints SET body = x'00' WHERE id = '0020'",
    "UPDATE channel_values SET type = 'other'", "UPDATE writes SET inline = x'07'",
  ])
  func damageOfAnOldRowIsFound(_ sql: String) throws {
    let folder = TemporaryFolder()
    let path = try fixture(1, in: folder)
    try openDamaged(path, sql).close()
  }

  private func fixture(_ schema: Int, in folder: TemporaryFolder) throws -> String {
    let source = "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/")
    let path = folder.path + "/old.db"
    try copy("\(source)/fixtures/schema-\(schema).db", to: path)
    return path
  }

  private func copy(_ source: String, to target: String) throws {
    let input = try #require(fopen(source, "r"))
    let output = try #require(fopen(target, "w"))
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, input), count > 0 {
      fwrite(buffer, 1, count, output)
    }
    fclose(input)
    fclose(output)
  }
}
