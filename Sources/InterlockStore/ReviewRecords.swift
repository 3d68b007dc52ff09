package import InterlockCore

/// A review as it is stored: columns to find it by, and two documents.
package struct ReviewRecord: Sendable {
  /// The order of opening; 0 in a record that is to be stored.
  package var sequence: Int64
  package var id: Text
  package var kind: ReviewKind
  package var status: ReviewStatus
  package var outcome: ReviewOutcome?
  package var successor: Text?
  package var thread: Text?
  package var channel: Text?
  package var interrupt: Text?
  package var externalID: Text?
  package var key: Text?
  /// Type and value of who is asked.
  package var assignee: Text?
  /// When something happens by itself.
  package var due: Instant?
  package var revision: Int64
  package var createdAt: Instant
  /// A digest of the request: an equal one with the same key is the same request.
  package var request: Text
  /// What never changes, and what does.
  package var definition: [UInt8]
  package var progress: [UInt8]
  /// What changes, as it is shown: a JSON object without secrets.
  package var head: [UInt8]

  package init(
    sequence: Int64 = 0, id: Text, kind: ReviewKind, status: ReviewStatus, outcome: ReviewOutcome?,
    successor: Text?, thread: Text?, channel: Text?, interrupt: Text?, externalID: Text?,
    key: Text?, assignee: Text?, due: Instant?, revision: Int64, createdAt: Instant, request: Text,
    definition: [UInt8], progress: [UInt8], head: [UInt8] = []
  ) {
    self.sequence = sequence
    self.id = id
    self.kind = kind
    self.status = status
    self.outcome = outcome
    self.successor = successor
    self.thread = thread
    self.channel = channel
    self.interrupt = interrupt
    self.externalID = externalID
    self.key = key
    self.assignee = assignee
    self.due = due
    self.revision = revision
    self.createdAt = createdAt
    self.request = request
    self.definition = definition
    self.progress = progress
    self.head = head
  }

  /// What the review looks like, without secrets: what changes, and then what does not.
  package var document: [UInt8] { head.dropLast() + [UInt8(ascii: ",")] + definition.dropFirst() }
}

/// By what a review is found.
package enum ReviewSelector: Sendable {
  case id(Text)
  case key(Text)
  case interrupt(Text)
  case externalID(Text)
  case thread(Text)

  /// Whether no two reviews can fit.
  package var isUnique: Bool {
    switch self {
    case .id, .key: true
    case .interrupt, .externalID, .thread: false
    }
  }
}

/// Which reviews to list, and in which order. Nil is no condition.
package struct ReviewScan: Sendable {
  package enum Order: Sendable {
    case newest
    case oldest
    /// By due time; only those that have one.
    case mostUrgent
  }

  package var status: ReviewStatus?
  package var kind: ReviewKind?
  package var channel: Text?
  package var thread: Text?
  package var assignee: Text?
  package var dueBefore: Instant?
  package var order: Order
  /// Only what comes after this place in the order.
  package var after: ReviewPosition?
  package var limit: Int

  package init(order: Order = .newest, limit: Int) {
    self.order = order
    self.limit = limit
  }
}

package struct ReviewPosition: Sendable, Equatable {
  package let due: Instant
  package let sequence: Int64

  package init(due: Instant, sequence: Int64) {
    self.due = due
    self.sequence = sequence
  }
}

package struct EventRecord: Sendable {
  /// 0 in a record that is to be stored.
  package var sequence: Int64
  package let type: Text
  package let at: Instant
  package let review: Text?
  package let thread: Text?
  package let channel: Text?
  /// A JSON object.
  package let body: [UInt8]

  package init(
    sequence: Int64 = 0, type: Text, at: Instant, review: Text?, thread: Text?, channel: Text?,
    body: [UInt8]
  ) {
    self.sequence = sequence
    self.type = type
    self.at = at
    self.review = review
    self.thread = thread
    self.channel = channel
    self.body = body
  }
}

package struct AuditRecord: Sendable {
  package let sequence: Int64
  package let review: Text?
  /// The canonical JSON of the record without its hash.
  package let body: [UInt8]
  /// SHA-256 of the body.
  package let hash: [UInt8]

  package init(sequence: Int64, review: Text?, body: [UInt8], hash: [UInt8]) {
    self.sequence = sequence
    self.review = review
    self.body = body
    self.hash = hash
  }
}

package struct PolicyRecord: Sendable {
  package let name: Text
  package let version: Int
  package let body: [UInt8]

  package init(name: Text, version: Int, body: [UInt8]) {
    self.name = name
    self.version = version
    self.body = body
  }
}

/// What is written beside a review: decisions and comments, each numbered from 1.
package enum ReviewNote: Sendable {
  case decision
  case comment
}
