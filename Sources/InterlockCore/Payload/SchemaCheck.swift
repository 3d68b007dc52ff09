/// A JSON Schema that an answer must satisfy.
enum SchemaCheck: Sendable {
  case always(Bool)
  /// Of a stored payload: it was compiled when the review was opened, and is compiled again only
  /// when an answer needs it.
  case deferred(JSONValue)

  init(compiling document: JSONValue, at path: JSONPointer) throws(InvalidPayload) {
    switch document {
    case .bool(let accepts):
      self = .always(accepts)
    case .object:
      let message = "Only the schemas true and false are enforced."
      throw InvalidPayload(problems: [Problem(.unsupported, at: path, message)])
    case .null, .number, .string, .array:
      throw InvalidPayload(problems: [Flaw.type("object", document).at(path)])
    }
  }

  func problems(in value: JSONValue, at path: JSONPointer) -> [Problem] {
    switch self {
    case .always(true):
      return []
    case .always(false):
      return [Problem(.schema, at: path, "The schema allows no value here.")]
    case .deferred(let document):
      do throws(InvalidPayload) {
        return try SchemaCheck(compiling: document, at: .root).problems(in: value, at: path)
      } catch {
        // Fail closed: what cannot be checked is not accepted.
        return [Problem(.unsupported, at: path, "The schema of this review cannot be enforced.")]
      }
    }
  }
}
