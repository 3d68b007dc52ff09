/// Keywords about objects and arrays, and those that combine schemas.
extension SchemaCompiler {
  mutating func objectRules(_ schema: Subschema) -> [SchemaRule] {
    var rules: [SchemaRule] = []
    if let operand = schema[.required] {
      rules.append(.required(names(operand, at: schema.path(.required))))
    }
    if let rule = memberRule(schema) { rules.append(.members(rule)) }
    if let names = self.schema(.propertyNames, schema) { rules.append(.propertyNames(names)) }
    if let count = count(.minProperties, schema) { rules.append(.atLeast(.members, count)) }
    if let count = count(.maxProperties, schema) { rules.append(.atMost(.members, count)) }
    if let members = members(.dependentRequired, schema) {
      let path = schema.path(.dependentRequired)
      rules.append(
        .dependentRequired(
          members.map { ($0.name, names($0.value, at: path.appending($0.name))) }))
    }
    if let schemas = namedSchemas(.dependentSchemas, schema) {
      rules.append(.dependentSchemas(schemas))
    }
    return rules
  }

  private mutating func memberRule(_ schema: Subschema) -> MemberRule? {
    let properties = namedSchemas(.properties, schema)
    let patterns = namedSchemas(.patternProperties, schema)
    let additional = self.schema(.additionalProperties, schema)
    guard properties != nil || patterns != nil || additional != nil else { return nil }
    var rule = MemberRule(additional: additional)
    for property in properties ?? [] { rule.properties[property.name] = property.schema }
    for named in patterns ?? [] {
      let path = schema.path(.patternProperties).appending(named.name)
      guard let pattern = pattern(named.name, at: path) else { continue }
      rule.patterns.append((pattern, named.schema))
    }
    return rule
  }

  mutating func arrayRules(_ schema: Subschema) -> [SchemaRule] {
    var rules: [SchemaRule] = []
    if let rule = itemsRule(schema) { rules.append(rule) }
    if let count = count(.minItems, schema) { rules.append(.atLeast(.items, count)) }
    if let count = count(.maxItems, schema) { rules.append(.atMost(.items, count)) }
    if flag(.uniqueItems, schema) == true { rules.append(.uniqueItems) }
    // Without `contains` its bounds mean nothing, but have to be well-formed.
    let min = count(.minContains, schema)
    let max = count(.maxContains, schema)
    if let contained = self.schema(.contains, schema) {
      rules.append(.contains(ContainsRule(schema: contained, min: min ?? 1, max: max)))
    }
    return rules
  }

  /// Before 2020-12 a tuple was an array in `items`, and `additionalItems` held for the rest.
  private mutating func itemsRule(_ schema: Subschema) -> SchemaRule? {
    if dialect < .draft2020 {
      let rest = self.schema(.additionalItems, schema)
      if case .array(let elements) = schema[.items] {
        let prefix = elements.isEmpty ? [] : schemas(.items, schema)
        return .items(prefix: prefix ?? [], rest: rest)
      }
    } else if case .array = schema[.items] {
      malformed(.items, schema, "a schema; a tuple is written with prefixItems")
      return nil
    }
    let prefix = schemas(.prefixItems, schema)
    let rest = self.schema(.items, schema)
    guard prefix != nil || rest != nil else { return nil }
    return .items(prefix: prefix ?? [], rest: rest)
  }

  mutating func combinationRules(_ schema: Subschema) -> [SchemaRule] {
    var rules: [SchemaRule] = []
    if let all = schemas(.allOf, schema) { rules.append(.allOf(all)) }
    if let any = schemas(.anyOf, schema) { rules.append(.anyOf(any)) }
    if let one = schemas(.oneOf, schema) { rules.append(.oneOf(one)) }
    if let negated = self.schema(.not, schema) { rules.append(.not(negated)) }
    let condition = self.schema(.if, schema)
    let then = self.schema(.then, schema)
    let otherwise = self.schema(.else, schema)
    if let condition {
      rules.append(.condition(if: condition, then: then, else: otherwise))
    }
    return rules
  }

  /// Last of all: they look at what every other rule has left.
  mutating func unevaluatedRules(_ schema: Subschema) -> [SchemaRule] {
    var rules: [SchemaRule] = []
    if let rest = self.schema(.unevaluatedProperties, schema) {
      rules.append(.unevaluatedProperties(rest))
    }
    if let rest = self.schema(.unevaluatedItems, schema) { rules.append(.unevaluatedItems(rest)) }
    return rules
  }
}
