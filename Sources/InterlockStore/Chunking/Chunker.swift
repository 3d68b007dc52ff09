/// Cuts a value where its content says so: an insertion moves only the cuts around it.
///
/// A cut depends on nothing but the bytes since the cut before. So if two values are cut at the same
/// place and go on alike, they are cut alike as long as they are equal.
package enum Chunker {
  /// So many bytes at the beginning are in no chunk: serializers put a count there, which changes
  /// with every append.
  package static let head = 32
  package static let minimum = 512
  package static let maximum = 4096
  /// Nine bits of the hash: a cut every 512 bytes after the minimum, 1 KiB on average.
  private static let mask: UInt64 = 0xFF80_0000_0000_0000

  /// The end of the chunk that begins at `start`, or nil if no cut follows: the rest is the tail.
  package static func nextCut(_ bytes: UnsafeRawBufferPointer, after start: Int) -> Int? {
    guard bytes.count - start >= minimum else { return nil }
    let limit = min(bytes.count, start + maximum)
    return GearHash.table.withUnsafeBufferPointer { table in
      var hash: UInt64 = 0
      var index = start + minimum
      while index < limit {
        hash = (hash << 1) &+ table[Int(bytes[index])]
        index += 1
        if hash & mask == 0 { return index }
      }
      return limit == start + maximum ? limit : nil
    }
  }
}
