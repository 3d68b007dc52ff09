extension SchemaEvaluation {
  /// Whether the value keeps the rule. A rule for another type of value is kept.
  mutating func apply(_ rule: SchemaRule, _ value: JSONValue, _ seen: inout SeenParts) -> Bool {
    switch rule {
    case .never: report(nil, "The schema does not allow any value here", got: value)
    case .type(let types): check(types, value)
    case .const(let expected, let cost): check(const: expected, cost, value)
    case .options(let options, let cost): check(options, cost, value)
    case .bound(let bound, let limit): check(bound, limit, value)
    case .multipleOf(let divisor): check(divisor, value)
    case .atLeast(let measure, let count): check(atLeast: count, measure, value)
    case .atMost(let measure, let count): check(atMost: count, measure, value)
    case .pattern(let pattern, let source): check(pattern, source, value)
    case .format(let format): check(format, value)
    case .members(let rule): check(rule, value, &seen)
    case .required(let names): check(required: names, value)
    case .dependentRequired(let dependencies): check(dependencies, value)
    case .dependentSchemas(let schemas): check(schemas, value, &seen)
    case .propertyNames(let schema): check(names: schema, value)
    case .items(let prefix, let rest): check(prefix, rest, value, &seen)
    case .contains(let rule): check(rule, value, &seen)
    case .uniqueItems: checkUnique(value)
    case .reference(let schema): check(schema, value, &seen)
    case .allOf(let schemas): check(all: schemas, value, &seen)
    case .anyOf(let schemas): check(any: schemas, value, &seen)
    case .oneOf(let schemas): check(one: schemas, value, &seen)
    case .not(let schema): check(not: schema, value)
    case .condition(let condition, let then, let otherwise):
      check(if: condition, then, otherwise, value, &seen)
    case .unevaluatedProperties(let schema): check(unevaluatedMembers: schema, value, &seen)
    case .unevaluatedItems(let schema): check(unevaluatedItems: schema, value, &seen)
    }
  }
}
