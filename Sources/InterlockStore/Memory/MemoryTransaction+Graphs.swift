import InterlockCore

extension MemoryTransaction {
  func graphInterrupt(ofThread thread: Text, id: Text) throws(StoreError) -> GraphInterruptRecord? {
    content.graphInterrupts[GraphInterruptKey(thread: thread, id: id)]
  }

  func graphInterrupts(ofReview review: Text) throws(StoreError) -> [GraphInterruptRecord] {
    content.graphInterrupts.values.filter { $0.review == review }
      .sorted { $0.updatedAt > $1.updatedAt }
  }

  func graphInterrupts(
    ofThread thread: Text, after id: Text, limit: Int
  ) throws(StoreError) -> [GraphInterruptRecord] {
    let found = content.graphInterrupts.values.filter { $0.thread == thread && $0.id > id }
    return Array(found.sorted { $0.id < $1.id }.prefix(limit))
  }

  func openGraphInterrupts(ofThread thread: Text) throws(StoreError) -> [GraphInterruptRecord] {
    content.graphInterrupts.values
      .filter { $0.thread == thread && $0.status.isOpen }
      .sorted { $0.id < $1.id }
  }

  func dueGraphInterrupts(
    after: GraphInterruptRecord?, limit: Int
  ) throws(StoreError) -> [GraphInterruptRecord] {
    let due = content.graphInterrupts.values.filter { record in
      guard record.status.isDue else { return false }
      guard let after else { return true }
      return Self.isBefore(after, record)
    }
    return Array(due.sorted(by: Self.isBefore).prefix(limit))
  }

  func putGraphInterrupt(_ record: GraphInterruptRecord) throws(StoreError) {
    content.graphInterrupts[GraphInterruptKey(thread: record.thread, id: record.id)] = record
  }

  func deleteGraphInterrupts(ofThread thread: Text) throws(StoreError) {
    content.graphInterrupts = content.graphInterrupts.filter { $0.key.thread != thread }
  }

  private static func isBefore(_ one: GraphInterruptRecord, _ two: GraphInterruptRecord) -> Bool {
    if one.updatedAt != two.updatedAt { return one.updatedAt < two.updatedAt }
    return one.thread == two.thread ? one.id < two.id : one.thread < two.thread
  }
}
