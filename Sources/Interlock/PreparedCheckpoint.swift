import InterlockCore
import InterlockStore

/// A checkpoint that is to be stored: digests and codes are made by the caller's thread, not by the one
/// that writes for all.
struct PreparedCheckpoint {
  private let thread: Text
  private let values: [PreparedValue]
  private let record: CheckpointRecord

  init(_ input: CheckpointInput, run: Text?) {
    thread = input.thread
    values = input.values.map { PreparedValue($0) }
    record = CheckpointRecord(
      place: Place(thread: 0, namespace: input.namespace), id: input.id, parent: input.parent,
      type: input.type, body: input.body,
      metadata: input.metadata.isEmpty ? Array("{}".utf8) : input.metadata, run: run,
      versions: input.versions)
  }

  func store(
    _ transaction: any StoreTransaction, _ cache: ValueCache
  ) throws(StoreError) -> [ValueWriter.Remembered] {
    let thread = try transaction.ensureThread(named: thread)
    let place = Place(thread: thread.key, namespace: record.place.namespace)
    let remembered = try Self.putValues(
      values, parent: record.parent, place,
      ValueWriter(transaction, thread: thread, cache: cache), transaction)
    var record = record
    record.place = place
    try transaction.putCheckpoint(record)
    return remembered
  }

  private static func putValues(
    _ values: [PreparedValue], parent: Text?, _ place: Place, _ writer: ValueWriter,
    _ transaction: any StoreTransaction
  ) throws(StoreError) -> [ValueWriter.Remembered] {
    var remembered: [ValueWriter.Remembered] = []
    var parentVersions: [Text: Text]?
    for value in values {
      let known = try writer.put(value, at: place) {
        () throws(StoreError) in
        if parentVersions == nil {
          let parent = try parent.flatMap { (id) throws(StoreError) in
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

extension PreparedValue {
  fileprivate init(_ value: ChannelValue) {
    self.init(
      ChannelVersion(channel: value.channel, version: value.version), type: value.type,
      bytes: value.data)
  }
}
