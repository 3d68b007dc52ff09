package import InterlockCore

/// What a request about the interrupts of graphs can do inside a transaction.
package protocol GraphTransaction: AnyObject {
  func graphInterrupt(ofThread thread: Text, id: Text) throws(StoreError) -> GraphInterruptRecord?
  /// Those that a review decides about.
  func graphInterrupts(ofReview review: Text) throws(StoreError) -> [GraphInterruptRecord]
  /// All of a thread, by id.
  func graphInterrupts(
    ofThread thread: Text, after id: Text, limit: Int
  ) throws(StoreError) -> [GraphInterruptRecord]
  /// Those of a thread of which something can still come; by id.
  func openGraphInterrupts(ofThread thread: Text) throws(StoreError) -> [GraphInterruptRecord]
  /// Those for which a graph has to be run, the oldest change first.
  func dueGraphInterrupts(
    after: GraphInterruptRecord?, limit: Int
  ) throws(StoreError) -> [GraphInterruptRecord]
  /// Inserts or replaces by thread and id.
  func putGraphInterrupt(_ record: GraphInterruptRecord) throws(StoreError)
  func deleteGraphInterrupts(ofThread thread: Text) throws(StoreError)
}

package struct GraphInterruptKey: Hashable, Sendable {
  package let thread: Text
  package let id: Text

  package init(thread: Text, id: Text) {
    self.thread = thread
    self.id = id
  }
}

/// An interrupt of a graph, at the innermost place where it was seen.
package struct GraphInterruptRecord: Sendable {
  package var thread: Text
  /// Unique in its thread only: a copied thread has the same.
  package let id: Text
  package var namespace: Text
  package var checkpoint: Text
  package var task: Text
  /// The name under which its graph is known to those who resume it.
  package var graph: Text
  package var shape: GraphShape
  package var review: Text
  package var status: GraphInterruptMachine.State
  /// What the graph is to get, as JSON.
  package var value: [UInt8]?
  /// A digest of what was asked.
  package let request: Text
  /// How often the answer was given to the graph.
  package var attempts: Int64
  package var updatedAt: Instant

  package init(
    thread: Text, id: Text, namespace: Text, checkpoint: Text, task: Text, graph: Text,
    shape: GraphShape, review: Text, status: GraphInterruptMachine.State, value: [UInt8]? = nil,
    request: Text, attempts: Int64 = 0, updatedAt: Instant
  ) {
    self.thread = thread
    self.id = id
    self.namespace = namespace
    self.checkpoint = checkpoint
    self.task = task
    self.graph = graph
    self.shape = shape
    self.review = review
    self.status = status
    self.value = value
    self.request = request
    self.attempts = attempts
    self.updatedAt = updatedAt
  }
}
