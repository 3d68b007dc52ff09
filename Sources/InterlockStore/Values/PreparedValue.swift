package import InterlockCore

/// A value that is to be stored, with what can be made of it before the transaction.
package struct PreparedValue: Sendable {
  package let version: ChannelVersion
  /// Nil if the channel is empty at this version.
  package let type: Text?
  package let bytes: [UInt8]
  /// The stored form of a value that is too small for chunks.
  let inline: StoredBody?

  package init(_ version: ChannelVersion, type: Text?, bytes: [UInt8]) {
    self.version = version
    self.type = type
    self.bytes = bytes
    let isInline = type == nil || bytes.count <= StoredBody.inlineLimit
    inline = isInline ? .inline(type == nil ? [] : bytes, type: type) : nil
  }
}
