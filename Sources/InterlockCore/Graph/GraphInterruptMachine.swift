/// An interrupt of a graph, from the question until the graph has gone on with the answer.
package struct GraphInterruptMachine: Sendable, Equatable {
  package enum State: String, Sendable, CaseIterable {
    /// A person is asked.
    case waiting
    /// The answer is there, and the graph has not used it.
    case answered
    /// The review has ended with nothing that the graph could be told.
    case unanswered
    /// The graph has used the answer, and the worker that gave it is not through yet.
    case applying
    /// The graph has used the answer and gone on, to its next question or to its end.
    case applied
    /// The graph has raised an error after it had the answer. LangGraph keeps the answer with the task.
    case failed
    /// The thread went on without it.
    case moved

    /// Whether something can still come of it.
    package var isOpen: Bool { self != .applied && self != .moved }
    /// Whether the graph has to be run for it.
    package var isDue: Bool { self == .answered || mustRunAgain }
    /// Whether the graph has the answer already, and has to be run all the same.
    package var mustRunAgain: Bool { self == .failed || self == .applying }
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
    case .answered, .unanswered, .applying, .applied, .failed, .moved:
      return .kept
    }
  }

  /// The same was asked once more: the task has no answer.
  package mutating func ask() -> Action {
    switch state {
    case .failed:
      return become(.answered)
    case .waiting, .answered, .unanswered, .applying, .applied, .moved:
      return .kept
    }
  }

  /// The task that asked has written what it made of the answer. `byClaim`: for a worker that will say
  /// when it is through.
  package mutating func finish(byClaim: Bool) -> Action {
    switch state {
    case .answered, .failed:
      return become(byClaim ? .applying : .applied)
    case .waiting, .unanswered:
      // Answered past the review.
      state = .moved
      return .withdrawn
    case .applying, .applied, .moved:
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
    case .applying, .applied, .failed, .moved:
      return .kept
    }
  }

  /// The thread has a newer checkpoint that is not of the graph going on with this, or is gone.
  package mutating func pass() -> Action {
    switch state {
    case .waiting:
      state = .moved
      return .withdrawn
    case .answered, .unanswered, .failed:
      return become(.moved)
    case .applying:
      return become(.applied)
    case .applied, .moved:
      return .kept
    }
  }

  /// The worker that gave the answer is through.
  package mutating func release() -> Action {
    switch state {
    case .applying:
      return become(.applied)
    case .waiting, .answered, .unanswered, .applied, .failed, .moved:
      return .kept
    }
  }

  private mutating func become(_ new: State) -> Action {
    state = new
    return .became(new)
  }
}
