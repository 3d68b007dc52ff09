import InterlockCore
import InterlockCrypto
import InterlockStore

/// Verifies what one thread stores: every chunk against its digest, every manifest against its
/// chunks, every inline part against its digest, and that no chunk is kept for nothing.
struct ThreadCheck {
  private let transaction: any StoreTransaction
  private let reader: ValueReader
  private var finder: ValueFinder
  private let name: Text
  private var sizes: [Int64: Int] = [:]
  private var used: Set<Int64> = []
  private(set) var report: CheckReport

  init(_ transaction: any StoreTransaction, name: Text, report: CheckReport) {
    self.transaction = transaction
    reader = ValueReader(transaction)
    finder = ValueFinder(transaction)
    self.name = name
    self.report = report
  }

  mutating func run(_ thread: ThreadKey) throws(StoreError) {
    report.threads += 1
    try reportingDamage { (check) throws(StoreError) in try check.checkChunks(thread) }
    try reportingDamage { (check) throws(StoreError) in try check.checkValues(thread) }
    try reportingDamage { (check) throws(StoreError) in try check.checkWrites(thread) }
    try reportingDamage { (check) throws(StoreError) in try check.checkCheckpoints(thread) }
    for chunk in sizes.keys where !used.contains(chunk) {
      report.add("chunk", "\(name)", "chunk \(chunk) is not used")
    }
  }

  /// What cannot be read is a finding, not the end of the check.
  private mutating func reportingDamage(
    _ part: (inout ThreadCheck) throws(StoreError) -> Void
  ) throws(StoreError) {
    do throws(StoreError) {
      try part(&self)
    } catch {
      guard error.code == .corrupt else { throw error }
      report.add("thread", "\(name)", error.message)
    }
  }

  private mutating func checkChunks(_ thread: ThreadKey) throws(StoreError) {
    try transaction.visitChunks(of: thread) { (chunk) throws(StoreError) in
      report.chunks += 1
      sizes[chunk.key] = chunk.bytes.count
      let digest = chunk.bytes.withUnsafeBytes { Digest(of: $0) }
      if digest != chunk.digest {
        report.add("chunk", "\(name)", "chunk \(chunk.key) does not match its digest")
      }
      return true
    }
  }

  private mutating func checkValues(_ thread: ThreadKey) throws(StoreError) {
    try transaction.visitValues(of: thread) { (record) throws(StoreError) in
      report.values += 1
      let place = "\(name)/\(record.place.namespace)/\(record.channel)/\(record.version)"
      check(record.body, type: record.type, "value", place)
      return true
    }
  }

  private mutating func checkWrites(_ thread: ThreadKey) throws(StoreError) {
    try transaction.visitWrites(of: thread) { (record) throws(StoreError) in
      report.writes += 1
      let place = "\(name)/\(record.place.namespace)/\(record.checkpoint)/\(record.task)"
      check(record.body, type: record.type, "write", "\(place)/\(record.index)")
      return true
    }
  }

  private mutating func checkCheckpoints(_ thread: ThreadKey) throws(StoreError) {
    // The driver decodes the versions as it visits; metadata is ours to read.
    try transaction.visitCheckpoints(CheckpointScan(thread: thread)) {
      (record) throws(StoreError) in
      report.checkpoints += 1
      if !record.isIntact {
        report.add(
          "checkpoint", "\(name)/\(record.place.namespace)/\(record.id)",
          "the checkpoint does not match its digest")
      }
      if (try? JSONReader.read(record.metadata)) == nil {
        report.add(
          "checkpoint", "\(name)/\(record.place.namespace)/\(record.id)",
          "the metadata is not JSON")
      }
      try checkValues(of: record)
      return true
    }
  }

  private mutating func checkValues(of record: CheckpointRecord) throws(StoreError) {
    do throws(StoreError) {
      report.values += try record.carried().count
      for (version, home) in zip(record.versions, record.homes) {
        guard case .checkpoint = home else { continue }
        _ = try finder.value(of: record, version, home)
      }
    } catch {
      guard error.code == .corrupt else { throw error }
      report.add(
        "checkpoint", "\(name)/\(record.place.namespace)/\(record.id)", error.message)
    }
  }

  private mutating func check(
    _ body: StoredBody, type: Text?, _ kind: String, _ place: String
  ) {
    guard body.isIntact(type: type) else {
      return report.add(kind, place, "the inline part does not match its digest")
    }
    var total = body.inline.count
    if let manifest = body.manifest {
      do throws(StoreError) {
        for run in try reader.resolve(manifest) {
          for chunk in run.first..<(run.first &+ Int64(run.count)) {
            guard let size = sizes[chunk] else {
              return report.add(kind, place, "chunk \(chunk) is missing")
            }
            used.insert(chunk)
            total += size
          }
        }
      } catch {
        return report.add(kind, place, error.message)
      }
    }
    if total != body.size {
      report.add(kind, place, "the value has \(total) bytes instead of \(body.size)")
    }
  }
}
