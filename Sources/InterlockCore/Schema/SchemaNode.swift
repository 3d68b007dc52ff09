/// A compiled subschema: its rules, in the order they are checked. Subschemas refer to one another
/// by index, so that a recursive schema is a finite array.
struct SchemaNode: Sendable {
  var rules: [SchemaRule] = []

  /// Whether this is the schema `false`.
  var allowsNothing: Bool {
    guard case .never = rules.first else { return false }
    return true
  }
}

enum SchemaRule: Sendable {
  case never
  case reference(Int)
  case type(TypeSet)
  case const(JSONValue, cost: Int)
  case options([JSONValue], cost: Int)
  case bound(NumberBound, JSONNumber)
  case multipleOf(DecimalDivisor)
  case atLeast(Measure, Int)
  case atMost(Measure, Int)
  case pattern(Pattern, source: Text)
  case format(SchemaFormat)
  case members(MemberRule)
  case required([Text])
  case dependentRequired([(name: Text, required: [Text])])
  case dependentSchemas([NamedSchema])
  case propertyNames(Int)
  case items(prefix: [Int], rest: Int?)
  case contains(ContainsRule)
  case uniqueItems
  case allOf([Int])
  case anyOf([Int])
  case oneOf([Int])
  case not(Int)
  case condition(if: Int, then: Int?, else: Int?)
  case unevaluatedProperties(Int)
  case unevaluatedItems(Int)

  /// The schemas that are applied to the very same value. They must not lead back here.
  var inPlace: [Int] {
    switch self {
    case .reference(let schema), .not(let schema): [schema]
    case .allOf(let schemas), .anyOf(let schemas), .oneOf(let schemas): schemas
    case .condition(let condition, let then, let otherwise):
      [condition] + [then, otherwise].compactMap(\.self)
    case .dependentSchemas(let schemas): schemas.map(\.schema)
    case .never, .type, .const, .options, .bound, .multipleOf, .atLeast, .atMost, .pattern, .format,
      .members, .required, .dependentRequired, .propertyNames, .items, .contains, .uniqueItems,
      .unevaluatedProperties, .unevaluatedItems:
      []
    }
  }

  /// Whether the rule asks which members or items the rules before it have looked at.
  var readsEvaluation: Bool {
    switch self {
    case .unevaluatedProperties, .unevaluatedItems: true
    case .never, .reference, .type, .const, .options, .bound, .multipleOf, .atLeast, .atMost,
      .pattern, .format, .members, .required, .dependentRequired, .dependentSchemas, .propertyNames,
      .items, .contains, .uniqueItems, .allOf, .anyOf, .oneOf, .not, .condition:
      false
    }
  }
}

struct NamedSchema: Sendable {
  let name: Text
  let schema: Int
}

/// `properties`, `patternProperties` and `additionalProperties`, which depend on one another.
struct MemberRule: Sendable {
  var properties: [Text: Int] = [:]
  var patterns: [(pattern: Pattern, schema: Int)] = []
  var additional: Int?
}

/// `contains` with `minContains` and `maxContains`.
struct ContainsRule: Sendable {
  let schema: Int
  let min: Int
  let max: Int?
}

enum NumberBound: Sendable {
  case minimum
  case maximum
  case exclusiveMinimum
  case exclusiveMaximum
}

/// What `minLength`, `minItems`, `minProperties` and their opposites count.
enum Measure: Sendable {
  case scalars
  case items
  case members
}
