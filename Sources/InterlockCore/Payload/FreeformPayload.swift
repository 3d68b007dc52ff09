/// `{"schema"?, "raw"?}`, answered by any JSON object that satisfies the schema, or by any value at
/// all when raw: the pause of a program that asks for whatever it likes.
package struct FreeformPayload: Sendable {
  private let schema: SchemaCheck?
  package let isRaw: Bool

  package var hasSchema: Bool { schema != nil }

  init(_ reader: inout MemberReader, _ mode: ReadMode) {
    schema = reader.schema("schema", mode)
    isRaw = reader.bool("raw") ?? false
  }

  func check(_ response: JSONValue) -> AnswerCheck {
    if !isRaw {
      guard case .object = response else {
        return .invalid([Flaw.type("object", response).at(.root)])
      }
    }
    let problems = schema?.problems(in: response, at: .root) ?? []
    return .unless(problems, Answer(.answer, response))
  }
}
