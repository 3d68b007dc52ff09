/// What hangs on a message: a text of its own, or the name of something that is kept elsewhere.
enum Attachment {
  static let most = 100

  /// `{"content","filename"?,"mime_type"?}` or `{"id","filename"?,"mime_type"?}`, with what is usual
  /// written out.
  static func read(_ value: JSONValue, at path: JSONPointer, _ problems: inout [Problem])
    -> JSONValue
  {
    var reader = MemberReader(value, at: path)
    let content = reader.text("content")
    let id = reader.id("id")
    let filename = reader.id("filename")
    let type = reader.id("mime_type")
    if case .object = value, (content == nil) == (id == nil), reader.problems.isEmpty {
      reader.add([
        Problem(
          content == nil ? .missing : .unexpected, at: path,
          "An attachment has either content or an id.")
      ])
    }
    if let content, content.utf8.count > MessageDraft.maxTextBytes {
      reader.add([
        Problem(
          .tooLarge, at: reader.pointer("content"),
          "A content has at most \(MessageDraft.maxTextBytes) bytes.")
      ])
    }
    reader.finish { $0.name.utf8.starts(with: "x-".utf8) }
    problems += reader.problems
    guard let content else {
      return .object([
        "id": text(id), "filename": text(filename), "mime_type": text(type),
      ])
    }
    return .object([
      "content": .string(content), "filename": .string(filename ?? "content.md"),
      "mime_type": .string(type ?? "text/markdown"),
    ])
  }

  private static func text(_ text: Text?) -> JSONValue { text.map { .string($0) } ?? .null }
}

extension MemberReader {
  mutating func attachments(_ name: StaticString) -> [JSONValue] {
    guard let values = array(name, count: 0...Attachment.most) else { return [] }
    var found: [Problem] = []
    var attachments: [JSONValue] = []
    for (index, value) in values.enumerated() {
      attachments.append(Attachment.read(value, at: pointer(name).appending(index), &found))
    }
    add(found)
    return attachments
  }
}
