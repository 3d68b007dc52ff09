import InterlockCore
import InterlockCrypto
import InterlockStore

extension SQLiteTransaction {
  func writes(_ place: Place, checkpoint: Text) throws(StoreError) -> [WriteRecord] {
    try all(
      .writesOfCheckpoint,
      bind: { $0.bind(place.thread).bind(place.namespace).bind(checkpoint) }, read: Self.write)
  }

  func containsWrite(
    _ place: Place, checkpoint: Text, task: Text, index: Int32
  ) throws(StoreError) -> Bool {
    let found = try first(
      .containsWrite,
      bind: {
        $0.bind(place.thread).bind(place.namespace).bind(checkpoint).bind(task).bind(Int64(index))
      }, read: Self.firstInteger)
    return found != nil
  }

  func putWrite(_ record: WriteRecord) throws(StoreError) {
    try run(.putWrite) {
      $0.bind(record.place.thread).bind(record.place.namespace).bind(record.checkpoint)
        .bind(record.task).bind(record.taskPath).bind(Int64(record.index)).bind(record.channel)
        .bind(record.type).bind(Int64(record.body.size)).bind(record.body.digest)
      if let code = record.body.manifest?.code {
        $0.bind(code)
      } else {
        $0.bindNull()
      }
      $0.bind(record.body.inline)
    }
  }

  func visitWrites(
    of thread: ThreadKey, _ visit: (WriteRecord) throws(StoreError) -> Bool
  ) throws(StoreError) {
    try each(.writesOfThread, bind: { $0.bind(thread) }) { (row) throws(StoreError) in
      try visit(try Self.write(row))
    }
  }

  func deleteWrites(_ place: Place, checkpoint: Text) throws(StoreError) {
    try run(.deleteWritesOfCheckpoint) {
      $0.bind(place.thread).bind(place.namespace).bind(checkpoint)
    }
  }

  private static func write(_ row: SQLiteStatement) throws(StoreError) -> WriteRecord {
    let manifest =
      row.isNull(10) ? nil : ManifestRecord(base: nil, depth: 0, code: row.bytes(10))
    let body = try StoredBody(
      size: Int(row.integer(8)), manifest: manifest, inline: row.bytes(11),
      digest: row.digest(9))
    return try WriteRecord(
      place: Place(thread: row.integer(0), namespace: row.text(1)), checkpoint: row.text(2),
      task: row.text(3), taskPath: row.text(4),
      index: Int32(truncatingIfNeeded: row.integer(5)), channel: row.text(6), type: row.text(7),
      body: body)
  }
}
