package import InterlockCore

/// A message as it is stored.
package struct MessageRecord: Sendable {
  /// The order of posting; 0 in a record that is to be stored.
  package var sequence: Int64
  package let id: Text
  package let channel: Text
  package let sender: MessageDraft.Sender
  package let key: Text?
  /// A digest of the request: an equal one with the same key is the same request.
  package let request: Text
  package let review: Text?
  /// The first message of its group, if it is in one.
  package var root: Text?
  /// From 1.
  package let iteration: Int64
  package var status: DeliveryStatus
  package var ackedAt: Instant?
  /// Who acknowledged it, as JSON.
  package var ackedBy: [UInt8]?
  /// The rest, as JSON.
  package let body: [UInt8]
  package let createdAt: Instant

  package init(
    sequence: Int64 = 0, id: Text, channel: Text, sender: MessageDraft.Sender, key: Text?,
    request: Text, review: Text?, root: Text?, iteration: Int64, status: DeliveryStatus = .queued,
    ackedAt: Instant? = nil, ackedBy: [UInt8]? = nil, body: [UInt8], createdAt: Instant
  ) {
    self.sequence = sequence
    self.id = id
    self.channel = channel
    self.sender = sender
    self.key = key
    self.request = request
    self.review = review
    self.root = root
    self.iteration = iteration
    self.status = status
    self.ackedAt = ackedAt
    self.ackedBy = ackedBy
    self.body = body
    self.createdAt = createdAt
  }
}

/// Which messages of a channel to list, in the order of posting.
package struct MessageScan: Sendable {
  package var channel: Text
  package var sender: MessageDraft.Sender?
  package var after: Int64
  package var limit: Int

  package init(
    channel: Text, sender: MessageDraft.Sender? = nil, after: Int64 = 0, limit: Int
  ) {
    self.channel = channel
    self.sender = sender
    self.after = after
    self.limit = limit
  }
}

/// A score as it is stored.
package struct FeedbackRecord: Sendable {
  /// 0 in a record that is to be stored.
  package var sequence: Int64
  package let id: Text
  package let target: FeedbackTarget
  package let key: Text
  package let score: Double
  package let comment: Text?
  /// Who gave it, as JSON.
  package let actor: [UInt8]?
  package let at: Instant

  package init(
    sequence: Int64 = 0, id: Text, target: FeedbackTarget, key: Text, score: Double,
    comment: Text?, actor: [UInt8]?, at: Instant
  ) {
    self.sequence = sequence
    self.id = id
    self.target = target
    self.key = key
    self.score = score
    self.comment = comment
    self.actor = actor
    self.at = at
  }
}

/// What all scores of a key come to.
package struct FeedbackSummary: Sendable, Equatable {
  package let key: Text
  package let count: Int64
  package let sum: Double
  package let min: Double
  package let max: Double

  package init(key: Text, count: Int64, sum: Double, min: Double, max: Double) {
    self.key = key
    self.count = count
    self.sum = sum
    self.min = min
    self.max = max
  }
}
