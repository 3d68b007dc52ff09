package import InterlockCore
package import InterlockStore

extension Engine {
  /// What a thread stores, as the JSON that interlock.h documents.
  package func storage(of thread: Text) throws(StoreError) -> JSONValue {
    try ArgumentRule.id(thread, "thread_id")
    return try store.read { (transaction) throws(StoreError) in
      guard let record = try transaction.thread(named: thread) else {
        throw StoreError(.notFound, "there is no thread thread_id", path: "thread_id")
      }
      var tally = StorageTally()
      try tally.add(record.key, transaction)
      return tally.json
    }
  }
}

private struct StorageTally {
  private struct Count {
    var count = 0
    var bytes = 0

    mutating func add(_ size: Int) {
      count += 1
      bytes += size
    }
  }

  private var checkpoints = Count()
  private var values = Count()
  private var writes = Count()
  private var chunks = Count()
  private var logicalBytes = 0
  private var byChannel: [Text: Int] = [:]

  mutating func add(
    _ thread: ThreadKey, _ transaction: any StoreTransaction
  ) throws(StoreError) {
    try transaction.visitCheckpoints(CheckpointScan(thread: thread)) {
      (record) throws(StoreError) in
      checkpoints.add(
        record.body.count + record.metadata.count + record.versionCode.count)
      for value in try record.carried() {
        add(value.version.channel, stored: value.bytes.count, logical: value.bytes.count)
      }
      return true
    }
    try transaction.visitValues(of: thread) { (record) throws(StoreError) in
      add(record.channel, stored: Self.storedBytes(record.body), logical: record.body.size)
      return true
    }
    try transaction.visitWrites(of: thread) { (record) throws(StoreError) in
      writes.add(Self.storedBytes(record.body))
      return true
    }
    try transaction.visitChunks(of: thread) { (chunk) throws(StoreError) in
      chunks.add(chunk.bytes.count)
      return true
    }
  }

  private mutating func add(_ channel: Text, stored: Int, logical: Int) {
    values.add(stored)
    logicalBytes += logical
    byChannel[channel, default: 0] += logical
  }

  private static func storedBytes(_ body: StoredBody) -> Int {
    body.inline.count + (body.manifest?.code.count ?? 0)
  }

  var json: JSONValue {
    let total = checkpoints.bytes + values.bytes + writes.bytes + chunks.bytes
    let channels = byChannel.sorted { $0.key < $1.key }
      .map { JSONMember(name: $0.key, value: .integer($0.value)) }
    return .object([
      "total_bytes": .integer(total),
      "checkpoints": Self.json(checkpoints),
      "channel_values": .object([
        "count": .integer(values.count), "bytes": .integer(values.bytes),
        "logical_bytes": .integer(logicalBytes), "by_channel": .object(channels),
      ]),
      "chunks": Self.json(chunks),
      "pending_writes": Self.json(writes),
    ])
  }

  private static func json(_ count: Count) -> JSONValue {
    .object(["count": .integer(count.count), "bytes": .integer(count.bytes)])
  }
}
