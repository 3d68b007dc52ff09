import InterlockCore
import InterlockStore

/// Gathers checkpoints with their values and writes. A value that several checkpoints have is read
/// once.
struct PageBuilder {
  private struct ValueKey: Hashable {
    let place: Place
    let version: ChannelVersion
    /// The checkpoint with which the value stands, or 0.
    let home: Int64

    init(_ record: CheckpointRecord, _ version: ChannelVersion, _ home: ValueHome) {
      place = record.place
      self.version = version
      self.home =
        switch home {
        case .thread: 0
        case .here: record.sequence
        case .checkpoint(let sequence): sequence
        }
    }
  }

  private let transaction: any StoreTransaction
  private let query: CheckpointQuery
  private let cache: ValueCache
  private let isOfOne: Bool
  /// Whoever reads the latest checkpoint goes on from it: what is read is kept for the cache.
  private let remembers: Bool
  private let reader: ValueReader
  private var finder: ValueFinder
  private var threads: [ThreadKey: (name: Text, epoch: Int64)] = [:]
  /// The index of each value; nil if the channel has none at that version.
  private var indexes: [ValueKey: Int?] = [:]
  private(set) var valueBytes = 0
  /// What was put together from chunks, for the cache.
  private(set) var assembled: [(key: ValueCache.Key, entry: ValueCache.Entry)] = []
  private(set) var page = CheckpointPage()

  /// `isOfOne` says that no more than one checkpoint is added.
  init(
    _ transaction: any StoreTransaction, _ query: CheckpointQuery, _ cache: ValueCache,
    isOfOne: Bool
  ) {
    self.isOfOne = isOfOne
    remembers = isOfOne && query.id == nil
    self.transaction = transaction
    self.query = query
    self.cache = cache
    reader = ValueReader(transaction)
    finder = ValueFinder(transaction)
  }

  /// Whoever has looked the thread up already saves doing it again.
  mutating func know(_ thread: ThreadRecord, named name: Text) {
    threads[thread.key] = (name, thread.epoch)
  }

  mutating func add(_ record: CheckpointRecord) throws(StoreError) {
    let thread = try thread(record.place.thread)
    guard record.metadata.withUnsafeBytes(JSONSyntax.isObject) else {
      throw StoreError(.corrupt, "the metadata of checkpoint \(record.id) cannot be read")
    }
    var valueIndexes: [Int] = []
    if query.includesValues {
      for (version, home) in zip(record.versions, record.homes) {
        if let index = try index(of: version, home, in: record, epoch: thread.epoch) {
          valueIndexes.append(index)
        }
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

  private mutating func index(
    of version: ChannelVersion, _ home: ValueHome, in record: CheckpointRecord, epoch: Int64
  ) throws(StoreError) -> Int? {
    // A checkpoint has a channel once, so it shares no value with itself.
    if isOfOne { return try append(version, home, of: record, epoch: epoch) }
    let key = ValueKey(record, version, home)
    if let known = indexes[key] { return known }
    let index = try append(version, home, of: record, epoch: epoch)
    indexes[key] = .some(index)
    return index
  }

  private mutating func append(
    _ version: ChannelVersion, _ home: ValueHome, of record: CheckpointRecord, epoch: Int64
  ) throws(StoreError) -> Int? {
    guard let value = try value(of: version, home, in: record, epoch: epoch) else { return nil }
    page.values.append(value)
    valueBytes += value.data.count
    return page.values.count - 1
  }

  private mutating func value(
    of version: ChannelVersion, _ home: ValueHome, in record: CheckpointRecord, epoch: Int64
  ) throws(StoreError) -> ChannelValue? {
    let cacheKey = ValueCache.Key(place: record.place, channel: version.channel)
    if home == .thread, let known = cache.entry(cacheKey, epoch: epoch),
      known.version == version.version
    {
      return ChannelValue(version, type: known.type, data: known.content.bytes)
    }
    guard let found = try finder.value(of: record, version, home), let type = found.type else {
      return nil
    }
    guard remembers, case .stored(let stored) = found, let manifest = stored.body.manifest,
      let content = try reader.chunkedBytes(of: stored.body)
    else { return ChannelValue(version, type: type, data: try reader.bytes(of: found)) }
    let entry = ValueCache.Entry(
      epoch: epoch, value: stored.key, version: version.version, type: type,
      depth: manifest.depth, content: content)
    assembled.append((cacheKey, entry))
    return ChannelValue(version, type: type, data: content.bytes)
  }

  private func writes(of record: CheckpointRecord) throws(StoreError) -> [StoredWrite] {
    var writes: [StoredWrite] = []
    for write in try transaction.writes(record.place, checkpoint: record.id) {
      writes.append(try StoredWrite(write, reader))
    }
    return writes
  }
}

extension ChannelValue {
  init(_ version: ChannelVersion, type: Text, data: [UInt8]) {
    self.init(channel: version.channel, version: version.version, type: type, data: data)
  }
}

extension StoredWrite {
  init(_ record: WriteRecord, _ reader: ValueReader) throws(StoreError) {
    self.init(
      task: record.task, taskPath: record.taskPath, index: record.index, channel: record.channel,
      type: record.type, data: try reader.bytes(of: record.body))
  }
}
