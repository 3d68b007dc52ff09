/// Rules about a value as a whole, about numbers and about strings.
extension SchemaEvaluation {
  mutating func check(_ types: TypeSet, _ value: JSONValue) -> Bool {
    if !types.isDisjoint(with: TypeSet(of: value)) { return true }
    let names = types.names
    let expected = names.map { JSONValue.string($0) }
    return report(
      .type, "The value must be of type \(names.map(\.string).joined(separator: " or "))",
      expected: expected.count == 1 ? expected.first : .array(expected), got: value)
  }

  mutating func check(const expected: JSONValue, _ cost: Int, _ value: JSONValue) -> Bool {
    guard spend(cost, comparing: value) else { return false }
    return value == expected
      || report(.const, "The value must be the one that is given", expected: expected, got: value)
  }

  mutating func check(_ options: [JSONValue], _ cost: Int, _ value: JSONValue) -> Bool {
    guard spend(cost, comparing: value) else { return false }
    return options.contains(value)
      || report(
        .enum, "The value must be one of those that are given", expected: .array(options),
        got: value)
  }

  mutating func check(_ bound: NumberBound, _ limit: JSONNumber, _ value: JSONValue) -> Bool {
    guard case .number(let number) = value else { return true }
    let (isKept, keyword, words): (Bool, SchemaKeyword, StaticString) =
      switch bound {
      case .minimum: (!number.isLess(than: limit), .minimum, "at least")
      case .maximum: (!limit.isLess(than: number), .maximum, "at most")
      case .exclusiveMinimum: (limit.isLess(than: number), .exclusiveMinimum, "greater than")
      case .exclusiveMaximum: (number.isLess(than: limit), .exclusiveMaximum, "less than")
      }
    return isKept
      || report(
        keyword, "The number must be \(words) \(CanonicalNumber.text(limit))",
        expected: .number(limit), got: value)
  }

  mutating func check(_ divisor: DecimalDivisor, _ value: JSONValue) -> Bool {
    guard case .number(let number) = value else { return true }
    return divisor.divides(number)
      || report(
        .multipleOf, "The number must be a multiple of \(CanonicalNumber.text(divisor.number))",
        expected: .number(divisor.number), got: value)
  }

  mutating func check(atLeast count: Int, _ measure: Measure, _ value: JSONValue) -> Bool {
    guard let actual = size(of: value, measure), actual < count else { return true }
    let (keyword, noun): (SchemaKeyword, StaticString) =
      switch measure {
      case .scalars: (.minLength, "characters")
      case .items: (.minItems, "items")
      case .members: (.minProperties, "members")
      }
    return report(
      keyword, "There must be at least \(count) \(noun)", expected: .integer(count), got: value)
  }

  mutating func check(atMost count: Int, _ measure: Measure, _ value: JSONValue) -> Bool {
    guard let actual = size(of: value, measure), actual > count else { return true }
    let (keyword, noun): (SchemaKeyword, StaticString) =
      switch measure {
      case .scalars: (.maxLength, "characters")
      case .items: (.maxItems, "items")
      case .members: (.maxProperties, "members")
      }
    return report(
      keyword, "There must be at most \(count) \(noun)", expected: .integer(count), got: value)
  }

  /// How large the value is, or nil if it is not of the type that is measured.
  private func size(of value: JSONValue, _ measure: Measure) -> Int? {
    switch (measure, value) {
    case (.scalars, .string(let text)):
      // A scalar begins at every byte that does not continue one.
      text.utf8.count { $0 & 0xC0 != 0x80 }
    case (.items, .array(let items)): items.count
    case (.members, .object(let members)): members.count
    case (.scalars, _), (.items, _), (.members, _): nil
    }
  }

  mutating func check(_ pattern: Pattern, _ source: Text, _ value: JSONValue) -> Bool {
    guard case .string(let text) = value else { return true }
    guard spend(pattern.cost(of: text)) else { return false }
    return pattern.matches(text)
      || report(
        .pattern, "The text does not match the pattern", expected: .string(source), got: value)
  }

  mutating func check(_ format: SchemaFormat, _ value: JSONValue) -> Bool {
    guard case .string(let text) = value else { return true }
    return format.accepts(text)
      || report(
        .format, "The text is not a valid \(format.rawValue)", expected: .text(format.rawValue),
        got: value)
  }
}
