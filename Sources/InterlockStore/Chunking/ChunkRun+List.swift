/// Lists of runs as lists of chunks.
extension ChunkRun {
  package static func runs(of chunks: some Sequence<Int64>) -> [ChunkRun] {
    var runs: [ChunkRun] = []
    for chunk in chunks {
      if let last = runs.last, last.first &+ Int64(last.count) == chunk {
        runs[runs.count - 1].count += 1
      } else {
        runs.append(ChunkRun(first: chunk, count: 1))
      }
    }
    return runs
  }

  package static func total(_ runs: [ChunkRun]) -> Int {
    runs.reduce(0) { sum, run in
      let (total, overflow) = sum.addingReportingOverflow(run.count)
      return overflow ? Int.max : total
    }
  }

  /// The chunks at positions `range`. Nil if there are not so many.
  package static func slice(_ runs: [ChunkRun], _ range: Range<Int>) -> [ChunkRun]? {
    var slice: [ChunkRun] = []
    var position = 0
    for run in runs {
      let from = max(range.lowerBound, position)
      let (end, overflow) = position.addingReportingOverflow(run.count)
      guard !overflow else { return nil }
      let upTo = min(range.upperBound, end)
      if from < upTo {
        slice.append(ChunkRun(first: run.first &+ Int64(from - position), count: upTo - from))
      }
      position = end
    }
    return position >= range.upperBound ? slice : nil
  }

  package static func joined(_ lists: [ChunkRun]...) -> [ChunkRun] {
    var joined: [ChunkRun] = []
    for run in lists.joined() {
      if let last = joined.last, last.first &+ Int64(last.count) == run.first {
        joined[joined.count - 1].count += run.count
      } else {
        joined.append(run)
      }
    }
    return joined
  }
}
