import InterlockCore
import InterlockCrypto
import InterlockStore

extension SQLiteTransaction {
  func checkpoint(_ place: Place, id: Text) throws(StoreError) -> CheckpointRecord? {
    try first(
      .checkpointByID, bind: { $0.bind(place.thread).bind(place.namespace).bind(id) },
      read: Self.checkpoint)
  }

  func latestCheckpoint(_ place: Place) throws(StoreError) -> CheckpointRecord? {
    try first(
      .latestCheckpoint, bind: { $0.bind(place.thread).bind(place.namespace) },
      read: Self.checkpoint)
  }

  func carrier(_ sequence: Int64) throws(StoreError) -> Carrier? {
    try first(.carrier, bind: { $0.bind(sequence) }) { (row) throws(StoreError) in
      try Carrier(
        place: Place(thread: row.integer(0), namespace: row.text(1)), versionCode: row.bytes(2),
        carriedCode: row.bytes(3))
    }
  }

  func insertCheckpoint(
    _ record: CheckpointRecord, at place: Place
  ) throws(StoreError) -> Int64? {
    // Not in a closure, which would copy the record.
    let insert = try access { (connection) throws(SQLiteError) in
      try connection.statement(.insertCheckpoint)
    }
    insert.bind(place.thread).bind(place.namespace).bind(record.id)
    Self.bindContent(of: record, to: insert)
    try access { (_) throws(SQLiteError) in try insert.run() }
    return connection.changedRows == 0 ? nil : connection.lastInsertedRow
  }

  func replaceCheckpoint(_ record: CheckpointRecord) throws(StoreError) {
    try run(.replaceCheckpoint) {
      Self.bindContent(of: record, to: $0)
      $0.bind(record.sequence)
    }
  }

  private static func bindContent(of record: CheckpointRecord, to statement: SQLiteStatement) {
    statement.bind(record.parent).bind(record.type).bind(Text(trusted: record.metadata))
      .bind(record.run).bind(record.digest).bind(record.versionCode)
      .bind(record.body).bind(record.carriedCode)
  }

  func deleteCheckpoint(sequence: Int64) throws(StoreError) {
    try run(.deleteCheckpoint) { $0.bind(sequence) }
  }

  func hasOrderAcrossThreads() throws(StoreError) -> Bool {
    try first(.hasOrderAcrossThreads, bind: { _ in }, read: Self.firstInteger) != nil
  }

  func makeOrderAcrossThreads() throws(StoreError) {
    try run(.makeOrderAcrossThreads) { _ in }
  }

  func threads(withRun run: Text) throws(StoreError) -> [ThreadKey] {
    try all(.threadsWithRun, bind: { $0.bind(run) }, read: Self.firstInteger)
  }

  func visitCheckpoints(
    _ scan: CheckpointScan, _ visit: (CheckpointRecord) throws(StoreError) -> Bool
  ) throws(StoreError) {
    let statement = try access { (connection) throws(SQLiteError) in
      try connection.prepare(Self.query(scan))
    }
    defer { statement.finalize() }
    if let thread = scan.thread { statement.bind(thread) }
    if let namespace = scan.namespace { statement.bind(namespace) }
    if let id = scan.id { statement.bind(id) }
    if let before = scan.before { statement.bind(before) }
    if let after = scan.after { statement.bind(after.id).bind(after.sequence) }
    while try access({ (_) throws(SQLiteError) in try statement.step() }) {
      guard try visit(try Self.checkpoint(statement)) else { return }
    }
  }

  /// Parameters stand in the order of the fields of `CheckpointScan`.
  ///
  /// Every shape walks an index in the order of the scan, so that a page costs what it returns.
  private static func query(_ scan: CheckpointScan) -> String {
    var conditions: [String] = []
    if scan.thread != nil { conditions.append("thread = ?") }
    if scan.namespace != nil { conditions.append("namespace = ?") }
    if scan.id != nil { conditions.append("id = ?") }
    if scan.before != nil { conditions.append("id < ?") }
    if scan.after != nil { conditions.append("(id, sequence) < (?, ?)") }
    let condition = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
    return """
      SELECT sequence, thread, namespace, id, parent, type, metadata, run, digest, versions, body, \
      carried FROM checkpoints \(condition) ORDER BY id DESC, sequence DESC
      """
  }

  private static func checkpoint(_ row: SQLiteStatement) throws(StoreError) -> CheckpointRecord {
    let versionCode = row.bytes(9)
    guard let (versions, homes) = ChannelVersion.decode(versionCode) else {
      throw try StoreError(.corrupt, "the versions of checkpoint \(row.text(3)) cannot be read")
    }
    return try CheckpointRecord(
      sequence: row.integer(0),
      place: Place(thread: row.integer(1), namespace: row.text(2)),
      id: row.text(3), parent: row.optionalText(4), type: row.text(5), body: row.bytes(10),
      metadata: row.bytes(6), run: row.optionalText(7), versions: versions,
      homes: homes, versionCode: versionCode, carriedCode: row.bytes(11),
      digest: row.digest(8))
  }
}
