import InterlockCore
import InterlockStore

/// Where a list goes on: the position of the last checkpoint that was looked at.
struct ListCursor {
  let position: ScanPosition

  init(position: ScanPosition) {
    self.position = position
  }

  /// Nil for an empty cursor, which is the start.
  init?(_ bytes: [UInt8]) throws(StoreError) {
    guard !bytes.isEmpty else { return nil }
    var reader = ByteReader(bytes)
    guard bytes.count <= Limits.idBytes * 2, let sequence = reader.signed(),
      let id = reader.counted().flatMap({ Text(validating: $0) }), reader.isAtEnd
    else { throw StoreError(.invalidArgument, "cursor is not of this library", path: "cursor") }
    position = ScanPosition(id: id, sequence: sequence)
  }

  func encode() -> [UInt8] {
    var writer = ByteWriter()
    writer.signed(position.sequence)
    writer.counted(position.id.utf8)
    return writer.bytes
  }
}
