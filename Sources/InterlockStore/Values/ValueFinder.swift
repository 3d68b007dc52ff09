package import InterlockCore

/// Finds the value that a checkpoint has in a channel. For a transaction that only reads, or has not
/// written yet.
package struct ValueFinder {
  package enum Found: Sendable {
    case carried(CarriedValue)
    case stored(ValueRecord)

    /// Nil if the channel is empty.
    package var type: Text? {
      switch self {
      case .carried(let value): value.type
      case .stored(let record): record.type
      }
    }
  }

  private let transaction: any StoreTransaction
  /// A step of a graph brings several values: who reads one of them reads the next from the same place.
  private var last: (sequence: Int64, carrier: Carrier?)?

  package init(_ transaction: any StoreTransaction) {
    self.transaction = transaction
  }

  /// Nil if nothing was ever stored under this version.
  package mutating func value(
    of record: CheckpointRecord, _ version: ChannelVersion, _ home: ValueHome
  ) throws(StoreError) -> Found? {
    switch home {
    case .thread:
      return try stored(record.place, version)
    case .here:
      return try record.carrier.value(version).map { .carried($0) }
    case .checkpoint(let sequence):
      // The sequence of a checkpoint that was deleted may be that of another one now.
      if let carrier = try carrier(sequence), carrier.place == record.place,
        let value = try carrier.value(version)
      {
        return .carried(value)
      }
      guard let found = try stored(record.place, version) else {
        throw StoreError(
          .corrupt, "the value of channel \(version.channel) at checkpoint \(record.id) is missing")
      }
      return found
    }
  }

  private mutating func carrier(_ sequence: Int64) throws(StoreError) -> Carrier? {
    if let last, last.sequence == sequence { return last.carrier }
    let carrier = try transaction.carrier(sequence)
    last = (sequence, carrier)
    return carrier
  }

  private func stored(_ place: Place, _ version: ChannelVersion) throws(StoreError) -> Found? {
    try transaction.value(place, channel: version.channel, version: version.version)
      .map { .stored($0) }
  }
}
