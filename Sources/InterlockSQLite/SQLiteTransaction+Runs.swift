import InterlockCore
import InterlockStore

extension SQLiteTransaction {
  // MARK: Runs

  func run(ofThread thread: Text) throws(StoreError) -> RunRecord? {
    try first(.runOfThread, bind: { $0.bind(thread) }, read: Self.run)
  }

  func putRun(_ record: RunRecord) throws(StoreError) {
    try run(.putRun) {
      $0.bind(record.thread).bind(Text(record.status.rawValue)).bind(record.run)
        .bind(record.fence).bind(record.worker).bind(record.leaseUntil)
        .bind(record.outcome.map { Text(trusted: $0) }).bind(record.parent)
        .bind(record.updatedAt)
    }
  }

  func runs(
    status: ThreadStatus?, after thread: Text, limit: Int
  ) throws(StoreError) -> [RunRecord] {
    guard let status else {
      return try all(.runs, bind: { $0.bind(thread).bind(Int64(limit)) }, read: Self.run)
    }
    return try all(
      .runsWithStatus,
      bind: { $0.bind(thread).bind(Text(status.rawValue)).bind(Int64(limit)) }, read: Self.run)
  }

  private static func run(_ row: SQLiteStatement) throws(StoreError) -> RunRecord {
    guard let status = try ThreadStatus(rawValue: row.text(1).string) else {
      throw try StoreError(.corrupt, "the run of thread \(row.text(0)) cannot be read")
    }
    return try RunRecord(
      thread: row.text(0), status: status, run: row.optionalText(2), fence: row.integer(3),
      worker: row.optionalText(4), leaseUntil: row.optionalInteger(5),
      outcome: row.optionalJSON(6), parent: row.optionalText(7), updatedAt: row.integer(8))
  }

  // MARK: Steps

  func steps(of run: Text) throws(StoreError) -> [StepRecord] {
    try all(.stepsOfRun, bind: { $0.bind(run) }) { (row) throws(StoreError) in
      try StepRecord(
        run: row.text(0), position: Int(row.integer(1)), key: row.text(2),
        result: row.isNull(3) ? nil : row.bytes(3), interrupt: row.optionalText(4))
    }
  }

  func insertStep(_ record: StepRecord) throws(StoreError) {
    try run(.insertStep) {
      $0.bind(record.run).bind(Int64(record.position)).bind(record.key)
        .bind(record.result.map { Text(trusted: $0) }).bind(record.interrupt)
    }
  }

  func deleteSteps(of run: Text) throws(StoreError) {
    try self.run(.deleteSteps) { $0.bind(run) }
  }

  // MARK: Interrupts

  func interrupt(_ id: Text) throws(StoreError) -> InterruptRecord? {
    try first(.interruptByID, bind: { $0.bind(id) }, read: Self.interrupt)
  }

  func insertInterrupt(_ record: InterruptRecord) throws(StoreError) {
    try run(.insertInterrupt) {
      $0.bind(record.id).bind(record.thread).bind(record.run).bind(record.key)
        .bind(Text(trusted: record.request)).bind(record.review)
        .bind(Text(record.status.rawValue)).bind(record.value.map { Text(trusted: $0) })
        .bind(record.update.map { Text(trusted: $0) }).bind(record.createdAt)
        .bind(record.resolvedAt)
    }
  }

  func moveInterrupt(_ id: Text, toReview review: Text) throws(StoreError) {
    try run(.moveInterrupt) { $0.bind(review).bind(id) }
  }

  func updateInterrupt(_ record: InterruptRecord) throws(StoreError) {
    try run(.updateInterrupt) {
      $0.bind(Text(record.status.rawValue)).bind(record.value.map { Text(trusted: $0) })
        .bind(record.update.map { Text(trusted: $0) }).bind(record.resolvedAt).bind(record.id)
    }
  }

  func interrupts(ofRun run: Text) throws(StoreError) -> [InterruptRecord] {
    try all(.interruptsOfRun, bind: { $0.bind(run) }, read: Self.interrupt)
  }

  func pendingInterrupts(
    ofThread thread: Text?, after: InterruptPosition?, limit: Int
  ) throws(StoreError) -> [InterruptRecord] {
    let start = after ?? InterruptPosition(createdAt: .min, id: .empty)
    guard let thread else {
      return try all(
        .pendingInterrupts,
        bind: { $0.bind(start.createdAt).bind(start.id).bind(Int64(limit)) },
        read: Self.interrupt)
    }
    return try all(
      .pendingInterruptsOfThread,
      bind: { $0.bind(thread).bind(start.createdAt).bind(start.id).bind(Int64(limit)) },
      read: Self.interrupt)
  }

  private static func interrupt(_ row: SQLiteStatement) throws(StoreError) -> InterruptRecord {
    guard let status = try InterruptRecord.Status(rawValue: row.text(6).string) else {
      throw try StoreError(.corrupt, "interrupt \(row.text(0)) cannot be read")
    }
    return try InterruptRecord(
      id: row.text(0), thread: row.text(1), run: row.text(2), key: row.text(3),
      request: row.json(4), review: row.optionalText(5), status: status,
      value: row.optionalJSON(7), update: row.optionalJSON(8),
      createdAt: row.integer(9), resolvedAt: row.optionalInteger(10))
  }
}
