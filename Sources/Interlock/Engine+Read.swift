import InterlockCore
public import InterlockStore

extension Engine {
  /// A page stops growing when its values have this many bytes.
  static let pageBytes = 32 << 20
  static let defaultLimit = 100
  /// A page stops looking after this many checkpoints that the filter refuses.
  static let pageScan = 20_000

  /// Reads one checkpoint: the one named, or the latest of its namespace. Since 0.1.
  ///
  /// - Parameter query: `thread` is required; a nil namespace is the root.
  /// - Returns: a page with exactly one checkpoint.
  /// - Throws: `notFound`, `invalidArgument`, `tooLarge`, and what the store reports.
  public func get(_ query: CheckpointQuery) throws(StoreError) -> CheckpointPage {
    let name = try validateTarget(query)
    let cache = cache
    let builder = try store.read { (transaction) throws(StoreError) in
      guard let thread = try transaction.thread(named: name),
        let record = try Self.target(of: query, thread, transaction)
      else { throw StoreError(.notFound, "there is no such checkpoint") }
      var builder = PageBuilder(transaction, query, cache, isOfOne: true)
      builder.know(thread, named: name)
      try builder.add(record)
      return builder
    }
    for value in builder.assembled { cache.store(value.entry, for: value.key) }
    return builder.page
  }

  /// Lists checkpoints, newest first, a page at a time. Nothing is held between pages. Since 0.1.
  ///
  /// - Parameter query: which checkpoints, and the cursor of the page before.
  /// - Returns: a page, and a cursor if more may follow.
  /// - Throws: `invalidArgument`, `invalidJSON`, `tooLarge`, and what the store reports.
  public func list(_ query: CheckpointQuery) throws(StoreError) -> CheckpointPage {
    let filter = try validate(query)
    let cursor = try ListCursor(query.cursor)
    let cache = cache
    if query.thread == nil { store.orderAcrossThreads() }
    return try store.read { (transaction) throws(StoreError) in
      var scan = CheckpointScan(
        namespace: query.namespace, id: query.id, before: query.before, after: cursor?.position)
      var builder = PageBuilder(transaction, query, cache, isOfOne: false)
      if let name = query.thread {
        guard let thread = try transaction.thread(named: name) else { return CheckpointPage() }
        scan.thread = thread.key
        builder.know(thread, named: name)
      }
      return try Self.page(scan, query, filter, transaction, builder)
    }
  }

  private static func page(
    _ scan: CheckpointScan, _ query: CheckpointQuery, _ filter: MetadataFilter?,
    _ transaction: any StoreTransaction, _ empty: PageBuilder
  ) throws(StoreError) -> CheckpointPage {
    var builder = empty
    var refused = 0
    var last: ScanPosition?
    var isComplete = true
    try transaction.visitCheckpoints(scan) { (record) throws(StoreError) in
      guard builder.page.checkpoints.count < query.limit ?? defaultLimit,
        builder.valueBytes < pageBytes, refused < pageScan
      else {
        isComplete = false
        return false
      }
      last = ScanPosition(id: record.id, sequence: record.sequence)
      if let filter, !filter.matches(try metadata(of: record)) {
        refused += 1
      } else {
        try builder.add(record)
      }
      return true
    }
    guard !isComplete, let last else { return builder.page }
    return builder.close(cursor: ListCursor(position: last).encode())
  }

  private static func metadata(of record: CheckpointRecord) throws(StoreError) -> JSONValue {
    do throws(JSONError) {
      return try JSONReader.read(record.metadata)
    } catch {
      throw StoreError(.corrupt, "the metadata of checkpoint \(record.id) cannot be read")
    }
  }

  static func target(
    of query: CheckpointQuery, _ thread: ThreadRecord, _ transaction: any StoreTransaction
  ) throws(StoreError) -> CheckpointRecord? {
    let place = Place(thread: thread.key, namespace: query.namespace ?? "")
    guard let id = query.id else { return try transaction.latestCheckpoint(place) }
    return try transaction.checkpoint(place, id: id)
  }

  /// Returns the name of the thread.
  func validateTarget(_ query: CheckpointQuery) throws(StoreError) -> Text {
    guard let thread = query.thread else {
      throw StoreError(.invalidArgument, "thread_id is required", path: "thread_id")
    }
    for (isSet, name) in [
      (query.before != nil, "before_id"), (!query.filter.isEmpty, "filter"),
      (!query.cursor.isEmpty, "cursor"), (query.limit != nil, "limit"),
    ] where isSet {
      throw StoreError(.invalidArgument, "\(name) is for listing only", path: name)
    }
    _ = try validate(query)
    return thread
  }

  private func validate(_ query: CheckpointQuery) throws(StoreError) -> MetadataFilter? {
    try ArgumentRule.optionalID(query.thread, "thread_id")
    try ArgumentRule.namespace(query.namespace ?? "")
    try ArgumentRule.optionalID(query.id, "checkpoint_id")
    try ArgumentRule.optionalID(query.before, "before_id")
    if let limit = query.limit { try ArgumentRule.limit(limit) }
    guard !query.filter.isEmpty else { return nil }
    return MetadataFilter(try ArgumentRule.object(query.filter, "filter"))
  }
}
