/// `{"name", "type", "label"?, "required"?, "placeholder"?, "description"?, "defaultValue"?}` and
/// what belongs to the type.
package struct FormField: Sendable {
  package enum FieldType: String, Sendable, CaseIterable {
    case text
    case number
    case email
    case url
    case textarea
    case select
    case checkbox
    case date
    case time
    case datetime
    case range
    case password
  }

  enum Rule: Sendable {
    case line(TextRule)
    case lines(TextRule)
    case secret(TextRule)
    case email(TextRule)
    case url(TextRule)
    case number(NumberRule)
    case select(NameIndex)
    case checkbox(mustBeTrue: Bool)
    case date
    case time
    case datetime
  }

  package let name: Text
  package let type: FieldType
  package let isRequired: Bool
  let rule: Rule

  init(_ name: Text, _ reader: inout MemberReader, _ mode: ReadMode) {
    self.name = name
    if name == ReviewPayload.dismissed {
      reader.report(Flaw(.notAllowed, "This name is taken: it dismisses a review."), at: "name")
    }
    let known: FieldType? = reader.choice("type", .required)
    type = known ?? .text
    _ = reader.text("label")
    _ = reader.text("description")
    isRequired = reader.bool("required") ?? false
    rule = Self.rule(type, &reader)
    guard known != nil else {
      // What belongs to an unknown type is unknown too, and no problem of its own.
      reader.skipRest()
      return
    }
    if Self.hasPlaceholder(type) { _ = reader.text("placeholder") }
    // The default of a secret would be no secret: a payload is shown and kept as it is.
    if type != .password { checkDefault(&reader, mode) }
  }

  private func checkDefault(_ reader: inout MemberReader, _ mode: ReadMode) {
    guard let value = reader.value("defaultValue"), mode == .strict, reader.problems.isEmpty else {
      return
    }
    for flaw in flaws(in: value) { reader.report(flaw, at: "defaultValue") }
  }

  private static func rule(_ type: FieldType, _ reader: inout MemberReader) -> Rule {
    switch type {
    case .text: .line(TextRule(&reader))
    case .textarea: .lines(TextRule(&reader))
    case .password: .secret(TextRule(&reader))
    case .email: .email(TextRule(&reader))
    case .url: .url(TextRule(&reader))
    case .number: .number(NumberRule(&reader))
    case .range:
      .number(NumberRule(&reader, min: .integer(0), max: .integer(100), step: .integer(1)))
    case .select: .select(reader.selectOptions())
    case .checkbox: .checkbox(mustBeTrue: reader.bool("mustBeTrue") ?? false)
    case .date: .date
    case .time: .time
    case .datetime: .datetime
    }
  }

  private static func hasPlaceholder(_ type: FieldType) -> Bool {
    switch type {
    case .text, .textarea, .password, .email, .url, .number, .select, .date, .time, .datetime: true
    case .checkbox, .range: false
    }
  }
}

extension NumberRule {
  init(
    _ reader: inout MemberReader, min: JSONNumber? = nil, max: JSONNumber? = nil,
    step: JSONNumber? = nil
  ) {
    self.min = reader.number("min") ?? min
    self.max = reader.number("max") ?? max
    self.step = reader.number("step") ?? step
    _ = reader.text("unit")
    if let low = self.min, let high = self.max, Self.isLess(high, low) {
      reader.reportCrossed("min", above: "max", expected: .number(high))
    }
    if let step = self.step, !Self.isLess(.integer(0), step) {
      reader.report(Flaw(.min, "A step must be above 0.", expected: .integer(0)), at: "step")
    }
  }
}

extension MemberReader {
  /// `["a", ...]` or `[{"value", "label"?}, ...]`.
  fileprivate mutating func selectOptions() -> NameIndex {
    let most = 1...ReviewPayload.maxEntries
    guard let values = array("options", .required, count: most) else { return NameIndex([]) }
    let path = pointer("options")
    var seen: Set<Text> = []
    for (index, value) in values.enumerated() {
      let (option, place) = selectOption(value, at: path.appending(index))
      guard let option else { continue }
      if TextRule.isBlank(option) {
        add([Flaw(.empty, "An option must not be blank.").at(place)])
      } else if !seen.insert(option).inserted {
        let flaw = Flaw(.duplicate, "Another option is the same.", got: Flaw.excerpt(option))
        add([flaw.at(place)])
      }
    }
    return NameIndex(values.compactMap { $0.text ?? $0.member("value")?.text })
  }

  private mutating func selectOption(
    _ value: JSONValue, at path: JSONPointer
  ) -> (Text?, JSONPointer) {
    if case .string(let text) = value { return (text, path) }
    guard case .object = value else {
      add([Flaw.type("string", value).at(path)])
      return (nil, path)
    }
    var reader = MemberReader(value, at: path)
    let option = reader.text("value", .required)
    _ = reader.text("label")
    reader.finishDefinition()
    add(reader.problems)
    return (option, reader.pointer("value"))
  }
}
