import InterlockCore
public import InterlockStore

extension Engine {
  /// Stores a checkpoint and its new values in one transaction.
  ///
  /// Storing an id again replaces that checkpoint and leaves its writes. Versions are immutable: a
  /// value that is stored already under its version stays as it is. Since 0.1.
  ///
  /// - Parameter input: the checkpoint; nothing of it is kept.
  /// - Throws: `invalidArgument`, `invalidJSON`, `tooLarge`, and what the store reports.
  public func put(_ input: CheckpointInput) throws(StoreError) {
    let run = try validate(input)
    // Digests and codes are made here, by the caller's thread, not by the one that writes for all.
    let values = input.values.map { PreparedValue($0) }
    var record = CheckpointRecord(
      place: Place(thread: 0, namespace: input.namespace), id: input.id, parent: input.parent,
      type: input.type, body: input.body,
      metadata: input.metadata.isEmpty ? Array("{}".utf8) : input.metadata, run: run,
      versions: input.versions)
    let cache = cache
    let remembered = try store.write { (transaction) throws(StoreError) in
      let thread = try transaction.ensureThread(named: input.thread)
      let place = Place(thread: thread.key, namespace: input.namespace)
      let remembered = try Self.putValues(
        values, parent: input.parent, place, ValueWriter(transaction, thread: thread, cache: cache),
        transaction)
      record.place = place
      try transaction.putCheckpoint(record)
      return remembered
    }
    for value in remembered { cache.store(value.entry, for: value.key) }
  }

  private static func putValues(
    _ values: [PreparedValue], parent: Text?, _ place: Place, _ writer: ValueWriter,
    _ transaction: any StoreTransaction
  ) throws(StoreError) -> [ValueWriter.Remembered] {
    var remembered: [ValueWriter.Remembered] = []
    var parentVersions: [Text: Text]?
    for value in values {
      let known = try writer.put(value, at: place) {
        () throws(StoreError) in
        if parentVersions == nil {
          let parent = try parent.flatMap { (id) throws(StoreError) in
            try transaction.checkpoint(place, id: id)
          }
          parentVersions = Dictionary(
            (parent?.versions ?? []).map { ($0.channel, $0.version) },
            uniquingKeysWith: { first, _ in first })
        }
        return parentVersions?[value.version.channel]
      }
      if let known { remembered.append(known) }
    }
    return remembered
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
    try ArgumentRule.distinct(input.versions.map(\.channel), "versions")
    try ArgumentRule.distinct(input.values.map(\.channel), "values")
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

extension PreparedValue {
  fileprivate init(_ value: ChannelValue) {
    self.init(
      ChannelVersion(channel: value.channel, version: value.version), type: value.type,
      bytes: value.data)
  }
}
