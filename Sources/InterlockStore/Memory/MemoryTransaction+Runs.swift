import InterlockCore

extension MemoryContent {
  /// Runs and what belongs to them.
  struct Runs {
    var records: [Text: RunRecord] = [:]
    var steps: [Text: [StepRecord]] = [:]
    var interrupts: [Text: InterruptRecord] = [:]
    var permits: [Text: PermitRecord] = [:]
  }
}

extension MemoryTransaction {
  func run(ofThread thread: Text) throws(StoreError) -> RunRecord? {
    content.runs.records[thread]
  }

  func putRun(_ record: RunRecord) throws(StoreError) {
    content.runs.records[record.thread] = record
  }

  func runs(
    status: ThreadStatus?, after thread: Text, limit: Int
  ) throws(StoreError) -> [RunRecord] {
    let found = content.runs.records.values.filter { record in
      record.thread > thread && (status == nil || record.status == status)
    }
    return Array(found.sorted { $0.thread < $1.thread }.prefix(limit))
  }

  func steps(of run: Text) throws(StoreError) -> [StepRecord] {
    content.runs.steps[run] ?? []
  }

  func insertStep(_ record: StepRecord) throws(StoreError) {
    content.runs.steps[record.run, default: []].append(record)
  }

  func deleteSteps(of run: Text) throws(StoreError) {
    content.runs.steps[run] = nil
  }

  func interrupt(_ id: Text) throws(StoreError) -> InterruptRecord? {
    content.runs.interrupts[id]
  }

  func insertInterrupt(_ record: InterruptRecord) throws(StoreError) {
    content.runs.interrupts[record.id] = record
  }

  func moveInterrupt(_ id: Text, toReview review: Text) throws(StoreError) {
    content.runs.interrupts[id]?.review = review
  }

  func updateInterrupt(_ record: InterruptRecord) throws(StoreError) {
    content.runs.interrupts[record.id] = record
  }

  func interrupts(ofRun run: Text) throws(StoreError) -> [InterruptRecord] {
    Self.ordered(content.runs.interrupts.values.filter { $0.run == run })
  }

  func pendingInterrupts(
    ofThread thread: Text?, after: InterruptPosition?, limit: Int
  ) throws(StoreError) -> [InterruptRecord] {
    let found = content.runs.interrupts.values.filter { record in
      record.status == .pending && (thread == nil || record.thread == thread)
        && (after.map { ($0.createdAt, $0.id) < (record.createdAt, record.id) } ?? true)
    }
    return Array(Self.ordered(found).prefix(limit))
  }

  private static func ordered(_ records: [InterruptRecord]) -> [InterruptRecord] {
    records.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
  }

  // MARK: Permits

  func permit(_ id: Text) throws(StoreError) -> PermitRecord? {
    content.runs.permits[id]
  }

  func insertPermit(_ record: PermitRecord) throws(StoreError) {
    content.runs.permits[record.id] = record
  }

  func updatePermit(_ record: PermitRecord) throws(StoreError) {
    content.runs.permits[record.id] = record
  }

  func permits(after low: Text, before high: Text) throws(StoreError) -> [PermitRecord] {
    content.runs.permits.values.filter { $0.id > low && $0.id < high }.sorted { $0.id < $1.id }
  }

  func unreportedPermits(
    at now: Instant, after id: Text, limit: Int
  ) throws(StoreError) -> [PermitRecord] {
    let found = content.runs.permits.values.filter { permit in
      permit.status == .consumed && (permit.until ?? .max) <= now && permit.id > id
    }
    return Array(found.sorted { $0.id < $1.id }.prefix(limit))
  }
}
