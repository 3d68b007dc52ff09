package import InterlockCore

/// Finds the value that a checkpoint has in a channel.
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

  package init(_ transaction: any StoreTransaction) {
    self.transaction = transaction
  }

  /// Nil if nothing was ever stored under this version.
  package func value(
    of record: CheckpointRecord, _ version: ChannelVersion, _ home: ValueHome
  ) throws(StoreError) -> Found? {
    switch home {
    case .thread:
      return try stored(record.place, version)
    case .here:
      return try record.carried(version).map { .carried($0) }
    case .checkpoint(let sequence):
      // The sequence of a checkpoint that was deleted may be that of another one now.
      if let carrier = try transaction.checkpoint(sequence: sequence),
        carrier.place == record.place, let value = try carrier.carried(version)
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

  private func stored(_ place: Place, _ version: ChannelVersion) throws(StoreError) -> Found? {
    try transaction.value(place, channel: version.channel, version: version.version)
      .map { .stored($0) }
  }
}
