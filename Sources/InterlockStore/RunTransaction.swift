package import InterlockCore

/// What a request about runs can do inside a transaction.
package protocol RunTransaction: AnyObject {
  func run(ofThread thread: Text) throws(StoreError) -> RunRecord?
  /// Inserts or replaces by thread.
  func putRun(_ record: RunRecord) throws(StoreError)
  func runs(status: ThreadStatus?, after thread: Text, limit: Int) throws(StoreError) -> [RunRecord]

  /// The journal of a run, in order.
  func steps(of run: Text) throws(StoreError) -> [StepRecord]
  func insertStep(_ record: StepRecord) throws(StoreError)
  func deleteSteps(of run: Text) throws(StoreError)

  func interrupt(_ id: Text) throws(StoreError) -> InterruptRecord?
  func insertInterrupt(_ record: InterruptRecord) throws(StoreError)
  /// Another review decides about it now.
  func moveInterrupt(_ id: Text, toReview review: Text) throws(StoreError)
  func updateInterrupt(_ record: InterruptRecord) throws(StoreError)
  /// Of a run, in the order of asking.
  func interrupts(ofRun run: Text) throws(StoreError) -> [InterruptRecord]
  /// Those that wait, of a thread or of all, in the order of asking.
  func pendingInterrupts(
    ofThread thread: Text?, after: InterruptPosition?, limit: Int
  ) throws(StoreError) -> [InterruptRecord]

  func permit(_ id: Text) throws(StoreError) -> PermitRecord?
  func insertPermit(_ record: PermitRecord) throws(StoreError)
  func updatePermit(_ record: PermitRecord) throws(StoreError)
  /// Those with an id between two others, by id.
  func permits(after low: Text, before high: Text) throws(StoreError) -> [PermitRecord]
  /// Those that were consumed, not reported, and whose time has passed; by id.
  func unreportedPermits(
    at now: Instant, after id: Text, limit: Int
  ) throws(StoreError) -> [PermitRecord]
}

package struct InterruptPosition: Sendable, Equatable {
  package let createdAt: Instant
  package let id: Text

  package init(createdAt: Instant, id: Text) {
    self.createdAt = createdAt
    self.id = id
  }
}
