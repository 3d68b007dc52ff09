/// Reads the members of one object by name and type.
///
/// What is wrong is collected and not thrown, so that a caller hears of everything at once. A value
/// read from an object that has problems is only good for finding more of them. Members that nobody
/// read are a problem too: see `finish`.
package struct MemberReader {
  package enum Need: Sendable {
    case optional
    case required
  }

  package let path: JSONPointer
  package private(set) var problems: [Problem] = []
  private var unread: [JSONMember]
  /// Of what is no object nothing is missing: it was reported once.
  private let isObject: Bool

  package init(_ value: JSONValue, at path: JSONPointer = .root) {
    self.path = path
    if case .object(let members) = value {
      unread = members
      isObject = true
    } else {
      unread = []
      isObject = false
      problems = [Flaw.type("object", value).at(path)]
    }
  }

  /// The member as it is, whatever its type.
  package mutating func value(_ name: StaticString, _ need: Need = .optional) -> JSONValue? {
    if let index = unread.firstIndex(where: { Self.isEqual($0.name, name) }) {
      return unread.remove(at: index).value
    }
    if need == .required, isObject { report(Flaw(.missing, "This is required."), at: name) }
    return nil
  }

  package mutating func text(
    _ name: StaticString, _ need: Need = .optional, nonEmpty: Bool = false
  ) -> Text? {
    guard let value = value(name, need) else { return nil }
    guard case .string(let text) = value else { return wrongType("string", value, at: name) }
    if nonEmpty, text.isEmpty { report(Flaw(.empty, "This must not be empty."), at: name) }
    return text
  }

  package mutating func bool(_ name: StaticString, _ need: Need = .optional) -> Bool? {
    guard let value = value(name, need) else { return nil }
    guard case .bool(let flag) = value else { return wrongType("boolean", value, at: name) }
    return flag
  }

  package mutating func number(_ name: StaticString, _ need: Need = .optional) -> JSONNumber? {
    guard let value = value(name, need) else { return nil }
    guard case .number(let number) = value else { return wrongType("number", value, at: name) }
    return number
  }

  /// An integer by value: `3.0` is one.
  package mutating func integer(
    _ name: StaticString, _ need: Need = .optional, in range: ClosedRange<Int> = Int.min...Int.max
  ) -> Int? {
    guard let number = number(name, need) else { return nil }
    let flaws = NumberRule(
      min: .integer(Int64(range.lowerBound)), max: .integer(Int64(range.upperBound)), step: nil
    ).flaws(in: number)
    for flaw in flaws { report(flaw, at: name) }
    guard flaws.isEmpty else { return nil }
    guard let integer = NumberRule.integer(number).flatMap({ Int(exactly: $0) }) else {
      return wrongType("integer", .number(number), at: name)
    }
    return integer
  }

  package mutating func object(_ name: StaticString, _ need: Need = .optional) -> JSONValue? {
    guard let value = value(name, need) else { return nil }
    guard case .object = value else { return wrongType("object", value, at: name) }
    return value
  }

  /// A list that is too long is not returned, so that nobody reads through it.
  package mutating func array(
    _ name: StaticString, _ need: Need = .optional, count: ClosedRange<Int> = 0...Int.max
  ) -> [JSONValue]? {
    guard let value = value(name, need) else { return nil }
    guard case .array(let elements) = value else { return wrongType("array", value, at: name) }
    if let flaw = Self.countFlaw(elements.count, count) {
      report(flaw, at: name)
      return flaw.code == .tooMany ? nil : elements
    }
    return elements
  }

  /// A text that is one of the raw values, compared by bytes.
  package mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: StaticString, _ need: Need = .optional
  ) -> Choice? {
    guard let text = text(name, need) else { return nil }
    if let choice: Choice = Self.choice(text) { return choice }
    report(Flaw.notAnOption(text, of: Choice.allCases.map { Text($0.rawValue) }), at: name)
    return nil
  }

  package mutating func add(_ more: [Problem]) {
    problems += more
  }

  mutating func report(_ flaw: Flaw, at name: StaticString) {
    problems.append(flaw.at(pointer(name)))
  }

  /// Reports the members that nobody read. Their values stay out of it, and so do most of them
  /// when somebody sends very many.
  package mutating func finish(ignoring isIgnored: (JSONMember) -> Bool = { _ in false }) {
    let unexpected = unread.filter { !isIgnored($0) }.prefix(ReviewPayload.maxUnexpected)
    for member in unexpected {
      problems.append(Self.unexpected.at(path.appending(member.name)))
    }
  }

  /// The rest cannot be judged: another problem says why.
  mutating func skipRest() {
    unread = []
  }

  package func pointer(_ name: StaticString) -> JSONPointer {
    path.appending(Text(stringLiteral: name))
  }
}

extension MemberReader {
  static let unexpected = Flaw(.unexpected, "Nothing by this name is expected here.")

  static func choice<Choice: RawRepresentable<String> & CaseIterable>(_ text: Text) -> Choice? {
    Choice.allCases.first { $0.rawValue.utf8.elementsEqual(text.utf8) }
  }

  static func countFlaw(_ count: Int, _ range: ClosedRange<Int>) -> Flaw? {
    if count < range.lowerBound {
      return Flaw(
        .tooFew, "At least \(range.lowerBound) must be given, got \(count).",
        expected: .integer(range.lowerBound), got: .integer(count))
    }
    if count > range.upperBound {
      return Flaw(
        .tooMany, "At most \(range.upperBound) may be given, got \(count).",
        expected: .integer(range.upperBound), got: .integer(count))
    }
    return nil
  }

  private mutating func wrongType<Wanted>(
    _ expected: String, _ value: JSONValue, at name: StaticString
  ) -> Wanted? {
    report(Flaw.type(expected, value), at: name)
    return nil
  }

  private static func isEqual(_ text: Text, _ name: StaticString) -> Bool {
    name.withUTF8Buffer { $0.count == text.utf8.count && $0.elementsEqual(text.utf8) }
  }
}
