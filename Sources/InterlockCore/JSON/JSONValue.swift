/// A JSON value as read. Members keep their order; numbers keep what they said.
package enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case number(JSONNumber)
  case string(Text)
  case array([JSONValue])
  case object([JSONMember])
}

package struct JSONMember: Sendable {
  package let name: Text
  package let value: JSONValue

  package init(name: Text, value: JSONValue) {
    self.name = name
    self.value = value
  }
}

/// A JSON number. An integer keeps its exact digits however many there are.
package enum JSONNumber: Hashable, Sendable {
  case integer(Int64)
  /// An integer outside of Int64: an optional minus and digits without leading zeros.
  case bigInteger(Text)
  case double(Double)
}

extension JSONValue {
  /// The value of the member called `name`, if this is an object that has it.
  package func member(_ name: Text) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  package var text: Text? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  package static func integer(_ value: Int) -> JSONValue {
    .number(.integer(Int64(value)))
  }

  package static func text(_ value: String) -> JSONValue {
    .string(Text(value))
  }

  package static func object(_ pairs: KeyValuePairs<StaticString, JSONValue>) -> JSONValue {
    .object(pairs.map { JSONMember(name: Text(stringLiteral: $0.key), value: $0.value) })
  }
}
