package import InterlockCore

/// The work of a thread as it is stored: one row a thread.
package struct RunRecord: Sendable {
  package let thread: Text
  package var status: ThreadStatus
  package var run: Text?
  package var fence: Int64
  package var worker: Text?
  package var leaseUntil: Instant?
  /// The outcome of the run that was last, as JSON.
  package var outcome: [UInt8]?
  /// The run and step that this thread is a part of.
  package var parent: Text?
  package var updatedAt: Instant

  package init(
    thread: Text, status: ThreadStatus, run: Text?, fence: Int64, worker: Text?,
    leaseUntil: Instant?, outcome: [UInt8]?, parent: Text?, updatedAt: Instant
  ) {
    self.thread = thread
    self.status = status
    self.run = run
    self.fence = fence
    self.worker = worker
    self.leaseUntil = leaseUntil
    self.outcome = outcome
    self.parent = parent
    self.updatedAt = updatedAt
  }
}

/// One entry of the journal of a run.
package struct StepRecord: Sendable {
  package let run: Text
  package let position: Int
  package let key: Text
  /// The result of a step, as JSON; nil for an interrupt.
  package let result: [UInt8]?
  /// The id of an interrupt; nil for a step.
  package let interrupt: Text?

  package init(run: Text, position: Int, key: Text, result: [UInt8]?, interrupt: Text?) {
    self.run = run
    self.position = position
    self.key = key
    self.result = result
    self.interrupt = interrupt
  }
}

package struct InterruptRecord: Sendable {
  package enum Status: String, Sendable, CaseIterable {
    case pending
    case resumed
    case cancelled
  }

  package let id: Text
  package let thread: Text
  package let run: Text
  package let key: Text
  /// What is asked, as JSON.
  package let request: [UInt8]
  /// The review that decides about it.
  package var review: Text?
  package var status: Status
  package var value: [UInt8]?
  package var update: [UInt8]?
  package let createdAt: Instant
  package var resolvedAt: Instant?

  package init(
    id: Text, thread: Text, run: Text, key: Text, request: [UInt8], review: Text?,
    status: Status = .pending, value: [UInt8]? = nil, update: [UInt8]? = nil, createdAt: Instant,
    resolvedAt: Instant? = nil
  ) {
    self.id = id
    self.thread = thread
    self.run = run
    self.key = key
    self.request = request
    self.review = review
    self.status = status
    self.value = value
    self.update = update
    self.createdAt = createdAt
    self.resolvedAt = resolvedAt
  }
}

package struct PermitRecord: Sendable {
  package let id: Text
  package let review: Text
  /// The tool call it is for, in a review of several.
  package let item: Text
  /// Tool and arguments, as canonical JSON.
  package let scope: [UInt8]
  /// SHA-256 of the scope, in hex.
  package let digest: Text
  package var status: PermitStatus
  /// When a consumed permit becomes unknown.
  package var until: Instant?
  package var worker: Text?
  /// What was reported, as JSON.
  package var result: [UInt8]?
  package let issuedAt: Instant
  package var updatedAt: Instant

  package init(
    id: Text, review: Text, item: Text, scope: [UInt8], digest: Text,
    status: PermitStatus = .issued, until: Instant? = nil, worker: Text? = nil,
    result: [UInt8]? = nil, issuedAt: Instant, updatedAt: Instant
  ) {
    self.id = id
    self.review = review
    self.item = item
    self.scope = scope
    self.digest = digest
    self.status = status
    self.until = until
    self.worker = worker
    self.result = result
    self.issuedAt = issuedAt
    self.updatedAt = updatedAt
  }
}
