import InterlockCore
import InterlockStore

/// Gathers checkpoints with their values and writes. A value that several checkpoints have is read
/// once.
struct PageBuilder {
  private struct ValueKey: Hashable {
    let place: Place
    let version: ChannelVersion
  }

  private let transaction: any StoreTransaction
  private let query: CheckpointQuery
  private let cache: ValueCache
  private let remembers: Bool
  private let reader: ValueReader
  private var threads: [ThreadKey: (name: Text, epoch: Int64)] = [:]
  /// The index of each value; nil if the channel has none at that version.
  private var indexes: [ValueKey: Int?] = [:]
  private(set) var valueBytes = 0
  /// What was put together from chunks, for the cache.
  private(set) var assembled: [(key: ValueCache.Key, entry: ValueCache.Entry)] = []
  private(set) var page = CheckpointPage()

  /// `remembers` keeps what is read for the cache: whoever reads one checkpoint goes on from it.
  init(
    _ transaction: any StoreTransaction, _ query: CheckpointQuery, _ cache: ValueCache,
    remembers: Bool
  ) {
    self.remembers = remembers
    self.transaction = transaction
    self.query = query
    self.cache = cache
    reader = ValueReader(transaction)
  }

  mutating func add(_ record: CheckpointRecord) throws(StoreError) {
    let thread = try thread(record.place.thread)
    var valueIndexes: [Int] = []
    if query.includesValues {
      for version in record.versions {
        let key = ValueKey(place: record.place, version: version)
        if let index = try index(of: key, epoch: thread.epoch) { valueIndexes.append(index) }
      }
    }
    page.checkpoints.append(
      StoredCheckpoint(
        thread: thread.name, namespace: record.place.namespace, id: record.id,
        parent: record.parent, type: record.type, body: record.body, metadata: record.metadata,
        versions: record.versions, valueIndexes: valueIndexes,
        writes: query.includesWrites ? try writes(of: record) : []))
  }

  mutating func close(cursor: [UInt8]) -> CheckpointPage {
    page.cursor = cursor
    return page
  }

  private mutating func thread(
    _ key: ThreadKey
  ) throws(StoreError) -> (name: Text, epoch: Int64) {
    if let known = threads[key] { return known }
    guard let name = try transaction.threadName(key),
      let record = try transaction.thread(named: name)
    else { throw StoreError(.corrupt, "thread \(key) is missing") }
    threads[key] = (name, record.epoch)
    return (name, record.epoch)
  }

  private mutating func index(of key: ValueKey, epoch: Int64) throws(StoreError) -> Int? {
    if let known = indexes[key] { return known }
    guard let value = try value(key, epoch: epoch) else {
      indexes[key] = .some(nil)
      return nil
    }
    let index = page.values.count
    page.values.append(value)
    valueBytes += value.data.count
    indexes[key] = index
    return index
  }

  private mutating func value(
    _ key: ValueKey, epoch: Int64
  ) throws(StoreError) -> ChannelValue? {
    let (channel, version) = (key.version.channel, key.version.version)
    let cacheKey = ValueCache.Key(place: key.place, channel: channel)
    if let known = cache.entry(cacheKey, epoch: epoch), known.version == version {
      return ChannelValue(
        channel: channel, version: version, type: known.type, data: known.content.bytes)
    }
    guard let record = try transaction.value(key.place, channel: channel, version: version),
      let type = record.type
    else { return nil }
    guard remembers, let manifest = record.body.manifest,
      let content = try reader.chunkedBytes(of: record.body)
    else {
      return ChannelValue(
        channel: channel, version: version, type: type, data: try reader.bytes(of: record.body))
    }
    let entry = ValueCache.Entry(
      epoch: epoch, value: record.key, version: version, type: type, depth: manifest.depth,
      content: content)
    assembled.append((cacheKey, entry))
    return ChannelValue(channel: channel, version: version, type: type, data: content.bytes)
  }

  private func writes(of record: CheckpointRecord) throws(StoreError) -> [StoredWrite] {
    var writes: [StoredWrite] = []
    for write in try transaction.writes(record.place, checkpoint: record.id) {
      writes.append(try StoredWrite(write, reader))
    }
    return writes
  }
}

extension StoredWrite {
  init(_ record: WriteRecord, _ reader: ValueReader) throws(StoreError) {
    self.init(
      task: record.task, taskPath: record.taskPath, index: record.index, channel: record.channel,
      type: record.type, data: try reader.bytes(of: record.body))
  }
}
