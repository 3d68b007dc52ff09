import InterlockCore
import InterlockCrypto
import InterlockStore

extension SQLiteTransaction {
  // MARK: Channel values

  func value(_ place: Place, channel: Text, version: Text) throws(StoreError) -> ValueRecord? {
    try first(
      .valueByVersion,
      bind: { $0.bind(place.thread).bind(place.namespace).bind(channel).bind(version) },
      read: Self.value)
  }

  func containsValue(_ place: Place, channel: Text, version: Text) throws(StoreError) -> Bool {
    let id = try first(
      .valueID,
      bind: { $0.bind(place.thread).bind(place.namespace).bind(channel).bind(version) },
      read: Self.firstInteger)
    return id != nil
  }

  func manifest(of value: Int64) throws(StoreError) -> ManifestRecord? {
    let found = try first(.manifest, bind: { $0.bind(value) }) { (row) throws(StoreError) in
      try Self.manifest(row, at: 0)
    }
    return found ?? nil
  }

  /// Of three columns: base, depth and manifest.
  private static func manifest(
    _ row: SQLiteStatement, at column: Int32
  ) throws(StoreError) -> ManifestRecord? {
    guard !row.isNull(column + 2) else { return nil }
    return try ManifestRecord(
      base: row.optionalInteger(column), depth: Int(row.integer(column + 1)),
      code: row.bytes(column + 2))
  }

  func insertValue(_ record: ValueRecord) throws(StoreError) -> Int64? {
    let body = record.body
    try run(.insertValue) {
      $0.bind(record.place.thread).bind(record.place.namespace).bind(record.channel)
        .bind(record.version).bind(record.type).bind(Int64(body.size))
      Self.bindManifest(body, to: $0)
    }
    return connection.changedRows == 0 ? nil : connection.lastInsertedRow
  }

  func replaceBody(of value: Int64, with body: StoredBody) throws(StoreError) {
    try run(.replaceBody) {
      $0.bind(Int64(body.size))
      Self.bindManifest(body, to: $0)
      $0.bind(value)
    }
  }

  func visitValues(
    of thread: ThreadKey, _ visit: (ValueRecord) throws(StoreError) -> Bool
  ) throws(StoreError) {
    try each(.valuesOfThread, bind: { $0.bind(thread) }) { (row) throws(StoreError) in
      try visit(try Self.value(row))
    }
  }

  func deleteValue(_ value: Int64) throws(StoreError) {
    try run(.deleteValue) { $0.bind(value) }
  }

  private static func bindManifest(_ body: StoredBody, to statement: SQLiteStatement) {
    if let base = body.manifest?.base {
      statement.bind(base)
    } else {
      statement.bindNull()
    }
    statement.bind(Int64(body.manifest?.depth ?? 0)).bind(body.digest)
    if let code = body.manifest?.code {
      statement.bind(code)
    } else {
      statement.bindNull()
    }
    statement.bind(body.inline)
  }

  private static func value(_ row: SQLiteStatement) throws(StoreError) -> ValueRecord {
    let body = try StoredBody(
      size: Int(row.integer(6)), manifest: manifest(row, at: 7), inline: row.bytes(11),
      digest: row.digest(10))
    return try ValueRecord(
      key: row.integer(0), place: Place(thread: row.integer(1), namespace: row.text(2)),
      channel: row.text(3), version: row.text(4), type: row.optionalText(5), body: body)
  }

  // MARK: Chunks

  func chunks(
    _ chunks: ChunkRun, _ visit: (UnsafeRawBufferPointer) throws(StoreError) -> Void
  ) throws(StoreError) {
    let (end, overflow) = chunks.first.addingReportingOverflow(Int64(chunks.count))
    guard !overflow else { throw StoreError(.corrupt, "a run of chunks is out of range") }
    var seen = 0
    try each(.chunkRange, bind: { $0.bind(chunks.first).bind(end) }) { (row) throws(StoreError) in
      seen += 1
      try visit(row.buffer(0))
      return true
    }
    guard seen == chunks.count else {
      throw StoreError(.corrupt, "chunks are missing from \(chunks.first)")
    }
  }

  func chunks(of thread: ThreadKey, digest: Digest) throws(StoreError) -> [Int64] {
    try all(.chunksByDigest, bind: { $0.bind(thread).bind(digest.bytes) }, read: Self.firstInteger)
  }

  func insertChunk(
    _ bytes: some Collection<UInt8>, of thread: ThreadKey, digest: Digest
  ) throws(StoreError) -> Int64 {
    try run(.insertChunk) { $0.bind(thread).bind(digest.bytes).bind(bytes) }
    return connection.lastInsertedRow
  }

  func visitChunks(
    of thread: ThreadKey, _ visit: (ChunkRecord) throws(StoreError) -> Bool
  ) throws(StoreError) {
    try each(.chunksOfThread, bind: { $0.bind(thread) }) { (row) throws(StoreError) in
      try visit(
        ChunkRecord(
          key: row.integer(0), digest: Digest(stored: row.bytes(1)), bytes: row.bytes(2)))
    }
  }

  func deleteChunk(_ chunk: Int64) throws(StoreError) {
    try run(.deleteChunk) { $0.bind(chunk) }
  }
}
