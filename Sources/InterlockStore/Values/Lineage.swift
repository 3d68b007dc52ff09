package import InterlockCore

/// What a checkpoint inherits: where the values stand that it has and did not bring.
package struct Lineage: Sendable {
  private let checkpoint: Text
  private let sequence: Int64
  private let epoch: Int64
  private let versions: [ChannelVersion]
  private let homes: [ValueHome]

  /// The epoch is that of the thread: what is deleted of it makes this void.
  package init(_ record: borrowing CheckpointRecord, sequence: Int64, epoch: Int64) {
    checkpoint = record.id
    self.sequence = sequence
    self.epoch = epoch
    versions = record.versions
    homes = record.homes
  }

  package func isOf(_ checkpoint: Text, epoch: Int64) -> Bool {
    self.checkpoint == checkpoint && self.epoch == epoch
  }

  package func finder() -> Finder { Finder(self) }

  /// Finds versions. A graph stores its channels in the same order every time, so a version mostly has
  /// the position that it had; the others are looked up in a table, which is made for the first of them.
  package struct Finder {
    private let lineage: Lineage
    private var table: [ChannelVersion: Int]?

    fileprivate init(_ lineage: Lineage) {
      self.lineage = lineage
    }

    /// Nil if the checkpoint does not have this version.
    package mutating func home(of version: ChannelVersion, near position: Int) -> ValueHome? {
      let (versions, homes) = (lineage.versions, lineage.homes)
      var found: Int? = position
      if !versions.indices.contains(position) || versions[position] != version {
        let table =
          table
          ?? Dictionary(
            versions.enumerated().map { ($0.element, $0.offset) },
            uniquingKeysWith: { first, _ in first })
        self.table = table
        found = table[version]
      }
      guard let found, homes.indices.contains(found) else { return nil }
      return homes[found] == .here ? .checkpoint(lineage.sequence) : homes[found]
    }
  }

  /// Looks for a version that the parent does not have, in all of the namespace. Seldom: a checkpoint
  /// that is copied from another branch.
  package static func search(
    _ version: ChannelVersion, at place: Place, _ transaction: any StoreTransaction
  ) throws(StoreError) -> ValueHome {
    if try transaction.containsValue(place, channel: version.channel, version: version.version) {
      return .thread
    }
    var home = ValueHome.thread
    try transaction.visitCheckpoints(
      CheckpointScan(thread: place.thread, namespace: place.namespace)
    ) { record in
      guard let index = record.versions.firstIndex(of: version), record.homes[index] != .thread
      else {
        return true
      }
      home = record.homes[index] == .here ? .checkpoint(record.sequence) : record.homes[index]
      return false
    }
    return home
  }
}

/// The lineage of the newest checkpoint of each namespace, bounded in number.
package final class LineageCache: Sendable {
  private static let capacity = 1024
  private let entries = Locked<[Place: Lineage]>([:])

  package init() {}

  package func lineage(_ place: Place) -> Lineage? {
    entries.withLock { $0[place] }
  }

  package func store(_ lineage: Lineage, for place: Place) {
    entries.withLock { entries in
      if entries.count >= Self.capacity { entries.removeAll() }
      entries[place] = lineage
    }
  }
}
