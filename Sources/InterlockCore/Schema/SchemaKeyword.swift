/// Every keyword that is known, and what is done with it.
enum SchemaKeyword: String, CaseIterable, Sendable {
  case schema = "$schema"
  case id = "$id"
  case ref = "$ref"
  case anchor = "$anchor"
  case defs = "$defs"
  case definitions
  case type
  case `enum`
  case const
  case minimum
  case maximum
  case exclusiveMinimum
  case exclusiveMaximum
  case multipleOf
  case minLength
  case maxLength
  case pattern
  case format
  case properties
  case patternProperties
  case additionalProperties
  case propertyNames
  case required
  case minProperties
  case maxProperties
  case dependentRequired
  case dependentSchemas
  case items
  case prefixItems
  case additionalItems
  case contains
  case minContains
  case maxContains
  case minItems
  case maxItems
  case uniqueItems
  case allOf
  case anyOf
  case oneOf
  case not
  case `if`
  case then
  case `else`
  case unevaluatedProperties
  case unevaluatedItems

  case title
  case description
  case `default`
  case examples
  case deprecated
  case readOnly
  case writeOnly
  case comment = "$comment"
  case contentEncoding
  case contentMediaType
  case contentSchema
  case discriminator

  case vocabulary = "$vocabulary"
  case dynamicRef = "$dynamicRef"
  case dynamicAnchor = "$dynamicAnchor"
  case recursiveRef = "$recursiveRef"
  case recursiveAnchor = "$recursiveAnchor"

  enum Role: Sendable {
    /// Names and holds schemas; says nothing about a value by itself.
    case structure
    case enforced
    /// Says nothing about validity. Contents of a string are for whoever decodes it, and OpenAPI's
    /// `discriminator` only repeats what the `oneOf` beside it enforces.
    case annotation
    case unsupported
  }

  static let byName: [Text: SchemaKeyword] = Dictionary(
    uniqueKeysWithValues: allCases.map { (Text($0.rawValue), $0) })

  var role: Role {
    switch self {
    case .schema, .id, .anchor, .defs, .definitions: .structure
    case .ref, .type, .enum, .const, .minimum, .maximum, .exclusiveMinimum, .exclusiveMaximum,
      .multipleOf, .minLength, .maxLength, .pattern, .format, .properties, .patternProperties,
      .additionalProperties, .propertyNames, .required, .minProperties, .maxProperties,
      .dependentRequired, .dependentSchemas, .items, .prefixItems, .additionalItems, .contains,
      .minContains, .maxContains, .minItems, .maxItems, .uniqueItems, .allOf, .anyOf, .oneOf, .not,
      .if, .then, .else, .unevaluatedProperties, .unevaluatedItems:
      .enforced
    case .title, .description, .default, .examples, .deprecated, .readOnly, .writeOnly, .comment,
      .contentEncoding, .contentMediaType, .contentSchema, .discriminator:
      .annotation
    case .vocabulary, .dynamicRef, .dynamicAnchor, .recursiveRef, .recursiveAnchor: .unsupported
    }
  }

  /// The drafts that give the keyword the meaning that is enforced here. Others would ignore it, or
  /// mean something else.
  var dialects: ClosedRange<SchemaDialect> {
    switch self {
    case .additionalItems: .draft7 ... .draft2019
    case .anchor, .dependentRequired, .dependentSchemas, .minContains, .maxContains,
      .unevaluatedProperties:
      .draft2019 ... .draft2020
    // Since 2020-12 an item that `contains` accepted counts as evaluated.
    case .prefixItems, .unevaluatedItems: .draft2020 ... .draft2020
    case .schema, .id, .ref, .defs, .definitions, .type, .enum, .const, .minimum, .maximum,
      .exclusiveMinimum, .exclusiveMaximum, .multipleOf, .minLength, .maxLength, .pattern, .format,
      .properties, .patternProperties, .additionalProperties, .propertyNames, .required,
      .minProperties, .maxProperties, .items, .contains, .minItems, .maxItems, .uniqueItems, .allOf,
      .anyOf, .oneOf, .not, .if, .then, .else, .title, .description, .default, .examples,
      .deprecated, .readOnly, .writeOnly, .comment, .contentEncoding, .contentMediaType,
      .contentSchema, .discriminator, .vocabulary, .dynamicRef, .dynamicAnchor, .recursiveRef,
      .recursiveAnchor:
      .draft7 ... .draft2020
    }
  }
}
