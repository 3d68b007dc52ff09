/// The operands of keywords. Each reader answers nil if the keyword is absent, and reports an
/// operand of another kind.
extension SchemaCompiler {
  mutating func malformed(_ keyword: SchemaKeyword, _ schema: Subschema, _ what: String) {
    refuse(.schema, at: schema.path(keyword), "\(keyword.rawValue) must be \(what).")
  }

  mutating func number(_ keyword: SchemaKeyword, _ schema: Subschema) -> JSONNumber? {
    guard let operand = schema[keyword] else { return nil }
    guard case .number(let number) = operand else {
      malformed(keyword, schema, "a number")
      return nil
    }
    return number
  }

  /// A count. One that is larger than any text or array is as good as the largest.
  mutating func count(_ keyword: SchemaKeyword, _ schema: Subschema) -> Int? {
    guard let operand = schema[keyword] else { return nil }
    switch operand {
    case .number(.integer(let value)) where value >= 0: return Int(clamping: value)
    case .number(.bigInteger(let digits)) where digits.utf8.first != UInt8(ascii: "-"): return .max
    case .number(.double(let value)) where value >= 0 && value == value.rounded(.towardZero):
      return Int(exactly: value) ?? .max
    case .number, .null, .bool, .string, .array, .object:
      malformed(keyword, schema, "a non-negative integer")
      return nil
    }
  }

  mutating func text(_ keyword: SchemaKeyword, _ schema: Subschema) -> Text? {
    guard let operand = schema[keyword] else { return nil }
    guard case .string(let text) = operand else {
      malformed(keyword, schema, "a string")
      return nil
    }
    return text
  }

  mutating func flag(_ keyword: SchemaKeyword, _ schema: Subschema) -> Bool? {
    guard let operand = schema[keyword] else { return nil }
    guard case .bool(let flag) = operand else {
      malformed(keyword, schema, "a boolean")
      return nil
    }
    return flag
  }

  /// A list of different names, which stands at `path`.
  mutating func names(_ operand: JSONValue, at path: JSONPointer) -> [Text] {
    guard case .array(let elements) = operand, elements.allSatisfy({ $0.text != nil }) else {
      refuse(.schema, at: path, "This must be an array of strings.")
      return []
    }
    let names = elements.compactMap(\.text)
    if Set(names).count < names.count {
      refuse(.schema, at: path, "This must not name anything twice.")
    }
    return names
  }

  mutating func schema(_ keyword: SchemaKeyword, _ schema: Subschema) -> Int? {
    guard let operand = schema[keyword] else { return nil }
    return compile(operand, at: schema.path(keyword), depth: schema.depth + 1)
  }

  mutating func schemas(_ keyword: SchemaKeyword, _ schema: Subschema) -> [Int]? {
    guard let operand = schema[keyword] else { return nil }
    guard case .array(let elements) = operand, !elements.isEmpty else {
      malformed(keyword, schema, "a non-empty array of schemas")
      return nil
    }
    let path = schema.path(keyword)
    return elements.enumerated().map { index, element in
      compile(element, at: path.appending(index), depth: schema.depth + 2)
    }
  }

  mutating func namedSchemas(_ keyword: SchemaKeyword, _ schema: Subschema) -> [NamedSchema]? {
    guard let members = members(keyword, schema) else { return nil }
    let path = schema.path(keyword)
    return members.map { member in
      let place = path.appending(member.name)
      let index = compile(member.value, at: place, depth: schema.depth + 2)
      return NamedSchema(name: member.name, schema: index)
    }
  }

  mutating func members(_ keyword: SchemaKeyword, _ schema: Subschema) -> [JSONMember]? {
    guard let operand = schema[keyword] else { return nil }
    guard case .object(let members) = operand else {
      malformed(keyword, schema, "an object")
      return nil
    }
    return members
  }
}
