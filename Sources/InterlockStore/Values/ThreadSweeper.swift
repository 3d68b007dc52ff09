import InterlockCore

/// Deletes checkpoints of a thread, and with them what nothing refers to any more.
package struct ThreadSweeper {
  private let transaction: any StoreTransaction
  private let thread: ThreadKey

  package init(_ transaction: any StoreTransaction, thread: ThreadKey) {
    self.transaction = transaction
    self.thread = thread
  }

  /// Deletes the checkpoints that `keeps` refuses, their writes, the values that no remaining
  /// checkpoint uses, and the chunks that no remaining value or write uses.
  package func sweep(
    keeping keeps: (CheckpointRecord) -> Bool
  ) throws(StoreError) {
    var doomed: [CheckpointRecord] = []
    var live: [Text: Set<ChannelVersion>] = [:]
    try transaction.visitCheckpoints(CheckpointScan(thread: thread)) {
      (record) throws(StoreError) in
      if keeps(record) {
        live[record.place.namespace, default: []].formUnion(record.versions)
      } else {
        doomed.append(record)
      }
      return true
    }
    guard !doomed.isEmpty else { return }
    for record in doomed {
      // What others inherit from it becomes a value of the thread.
      for value in try record.carried()
      where live[record.place.namespace]?.contains(value.version) == true {
        _ = try transaction.insertValue(value.record(at: record.place))
      }
      try transaction.deleteCheckpoint(sequence: record.sequence)
      try transaction.deleteWrites(record.place, checkpoint: record.id)
    }
    let needed = try deleteValues(except: live)
    try deleteChunks(except: needed.union(try chunksOfWrites()))
    try transaction.advanceEpoch(of: thread)
  }

  /// Returns the chunks of the values that stay. A value whose base goes is made whole first.
  private func deleteValues(
    except live: [Text: Set<ChannelVersion>]
  ) throws(StoreError) -> Set<Int64> {
    var staying: [ValueRecord] = []
    var going: Set<Int64> = []
    try transaction.visitValues(of: thread) { (record) throws(StoreError) in
      let version = ChannelVersion(channel: record.channel, version: record.version)
      if live[record.place.namespace]?.contains(version) == true {
        if record.body.manifest != nil { staying.append(record) }
      } else {
        going.insert(record.key)
      }
      return true
    }
    var needed: Set<Int64> = []
    var uprooted: [(Int64, StoredBody)] = []
    for record in staying {
      guard let manifest = record.body.manifest else { continue }
      let runs = try ValueReader(transaction).resolve(manifest)
      for run in runs { needed.formUnion(run.first..<(run.first &+ Int64(run.count))) }
      if let base = manifest.base, going.contains(base) {
        uprooted.append((record.key, Self.whole(record, runs)))
      }
    }
    for (key, body) in uprooted { try transaction.replaceBody(of: key, with: body) }
    for key in going { try transaction.deleteValue(key) }
    return needed
  }

  private static func whole(_ record: ValueRecord, _ runs: [ChunkRun]) -> StoredBody {
    let code = Manifest.whole(runs).encode()
    return .make(
      size: record.body.size, manifest: ManifestRecord(base: nil, depth: 0, code: code),
      inline: record.body.inline, type: record.type)
  }

  private func chunksOfWrites() throws(StoreError) -> Set<Int64> {
    var needed: Set<Int64> = []
    let reader = ValueReader(transaction)
    try transaction.visitWrites(of: thread) { (record) throws(StoreError) in
      guard let manifest = record.body.manifest else { return true }
      for run in try reader.resolve(manifest) {
        needed.formUnion(run.first..<(run.first &+ Int64(run.count)))
      }
      return true
    }
    return needed
  }

  private func deleteChunks(except needed: Set<Int64>) throws(StoreError) {
    var going: [Int64] = []
    try transaction.visitChunks(of: thread) { (chunk) throws(StoreError) in
      if !needed.contains(chunk.key) { going.append(chunk.key) }
      return true
    }
    for key in going { try transaction.deleteChunk(key) }
  }
}
