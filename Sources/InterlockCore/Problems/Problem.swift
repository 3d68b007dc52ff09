/// One thing that is wrong with a document a person or a program sent: requirements 3.4.
///
/// A check reports every problem at once, so that a form can mark all its fields.
package struct Problem: Sendable, Equatable {
  package enum Code: String, Sendable, CaseIterable {
    case missing
    case unexpected
    case type
    case empty
    case notAnOption = "not_an_option"
    case duplicate
    case tooFew = "too_few"
    case tooMany = "too_many"
    case min
    case max
    case step
    case minLength = "min_length"
    case maxLength = "max_length"
    case format
    case mismatch
    case count
    case notAllowed = "not_allowed"
    case unknownItem = "unknown_item"
    case schema
    case tooLarge = "too_large"
    /// A definition asks for something this version would not enforce.
    case unsupported
  }

  package let code: Code
  /// A JSON pointer (RFC 6901) into the document that was checked.
  package let path: JSONPointer
  /// One English sentence for a person.
  package let message: String
  package let expected: JSONValue?
  package let got: JSONValue?

  package init(
    _ code: Code, at path: JSONPointer, _ message: String, expected: JSONValue? = nil,
    got: JSONValue? = nil
  ) {
    self.code = code
    self.path = path
    self.message = message
    self.expected = expected
    self.got = got
  }

  /// `{"code","path","message","expected"?,"got"?}`.
  package var json: JSONValue {
    var members = [
      JSONMember(name: "code", value: .text(code.rawValue)),
      JSONMember(name: "path", value: .string(path.text)),
      JSONMember(name: "message", value: .text(message)),
    ]
    if let expected { members.append(JSONMember(name: "expected", value: expected)) }
    if let got { members.append(JSONMember(name: "got", value: got)) }
    return .object(members)
  }
}
