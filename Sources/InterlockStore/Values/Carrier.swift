/// What is needed of a checkpoint to read a value that stands with it. Nothing is made of its versions but
/// what is asked for: a checkpoint that is read needs one value of each of several carriers.
package struct Carrier: Sendable {
  package let place: Place
  private let versionCode: [UInt8]
  private let carriedCode: [UInt8]

  package init(place: Place, versionCode: [UInt8], carriedCode: [UInt8]) {
    self.place = place
    self.versionCode = versionCode
    self.carriedCode = carriedCode
  }

  /// The value of a version, or nil if it does not stand here.
  package func value(_ version: ChannelVersion) throws(StoreError) -> CarriedValue? {
    guard let position = ChannelVersion.positionOfValue(version, in: versionCode) else {
      return nil
    }
    var reader = ByteReader(carriedCode)
    for _ in 0..<position {
      guard CarriedValue.skip(&reader) else { throw unreadable(version) }
    }
    guard let value = CarriedValue(&reader, version) else { throw unreadable(version) }
    return value
  }

  private func unreadable(_ version: ChannelVersion) -> StoreError {
    StoreError(.corrupt, "the value of channel \(version.channel) cannot be read")
  }
}

extension CheckpointRecord {
  package var carrier: Carrier {
    Carrier(place: place, versionCode: versionCode, carriedCode: carriedCode)
  }
}
