public import InterlockCore
public import InterlockStore

/// What a prune leaves. Since 0.1.
public enum PruneStrategy: Sendable {
  /// The newest checkpoint of each namespace, and the history that its delta channels need.
  case keepLatest
  /// Nothing.
  case delete
}

extension Engine {
  /// Deletes a thread with everything it stores. A missing thread is no error. Since 0.1.
  ///
  /// - Parameter thread: its id.
  /// - Throws: `invalidArgument`, `tooLarge`, and what the store reports.
  public func deleteThread(_ thread: Text) throws(StoreError) {
    try ArgumentRule.id(thread, "thread_id")
    let now = clock.now
    let existed = try store.write { [self] (transaction) throws(StoreError) in
      try Runs.drop(thread, at: now, self, transaction)
      guard let record = try transaction.thread(named: thread) else { return false }
      try GraphThread(engine: self, thread: thread, now: now, transaction: transaction)
        .drop(all: true)
      try transaction.deleteThread(record.key)
      return true
    }
    store.changes.announce()
    if existed { store.reclaim() }
  }

  /// Copies everything a thread stores into a new thread, in one transaction. Since 0.1.
  ///
  /// - Parameters:
  ///   - source: the thread that is copied.
  ///   - target: the thread that is made.
  /// - Throws: `notFound`, `alreadyExists`, `invalidArgument`, `tooLarge`, and what the store
  ///   reports.
  public func copyThread(_ source: Text, to target: Text) throws(StoreError) {
    try ArgumentRule.id(source, "source_id")
    try ArgumentRule.id(target, "target_id")
    guard source != target else {
      throw StoreError(.invalidArgument, "target_id equals source_id", path: "target_id")
    }
    let now = clock.now
    try store.write { [self] (transaction) throws(StoreError) in
      guard let from = try transaction.thread(named: source) else {
        throw StoreError(.notFound, "there is no thread source_id", path: "source_id")
      }
      guard try transaction.thread(named: target) == nil else {
        throw StoreError(.alreadyExists, "the thread target_id exists", path: "target_id")
      }
      let to = try transaction.insertThread(named: target)
      var copier = ThreadCopier(transaction, from: from.key, to: to.key)
      try copier.copy()
      try GraphLink.copy(from: source, to: target, at: now, self, transaction)
    }
    store.changes.announce()
  }

  /// Prunes threads, each in one transaction of its own. Missing threads are skipped. Since 0.1.
  ///
  /// - Parameters:
  ///   - threads: their ids.
  ///   - strategy: what stays.
  /// - Throws: `invalidArgument`, `tooLarge`, and what the store reports.
  public func prune(_ threads: [Text], _ strategy: PruneStrategy) throws(StoreError) {
    try ArgumentRule.count(threads.count, "thread_ids")
    for (index, thread) in threads.enumerated() {
      try ArgumentRule.id(thread, "thread_ids[\(index)]")
    }
    for thread in threads {
      switch strategy {
      case .delete: try deleteThread(thread)
      case .keepLatest: try keepLatest(thread)
      }
    }
  }

  private func keepLatest(_ thread: Text) throws(StoreError) {
    try store.write { (transaction) throws(StoreError) in
      guard let record = try transaction.thread(named: thread) else { return }
      let survivors = try Self.survivors(of: record.key, transaction)
      try ThreadSweeper(transaction, thread: record.key).sweep {
        survivors.contains($0.sequence)
      }
    }
    store.reclaim()
  }

  /// The sequences of the checkpoints that a prune to the latest keeps.
  private static func survivors(
    of thread: ThreadKey, _ transaction: any StoreTransaction
  ) throws(StoreError) -> Set<Int64> {
    var sequences: [Int64] = []
    var checkpoints: [PruneRule.Checkpoint] = []
    var finder = ValueFinder(transaction)
    try transaction.visitCheckpoints(CheckpointScan(thread: thread)) {
      (record) throws(StoreError) in
      var stored: Set<Text> = []
      let metadata = (try? JSONReader.read(record.metadata)) ?? .null
      for (version, home) in zip(record.versions, record.homes) {
        let value = try finder.value(of: record, version, home)
        if value?.type != nil { stored.insert(version.channel) }
      }
      sequences.append(record.sequence)
      checkpoints.append(
        PruneRule.Checkpoint(
          namespace: record.place.namespace, id: record.id, parent: record.parent,
          deltaChannels: PruneRule.deltaChannels(in: metadata), storedChannels: stored))
      return true
    }
    return Set(PruneRule.survivors(of: checkpoints).map { sequences[$0] })
  }

  /// Deletes the checkpoints of runs, in all threads, each thread in one transaction. Since 0.1.
  ///
  /// - Parameter runs: values of `run_id` in the metadata.
  /// - Throws: `invalidArgument`, `tooLarge`, and what the store reports.
  public func deleteCheckpoints(ofRuns runs: [Text]) throws(StoreError) {
    try ArgumentRule.count(runs.count, "run_ids")
    for (index, run) in runs.enumerated() { try ArgumentRule.id(run, "run_ids[\(index)]") }
    let doomed = Set(runs)
    let threads = try store.read { (transaction) throws(StoreError) in
      var threads: Set<ThreadKey> = []
      for run in doomed { threads.formUnion(try transaction.threads(withRun: run)) }
      return threads
    }
    let now = clock.now
    for thread in threads.sorted() {
      try store.write { [self] (transaction) throws(StoreError) in
        try ThreadSweeper(transaction, thread: thread).sweep { record in
          !(record.run.map(doomed.contains) ?? false)
        }
        guard let name = try transaction.threadName(thread) else { return }
        try GraphThread(engine: self, thread: name, now: now, transaction: transaction)
          .drop(all: false)
      }
    }
    store.changes.announce()
    if !threads.isEmpty { store.reclaim() }
  }

  /// A page of thread ids, as the JSON that interlock.h documents.
  package func threadPage(after: Text, limit: Int) throws(StoreError) -> JSONValue {
    let threads = try threads(after: after, limit: limit)
    let next = threads.count < limit ? nil : threads.last
    return .object([
      "threads": .array(threads.map { .string($0) }), "next": next.map { .string($0) } ?? .null,
    ])
  }

  /// Lists the ids of threads in ascending byte order. Since 0.1.
  ///
  /// - Parameters:
  ///   - after: only ids greater than this one; empty for all.
  ///   - limit: 1 to 1000.
  /// - Returns: the ids; fewer than `limit` if there are no more.
  /// - Throws: `invalidArgument`, `tooLarge`, and what the store reports.
  public func threads(after: Text, limit: Int) throws(StoreError) -> [Text] {
    try ArgumentRule.size(after.utf8.count, Limits.idBytes, "after")
    try ArgumentRule.limit(limit)
    return try store.read { (transaction) throws(StoreError) in
      try transaction.threadNames(after: after, limit: limit)
    }
  }
}
