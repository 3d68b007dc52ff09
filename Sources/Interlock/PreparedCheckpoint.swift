import InterlockCore
import InterlockStore

/// A checkpoint that is to be stored: digests and codes are made by the caller's thread, not by the one
/// that writes for all. A class: closures pass it on, and a copy of a record costs a retain of every field.
final class PreparedCheckpoint: Sendable {
  /// What is remembered when the transaction has been committed.
  struct Outcome {
    fileprivate let values: [ValueWriter.Remembered]
    fileprivate let place: Place
    fileprivate let lineage: Lineage
  }

  private let thread: Text
  /// Without its thread and the homes of what it inherits.
  let record: CheckpointRecord
  /// Those that do not stand with the checkpoint.
  private let values: [PreparedValue]
  /// Where in the versions those are that came without a value.
  private let inherited: [Int]

  init(_ input: borrowing CheckpointInput, run: Text?) {
    thread = input.thread
    var sorter = ValueSorter(input.values, versions: input.versions.count)
    for version in input.versions { sorter.sort(version) }
    values = sorter.left
    inherited = sorter.inherited
    record = CheckpointRecord(
      place: Place(thread: 0, namespace: input.namespace), id: input.id, parent: input.parent,
      type: input.type, body: input.body,
      metadata: input.metadata.isEmpty ? Array("{}".utf8) : input.metadata, run: run,
      versions: input.versions, homes: sorter.homes,
      carriedCode: CarriedValue.encode(sorter.carried))
  }

  func store(
    _ transaction: any StoreTransaction, _ cache: ValueCache, _ lineages: LineageCache
  ) throws(StoreError) -> Outcome {
    let thread = try transaction.ensureThread(named: thread)
    let place = Place(thread: thread.key, namespace: record.place.namespace)
    let remembered = try putValues(
      at: place, ValueWriter(transaction, thread: thread, cache: cache), transaction)
    let lineage: Lineage
    if inherited.isEmpty {
      lineage = try Self.put(record, at: place, thread, transaction)
    } else {
      var settled = record
      settled.settle(try homes(at: place, lineages.lineage(place), thread, transaction))
      lineage = try Self.put(settled, at: place, thread, transaction)
    }
    return Outcome(values: remembered, place: place, lineage: lineage)
  }

  private static func put(
    _ record: CheckpointRecord, at place: Place, _ thread: ThreadRecord,
    _ transaction: any StoreTransaction
  ) throws(StoreError) -> Lineage {
    if let sequence = try transaction.insertCheckpoint(record, at: place) {
      return Lineage(record, sequence: sequence, epoch: thread.epoch)
    }
    return try replace(record, at: place, thread, transaction)
  }

  private static func replace(
    _ record: CheckpointRecord, at place: Place, _ thread: ThreadRecord,
    _ transaction: any StoreTransaction
  ) throws(StoreError) -> Lineage {
    var replacement = record
    replacement.place = place
    if let old = try transaction.checkpoint(place, id: record.id) {
      try replacement.replace(old, transaction)
    }
    return Lineage(replacement, sequence: replacement.sequence, epoch: thread.epoch)
  }

  private func homes(
    at place: Place, _ known: Lineage?, _ thread: ThreadRecord, _ transaction: any StoreTransaction
  ) throws(StoreError) -> [ValueHome] {
    var parent: Lineage?
    if let id = record.parent {
      if let known, known.isOf(id, epoch: thread.epoch) {
        parent = known
      } else if let stored = try transaction.checkpoint(place, id: id) {
        parent = Lineage(stored, sequence: stored.sequence, epoch: thread.epoch)
      }
    }
    var homes = record.homes
    var finder = parent?.finder()
    for index in inherited {
      let version = record.versions[index]
      if let home = finder?.home(of: version, near: index) {
        homes[index] = home
      } else {
        homes[index] = try Lineage.search(version, at: place, transaction)
      }
    }
    return homes
  }

  private func putValues(
    at place: Place, _ writer: ValueWriter, _ transaction: any StoreTransaction
  ) throws(StoreError) -> [ValueWriter.Remembered] {
    var remembered: [ValueWriter.Remembered] = []
    var parentVersions: [Text: Text]?
    for value in values {
      let known = try writer.put(value, at: place) {
        () throws(StoreError) in
        if parentVersions == nil {
          let parent = try record.parent.flatMap { (id) throws(StoreError) in
            try transaction.checkpoint(place, id: id)
          }
          parentVersions = Dictionary(
            (parent?.versions ?? []).map { ($0.channel, $0.version) },
            uniquingKeysWith: { first, _ in first })
        }
        return parentVersions?[value.version.channel]
      }
      if let known { remembered.append(known) }
    }
    return remembered
  }
}

extension Engine {
  /// Keeps what the next checkpoint is going to need.
  func remember(_ outcome: PreparedCheckpoint.Outcome) {
    for value in outcome.values { cache.store(value.entry, for: value.key) }
    lineages.store(outcome.lineage, for: outcome.place)
  }
}

/// Sorts the values of a checkpoint into those that stand with it and those that do not.
private struct ValueSorter {
  private let values: [ChannelValue]
  /// Most checkpoints have few: to look through them costs less than a table.
  private let positions: [Text: Int]?
  private var isCarried: [Bool]
  private var room = CarriedValue.mostBytes
  private(set) var homes: [ValueHome] = []
  private(set) var carried: [CarriedValue] = []
  private(set) var inherited: [Int] = []

  init(_ values: [ChannelValue], versions: Int) {
    self.values = values
    isCarried = Array(repeating: false, count: values.count)
    homes.reserveCapacity(versions)
    positions =
      values.count <= 4
      ? nil
      : Dictionary(
        values.enumerated().map { ($0.element.channel, $0.offset) },
        uniquingKeysWith: { first, _ in first })
  }

  private func position(of channel: Text) -> Int? {
    guard let positions else { return values.firstIndex { $0.channel == channel } }
    return positions[channel]
  }

  mutating func sort(_ version: ChannelVersion) {
    guard let position = position(of: version.channel), values[position].version == version.version
    else {
      inherited.append(homes.count)
      homes.append(.thread)
      return
    }
    let value = values[position]
    guard value.type == nil || value.data.count <= StoredBody.inlineLimit, value.data.count <= room
    else {
      homes.append(.thread)
      return
    }
    room -= value.data.count
    isCarried[position] = true
    homes.append(.here)
    carried.append(CarriedValue(version, type: value.type, bytes: value.data))
  }

  var left: [PreparedValue] {
    values.indices.filter { !isCarried[$0] }.map { PreparedValue(values[$0]) }
  }
}

extension PreparedValue {
  fileprivate init(_ value: ChannelValue) {
    self.init(
      ChannelVersion(channel: value.channel, version: value.version), type: value.type,
      bytes: value.data)
  }
}
