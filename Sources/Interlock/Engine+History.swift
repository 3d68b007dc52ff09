public import InterlockCore
public import InterlockStore

extension Engine {
  /// Reads what channels that are stored as writes are rebuilt from.
  ///
  /// Walks the parents of a checkpoint. For each channel it gathers the writes, back to and including
  /// those of the nearest ancestor that stores a value of it: those writes came after that value.
  /// Since 0.1.
  ///
  /// - Parameters:
  ///   - query: which checkpoint, as for `get`.
  ///   - channels: the channels, at most 65536.
  /// - Returns: one entry per channel, in the order asked; empty ones if there is no checkpoint.
  /// - Throws: `invalidArgument`, `tooLarge`, and what the store reports.
  public func history(
    _ query: CheckpointQuery, channels: [Text]
  ) throws(StoreError) -> [ChannelHistory] {
    let name = try validateTarget(query)
    try ArgumentRule.count(channels.count, "channels")
    for (index, channel) in channels.enumerated() {
      try ArgumentRule.id(channel, "channels[\(index)]")
    }
    return try store.read { (transaction) throws(StoreError) in
      var walk = HistoryWalk(transaction, channels: channels)
      if let thread = try transaction.thread(named: name),
        let target = try Self.target(of: query, thread, transaction)
      {
        try walk.run(from: target)
      }
      return walk.result
    }
  }
}

private struct HistoryWalk {
  private let transaction: any StoreTransaction
  private let reader: ValueReader
  private var finder: ValueFinder
  private let channels: [Text]
  private var open: Set<Text>
  private var seeds: [Text: ChannelValue] = [:]
  /// Newest first while walking.
  private var writes: [Text: [StoredWrite]] = [:]

  init(_ transaction: any StoreTransaction, channels: [Text]) {
    self.transaction = transaction
    reader = ValueReader(transaction)
    finder = ValueFinder(transaction)
    self.channels = channels
    open = Set(channels)
  }

  var result: [ChannelHistory] {
    channels.map {
      ChannelHistory(channel: $0, seed: seeds[$0], writes: (writes[$0] ?? []).reversed())
    }
  }

  mutating func run(from target: CheckpointRecord) throws(StoreError) {
    var seen: Set<Text> = [target.id]
    var parent = target.parent
    while !open.isEmpty, let id = parent, seen.insert(id).inserted,
      let ancestor = try transaction.checkpoint(target.place, id: id)
    {
      try collectWrites(at: ancestor)
      try collectSeeds(at: ancestor)
      parent = ancestor.parent
    }
  }

  private mutating func collectWrites(at ancestor: CheckpointRecord) throws(StoreError) {
    let stored = try transaction.writes(ancestor.place, checkpoint: ancestor.id)
    for write in stored.reversed() where open.contains(write.channel) {
      writes[write.channel, default: []].append(try StoredWrite(write, reader))
    }
  }

  private mutating func collectSeeds(at ancestor: CheckpointRecord) throws(StoreError) {
    for (version, home) in zip(ancestor.versions, ancestor.homes)
    where open.contains(version.channel) {
      guard let found = try finder.value(of: ancestor, version, home), let type = found.type else {
        continue
      }
      seeds[version.channel] = ChannelValue(
        version, type: type, data: try reader.bytes(of: found))
      open.remove(version.channel)
    }
  }
}
