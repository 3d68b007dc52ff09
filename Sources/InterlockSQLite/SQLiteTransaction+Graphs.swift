import InterlockCore
import InterlockStore

extension SQLiteTransaction {
  func graphInterrupt(ofThread thread: Text, id: Text) throws(StoreError) -> GraphInterruptRecord? {
    try first(.graphInterrupt, bind: { $0.bind(thread).bind(id) }, read: Self.graphInterrupt)
  }

  func graphInterrupts(ofReview review: Text) throws(StoreError) -> [GraphInterruptRecord] {
    try all(.graphInterruptsOfReview, bind: { $0.bind(review) }, read: Self.graphInterrupt)
  }

  func graphInterrupts(
    ofThread thread: Text, after id: Text, limit: Int
  ) throws(StoreError) -> [GraphInterruptRecord] {
    try all(
      .graphInterruptsOfThread, bind: { $0.bind(thread).bind(id).bind(Int64(limit)) },
      read: Self.graphInterrupt)
  }

  func openGraphInterrupts(ofThread thread: Text) throws(StoreError) -> [GraphInterruptRecord] {
    if recollection?.isQuiet(thread) == true { return [] }
    let open = try all(.openGraphInterrupts, bind: { $0.bind(thread) }, read: Self.graphInterrupt)
    recollection?.setQuiet(thread, open.isEmpty)
    return open
  }

  func dueGraphInterrupts(
    after: GraphInterruptRecord?, limit: Int
  ) throws(StoreError) -> [GraphInterruptRecord] {
    try all(
      .dueGraphInterrupts,
      bind: {
        $0.bind(after?.updatedAt ?? .min).bind(after?.thread ?? .empty).bind(after?.id ?? .empty)
          .bind(Int64(limit))
      }, read: Self.graphInterrupt)
  }

  func putGraphInterrupt(_ record: GraphInterruptRecord) throws(StoreError) {
    recollection?.setQuiet(record.thread, false)
    try run(.putGraphInterrupt) {
      $0.bind(record.thread).bind(record.id).bind(record.namespace).bind(record.checkpoint)
        .bind(record.task).bind(record.graph).bind(Text(record.shape.rawValue))
        .bind(record.review).bind(Text(record.status.rawValue))
        .bind(record.value.map { Text(trusted: $0) }).bind(record.request).bind(record.attempts)
        .bind(record.updatedAt)
    }
  }

  func deleteGraphInterrupts(ofThread thread: Text) throws(StoreError) {
    try run(.deleteGraphInterrupts) { $0.bind(thread) }
  }

  private static func graphInterrupt(
    _ row: SQLiteStatement
  ) throws(StoreError) -> GraphInterruptRecord {
    guard let shape = try GraphShape(rawValue: row.text(6).string),
      let status = try GraphInterruptMachine.State(rawValue: row.text(8).string)
    else { throw try StoreError(.corrupt, "an interrupt of thread \(row.text(0)) cannot be read") }
    return try GraphInterruptRecord(
      thread: row.text(0), id: row.text(1), namespace: row.text(2), checkpoint: row.text(3),
      task: row.text(4), graph: row.text(5), shape: shape, review: row.text(7), status: status,
      value: row.optionalJSON(9), request: row.text(10), attempts: row.integer(11),
      updatedAt: row.integer(12))
  }
}
