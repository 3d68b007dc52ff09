/// What a permit has come to: requirements 3.2.
package enum PermitStatus: String, Sendable, CaseIterable {
  case issued
  /// Somebody is at it, and has time to report.
  case consumed
  case done
  case failed
  /// Nobody reported: the effect may have happened. It is never run again by itself.
  case unknown
}

/// Decides about the single-use right to run exactly what was approved: DESIGN section 4.
///
/// `issued -> consumed -> done | failed | unknown`. One event is one method. Whether a consumed permit is
/// unknown is a function of the record and the time.
package struct PermitMachine: Sendable, Equatable {
  private enum State: Sendable, Equatable {
    case issued
    case consumed(until: Instant)
    case done
    case failed
  }

  package enum Action: Sendable, Equatable {
    case consumed(until: Instant)
    case reported(PermitStatus)
    /// The same was reported before.
    case replayed
    case rejected(PermitRefusal)
  }

  private var state: State
  /// A digest of the canonical bytes of tool and arguments.
  package let digest: Text

  package init(issuing digest: Text) {
    self.digest = digest
    state = .issued
  }

  /// A permit as it was stored. Nil if no machine can have been in this state.
  package init?(stored status: PermitStatus, until: Instant?, digest: Text) {
    self.digest = digest
    switch (status, until) {
    case (.issued, nil): state = .issued
    case (.consumed, let until?): state = .consumed(until: until)
    case (.done, _): state = .done
    case (.failed, _): state = .failed
    case (.issued, _), (.consumed, _), (.unknown, _): return nil
    }
  }

  /// What is stored. `unknown` is never stored: it comes of the time.
  package var stored: (status: PermitStatus, until: Instant?) {
    switch state {
    case .issued: (.issued, nil)
    case .consumed(let until): (.consumed, until)
    case .done: (.done, nil)
    case .failed: (.failed, nil)
    }
  }

  package func status(at now: Instant) -> PermitStatus {
    switch state {
    case .issued: .issued
    case .consumed(let until): now >= until ? .unknown : .consumed
    case .done: .done
    case .failed: .failed
    }
  }

  /// Somebody is about to run `actual`. Of any number who ask, one may.
  package mutating func consume(
    _ actual: Text, patience: Int64, at now: Instant
  ) -> Action {
    switch state {
    case .issued:
      guard actual == digest else {
        return .rejected(
          PermitRefusal(.argsChanged, "These are not the arguments that were approved."))
      }
      let (end, overflow) = now.addingReportingOverflow(max(1, patience))
      let until = overflow ? Instant.max : end
      state = .consumed(until: until)
      return .consumed(until: until)
    case .consumed(let until):
      return .rejected(
        now >= until
          ? PermitRefusal(.unknown, "It was used and nobody reported: look what happened first.")
          : PermitRefusal(.alreadyUsed, "Somebody is using this permit."))
    case .done, .failed:
      return .rejected(PermitRefusal(.alreadyUsed, "This permit was used."))
    }
  }

  /// What came of it: from the worker, or from whoever found out later.
  package mutating func report(isDone: Bool) -> Action {
    let reported: PermitStatus = isDone ? .done : .failed
    switch state {
    case .issued:
      return .rejected(PermitRefusal(.notUsed, "This permit was not used yet."))
    case .consumed:
      state = isDone ? .done : .failed
      return .reported(reported)
    case .done:
      return isDone ? .replayed : .rejected(Self.otherwise)
    case .failed:
      return isDone ? .rejected(Self.otherwise) : .replayed
    }
  }

  private static let otherwise = PermitRefusal(.alreadyUsed, "It was reported otherwise before.")
}

/// Why a permit was not honoured: requirements 3.5.
package struct PermitRefusal: Error, Sendable, Equatable {
  package enum Code: String, Sendable, CaseIterable {
    case argsChanged = "ARGS_CHANGED"
    case alreadyUsed = "ALREADY_USED"
    case unknown = "UNKNOWN_EFFECT"
    case notUsed = "NOT_USED"
    case unknownPermit = "UNKNOWN_PERMIT"
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
