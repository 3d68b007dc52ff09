package import InterlockCore

/// A small value that stands in the row of the checkpoint that brought it: a put writes one row, not two
/// and an entry of an index.
package struct CarriedValue: Sendable, Equatable {
  /// What the values of one checkpoint have together at most; those that are left are rows of their own.
  package static let mostBytes = 16 << 10

  package let version: ChannelVersion
  /// Nil if the channel is empty at this version.
  package let type: Text?
  package let bytes: [UInt8]

  package init(_ version: ChannelVersion, type: Text?, bytes: [UInt8]) {
    self.version = version
    self.type = type
    self.bytes = type == nil ? [] : bytes
  }

  /// The same as a row of its own.
  package func record(at place: Place) -> ValueRecord {
    ValueRecord(
      place: place, channel: version.channel, version: version.version, type: type,
      body: .inline(bytes, type: type))
  }

  /// The values of a checkpoint in one field, in the order of its versions.
  package static func encode(_ values: [CarriedValue]) -> [UInt8] {
    var writer = ByteWriter()
    for value in values {
      // The length of the type plus one, or 0 for none.
      writer.count(value.type.map { $0.utf8.count &+ 1 } ?? 0)
      guard let type = value.type else { continue }
      writer.append(type.utf8)
      writer.counted(value.bytes)
    }
    return writer.bytes
  }

  /// The next of what `encode` wrote. Nil if the bytes are damaged.
  package init?(_ reader: inout ByteReader, _ version: ChannelVersion) {
    guard let size = reader.count() else { return nil }
    guard size > 0 else {
      self.init(version, type: nil, bytes: [])
      return
    }
    guard let type = reader.take(size &- 1).flatMap(Text.init(validating:)),
      let bytes = reader.counted()
    else { return nil }
    self.init(version, type: type, bytes: bytes)
  }

  /// Passes over the next. False if the bytes are damaged.
  package static func skip(_ reader: inout ByteReader) -> Bool {
    guard let size = reader.count() else { return false }
    return size == 0 || (reader.skip(size &- 1) && reader.skipCounted())
  }
}

extension CheckpointRecord {
  /// What stands here.
  package func carried() throws(StoreError) -> [CarriedValue] {
    var reader = ByteReader(carriedCode)
    var values: [CarriedValue] = []
    for (version, home) in zip(versions, homes) where home == .here {
      guard let value = CarriedValue(&reader, version) else { throw unreadable }
      values.append(value)
    }
    guard reader.isAtEnd else { throw unreadable }
    return values
  }

  /// Takes the place of a checkpoint of the same id. What that brought stays: others may inherit it.
  package mutating func replace(
    _ old: CheckpointRecord, _ transaction: any StoreTransaction
  ) throws(StoreError) {
    var kept: [CarriedValue] = []
    let carrier = old.carrier
    for value in try carried() { kept.append(try carrier.value(value.version) ?? value) }
    let versions = Set(kept.map(\.version))
    for value in try old.carried() where !versions.contains(value.version) {
      _ = try transaction.insertValue(value.record(at: old.place))
    }
    sequence = old.sequence
    carriedCode = CarriedValue.encode(kept)
    seal()
    try transaction.replaceCheckpoint(self)
  }

  /// Says where the inherited values stand.
  package mutating func settle(_ homes: [ValueHome]) {
    self.homes = homes
    versionCode = ChannelVersion.encode(versions, homes)
    seal()
  }

  private var unreadable: StoreError {
    StoreError(.corrupt, "the values of checkpoint \(id) cannot be read")
  }
}
