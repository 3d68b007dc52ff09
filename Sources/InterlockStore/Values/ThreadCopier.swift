import InterlockCore

/// Copies what a thread stores into a new thread.
package struct ThreadCopier {
  private let transaction: any StoreTransaction
  private let source: ThreadKey
  private let target: ThreadKey
  private var chunks: [Int64: Int64] = [:]
  private var sequences: [Int64: Int64] = [:]

  package init(
    _ transaction: any StoreTransaction, from source: ThreadKey, to target: ThreadKey
  ) {
    self.transaction = transaction
    self.source = source
    self.target = target
  }

  package mutating func copy() throws(StoreError) {
    try copyChunks()
    try copyValues()
    try copyWrites()
    try copyCheckpoints()
  }

  private mutating func copyCheckpoints() throws(StoreError) {
    var records: [CheckpointRecord] = []
    try transaction.visitCheckpoints(CheckpointScan(thread: source)) {
      (record) throws(StoreError) in
      records.append(record)
      return true
    }
    // Who carries a value was mostly there before those that inherit it; not if it was replaced later.
    records.sort { $0.sequence < $1.sequence }
    for record in records {
      let copy = moved(record)
      sequences[record.sequence] = try transaction.insertCheckpoint(copy, at: copy.place)
    }
    for record in records where record.homes.contains(where: { inheritsLater($0, record.sequence) })
    {
      var copy = moved(record)
      copy.sequence = sequences[record.sequence] ?? 0
      try transaction.replaceCheckpoint(copy)
    }
  }

  private func inheritsLater(_ home: ValueHome, _ sequence: Int64) -> Bool {
    guard case .checkpoint(let carrier) = home else { return false }
    return carrier >= sequence
  }

  /// The same in the target. What nobody carries any more is among the values of the thread.
  private func moved(_ record: CheckpointRecord) -> CheckpointRecord {
    var copy = record
    copy.place = moved(record.place)
    copy.settle(
      record.homes.map { home in
        switch home {
        case .thread, .here: home
        case .checkpoint(let carrier): sequences[carrier].map { .checkpoint($0) } ?? .thread
        }
      })
    return copy
  }

  private func moved(_ place: Place) -> Place {
    Place(thread: target, namespace: place.namespace)
  }

  private mutating func copyChunks() throws(StoreError) {
    var sources: [ChunkRecord] = []
    try transaction.visitChunks(of: source) { (chunk) throws(StoreError) in
      sources.append(chunk)
      return true
    }
    for chunk in sources {
      chunks[chunk.key] = try transaction.insertChunk(
        chunk.bytes, of: target, digest: chunk.digest)
    }
  }

  private func copyValues() throws(StoreError) {
    var records: [ValueRecord] = []
    try transaction.visitValues(of: source) { (record) throws(StoreError) in
      records.append(record)
      return true
    }
    for var record in records {
      record.body = try moved(record.body, type: record.type)
      record.place = moved(record.place)
      record.key = 0
      _ = try transaction.insertValue(record)
    }
  }

  private func copyWrites() throws(StoreError) {
    var records: [WriteRecord] = []
    try transaction.visitWrites(of: source) { (record) throws(StoreError) in
      records.append(record)
      return true
    }
    for var record in records {
      record.body = try moved(record.body, type: record.type)
      record.place = moved(record.place)
      try transaction.putWrite(record)
    }
  }

  /// The body with the target's chunks, its manifest whole: bases do not cross threads.
  private func moved(_ body: StoredBody, type: Text?) throws(StoreError) -> StoredBody {
    guard let manifest = body.manifest else { return body }
    var moved: [Int64] = []
    for run in try ValueReader(transaction).resolve(manifest) {
      for key in run.first..<(run.first &+ Int64(run.count)) {
        guard let copy = chunks[key] else {
          throw StoreError(.corrupt, "chunk \(key) is missing")
        }
        moved.append(copy)
      }
    }
    let code = Manifest.whole(ChunkRun.runs(of: moved)).encode()
    return .make(
      size: body.size, manifest: ManifestRecord(base: nil, depth: 0, code: code),
      inline: body.inline, type: type)
  }
}
