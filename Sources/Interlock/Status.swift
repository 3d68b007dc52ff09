public import InterlockStore

/// The numbers of the C interface. Explicit, in groups of ten, never reused; equal to interlock.h.
public enum Status: Int32, CaseIterable, Sendable {
  case ok = 0

  case misuse = 10
  case invalidArgument = 11
  case invalidUTF8 = 12
  case tooLarge = 13
  case unsupported = 14
  case invalidJSON = 15

  case badHandle = 20
  case closed = 21
  case forked = 22

  case notFound = 30
  case busy = 31
  case readOnly = 32
  case diskFull = 33
  case inputOutput = 34
  case corrupt = 35
  case foreignFile = 36
  case newerSchema = 37
  case cannotOpen = 38
  case noMemory = 39
  case alreadyExists = 40
  case threadBusy = 41
  case fenced = 42
  case notInterrupted = 43
  case unknownInterrupt = 44
  case ambiguousInterrupt = 45
  case diverged = 46
  case duplicateKey = 47
  case notRunning = 48
  case reviewRequired = 49

  case invalidPayload = 50
  case invalidResponse = 51
  case invalidPolicy = 52
  case invalidDeadline = 53
  case invalidOutcome = 54
  case unknownReview = 55
  case unknownPolicy = 56
  case ambiguousReview = 57
  case alreadyResolved = 58
  case expired = 59
  case cancelled = 60
  case superseded = 61
  case notAuthorized = 62
  case wrongStage = 63
  case alreadyVoted = 64
  case selfApproval = 65
  case conflict = 66
  case idempotencyMismatch = 67

  case argsChanged = 70
  case alreadyUsed = 71
  case unknownEffect = 72
  case notUsed = 73
  case unknownPermit = 74
  case tokenInvalid = 75
  case tokenUsed = 76
  case tokenExpired = 77
  case signatureInvalid = 78
  case timestampStale = 79

  case timeout = 80
  case waitCancelled = 81

  case invalidIteration = 85
  case inGroup = 86
  case unknownMessage = 87

  case internalDefect = 90

  /// The name in interlock.h without its prefix.
  public var name: StaticString {
    switch self {
    case .ok: "OK"
    case .misuse: "MISUSE"
    case .invalidArgument: "INVALID_ARGUMENT"
    case .invalidUTF8: "INVALID_UTF8"
    case .tooLarge: "TOO_LARGE"
    case .unsupported: "UNSUPPORTED"
    case .invalidJSON: "INVALID_JSON"
    case .badHandle: "BAD_HANDLE"
    case .closed: "CLOSED"
    case .forked: "FORKED"
    case .notFound: "NOT_FOUND"
    case .busy: "BUSY"
    case .readOnly: "READ_ONLY"
    case .diskFull: "DISK_FULL"
    case .inputOutput: "IO"
    case .corrupt: "CORRUPT"
    case .foreignFile: "FOREIGN_FILE"
    case .newerSchema: "NEWER_SCHEMA"
    case .cannotOpen: "CANNOT_OPEN"
    case .noMemory: "NO_MEMORY"
    case .alreadyExists: "ALREADY_EXISTS"
    case .threadBusy: "THREAD_BUSY"
    case .fenced: "FENCED"
    case .notInterrupted: "NOT_INTERRUPTED"
    case .unknownInterrupt: "UNKNOWN_INTERRUPT"
    case .ambiguousInterrupt: "AMBIGUOUS_INTERRUPT"
    case .diverged: "DIVERGED"
    case .duplicateKey: "DUPLICATE_KEY"
    case .notRunning: "NOT_RUNNING"
    case .reviewRequired: "REVIEW_REQUIRED"
    case .invalidPayload: "INVALID_PAYLOAD"
    case .invalidResponse: "INVALID_RESPONSE"
    case .invalidPolicy: "INVALID_POLICY"
    case .invalidDeadline: "INVALID_DEADLINE"
    case .invalidOutcome: "INVALID_OUTCOME"
    case .unknownReview: "UNKNOWN_REVIEW"
    case .unknownPolicy: "UNKNOWN_POLICY"
    case .ambiguousReview: "AMBIGUOUS_REVIEW"
    case .alreadyResolved: "ALREADY_RESOLVED"
    case .expired: "EXPIRED"
    case .cancelled: "CANCELLED"
    case .superseded: "SUPERSEDED"
    case .notAuthorized: "NOT_AUTHORIZED"
    case .wrongStage: "WRONG_STAGE"
    case .alreadyVoted: "ALREADY_VOTED"
    case .selfApproval: "SELF_APPROVAL"
    case .conflict: "CONFLICT"
    case .idempotencyMismatch: "IDEMPOTENCY_MISMATCH"
    case .argsChanged: "ARGS_CHANGED"
    case .alreadyUsed: "ALREADY_USED"
    case .unknownEffect: "UNKNOWN_EFFECT"
    case .notUsed: "NOT_USED"
    case .unknownPermit: "UNKNOWN_PERMIT"
    case .tokenInvalid: "TOKEN_INVALID"
    case .tokenUsed: "TOKEN_USED"
    case .tokenExpired: "TOKEN_EXPIRED"
    case .signatureInvalid: "SIGNATURE_INVALID"
    case .timestampStale: "TIMESTAMP_STALE"
    case .timeout: "TIMEOUT"
    case .waitCancelled: "WAIT_CANCELLED"
    case .invalidIteration: "INVALID_ITERATION"
    case .inGroup: "IN_GROUP"
    case .unknownMessage: "UNKNOWN_MESSAGE"
    case .internalDefect: "INTERNAL"
    }
  }

  public init(_ code: StoreError.Code) {
    self =
      switch code {
      case .notFound: .notFound
      case .alreadyExists: .alreadyExists
      case .busy: .busy
      case .readOnly: .readOnly
      case .diskFull: .diskFull
      case .inputOutput: .inputOutput
      case .corrupt: .corrupt
      case .foreignFile: .foreignFile
      case .newerSchema: .newerSchema
      case .cannotOpen: .cannotOpen
      case .noMemory: .noMemory
      case .forked: .forked
      case .closed: .closed
      case .invalidArgument: .invalidArgument
      case .invalidJSON: .invalidJSON
      case .tooLarge: .tooLarge
      case .unsupported: .unsupported
      case .internalDefect: .internalDefect
      }
  }
}
