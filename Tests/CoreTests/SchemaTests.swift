import InterlockCore
import Testing

/// Schemas as pydantic and zod write them, and what is said about values that do not fit.
@Suite struct SchemaTests {
  /// `BaseModel.model_json_schema()` of a model with everything an approval form is made of.
  static let order = """
    {"$defs": {
      "Address": {"properties": {
        "street": {"maxLength": 80, "minLength": 1, "title": "Street", "type": "string"},
        "zip": {"pattern": "^\\\\d{5}$", "title": "Zip", "type": "string"}},
        "required": ["street", "zip"], "title": "Address", "type": "object"},
      "Cat": {"properties": {"kind": {"const": "cat", "title": "Kind", "type": "string"},
        "lives": {"maximum": 9, "minimum": 0, "title": "Lives", "type": "integer"}},
        "required": ["kind", "lives"], "title": "Cat", "type": "object"},
      "Dog": {"properties": {"kind": {"const": "dog", "title": "Kind", "type": "string"},
        "good": {"default": true, "title": "Good", "type": "boolean"}},
        "required": ["kind"], "title": "Dog", "type": "object"},
      "Color": {"enum": ["red", "blue"], "title": "Color", "type": "string"},
      "Node": {"properties": {"value": {"title": "Value", "type": "integer"},
        "children": {"default": [], "items": {"$ref": "#/$defs/Node"}, "title": "Children",
          "type": "array"}}, "required": ["value"], "title": "Node", "type": "object"}},
     "additionalProperties": false,
     "properties": {
      "note": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "title": "Note"},
      "color": {"anyOf": [{"$ref": "#/$defs/Color"}, {"type": "null"}], "default": null},
      "home": {"anyOf": [{"$ref": "#/$defs/Address"}, {"type": "null"}], "default": null},
      "pet": {"discriminator": {"mapping": {"cat": "#/$defs/Cat", "dog": "#/$defs/Dog"},
        "propertyName": "kind"}, "oneOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}]},
      "at": {"format": "date-time", "title": "At", "type": "string"},
      "tags": {"items": {"type": "string"}, "maxItems": 3, "type": "array", "uniqueItems": true},
      "pair": {"maxItems": 2, "minItems": 2, "prefixItems": [{"type": "integer"},
        {"type": "string"}], "type": "array"},
      "scores": {"additionalProperties": {"type": "number"}, "type": "object"},
      "codes": {"patternProperties": {"^a": {"type": "integer"}}, "type": "object",
        "propertyNames": {"maxLength": 3}},
      "amount": {"exclusiveMinimum": 0, "multipleOf": 0.01, "type": "number"},
      "secret": {"format": "password", "type": "string", "writeOnly": true},
      "json": {"contentMediaType": "application/json", "contentSchema": {"type": "array"},
        "type": "string"},
      "tree": {"$ref": "#/$defs/Node"}},
     "required": ["at"], "title": "Order", "type": "object", "x-form": {"width": 2}}
    """

