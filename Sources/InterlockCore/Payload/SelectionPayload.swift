/// `{"items": [{"id", "label"?, "description"?}], "mode"?, "min"?, "max"?, "submitLabel"?}`,
/// answered by `{"selectedIds": [...]}`, whose order is kept.
package struct SelectionPayload: Sendable {
  package enum Mode: String, Sendable, CaseIterable {
    case single
    case multi
  }

  package let ids: [Text]
  package let mode: Mode
  /// How many may be selected.
  package let count: ClosedRange<Int>
  private let index: NameIndex

  init(_ reader: inout MemberReader) {
    ids =
      reader.list("items", .required, key: "id") { id, reader in
        _ = reader.text("label")
        _ = reader.text("description")
        return id
      } ?? []
    index = NameIndex(ids)
    mode = reader.choice("mode") ?? .single
    count = Self.count(&reader, mode, items: max(1, ids.count))
    _ = reader.text("submitLabel")
  }

  private static func count(
    _ reader: inout MemberReader, _ mode: Mode, items: Int
  ) -> ClosedRange<Int> {
    let most =
      switch mode {
      case .single: 1...1
      case .multi: 0...items
      }
    let low = reader.integer("min", in: 0...items) ?? 1
    let high = reader.integer("max", in: most) ?? most.upperBound
    guard low <= high else {
      reader.reportCrossed("min", above: "max", expected: .integer(high))
      return high...high
    }
    return low...high
  }

  func check(_ response: JSONValue) -> AnswerCheck {
    var reader = MemberReader(response)
    if let selected = reader.array("selectedIds", .required, count: count) {
      reader.add(problems(in: selected, at: reader.pointer("selectedIds")))
    }
    reader.finish()
    return .unless(reader.problems, Answer(.answer, response))
  }

  private func problems(in selected: [JSONValue], at path: JSONPointer) -> [Problem] {
    var problems: [Problem] = []
    var seen: Set<Int> = []
    for (place, value) in selected.enumerated() {
      guard case .string(let id) = value else {
        problems.append(Flaw.type("string", value).at(path.appending(place)))
        continue
      }
      guard let item = index.position(of: id) else {
        problems.append(Flaw.notAnOption(id, of: ids).at(path.appending(place)))
        continue
      }
      if !seen.insert(item).inserted {
        let flaw = Flaw(.duplicate, "This is selected twice.", got: Flaw.excerpt(id))
        problems.append(flaw.at(path.appending(place)))
      }
    }
    return problems
  }
}
