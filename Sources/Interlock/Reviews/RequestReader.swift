import InterlockCore
import InterlockStore

/// Reads a request document: a JSON object with the members that interlock.h describes.
struct RequestReader {
  var members: MemberReader
  let document: JSONValue

  init(_ json: [UInt8]) throws(EngineError) {
    do throws(JSONError) {
      document = try JSONReader.read(json)
    } catch {
      let isTooMuch = error.reason == .tooLarge || error.reason == .tooDeep
      throw EngineError(
        isTooMuch ? .tooLarge : .invalidJSON, "request is not JSON: \(error.message)",
        path: "request")
    }
    guard case .object = document else {
      throw EngineError(.invalidArgument, "request is not a JSON object", path: "request")
    }
    members = MemberReader(document)
  }

  /// Exactly one of the members that name a review.
  mutating func selector(_ need: MemberReader.Need = .required) -> ReviewSelector? {
    var found: [ReviewSelector] = []
    if let id = members.id("id") { found.append(.id(id)) }
    if let key = members.id("review_key") { found.append(.key(key)) }
    if let interrupt = members.id("interrupt") { found.append(.interrupt(interrupt)) }
    if let id = members.id("external_id") { found.append(.externalID(id)) }
    if let thread = members.id("thread") { found.append(.thread(thread)) }
    if found.isEmpty, need == .optional { return nil }
    guard found.count == 1 else {
      members.add([
        Problem(
          found.isEmpty ? .missing : .tooMany, at: .root,
          "A review is named by one of id, review_key, interrupt, external_id, thread.")
      ])
      return nil
    }
    return found.first
  }

  /// Refuses the request if anything is wrong with it. To be called when everything was read.
  mutating func finish() throws(EngineError) {
    members.finish { $0.name.utf8.starts(with: "x-".utf8) }
    guard members.problems.isEmpty else { throw EngineError(members.problems) }
  }

  /// What was read must be there: `finish` has said so before.
  static func required<Value>(_ value: Value?, _ name: StaticString) throws(EngineError) -> Value {
    guard let value else {
      throw EngineError(.invalidArgument, "\(name) is required", path: "/\(name)")
    }
    return value
  }

  mutating func limit(_ usual: Int, most: Int = 1000) -> Int {
    members.integer("limit", in: 1...most) ?? usual
  }
}
