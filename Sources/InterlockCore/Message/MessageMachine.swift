/// How far a message has come.
package enum DeliveryStatus: String, Sendable, CaseIterable {
  case queued
  case acked
}

/// Decides what may happen to a message: requirements 2.1 and 3.5.
///
/// `queued -> acked`. One event is one method.
package struct MessageMachine: Sendable, Equatable {
  private enum State: Sendable, Equatable {
    case queued
    case acked
  }

  package enum Action: Sendable, Equatable {
    case acked
    /// It was acknowledged before.
    case replayed
    case deleted
    /// Another try may follow, in the group of this root.
    case followed(root: Text)
    case rejected(MessageRefusal)
  }

  private var state: State
  package let id: Text
  package let channel: Text
  /// The first message of the group that this one belongs to.
  package let root: Text?

  package init(id: Text, channel: Text, root: Text?, status: DeliveryStatus = .queued) {
    self.id = id
    self.channel = channel
    self.root = root
    state =
      switch status {
      case .queued: .queued
      case .acked: .acked
      }
  }

  package var status: DeliveryStatus {
    switch state {
    case .queued: .queued
    case .acked: .acked
    }
  }

  /// A reader has it.
  package mutating func acknowledge() -> Action {
    switch state {
    case .queued:
      state = .acked
      return .acked
    case .acked:
      return .replayed
    }
  }

  /// Somebody wants it gone. What others build on stays.
  package func delete() -> Action {
    switch (state, root) {
    case (.queued, nil), (.acked, nil):
      return .deleted
    case (.queued, _?), (.acked, _?):
      return .rejected(
        MessageRefusal(.inGroup, "This message is one of several tries: it is not deleted alone."))
    }
  }

  /// Another try is to follow this message, in a channel. `review` is how the review of this one
  /// stands, if it has one: what is still being decided has no next try.
  package func follow(in channel: Text, review: ReviewStatus?) -> Action {
    guard channel == self.channel else {
      return .rejected(
        MessageRefusal(.invalidIteration, "The message before is in another channel."))
    }
    switch review {
    case nil, .resolved, .expired:
      return .followed(root: root ?? id)
    case .pending:
      return .rejected(
        MessageRefusal(.invalidIteration, "The review of the message before is still pending."))
    case .cancelled, .superseded:
      return .rejected(
        MessageRefusal(.invalidIteration, "The review of the message before was taken back."))
    }
  }
}

/// Why a request about a message was not done: requirements 3.5.
package struct MessageRefusal: Error, Sendable, Equatable {
  package enum Code: String, Sendable, CaseIterable {
    case unknownMessage = "UNKNOWN_MESSAGE"
    case invalidIteration = "INVALID_ITERATION"
    case inGroup = "IN_GROUP"
    case idempotencyMismatch = "IDEMPOTENCY_MISMATCH"
  }

  package let code: Code
  package let message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  package var json: JSONValue {
    .object(["code": .text(code.rawValue), "message": .text(message)])
  }
}
