import Interlock
import InterlockStore

/// Why a call of the C interface failed.
struct Failure: Error {
  let status: Status
  let message: String
  /// The argument or part at fault, or empty.
  let path: String
  /// A JSON object with more, or nothing.
  let details: [UInt8]

  init(_ status: Status, _ message: String, path: String = "", details: [UInt8] = []) {
    self.status = status
    self.message = message
    self.path = path
    self.details = details
  }

  init(_ error: EngineError) {
    self.init(error.status, error.message, path: error.path, details: error.details)
  }

  init(_ error: StoreError) {
    self.init(Status(error.code), error.message, path: error.path)
  }

  /// The same failure of one element of an array: `values.type` becomes `values[3].type`.
  func inElement(_ index: Int, of array: String) -> Failure {
    guard path.hasPrefix(array), message.hasPrefix(path) else { return self }
    let place = "\(array)[\(index)]\(path.dropFirst(array.count))"
    return Failure(status, place + message.dropFirst(path.count), path: place)
  }

  static func misuse(_ name: StaticString, _ what: StaticString) -> Failure {
    Failure(.misuse, "\(name) \(what)", path: "\(name)")
  }
}
