/// Keywords about a value as a whole, about numbers and about strings.
extension SchemaCompiler {
  mutating func valueRules(_ schema: Subschema) -> [SchemaRule] {
    var rules: [SchemaRule] = []
    if let operand = schema[.type] { rules.append(.type(types(operand, schema))) }
    if let value = schema[.const] { rules.append(.const(value, cost: 1 + value.comparisonCost)) }
    if let operand = schema[.enum] {
      if case .array(let values) = operand {
        rules.append(.options(values, cost: 1 + JSONValue.array(values).comparisonCost))
      } else {
        malformed(.enum, schema, "an array")
      }
    }
    return rules + numberRules(schema) + stringRules(schema)
  }

  private mutating func types(_ operand: JSONValue, _ schema: Subschema) -> TypeSet {
    let names: [Text]
    switch operand {
    case .string(let name): names = [name]
    case .array: names = self.names(operand, at: schema.path(.type))
    case .null, .bool, .number, .object: names = []
    }
    let types = names.compactMap { name in TypeSet.table.first { $0.name == name }?.type }
    if types.isEmpty || types.count < names.count {
      malformed(.type, schema, "the name of a type or an array of such names")
    }
    return TypeSet(types)
  }

  private mutating func numberRules(_ schema: Subschema) -> [SchemaRule] {
    var rules: [SchemaRule] = []
    if let limit = number(.minimum, schema) { rules.append(.bound(.minimum, limit)) }
    if let limit = number(.maximum, schema) { rules.append(.bound(.maximum, limit)) }
    if let limit = number(.exclusiveMinimum, schema) {
      rules.append(.bound(.exclusiveMinimum, limit))
    }
    if let limit = number(.exclusiveMaximum, schema) {
      rules.append(.bound(.exclusiveMaximum, limit))
    }
    if let step = number(.multipleOf, schema) {
      if !JSONNumber.integer(0).isLess(than: step) {
        malformed(.multipleOf, schema, "above zero")
      } else if let divisor = DecimalDivisor(step) {
        rules.append(.multipleOf(divisor))
      } else {
        refuse(.unsupported, at: schema.path(.multipleOf), "multipleOf is limited to 64 bits.")
      }
    }
    return rules
  }

  private mutating func stringRules(_ schema: Subschema) -> [SchemaRule] {
    var rules: [SchemaRule] = []
    if let count = count(.minLength, schema) { rules.append(.atLeast(.scalars, count)) }
    if let count = count(.maxLength, schema) { rules.append(.atMost(.scalars, count)) }
    if let source = text(.pattern, schema),
      let pattern = pattern(source, at: schema.path(.pattern))
    {
      rules.append(.pattern(pattern, source: source))
    }
    if let name = text(.format, schema), !SchemaFormat.annotations.contains(name) {
      if let format = SchemaFormat(rawValue: name.string) {
        rules.append(.format(format))
      } else {
        let message = "This format is not enforced, so the schema is refused."
        refuse(.unsupported, at: schema.path(.format), message)
      }
    }
    return rules
  }
}
