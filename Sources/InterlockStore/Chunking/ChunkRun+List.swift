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

  /// Appends runs, joining those that meet.
  package static func append(_ more: [ChunkRun], to runs: inout [ChunkRun]) {
    for run in more {
      if let last = runs.last, last.first &+ Int64(last.count) == run.first {
        runs[runs.count - 1].count += run.count
      } else {
        runs.append(run)
      }
    }
  }
}
