/// An interrupt of a graph, from the question to the write in which the graph has used the answer.
package struct GraphInterruptMachine: Sendable, Equatable {
  package enum State: String, Sendable, CaseIterable {
    /// A person is asked.
    case waiting
    /// The answer is there, and the graph has not used it.
    case answered
    /// The review has ended with nothing that the graph could be told.
    case unanswered
    /// The graph has used the answer.
    case applied
    /// The graph has raised an error after it had the answer: that answer counts no more.
    case failed
    /// The thread is being forked, so that the answer can be given once more.
    case repairing
    /// The thread went on without it.
    case moved
  }

  package enum Action: Sendable, Equatable {
    case kept
    case became(State)
    /// The review of the question is to be ended.
    case withdrawn
  }

  package private(set) var state: State

  package init(_ state: State) {
    self.state = state
  }

  /// The review has ended. `hasValue`: with something to tell the graph.
  package mutating func resolve(hasValue: Bool) -> Action {
    switch state {
    case .waiting:
      return become(hasValue ? .answered : .unanswered)
    case .answered, .unanswered, .applied, .failed, .repairing, .moved:
      return .kept
    }
  }

  /// The task that asked has written what it made of the answer.
  package mutating func finish() -> Action {
    switch state {
    case .answered:
      return become(.applied)
    case .waiting, .unanswered:
      // Answered past the review.
      state = .moved
      return .withdrawn
    case .applied, .failed, .repairing, .moved:
      return .kept
    }
  }

  /// The task that asked has raised an error. `hadAnswer`: it was stored with an answer, which every
  /// later one would lose against.
  package mutating func fail(hadAnswer: Bool) -> Action {
    switch state {
    case .answered:
      return hadAnswer ? become(.failed) : .kept
    case .waiting, .unanswered:
      guard hadAnswer else { return .kept }
      state = .moved
      return .withdrawn
    case .applied, .failed, .repairing, .moved:
      return .kept
    }
  }

  /// The graph has gone on from a pause.
  package mutating func go() -> Action {
    switch state {
    case .answered:
      return become(.applied)
    case .waiting, .unanswered, .applied, .failed, .repairing, .moved:
      return pass()
    }
  }

  /// The thread has a newer checkpoint, or is gone.
  package mutating func pass() -> Action {
    switch state {
    case .waiting:
      state = .moved
      return .withdrawn
    case .answered, .unanswered:
      return become(.moved)
    case .applied, .failed, .repairing, .moved:
      return .kept
    }
  }

  /// Somebody forks the thread of a failed one.
  package mutating func repair() -> Action {
    switch state {
    case .failed:
      return become(.repairing)
    case .waiting, .answered, .unanswered, .applied, .repairing, .moved:
      return .kept
    }
  }

  /// The same was asked again in the fork: the answer goes on there.
  package mutating func carry() -> Action {
    switch state {
    case .repairing:
      return become(.moved)
    case .waiting, .answered, .unanswered, .applied, .failed, .moved:
      return .kept
    }
  }

  private mutating func become(_ new: State) -> Action {
    state = new
    return .became(new)
  }
}
