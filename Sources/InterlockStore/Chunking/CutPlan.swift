/// How to cut a value, given one that is probably much like it.
///
/// Bytes that both share at the beginning or the end cost a comparison, neither a hash nor a
/// look-up.
package struct CutPlan: Sendable {
  /// The first chunks of the base that are kept.
  package private(set) var keptPrefix = 0
  /// The new chunks between, as byte ranges of the value.
  package private(set) var fresh: [Range<Int>] = []
  /// The last chunks of the base that are kept.
  package private(set) var keptSuffix = 0
  package private(set) var tailStart = 0

  package init(_ bytes: [UInt8], base: ChunkedBytes?) {
    bytes.withUnsafeBytes { new in
      guard let base else { return cut(new, base: nil, shift: 0, sharedFrom: new.count) }
      base.bytes.withUnsafeBytes { old in
        let prefix = Self.commonPrefix(old, new)
        keptPrefix = base.chunkCount(within: prefix)
        tailStart = keptPrefix == 0 ? 0 : base.ends[keptPrefix - 1]
        let room = min(old.count, new.count) - tailStart
        let suffix = Self.commonSuffix(old, new, atMost: room)
        cut(new, base: base, shift: new.count - old.count, sharedFrom: new.count - suffix)
      }
    }
  }

  private mutating func cut(
    _ new: UnsafeRawBufferPointer, base: ChunkedBytes?, shift: Int, sharedFrom: Int
  ) {
    while let end = Chunker.nextCut(new, after: tailStart) {
      fresh.append(tailStart..<end)
      tailStart = end
      if end >= sharedFrom, let base, resynchronise(with: base, at: end - shift, shift: shift) {
        return
      }
    }
  }

  /// If the base was cut at `place` too, all that follows is cut alike.
  private mutating func resynchronise(with base: ChunkedBytes, at place: Int, shift: Int) -> Bool {
    let upTo = base.chunkCount(within: place)
    guard upTo > keptPrefix, base.ends[upTo - 1] == place else { return false }
    keptSuffix = base.ends.count - upTo
    tailStart = base.tailStart + shift
    return true
  }

  private static func commonPrefix(
    _ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer
  ) -> Int {
    let count = min(one.count, other.count)
    var index = 0
    while index + 8 <= count,
      one.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        == other.loadUnaligned(fromByteOffset: index, as: UInt64.self)
    {
      index += 8
    }
    while index < count, one[index] == other[index] { index += 1 }
    return index
  }

  private static func commonSuffix(
    _ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer, atMost limit: Int
  ) -> Int {
    var length = 0
    while length + 8 <= limit,
      one.loadUnaligned(fromByteOffset: one.count - length - 8, as: UInt64.self)
        == other.loadUnaligned(fromByteOffset: other.count - length - 8, as: UInt64.self)
    {
      length += 8
    }
    while length < limit, one[one.count - length - 1] == other[other.count - length - 1] {
      length += 1
    }
    return length
  }
}
