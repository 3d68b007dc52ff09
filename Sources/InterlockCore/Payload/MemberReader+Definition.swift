/// What the definitions of reviews have in common.
extension MemberReader {
  /// Reads 1 to `ReviewPayload.maxEntries` objects, each named by its member `key`: a text that is
  /// not empty and that no other has (P26).
  mutating func list<Element>(
    _ name: StaticString, _ need: Need, key: StaticString,
    _ element: (_ key: Text, _ reader: inout MemberReader) -> Element
  ) -> [Element]? {
    guard let values = array(name, need, count: 1...ReviewPayload.maxEntries) else { return nil }
    let path = pointer(name)
    var seen: Set<Text> = []
    var elements: [Element] = []
    elements.reserveCapacity(values.count)
    for (index, value) in values.enumerated() {
      var reader = MemberReader(value, at: path.appending(index))
      let id = reader.text(key, .required, nonEmpty: true)
      if let id, !id.isEmpty, !seen.insert(id).inserted {
        reader.report(
          Flaw(.duplicate, "Another has the same \(key).", got: Flaw.excerpt(id)), at: key)
      }
      elements.append(element(id ?? .empty, &reader))
      reader.finishDefinition()
      add(reader.problems)
    }
    return elements
  }

  /// Definitions may carry what only a renderer reads: an object `ui`, and members that begin with
  /// `x-`. Anything else unknown is refused, for it may be a rule that nobody would enforce.
  mutating func finishDefinition() {
    _ = object("ui")
    finish { $0.name.utf8.starts(with: "x-".utf8) }
  }

  /// Two bounds of the same thing; `low` must not be above `high`.
  mutating func reportCrossed(_ low: StaticString, above high: StaticString, expected: JSONValue?) {
    report(Flaw(.max, "\(low) must not be above \(high).", expected: expected), at: low)
  }

  mutating func schema(_ name: StaticString, _ mode: ReadMode) -> SchemaCheck? {
    guard let document = value(name) else { return nil }
    switch mode {
    case .stored:
      return .deferred(document)
    case .strict:
      do throws(InvalidPayload) {
        return try SchemaCheck(compiling: document, at: pointer(name))
      } catch {
        add(error.problems)
        return nil
      }
    }
  }
}
