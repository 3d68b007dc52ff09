import InterlockCore

/// The versions of a checkpoint in one field. Leading zeros are counted, not stored: LangGraph pads
/// its version numbers to 32 digits.
extension ChannelVersion {
  package static func encode(_ versions: [ChannelVersion]) -> [UInt8] {
    var writer = ByteWriter()
    writer.count(versions.count)
    for version in versions {
      writer.counted(version.channel.utf8)
      let zeros = version.version.utf8.prefix { $0 == UInt8(ascii: "0") }.count
      writer.count(zeros)
      writer.counted(version.version.utf8.dropFirst(zeros))
    }
    return writer.bytes
  }

  /// Nil if the bytes are damaged.
  package static func decode(_ bytes: [UInt8]) -> [ChannelVersion]? {
    var reader = ByteReader(bytes)
    guard let count = reader.count(), count <= Limits.arrayElements else { return nil }
    var versions: [ChannelVersion] = []
    versions.reserveCapacity(count)
    for _ in 0..<count {
      guard let channel = reader.counted(), let zeros = reader.count(), zeros <= Limits.idBytes,
        let rest = reader.counted()
      else { return nil }
      let version = [UInt8](repeating: UInt8(ascii: "0"), count: zeros) + rest
      versions.append(
        ChannelVersion(channel: Text(trusted: channel), version: Text(trusted: version)))
    }
    return reader.isAtEnd ? versions : nil
  }
}
