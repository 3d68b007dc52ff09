import InterlockCore

/// Puts stored values together again.
package struct ValueReader {
  private let transaction: any StoreTransaction

  package init(_ transaction: any StoreTransaction) {
    self.transaction = transaction
  }

  package func bytes(of found: ValueFinder.Found) throws(StoreError) -> [UInt8] {
    switch found {
    case .carried(let value): value.bytes
    case .stored(let record): try bytes(of: record.body)
    }
  }

  package func bytes(of body: StoredBody) throws(StoreError) -> [UInt8] {
    guard let manifest = body.manifest else { return body.inline }
    let runs = try resolve(manifest)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(body.size, Limits.valueBytes))
    bytes.append(contentsOf: body.inline.prefix(Chunker.head))
    for run in runs {
      try transaction.chunks(run) { (chunk) throws(StoreError) in bytes.append(contentsOf: chunk) }
    }
    bytes.append(contentsOf: body.inline.dropFirst(Chunker.head))
    guard bytes.count == body.size else {
      throw StoreError(.corrupt, "a value of \(body.size) bytes has \(bytes.count)")
    }
    return bytes
  }

  /// A stored value with its cuts, to serve as the base of the next version.
  package func chunkedBytes(of body: StoredBody) throws(StoreError) -> ChunkedBytes? {
    guard let manifest = body.manifest else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(body.size, Limits.valueBytes))
    bytes.append(contentsOf: body.inline.prefix(Chunker.head))
    var ends: [Int] = []
    var chunks: [Int64] = []
    for run in try resolve(manifest) {
      var key = run.first
      try transaction.chunks(run) { (chunk) throws(StoreError) in
        bytes.append(contentsOf: chunk)
        ends.append(bytes.count)
        chunks.append(key)
        key &+= 1
      }
    }
    bytes.append(contentsOf: body.inline.dropFirst(Chunker.head))
    guard bytes.count == body.size else { return nil }
    return ChunkedBytes(bytes: bytes, ends: ends, chunks: chunks)
  }

  /// The chunks of a manifest, resolved through its bases.
  package func resolve(_ manifest: ManifestRecord) throws(StoreError) -> [ChunkRun] {
    var chain: [Manifest] = []
    var record = manifest
    while true {
      guard let decoded = Manifest(record.code) else {
        throw StoreError(.corrupt, "a manifest cannot be read")
      }
      chain.append(decoded)
      guard let base = record.base else { break }
      guard chain.count <= Manifest.maximumDepth + 1,
        let next = try transaction.manifest(of: base)
      else { throw StoreError(.corrupt, "the base of a manifest is missing") }
      record = next
    }
    var runs: [ChunkRun] = []
    for manifest in chain.reversed() { runs = try apply(manifest, to: runs) }
    return runs
  }

  private func apply(_ manifest: Manifest, to base: [ChunkRun]) throws(StoreError) -> [ChunkRun] {
    switch manifest {
    case .whole(let runs):
      return runs
    case .relative(let segments):
      var runs: [ChunkRun] = []
      for segment in segments {
        switch segment {
        case .fresh(let fresh):
          ChunkRun.append(fresh, to: &runs)
        case .kept(let range):
          guard let kept = ChunkRun.slice(base, range) else {
            throw StoreError(.corrupt, "a manifest does not fit its base")
          }
          ChunkRun.append(kept, to: &runs)
        }
      }
      return runs
    }
  }
}
