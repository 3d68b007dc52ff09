private import Glibc

/// How to cut a value, given one that is probably much like it.
///
/// Wherever both were cut at the same place of the same content, what follows is compared, and every
/// cut of the base inside of the equal bytes is a cut of the value too. So bytes that did not change
/// cost a comparison, neither a hash nor a look-up.
package struct CutPlan: Sendable {
  package enum Piece: Sendable, Equatable {
    /// Chunks of the base, by position.
    case kept(Range<Int>)
    /// A new chunk, as bytes of the value.
    case fresh(Range<Int>)
  }

  package private(set) var pieces: [Piece] = []
  /// Where each chunk ends, in order.
  package private(set) var ends: [Int] = []

  package init(_ bytes: [UInt8], base: ChunkedBytes?) {
    bytes.withUnsafeBytes { new in
      guard let base else { return cut(new) }
      base.bytes.withUnsafeBytes { old in cut(new, like: base, old) }
    }
  }

  package var tailStart: Int { ends.last ?? Chunker.head }

  private mutating func cut(_ new: UnsafeRawBufferPointer) {
    while let end = Chunker.nextCut(new, after: tailStart) { addFresh(upTo: end) }
  }

  private mutating func cut(
    _ new: UnsafeRawBufferPointer, like base: ChunkedBytes, _ old: UnsafeRawBufferPointer
  ) {
    var shift = 0
    while true {
      if let (kept, found) = equalChunks(new, base, old, shift: shift) {
        shift = found
        pieces.append(.kept(kept))
        ends.append(contentsOf: base.ends[kept].map { $0 + shift })
      }
      guard let end = Chunker.nextCut(new, after: tailStart) else { return }
      addFresh(upTo: end)
    }
  }

  private mutating func addFresh(upTo end: Int) {
    pieces.append(.fresh(tailStart..<end))
    ends.append(end)
  }

  /// The chunks of the base that the value repeats from here on, and how far it is shifted.
  ///
  /// Candidates are the cuts of the base near this place, as the value was shifted so far, and the
  /// one that the difference in length points to.
  private func equalChunks(
    _ new: UnsafeRawBufferPointer, _ base: ChunkedBytes, _ old: UnsafeRawBufferPointer, shift: Int
  ) -> (Range<Int>, Int)? {
    let start = tailStart
    let near = base.chunkCount(within: start - shift)
    let far = base.chunkCount(within: start - (new.count - old.count))
    for candidate in [near, far, near - 1, near + 1, near - 2, near + 2] {
      guard candidate >= 0, candidate < base.ends.count else { continue }
      let place = candidate == 0 ? Chunker.head : base.ends[candidate - 1]
      let equal = Self.commonLength(old, place, new, start)
      let upTo = base.chunkCount(within: place + equal)
      if upTo > candidate { return (candidate..<upTo, start - place) }
    }
    return nil
  }

  private static func commonLength(
    _ one: UnsafeRawBufferPointer, _ first: Int, _ other: UnsafeRawBufferPointer, _ second: Int
  ) -> Int {
    let count = min(one.count - first, other.count - second)
    guard let one = one.baseAddress?.advanced(by: first),
      let other = other.baseAddress?.advanced(by: second)
    else { return 0 }
    var index = 0
    while index + block <= count, memcmp(one + index, other + index, block) == 0 { index += block }
    while index < count,
      one.load(fromByteOffset: index, as: UInt8.self)
        == other.load(fromByteOffset: index, as: UInt8.self)
    {
      index += 1
    }
    return index
  }

  private static let block = 256
}
