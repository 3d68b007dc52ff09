import Interlock
import InterlockCore
import InterlockSQLite
import InterlockStore
import Testing

/// The Swift start of README.md; a Python test compares the two texts.
func start(path: String) throws -> String {
  let engine = Engine(try .sqlite(path: path))
  try engine.put(CheckpointInput(thread: "t1", id: "0001", body: Array("state".utf8)))
  let page = try engine.get(CheckpointQuery(thread: "t1"))
  try engine.close()
  return String(decoding: page.checkpoints[0].body, as: UTF8.self)
}

@Suite struct ReadmeTests {
  @Test func theSwiftStartRuns() throws {
    let folder = TemporaryFolder()
    #expect(try start(path: folder.path + "/swift.db") == "state")
    withExtendedLifetime(folder) {}
  }
}
