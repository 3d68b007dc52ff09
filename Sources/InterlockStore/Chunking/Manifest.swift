/// The chunks of a value as runs of consecutive numbers, whole or relative to a base.
package enum Manifest: Equatable, Sendable {
  case whole([ChunkRun])
  case relative([Segment])

  package enum Segment: Equatable, Sendable {
    /// Chunks of the base, by position.
    case kept(Range<Int>)
    case fresh([ChunkRun])
  }

  /// A manifest that would take more base manifests than this to resolve is stored whole.
  package static let maximumDepth = 32

  package func encode() -> [UInt8] {
    var writer = ByteWriter()
    switch self {
    case .whole(let runs):
      writer.count(0)
      Self.append(runs, to: &writer)
    case .relative(let segments):
      writer.count(1)
      writer.count(segments.count)
      var expected = 0
      for segment in segments {
        switch segment {
        case .kept(let range):
          writer.count(0)
          writer.signed(Int64(range.lowerBound - expected))
          writer.count(range.count)
          expected = range.upperBound
        case .fresh(let runs):
          writer.count(1)
          Self.append(runs, to: &writer)
        }
      }
    }
    return writer.bytes
  }

  /// Nil if the bytes are damaged.
  package init?(_ bytes: [UInt8]) {
    var reader = ByteReader(bytes)
    switch reader.count() {
    case 0:
      guard let runs = Self.runs(from: &reader) else { return nil }
      self = .whole(runs)
    case 1:
      guard let segments = Self.segments(from: &reader) else { return nil }
      self = .relative(segments)
    default:
      return nil
    }
    guard reader.isAtEnd else { return nil }
  }

  private static func append(_ runs: [ChunkRun], to writer: inout ByteWriter) {
    writer.count(runs.count)
    var expected: Int64 = 0
    for run in runs {
      writer.signed(run.first &- expected)
      writer.count(run.count)
      expected = run.first &+ Int64(run.count)
    }
  }

  private static func runs(from reader: inout ByteReader) -> [ChunkRun]? {
    guard let count = reader.count() else { return nil }
    var runs: [ChunkRun] = []
    var expected: Int64 = 0
    for _ in 0..<count {
      guard let step = reader.signed(), let length = reader.count(), length > 0 else { return nil }
      let (first, overflow) = expected.addingReportingOverflow(step)
      let (next, beyond) = first.addingReportingOverflow(Int64(length))
      guard !overflow, !beyond else { return nil }
      runs.append(ChunkRun(first: first, count: length))
      expected = next
    }
    return runs
  }

  private static func segments(from reader: inout ByteReader) -> [Segment]? {
    guard let count = reader.count() else { return nil }
    var segments: [Segment] = []
    var expected = 0
    for _ in 0..<count {
      switch reader.count() {
      case 0:
        guard let step = reader.signed(), let length = reader.count() else { return nil }
        let (first, overflow) = expected.addingReportingOverflow(Int(step))
        let (next, beyond) = first.addingReportingOverflow(length)
        guard !overflow, !beyond, first >= 0 else { return nil }
        segments.append(.kept(first..<next))
        expected = next
      case 1:
        guard let runs = Self.runs(from: &reader) else { return nil }
        segments.append(.fresh(runs))
      default:
        return nil
      }
    }
    return segments
  }
}
