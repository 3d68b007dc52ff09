/// `{"items": [{"id", "name", "args", "description"?, "allowed"?, "schema"?, "allowRename"?}]}`:
/// tool calls that wait for a decision each.
package struct ActionsPayload: Sendable {
  package struct Item: Sendable {
    package let id: Text
    package let name: Text
    package let args: JSONValue
    package let allowed: [ItemDecision]
    /// Of the arguments after an edit that stays with this tool.
    let schema: SchemaCheck?
    package let allowsRename: Bool
  }

  package let items: [Item]
  let ids: NameIndex

  init(_ reader: inout MemberReader, _ mode: ReadMode) {
    items =
      reader.list("items", .required, key: "id") { id, reader in
        Item(id, &reader, mode)
      } ?? []
    ids = NameIndex(items.map(\.id))
  }
}

extension ActionsPayload.Item {
  fileprivate init(_ id: Text, _ reader: inout MemberReader, _ mode: ReadMode) {
    self.id = id
    name = reader.text("name", .required, nonEmpty: true) ?? .empty
    args = reader.object("args", .required) ?? .object([])
    _ = reader.text("description")
    allowed = Self.allowed(&reader)
    schema = reader.schema("schema", mode)
    allowsRename = reader.bool("allowRename") ?? false
  }

  private static func allowed(_ reader: inout MemberReader) -> [ItemDecision] {
    guard let values = reader.array("allowed", count: 1...ReviewPayload.maxEntries) else {
      return ItemDecision.allCases
    }
    let path = reader.pointer("allowed")
    var allowed: [ItemDecision] = []
    for (index, value) in values.enumerated() {
      guard case .string(let text) = value else {
        reader.add([Flaw.type("string", value).at(path.appending(index))])
        continue
      }
      guard let decision: ItemDecision = MemberReader.choice(text) else {
        let flaw = Flaw.notAnOption(text, of: ItemDecision.allCases.map { Text($0.rawValue) })
        reader.add([flaw.at(path.appending(index))])
        continue
      }
      if allowed.contains(decision) {
        let flaw = Flaw(.duplicate, "This is allowed already.", got: value)
        reader.add([flaw.at(path.appending(index))])
      } else {
        allowed.append(decision)
      }
    }
    return allowed
  }
}
