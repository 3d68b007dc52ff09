/// A problem that does not know its place yet: the pointer is only built when there is a problem.
struct Flaw {
  let code: Problem.Code
  let message: String
  let expected: JSONValue?
  let got: JSONValue?

  init(
    _ code: Problem.Code, _ message: String, expected: JSONValue? = nil, got: JSONValue? = nil
  ) {
    self.code = code
    self.message = message
    self.expected = expected
    self.got = got
  }

  func at(_ path: JSONPointer) -> Problem {
    Problem(code, at: path, message, expected: expected, got: got)
  }

  /// The same without anything of what was answered, for values that are secret.
  var discreet: Flaw { Flaw(code, message, expected: expected) }

  /// Says which types, never which value: the value may be a secret in the wrong place.
  static func type(_ expected: String, _ value: JSONValue) -> Flaw {
    let name = typeName(of: value)
    return Flaw(
      .type, "Expected \(expected), got \(name).", expected: .text(expected), got: .text(name))
  }

  static func notAnOption(_ given: Text, of options: [Text]) -> Flaw {
    let isShort = options.count <= 20 && options.allSatisfy { $0.utf8.count <= excerptBytes }
    return Flaw(
      .notAnOption, "This is not one of the options.",
      expected: isShort ? .array(options.map { .string($0) }) : nil, got: excerpt(given))
  }

  /// A report repeats a short text; a long one would only travel twice.
  static func excerpt(_ text: Text) -> JSONValue? {
    text.utf8.count <= excerptBytes ? .string(text) : nil
  }

  private static let excerptBytes = 64

  private static func typeName(of value: JSONValue) -> String {
    switch value {
    case .null: "null"
    case .bool: "boolean"
    case .number: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }
}
