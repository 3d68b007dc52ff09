/// Where a thread of agent work stands: requirements 3.2.
package enum ThreadStatus: String, Sendable, CaseIterable {
  case idle
  case busy
  case interrupted
  case error
}

/// The right of one worker to work on a thread, until it runs out.
package struct Lease: Sendable, Equatable {
  package let worker: Text
  /// Grows with every lease of the thread: an older number is refused, however late it comes.
  package let fence: Int64
  package var until: Instant

  package init(worker: Text, fence: Int64, until: Instant) {
    self.worker = worker
    self.fence = fence
    self.until = until
  }
}

/// What a run has come to, for whoever asks.
package enum RunOutcome: Sendable, Equatable {
  case completed(JSONValue)
  case failed(JSONValue)
  case cancelled(reason: Text?)
}

/// What an event did to the work of a thread.
package enum RunAction: Sendable, Equatable {
  /// A new run begins.
  case started(Lease)
  /// A run goes on: after an interrupt, or after an error.
  case resumed(Lease)
  /// The lease of another worker had run out.
  case tookOver(Lease)
  /// The worker goes on working.
  case extended(Lease)
  case suspended
  case completed
  case failed
  case cancelled
  case rejected(RunRefusal)
}

/// Why an event about a run was refused: requirements 3.5.
package struct RunRefusal: Error, Sendable, Equatable {
  package enum Code: String, Sendable, CaseIterable {
    case threadBusy = "THREAD_BUSY"
    /// The lease was lost: another worker has taken over.
    case fenced = "FENCED"
    case notInterrupted = "NOT_INTERRUPTED"
    case unknownInterrupt = "UNKNOWN_INTERRUPT"
    case ambiguousInterrupt = "AMBIGUOUS_INTERRUPT"
    case alreadyResolved = "ALREADY_RESOLVED"
    case cancelled = "CANCELLED"
    /// The program has changed between pause and resume.
    case diverged = "DIVERGED"
    case duplicateKey = "DUPLICATE_KEY"
    case notRunning = "NOT_RUNNING"
    case reviewRequired = "REVIEW_REQUIRED"
  }

  package let code: Code
  package let message: String
  package let details: JSONValue?

  package init(_ code: Code, _ message: String, details: JSONValue? = nil) {
    self.code = code
    self.message = message
    self.details = details
  }

  package var json: JSONValue {
    var members = [
      JSONMember(name: "code", value: .text(code.rawValue)),
      JSONMember(name: "message", value: .text(message)),
    ]
    if case .object(let more)? = details { members += more }
    return .object(members)
  }
}
