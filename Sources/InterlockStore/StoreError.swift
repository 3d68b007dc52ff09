/// Why a request to a store failed. The request was rolled back as a whole.
public struct StoreError: Error, Sendable, Equatable {
  public enum Code: Sendable, CaseIterable {
    case notFound
    case alreadyExists
    case busy
    case readOnly
    case diskFull
    case inputOutput
    case corrupt
    case foreignFile
    case newerSchema
    case cannotOpen
    case noMemory
    case forked
    case closed
    case invalidArgument
    case invalidJSON
    case tooLarge
    case unsupported
    case internalDefect
  }

  public let code: Code
  public let message: String
  /// The argument or part at fault, or empty.
  public let path: String

  public init(_ code: Code, _ message: String, path: String = "") {
    self.code = code
    self.message = message
    self.path = path
  }
}
