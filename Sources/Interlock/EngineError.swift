package import InterlockCore
import InterlockStore

/// Why a request about reviews, events or the audit was not done. Since 0.1.
public struct EngineError: Error, Sendable {
  public let status: Status
  /// One English line for a person.
  public let message: String
  /// The JSON pointer of the member at fault, or empty.
  public let path: String
  /// `{"code","message","problems"?,"successor"?}` of a refusal, or empty.
  public let details: [UInt8]

  init(_ status: Status, _ message: String, path: String = "") {
    self.status = status
    self.message = message
    self.path = path
    details = []
  }

  init(_ error: StoreError) {
    self.init(Status(error.code), error.message, path: error.path)
  }

  init(_ refusal: Refusal) {
    status = Status(refusal.code)
    message = refusal.message
    path = refusal.problems.first?.path.text.string ?? ""
    details = JSONWriter.write(refusal.json)
  }

  init(_ refusal: RunRefusal) {
    status = Status(refusal.code)
    message = refusal.message
    path = ""
    details = JSONWriter.write(refusal.json)
  }

  init(_ refusal: PermitRefusal) {
    status = Status(refusal.code)
    message = refusal.message
    path = ""
    details = JSONWriter.write(refusal.json)
  }

  init(_ refusal: MessageRefusal) {
    status = Status(refusal.code)
    message = refusal.message
    path = ""
    details = JSONWriter.write(refusal.json)
  }

  init(_ refusal: DeliveryRefusal) {
    status =
      switch refusal.code {
      case .notFound: .notFound
      case .fenced: .fenced
      case .conflict: .conflict
      }
    message = refusal.message
    path = ""
    details = JSONWriter.write(refusal.json)
  }

  init(_ refusal: WebhookRefusal) {
    status =
      switch refusal.code {
      case .signatureInvalid: .signatureInvalid
      case .timestampStale: .timestampStale
      }
    message = refusal.message
    path = ""
    details = JSONWriter.write(refusal.json)
  }

  /// A request that has not the documented shape.
  init(_ problems: [Problem]) {
    let first = problems.first { $0.code == .tooLarge } ?? problems.first
    status = first?.code == .tooLarge ? .tooLarge : .invalidArgument
    path = first?.path.text.string ?? ""
    message = "request\(path): \(first?.message ?? "")"
    details = JSONWriter.write(
      .object([
        "code": .text("\(status.name)"), "message": .text(message),
        "problems": .array(problems.map(\.json)),
      ]))
  }
}

extension JSONValue: ExpressibleByStringLiteral {
  package init(stringLiteral value: StaticString) {
    self = .string(Text(stringLiteral: value))
  }
}

extension Status {
  init(_ code: Refusal.Code) {
    self =
      switch code {
      case .invalidPayload: .invalidPayload
      case .invalidResponse: .invalidResponse
      case .invalidPolicy: .invalidPolicy
      case .invalidDeadline: .invalidDeadline
      case .invalidOutcome: .invalidOutcome
      case .unknownReview: .unknownReview
      case .unknownPolicy: .unknownPolicy
      case .ambiguousReview: .ambiguousReview
      case .alreadyResolved: .alreadyResolved
      case .expired: .expired
      case .cancelled: .cancelled
      case .superseded: .superseded
      case .notAuthorized: .notAuthorized
      case .wrongStage: .wrongStage
      case .alreadyVoted: .alreadyVoted
      case .selfApproval: .selfApproval
      case .conflict: .conflict
      case .idempotencyMismatch: .idempotencyMismatch
      case .tokenInvalid: .tokenInvalid
      case .tokenUsed: .tokenUsed
      case .tokenExpired: .tokenExpired
      }
  }
}

extension Status {
  init(_ code: RunRefusal.Code) {
    self =
      switch code {
      case .threadBusy: .threadBusy
      case .fenced: .fenced
      case .notInterrupted: .notInterrupted
      case .unknownInterrupt: .unknownInterrupt
      case .ambiguousInterrupt: .ambiguousInterrupt
      case .alreadyResolved: .alreadyResolved
      case .cancelled: .cancelled
      case .diverged: .diverged
      case .duplicateKey: .duplicateKey
      case .notRunning: .notRunning
      case .reviewRequired: .reviewRequired
      }
  }
}

extension Status {
  init(_ code: PermitRefusal.Code) {
    self =
      switch code {
      case .argsChanged: .argsChanged
      case .alreadyUsed: .alreadyUsed
      case .unknown: .unknownEffect
      case .notUsed: .notUsed
      case .unknownPermit: .unknownPermit
      }
  }
}

extension Status {
  init(_ code: MessageRefusal.Code) {
    self =
      switch code {
      case .unknownMessage: .unknownMessage
      case .invalidIteration: .invalidIteration
      case .inGroup: .inGroup
      case .idempotencyMismatch: .idempotencyMismatch
      }
  }
}

extension Result where Failure == Refusal {
  /// The value, or the refusal as the caller's error.
  func orRefused() throws(EngineError) -> Success {
    switch self {
    case .success(let value): return value
    case .failure(let refusal): throw EngineError(refusal)
    }
  }
}

extension Engine {
  /// Runs a request that changes reviews, and wakes whoever waits.
  func change<Value>(
    _ body: @escaping (any StoreTransaction) throws(StoreError) -> Value
  ) throws(EngineError) -> Value {
    do throws(StoreError) {
      let value = try store.write(.always, body)
      store.changes.announce()
      return value
    } catch {
      throw EngineError(error)
    }
  }

  func look<Value>(
    _ body: @escaping (any StoreTransaction) throws(StoreError) -> Value
  ) throws(EngineError) -> Value {
    do throws(StoreError) {
      return try store.read(body)
    } catch {
      throw EngineError(error)
    }
  }
}
