import InterlockCore
import InterlockCrypto

/// Everything a memory store holds. A value: a transaction works on a copy.
struct MemoryContent {
  struct Thread {
    let name: Text
    var epoch: Int64 = 0
  }

  struct CheckpointKey: Hashable {
    let place: Place
    let id: Text
  }

  struct VersionKey: Hashable {
    let place: Place
    let channel: Text
    let version: Text
  }

  struct WriteKey: Hashable {
    let place: Place
    let checkpoint: Text
    let task: Text
    let index: Int32
  }

  struct Chunk {
    let thread: ThreadKey
    let digest: Digest
    let bytes: [UInt8]
  }

  var nextKey: Int64 = 1
  var threads: [ThreadKey: Thread] = [:]
  var threadKeys: [Text: ThreadKey] = [:]
  var checkpoints: [CheckpointKey: CheckpointRecord] = [:]
  var checkpointKeys: [Int64: CheckpointKey] = [:]
  var values: [Int64: ValueRecord] = [:]
  var valueKeys: [VersionKey: Int64] = [:]
  var writes: [WriteKey: WriteRecord] = [:]
  var chunks: [Int64: Chunk] = [:]
  var reviews = Reviews()
  var runs = Runs()
  var messages = Messages()
  var tokens = Tokens()
  var graphInterrupts: [GraphInterruptKey: GraphInterruptRecord] = [:]
  var deliveries = Deliveries()

  mutating func takeKey() -> Int64 {
    defer { nextKey &+= 1 }
    return nextKey
  }
}
