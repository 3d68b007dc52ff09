import InterlockCore
import InterlockCrypto

extension MemoryTransaction {
  // MARK: Channel values

  func value(
    _ place: Place, channel: Text, version: Text
  ) throws(StoreError) -> ValueRecord? {
    let key = MemoryContent.VersionKey(place: place, channel: channel, version: version)
    return content.valueKeys[key].flatMap { content.values[$0] }
  }

  func containsValue(
    _ place: Place, channel: Text, version: Text
  ) throws(StoreError) -> Bool {
    try value(place, channel: channel, version: version) != nil
  }

  func manifest(of value: Int64) throws(StoreError) -> ManifestRecord? {
    content.values[value]?.body.manifest
  }

  func insertValue(_ record: ValueRecord) throws(StoreError) -> Int64? {
    let version = MemoryContent.VersionKey(
      place: record.place, channel: record.channel, version: record.version)
    guard content.valueKeys[version] == nil else { return nil }
    var stored = record
    stored.key = content.takeKey()
    content.values[stored.key] = stored
    content.valueKeys[version] = stored.key
    return stored.key
  }

  func replaceBody(of value: Int64, with body: StoredBody) throws(StoreError) {
    content.values[value]?.body = body
  }

  func visitValues(
    of thread: ThreadKey, _ visit: (ValueRecord) throws(StoreError) -> Bool
  ) throws(StoreError) {
    let found = content.values.values.filter { $0.place.thread == thread }
    for record in found.sorted(by: { $0.key < $1.key }) {
      guard try visit(record) else { return }
    }
  }

  func deleteValue(_ value: Int64) throws(StoreError) {
    guard let record = content.values.removeValue(forKey: value) else { return }
    content.valueKeys.removeValue(
      forKey: MemoryContent.VersionKey(
        place: record.place, channel: record.channel, version: record.version))
  }

  // MARK: Writes

  func writes(_ place: Place, checkpoint: Text) throws(StoreError) -> [WriteRecord] {
    content.writes.values.filter { $0.place == place && $0.checkpoint == checkpoint }
      .sorted { ($0.taskPath, $0.task, $0.index) < ($1.taskPath, $1.task, $1.index) }
  }

  func containsWrite(
    _ place: Place, checkpoint: Text, task: Text, index: Int32
  ) throws(StoreError) -> Bool {
    let key = MemoryContent.WriteKey(
      place: place, checkpoint: checkpoint, task: task, index: index)
    return content.writes[key] != nil
  }

  func putWrite(_ record: WriteRecord) throws(StoreError) {
    let key = MemoryContent.WriteKey(
      place: record.place, checkpoint: record.checkpoint, task: record.task, index: record.index)
    content.writes[key] = record
  }

  func visitWrites(
    of thread: ThreadKey, _ visit: (WriteRecord) throws(StoreError) -> Bool
  ) throws(StoreError) {
    for record in content.writes.values where record.place.thread == thread {
      guard try visit(record) else { return }
    }
  }

  func deleteWrites(_ place: Place, checkpoint: Text) throws(StoreError) {
    content.writes = content.writes.filter {
      $0.key.place != place || $0.key.checkpoint != checkpoint
    }
  }

  // MARK: Chunks

  func chunks(
    _ run: ChunkRun, _ visit: (UnsafeRawBufferPointer) throws(StoreError) -> Void
  ) throws(StoreError) {
    for key in run.first..<(run.first &+ Int64(run.count)) {
      guard let chunk = content.chunks[key] else {
        throw StoreError(.corrupt, "chunk \(key) is missing")
      }
      let result: Result<Void, StoreError> = chunk.bytes.withUnsafeBytes { bytes in
        do throws(StoreError) {
          return .success(try visit(bytes))
        } catch {
          return .failure(error)
        }
      }
      try result.get()
    }
  }

  func chunks(of thread: ThreadKey, digest: Digest) throws(StoreError) -> [Int64] {
    content.chunks.filter { $0.value.thread == thread && $0.value.digest == digest }
      .map(\.key)
  }

  func insertChunk(
    _ bytes: some Collection<UInt8>, of thread: ThreadKey, digest: Digest
  ) throws(StoreError) -> Int64 {
    let key = content.takeKey()
    content.chunks[key] = MemoryContent.Chunk(
      thread: thread, digest: digest, bytes: [UInt8](bytes))
    return key
  }

  func visitChunks(
    of thread: ThreadKey, _ visit: (ChunkRecord) throws(StoreError) -> Bool
  ) throws(StoreError) {
    let found = content.chunks.filter { $0.value.thread == thread }
    for (key, chunk) in found.sorted(by: { $0.key < $1.key }) {
      guard try visit(ChunkRecord(key: key, digest: chunk.digest, bytes: chunk.bytes)) else {
        return
      }
    }
  }

  func deleteChunk(_ chunk: Int64) throws(StoreError) {
    content.chunks.removeValue(forKey: chunk)
  }
}
