import InterlockCore

/// The versions of a checkpoint and where their values stand, in one field. Leading zeros are counted,
/// not stored: LangGraph pads its version numbers to 32 digits. The homes are left out if all are `thread`.
extension ChannelVersion {
  package static func encode(_ versions: [ChannelVersion], _ homes: [ValueHome]) -> [UInt8] {
    var writer = ByteWriter()
    writer.count(versions.count)
    for version in versions {
      writer.counted(version.channel.utf8)
      let zeros = zeros(version)
      writer.count(zeros)
      writer.counted(version.version.utf8.dropFirst(zeros))
    }
    if homes.contains(where: { $0 != .thread }) {
      for home in homes { writer.unsigned(home.code) }
    }
    return writer.bytes
  }

  /// Nil if the bytes are damaged.
  package static func decode(
    _ bytes: [UInt8]
  ) -> (versions: [ChannelVersion], homes: [ValueHome])? {
    var reader = ByteReader(bytes)
    guard let count = reader.count(), count <= Limits.arrayElements else { return nil }
    var versions: [ChannelVersion] = []
    versions.reserveCapacity(count)
    for _ in 0..<count {
      guard let channel = reader.counted().flatMap(Text.init(validating:)),
        let zeros = reader.count(), zeros <= Limits.idBytes,
        let version = reader.counted(after: zeros, of: UInt8(ascii: "0")).flatMap(
          Text.init(validating:))
      else { return nil }
      versions.append(ChannelVersion(channel: channel, version: version))
    }
    var homes = [ValueHome](repeating: .thread, count: count)
    if reader.isAtEnd { return (versions, homes) }
    for index in homes.indices {
      guard let home = reader.unsigned().flatMap(ValueHome.init(code:)) else { return nil }
      homes[index] = home
    }
    return reader.isAtEnd ? (versions, homes) : nil
  }

  /// Which of the values that stand with a checkpoint is that of a version, counted from 0. Nil if none is,
  /// or the bytes are damaged.
  package static func positionOfValue(_ wanted: ChannelVersion, in code: [UInt8]) -> Int? {
    var reader = ByteReader(code)
    guard let count = reader.count(), count <= Limits.arrayElements else { return nil }
    let wantedZeros = zeros(wanted)
    let wantedRest = wanted.version.utf8.dropFirst(wantedZeros)
    var found: Int?
    for index in 0..<count {
      guard let isChannel = reader.isCounted(wanted.channel.utf8[...]), let zeros = reader.count()
      else { return nil }
      guard isChannel, zeros == wantedZeros else {
        guard reader.skipCounted() else { return nil }
        continue
      }
      guard let isRest = reader.isCounted(wantedRest) else { return nil }
      if isRest { found = index }
    }
    guard let found else { return nil }
    var position = 0
    for index in 0...found {
      guard let home = reader.unsigned().flatMap(ValueHome.init(code:)) else { return nil }
      if index == found { return home == .here ? position : nil }
      if home == .here { position += 1 }
    }
    return nil
  }

  private static func zeros(_ version: ChannelVersion) -> Int {
    version.version.utf8.prefix { $0 == UInt8(ascii: "0") }.count
  }
}

/// Where the value of a channel at a version stands.
package enum ValueHome: Hashable, Sendable {
  /// Among the values of the thread, or nowhere.
  case thread
  /// With the checkpoint that says so: it brought a small value.
  case here
  /// With the checkpoint of this sequence, which brought it; among the values of the thread, if that
  /// checkpoint is gone.
  case checkpoint(Int64)

  fileprivate var code: UInt64 {
    switch self {
    case .thread: 0
    case .here: 1
    case .checkpoint(let sequence): UInt64(bitPattern: sequence &+ 1)
    }
  }

  fileprivate init?(code: UInt64) {
    switch code {
    case 0: self = .thread
    case 1: self = .here
    default:
      guard let sequence = Int64(exactly: code) else { return nil }
      self = .checkpoint(sequence &- 1)
    }
  }
}
