import InterlockCore
public import InterlockStore

extension Engine {
  /// Stores the pending writes of a task in one transaction, by the rule of `WriteRule`. Since 0.1.
  ///
  /// - Parameter input: the writes; nothing of it is kept.
  /// - Throws: `invalidArgument`, `tooLarge`, and what the store reports.
  public func putWrites(_ input: WriteInput) throws(StoreError) {
    try validate(input)
    guard !input.values.isEmpty else { return }
    try store.write { [self] (transaction) throws(StoreError) in
      try store(input, transaction)
    }
  }

  /// Stores the pending writes of a task of a graph, and in the same transaction what they ask people
  /// and what they made of answers. Since 0.1.
  ///
  /// - Parameters:
  ///   - input: the writes; nothing of it is kept.
  ///   - mirror: what the graph asks, and who stores.
  /// - Throws: as without a mirror; `fenced`, `threadBusy`, and why a question cannot be asked.
  public func putWrites(_ input: WriteInput, _ mirror: GraphMirror?) throws(EngineError) {
    guard let mirror else {
      do throws(StoreError) { return try putWrites(input) } catch { throw EngineError(error) }
    }
    do throws(StoreError) { try validate(input) } catch { throw EngineError(error) }
    guard !input.values.isEmpty else { return }
    let asked = try AskedInterrupt.read(mirror.questions, input, self)
    try mirrored(input.thread, mirror, isLasting: !asked.isEmpty) {
      [self] (graph, transaction) throws(StoreError) in
      try store(input, transaction)
      try graph.wrote(input, asking: Set(asked.map(\.id)))
      try graph.ask(asked, at: input)
    }
  }

  private func store(
    _ input: WriteInput, _ transaction: any StoreTransaction
  ) throws(StoreError) {
    let rule = WriteRule(channels: input.values.map(\.channel))
    let thread = try transaction.ensureThread(named: input.thread)
    let place = Place(thread: thread.key, namespace: input.namespace)
    let writer = ValueWriter(transaction, thread: thread, cache: cache)
    for (value, index) in zip(input.values, rule.indexes) {
      if !rule.replaces,
        try transaction.containsWrite(
          place, checkpoint: input.checkpoint, task: input.task, index: index)
      {
        continue
      }
      let body = try writer.writeBody(value.data, type: value.type, isReplaceable: index < 0)
      try transaction.putWrite(
        WriteRecord(
          place: place, checkpoint: input.checkpoint, task: input.task,
          taskPath: input.taskPath, index: index, channel: value.channel, type: value.type,
          body: body))
    }
  }

  private func validate(_ input: WriteInput) throws(StoreError) {
    try ArgumentRule.id(input.thread, "thread_id")
    try ArgumentRule.namespace(input.namespace)
    try ArgumentRule.id(input.checkpoint, "checkpoint_id")
    try ArgumentRule.id(input.task, "task_id")
    try ArgumentRule.size(input.taskPath.utf8.count, Limits.taskPathBytes, "task_path")
    try ArgumentRule.count(input.values.count, "values")
    for (index, value) in input.values.enumerated() {
      try ArgumentRule.id(value.channel, "values[\(index)].channel")
      try ArgumentRule.type(value.type, "values[\(index)].type")
      try ArgumentRule.size(value.data.count, maximumValueBytes, "values[\(index)].data")
    }
  }
}
