package import InterlockCore
private import InterlockCrypto

/// Stores values: small ones inline, others as chunks that are stored once per thread.
package struct ValueWriter {
  /// What to remember once the transaction has been committed.
  package struct Remembered: Sendable {
    package let key: ValueCache.Key
    package let entry: ValueCache.Entry
  }

  private let transaction: any StoreTransaction
  private let thread: ThreadRecord
  private let cache: ValueCache

  package init(_ transaction: any StoreTransaction, thread: ThreadRecord, cache: ValueCache) {
    self.transaction = transaction
    self.thread = thread
    self.cache = cache
  }

  /// Stores the value of a channel at a version, unless one is stored there already.
  ///
  /// `parentVersion` finds the version of the same channel at the parent checkpoint, if there is
  /// one: a base when the cache knows none.
  package func put(
    _ prepared: PreparedValue, at place: Place, parentVersion: () throws(StoreError) -> Text?
  ) throws(StoreError) -> Remembered? {
    let (version, bytes) = (prepared.version, prepared.bytes)
    if let body = prepared.inline {
      try insert(place, version, type: prepared.type, body: body)
      return nil
    }
    let type = prepared.type ?? ""
    if try transaction.containsValue(place, channel: version.channel, version: version.version) {
      return nil
    }
    let key = ValueCache.Key(place: place, channel: version.channel)
    let base = try base(key, parentVersion: parentVersion)
    let plan = CutPlan(bytes, base: base?.content)
    let content = try store(bytes, plan, base: base?.content)
    let manifest = manifest(for: content, plan, base: base)
    let body = StoredBody.make(
      size: bytes.count, manifest: manifest, inline: content.inline,
      type: type)
    guard let value = try insert(place, version, type: type, body: body) else { return nil }
    let entry = ValueCache.Entry(
      epoch: thread.epoch, value: value, version: version.version, type: type,
      depth: manifest.depth, content: content)
    return Remembered(key: key, entry: entry)
  }

  /// The stored form of the value of a write. Its manifest is always whole. A write that may be
  /// replaced stays inline, so that no chunk loses its only reference.
  package func writeBody(
    _ bytes: [UInt8], type: Text, isReplaceable: Bool
  ) throws(StoreError) -> StoredBody {
    guard bytes.count > StoredBody.inlineWriteLimit, !isReplaceable else {
      return .inline(bytes, type: type)
    }
    let plan = CutPlan(bytes, base: nil)
    let content = try store(bytes, plan, base: nil)
    let manifest = manifest(for: content, plan, base: nil)
    return .make(
      size: bytes.count, manifest: manifest, inline: content.inline,
      type: type)
  }

  @discardableResult
  private func insert(
    _ place: Place, _ version: ChannelVersion, type: Text?, body: StoredBody
  ) throws(StoreError) -> Int64? {
    try transaction.insertValue(
      ValueRecord(
        place: place, channel: version.channel, version: version.version, type: type, body: body))
  }

  private func base(
    _ key: ValueCache.Key, parentVersion: () throws(StoreError) -> Text?
  ) throws(StoreError) -> ValueCache.Entry? {
    if let entry = cache.entry(key, epoch: thread.epoch) { return entry }
    guard let version = try parentVersion(),
      let record = try transaction.value(key.place, channel: key.channel, version: version),
      let type = record.type, let manifest = record.body.manifest,
      let content = try ValueReader(transaction).chunkedBytes(of: record.body)
    else { return nil }
    return ValueCache.Entry(
      epoch: thread.epoch, value: record.key, version: record.version, type: type,
      depth: manifest.depth, content: content)
  }

  private func store(
    _ bytes: [UInt8], _ plan: CutPlan, base: ChunkedBytes?
  ) throws(StoreError) -> ChunkedBytes {
    var chunks: [Int64] = []
    chunks.reserveCapacity(plan.ends.count)
    for piece in plan.pieces {
      switch piece {
      case .kept(let range): chunks.append(contentsOf: base?.chunks[range] ?? [])
      case .fresh(let range): chunks.append(try chunk(bytes[range]))
      }
    }
    return ChunkedBytes(bytes: bytes, ends: plan.ends, chunks: chunks)
  }

  /// The number of a chunk with these bytes, stored already or now.
  private func chunk(_ bytes: ArraySlice<UInt8>) throws(StoreError) -> Int64 {
    let digest = bytes.withUnsafeBytes { Digest(of: $0) }
    for candidate in try transaction.chunks(of: thread.key, digest: digest) {
      var isEqual = false
      try transaction.chunks(ChunkRun(first: candidate, count: 1)) {
        (stored) throws(StoreError) in isEqual = stored.elementsEqual(bytes)
      }
      if isEqual { return candidate }
    }
    return try transaction.insertChunk(bytes, of: thread.key, digest: digest)
  }

  private func manifest(
    for content: ChunkedBytes, _ plan: CutPlan, base: ValueCache.Entry?
  ) -> ManifestRecord {
    let keepsNothing = plan.pieces.allSatisfy { if case .fresh = $0 { true } else { false } }
    guard let base, !keepsNothing, base.depth < Manifest.maximumDepth else {
      let whole = Manifest.whole(ChunkRun.runs(of: content.chunks))
      return ManifestRecord(base: nil, depth: 0, code: whole.encode())
    }
    var segments: [Manifest.Segment] = []
    var position = 0
    for piece in plan.pieces {
      switch piece {
      case .kept(let range):
        segments.append(.kept(range))
        position += range.count
      case .fresh:
        let run = ChunkRun(first: content.chunks[position], count: 1)
        position += 1
        if case .fresh(var runs)? = segments.last {
          ChunkRun.append([run], to: &runs)
          segments[segments.count - 1] = .fresh(runs)
        } else {
          segments.append(.fresh([run]))
        }
      }
    }
    return ManifestRecord(
      base: base.value, depth: base.depth + 1, code: Manifest.relative(segments).encode())
  }
}
