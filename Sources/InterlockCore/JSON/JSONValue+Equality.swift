/// Equality of what is meant: objects without regard to order, numbers by value, strings by bytes.
extension JSONValue: Equatable {
  package static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let one), .bool(let other)): one == other
    case (.number(let one), .number(let other)): one.hasSameValue(as: other)
    case (.string(let one), .string(let other)): one == other
    case (.array(let one), .array(let other)): one == other
    case (.object(let one), .object(let other)): haveSameMembers(one, other)
    case (.null, _), (.bool, _), (.number, _), (.string, _), (.array, _), (.object, _): false
    }
  }

  private static func haveSameMembers(_ one: [JSONMember], _ other: [JSONMember]) -> Bool {
    guard one.count == other.count else { return false }
    let byName = Dictionary(
      other.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    return one.allSatisfy { member in byName[member.name].map { $0 == member.value } ?? false }
  }
}

extension JSONNumber {
  func hasSameValue(as other: JSONNumber) -> Bool {
    switch (self, other) {
    case (.integer(let one), .integer(let two)): one == two
    case (.bigInteger(let one), .bigInteger(let two)): one == two
    case (.double(let one), .double(let two)): one == two
    case (.integer(let integer), .double(let double)), (.double(let double), .integer(let integer)):
      Int64(exactly: double) == integer
    case (.integer, .bigInteger), (.bigInteger, .integer): false
    case (.bigInteger(let digits), .double(let double)),
      (.double(let double), .bigInteger(let digits)):
      Double(digits.string) == double
    }
  }
}
