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
    let rule = WriteRule(channels: input.values.map(\.channel))
    let cache = cache
    try store.write { (transaction) throws(StoreError) in
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