  /// A value, and the path and keyword of each of its problems.
  static let orders: [(value: String, problems: [String])] = [
    (#"{"at":"2026-08-15T12:00:00Z"}"#, []),
    (
      """
      {"at":"2026-08-15T12:00:00.5+02:00","note":null,"color":"red","home":{"street":"A",
      "zip":"01234"},"pet":{"kind":"cat","lives":9},"tags":["a","b"],"pair":[1,"x"],
      "scores":{"x":0.5},"codes":{"a1":1,"b":"?"},"amount":19.99,"secret":"s","json":"[",
      "tree":{"value":1,"children":[{"value":2,"children":[]},{"value":3}]}}
      """, []
    ),
    ("{}", ["/at required"]),
    ("[]", [" type"]),
    (
      #"{"at":"noon","note":1,"more":1}"#,
      ["/at format", "/note anyOf", "/more additionalProperties"]
    ),
    // An optional value that is there is told what is wrong with it, not that it could be null.
    (
      #"{"at":"2026-08-15T12:00:00Z","home":{"street":"","zip":"1"},"color":"green"}"#,
      ["/home/street minLength", "/home/zip pattern", "/color enum"]
    ),
    // The tag says which alternative is meant.
    (#"{"at":"2026-08-15T12:00:00Z","pet":{"kind":"cat","lives":10}}"#, ["/pet/lives maximum"]),
    (#"{"at":"2026-08-15T12:00:00Z","pet":{"kind":"cow"}}"#, ["/pet oneOf"]),
    (
      #"{"at":"2026-08-15T12:00:00Z","tags":["a","b","a",1],"pair":["x",1]}"#,
      ["/tags/3 type", "/tags maxItems", "/tags/2 uniqueItems", "/pair/0 type", "/pair/1 type"]
    ),
    (
      #"{"at":"2026-08-15T12:00:00Z","amount":0.015,"scores":{"a/b":"","c~d":""}}"#,
      ["/amount multipleOf", "/scores/a~1b type", "/scores/c~0d type"]
    ),
    (
      #"{"at":"2026-08-15T12:00:00Z","amount":0,"codes":{"abcd":"x"}}"#,
      ["/amount exclusiveMinimum", "/codes/abcd type", "/codes/abcd maxLength"]
    ),
    (
      #"{"at":"2026-08-15T12:00:00Z","tree":{"value":1,"children":[{},{"value":1.5}]}}"#,
      ["/tree/children/0/value required", "/tree/children/1/value type"]
    ),
  ]

  @Test(arguments: orders.indices) func checksWhatPydanticWrites(row: Int) throws {
    let schema = try Schema(compiling: json(Self.order))
    let (value, problems) = Self.orders[row]
    #expect(summary(schema.problems(in: try json(value))).sorted() == problems.sorted())
  }

  /// `z.toJSONSchema()`: the schema, a value that fits, a value that does not and why.
  static let zod: [(schema: String, right: String, wrong: String, problems: [String])] = [
    (
      """
      {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","properties":{
      "id":{"type":"string","format":"uuid",
      "pattern":"^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-.+)$"},
      "age":{"type":"integer","minimum":-9007199254740991,"maximum":9007199254740991},
      "role":{"type":"string","enum":["admin","user"]}},
      "required":["id","age","role"],"additionalProperties":false}
      """,
      #"{"id":"2eb8aa08-aa98-41ea-b4aa-73b441d16380","age":30,"role":"user"}"#,
      #"{"id":"2eb8aa08","age":9007199254740992,"role":"User","x":1}"#,
      ["/age maximum", "/id format", "/id pattern", "/role enum", "/x additionalProperties"]
    ),
    (
      """
      {"$schema":"http://json-schema.org/draft-07/schema#","$ref":"#/definitions/__schema0",
      "definitions":{"__schema0":{"type":"object","properties":{"name":{"type":"string"},
      "children":{"type":"array","items":{"$ref":"#/definitions/__schema0"}}},
      "required":["name","children"],"additionalProperties":false}}}
      """,
      #"{"name":"a","children":[{"name":"b","children":[]}]}"#,
      #"{"name":"a","children":[{"name":"b"}]}"#, ["/children/0/children required"]
    ),
    (
      """
      {"$schema":"http://json-schema.org/draft-07/schema#","type":"array",
      "items":[{"type":"string"},{"type":"number"}],"additionalItems":{"type":"boolean"}}
      """, #"["a",1,true]"#, #"[1,"a",1]"#, ["/0 type", "/1 type", "/2 type"]
    ),
    (
      """
      {"anyOf":[{"type":"object","properties":{"status":{"type":"string","const":"ok"},
      "data":{"type":"string"}},"required":["status","data"]},{"type":"object","properties":{
      "status":{"type":"string","const":"failed"}},"required":["status"]}]}
      """, #"{"status":"failed"}"#, #"{"status":"ok"}"#, ["/data required"]
    ),
    (
      """
      {"type":"object","propertyNames":{"type":"string","enum":["a"]},
      "additionalProperties":{"anyOf":[{"type":"number"},{"type":"null"}]}}
      """, #"{"a":null}"#, #"{"b":true}"#, ["/b anyOf", "/b enum"]
    ),
    (
      """
      {"allOf":[{"type":"object","properties":{"a":{}},"required":["a"]},
      {"type":"object","properties":{"b":{"not":{}}}}]}
      """, #"{"a":1}"#, #"{"b":1}"#, ["/a required", "/b not"]
    ),
  ]

  @Test(arguments: zod.indices) func checksWhatZodWrites(row: Int) throws {
    let (source, right, wrong, problems) = Self.zod[row]
    let schema = try Schema(compiling: json(source))
    #expect(schema.problems(in: try json(right)).isEmpty)
    #expect(summary(schema.problems(in: try json(wrong))).sorted() == problems.sorted())
  }

  @Test func saysWhatIsExpectedAndWhatIsThere() throws {
    let schema = try Schema(
      compiling: json(#"{"properties":{"n":{"minimum":2.50},"s":{"enum":["a",null]}}}"#))
    let outer = JSONPointer.root.appending("args")
    let problems = schema.problems(in: try json(#"{"n":1,"s":[]}"#), at: outer)
    #expect(
      problems == [
        Problem(
          .schema, at: outer.appending("n"), "The number must be at least 2.5 (minimum).",
          expected: .number(.double(2.5)), got: .integer(1)),
        Problem(
          .schema, at: outer.appending("s"),
          "The value must be one of those that are given (enum).",
          expected: .array([.text("a"), .null]), got: .array([])),
      ])
    let long = JSONValue.object(["s": .text(String(repeating: "x", count: 101))])
    #expect(schema.problems(in: long).map(\.got) == [nil])
  }

  @Test func reportsAHundredProblemsAtMost() throws {
    let schema = try Schema(compiling: json(#"{"items":{"type":"string","minLength":1}}"#))
    #expect(schema.problems(in: .array(Array(repeating: .null, count: 150))).count == 100)
  }

  private func json(_ text: String) throws -> JSONValue { try JSONReader.read(Array(text.utf8)) }

  /// "path keyword" of each problem. The keyword ends the message, in parentheses.
  private func summary(_ problems: [Problem]) -> [String] {
    problems.map { problem in
      let keyword = problem.message.split(separator: "(").last ?? ""
      return "\(problem.path.text) \(keyword.filter(\.isLetter))"
    }
  }
}
