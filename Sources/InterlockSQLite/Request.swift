import InterlockStore

/// One caller's request to a `GroupCommit`.
///
/// Written by the thread that runs it before the bell of its batch rings, read by the caller after.
final class Request: @unchecked Sendable {
  typealias Body = (SQLiteTransaction) throws(StoreError) -> Void

  let lasting: Lasting
  let body: Body
  private var result: Result<Void, StoreError>?

  init(_ lasting: Lasting, _ body: @escaping Body) {
    self.lasting = lasting
    self.body = body
  }

  func finish(_ result: Result<Void, StoreError>) {
    self.result = result
  }

  func outcome() -> Result<Void, StoreError> {
    result ?? .failure(StoreError(.internalDefect, "a request was not run"))
  }
}

/// Requests that share one transaction. The queue adds to them until their turn comes.
final class Batch: @unchecked Sendable {
  static let most = 256

  private(set) var requests: [Request]
  /// Rings when all were run.
  let done = Bell()

  init(_ first: Request) {
    requests = [first]
  }

  /// False if it has as many as it may have.
  func add(_ request: Request) -> Bool {
    guard requests.count < Self.most else { return false }
    requests.append(request)
    return true
  }
}
