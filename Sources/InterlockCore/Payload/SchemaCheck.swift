/// A JSON Schema that an answer must satisfy.
enum SchemaCheck: Sendable {
  case compiled(Schema)
  /// Of a stored payload: it was compiled when the review was opened, and is compiled again only
  /// when an answer needs it.
  case deferred(JSONValue)

  init(compiling document: JSONValue, at path: JSONPointer) throws(InvalidPayload) {
    do throws(SchemaError) {
      self = .compiled(try Schema(compiling: document, at: path))
    } catch {
      throw InvalidPayload(problems: error.problems)
    }
  }

  func problems(in value: JSONValue, at path: JSONPointer) -> [Problem] {
    switch self {
    case .compiled(let schema):
      return schema.problems(in: value, at: path)
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
