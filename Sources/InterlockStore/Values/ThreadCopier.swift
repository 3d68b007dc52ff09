import InterlockCore

/// Copies what a thread stores into a new thread.
package struct ThreadCopier {
  private let transaction: any StoreTransaction
  private let source: ThreadKey
  private let target: ThreadKey
  private var chunks: [Int64: Int64] = [:]

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
    var records: [CheckpointRecord] = []
    try transaction.visitCheckpoints(CheckpointScan(thread: source)) {
      (record) throws(StoreError) in
      records.append(record)
      return true
    }
    for var record in records.reversed() {
      record.place = moved(record.place)
      record.sequence = 0
      try transaction.putCheckpoint(record)
    }
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
