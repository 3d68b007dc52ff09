/// A value with its cuts and the chunks they make, kept to make the next version cheap.
package struct ChunkedBytes: Sendable {
  package let bytes: [UInt8]
  /// Where each chunk ends. The first begins after the head; what follows the last is the tail. Head
  /// and tail are stored inline.
  package let ends: [Int]
  package let chunks: [Int64]

  package init(bytes: [UInt8], ends: [Int], chunks: [Int64]) {
    self.bytes = bytes
    self.ends = ends
    self.chunks = chunks
  }

  package var tailStart: Int { ends.last ?? Chunker.head }

  package var inline: [UInt8] {
    Array(bytes.prefix(Chunker.head)) + bytes.dropFirst(tailStart)
  }

  /// How many of the first chunks lie inside of the first `prefix` bytes.
  package func chunkCount(within prefix: Int) -> Int {
    var low = 0
    var high = ends.count
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] <= prefix { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
