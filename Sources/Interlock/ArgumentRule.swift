import InterlockCore
import InterlockStore

/// What arguments must be before a request looks at the store. `path` names the argument; it is made only
/// if it is needed.
enum ArgumentRule {
  /// An id, name or version: 1 to 512 bytes.
  static func id(_ text: Text, _ path: @autoclosure () -> String) throws(StoreError) {
    guard !text.isEmpty else {
      throw StoreError(.invalidArgument, "\(path()) is empty", path: path())
    }
    try size(text.utf8.count, Limits.idBytes, path())
  }

  static func optionalID(_ text: Text?, _ path: String) throws(StoreError) {
    if let text { try id(text, path) }
  }

  static func namespace(_ text: Text) throws(StoreError) {
    try size(text.utf8.count, Limits.namespaceBytes, "checkpoint_ns")
  }

  static func type(_ text: Text, _ path: @autoclosure () -> String) throws(StoreError) {
    try size(text.utf8.count, Limits.typeBytes, path())
  }

  static func size(
    _ size: Int, _ limit: Int, _ path: @autoclosure () -> String
  ) throws(StoreError) {
    guard size <= limit else {
      throw StoreError(
        .tooLarge, "\(path()) has \(size) bytes, the limit is \(limit)", path: path())
    }
  }

  static func count(_ count: Int, _ path: String) throws(StoreError) {
    guard count <= Limits.arrayElements else {
      throw StoreError(
        .tooLarge, "\(path) has \(count) elements, the limit is \(Limits.arrayElements)",
        path: path)
    }
  }

  static func distinct<Element>(
    _ elements: [Element], _ path: String, channel: (Element) -> Text
  ) throws(StoreError) {
    guard elements.count > 1 else { return }
    guard Set(elements.map(channel)).count == elements.count else {
      throw StoreError(.invalidArgument, "\(path) names a channel twice", path: path)
    }
  }

  /// How many a page may hold.
  static func limit(_ limit: Int) throws(StoreError) {
    guard 1...Limits.pageCheckpoints ~= limit else {
      throw StoreError(
        .invalidArgument, "limit is \(limit), not 1 to \(Limits.pageCheckpoints)", path: "limit")
    }
  }

  /// A JSON object, or nothing for an empty text.
  static func object(_ json: [UInt8], _ path: String) throws(StoreError) -> JSONValue {
    guard !json.isEmpty else { return .object([]) }
    do throws(JSONError) {
      let value = try JSONReader.read(json)
      guard case .object = value else {
        throw JSONError(reason: .unexpectedByte, offset: 0)
      }
      return value
    } catch {
      let isTooMuch = error.reason == .tooLarge || error.reason == .tooDeep
      let code: StoreError.Code = isTooMuch ? .tooLarge : .invalidJSON
      throw StoreError(code, "\(path) is not a JSON object: \(error.message)", path: path)
    }
  }
}
