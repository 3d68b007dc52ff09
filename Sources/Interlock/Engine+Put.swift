import InterlockCore
public import InterlockStore

extension Engine {
  /// Stores a checkpoint and its new values in one transaction.
  ///
  /// Storing an id again replaces that checkpoint and leaves its writes. Versions are immutable: a
  /// value that this checkpoint has already under its version stays as it is. Since 0.1.
  ///
  /// - Parameter input: the checkpoint; nothing of it is kept.
  /// - Throws: `invalidArgument`, `invalidJSON`, `tooLarge`, and what the store reports.
  public func put(_ input: CheckpointInput) throws(StoreError) {
    let prepared = PreparedCheckpoint(input, run: try validate(input))
    remember(
      try store.write { [cache, lineages] (transaction) throws(StoreError) in
        try prepared.store(transaction, cache, lineages)
      })
  }

  /// Stores a checkpoint of a graph, and in the same transaction ends the questions that the graph has
  /// left behind. Since 0.1.
  ///
  /// - Parameters:
  ///   - input: the checkpoint; nothing of it is kept.
  ///   - mirror: who stores. It asks nothing.
  /// - Throws: as without a mirror; `fenced`, `threadBusy`.
  public func put(_ input: CheckpointInput, _ mirror: GraphMirror?) throws(EngineError) {
    guard let mirror else {
      do throws(StoreError) { return try put(input) } catch { throw EngineError(error) }
    }
    let prepared: PreparedCheckpoint
    do throws(StoreError) {
      prepared = PreparedCheckpoint(input, run: try validate(input))
    } catch {
      throw EngineError(error)
    }
    let outcome = try mirrored(input.thread, mirror, isLasting: false) {
      [cache, lineages] (graph, transaction) throws(StoreError) in
      let outcome = try prepared.store(transaction, cache, lineages)
      try graph.moved(to: prepared.record)
      return outcome
    }
    remember(outcome)
  }

  /// Returns the run id in the metadata.
  private func validate(_ input: CheckpointInput) throws(StoreError) -> Text? {
    try ArgumentRule.id(input.thread, "thread_id")
    try ArgumentRule.namespace(input.namespace)
    try ArgumentRule.id(input.id, "checkpoint_id")
    try ArgumentRule.optionalID(input.parent, "parent_id")
    try ArgumentRule.type(input.type, "type")
    try ArgumentRule.size(input.body.count, maximumValueBytes, "body")
    try ArgumentRule.count(input.versions.count, "versions")
    try ArgumentRule.count(input.values.count, "values")
    try ArgumentRule.distinct(input.versions, "versions") { $0.channel }
    try ArgumentRule.distinct(input.values, "values") { $0.channel }
    for (index, version) in input.versions.enumerated() {
      try ArgumentRule.id(version.channel, "versions[\(index)].channel")
      try ArgumentRule.id(version.version, "versions[\(index)].version")
    }
    for (index, value) in input.values.enumerated() {
      try ArgumentRule.id(value.channel, "values[\(index)].channel")
      try ArgumentRule.id(value.version, "values[\(index)].version")
      try ArgumentRule.type(value.type ?? "", "values[\(index)].type")
      try ArgumentRule.size(value.data.count, maximumValueBytes, "values[\(index)].data")
    }
    let run = try ArgumentRule.object(input.metadata, "metadata").member("run_id")?.text
    // A longer one could never be asked for.
    return run.flatMap { 1...Limits.idBytes ~= $0.utf8.count ? $0 : nil }
  }
}
