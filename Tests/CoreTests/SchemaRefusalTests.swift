import InterlockCore
import Testing

/// What is refused when a schema is compiled, and what is stopped when it is used.
@Suite struct SchemaRefusalTests {
  static let draft7 = ##""$schema":"http://json-schema.org/draft-07/schema#""##
  static let draft2019 = #""$schema":"https://json-schema.org/draft/2019-09/schema""#
  static let draft2020 = #""$schema":"https://json-schema.org/draft/2020-12/schema""#

  /// A schema, and the code and path of its only problem.
  static let table: [(schema: String, code: Problem.Code, path: String)] = [
    (#"{"requierd":["a"]}"#, .unsupported, "/requierd"),
    (#"{"nullable":true}"#, .unsupported, "/nullable"),
    (#"{"properties":{"a":{"id":"x"}}}"#, .unsupported, "/properties/a/id"),
    (#"{"dependencies":{}}"#, .unsupported, "/dependencies"),
    (#"{"$vocabulary":{}}"#, .unsupported, "/$vocabulary"),
    (##"{"$dynamicRef":"#a"}"##, .unsupported, "/$dynamicRef"),
    (#"{"$dynamicAnchor":"a"}"#, .unsupported, "/$dynamicAnchor"),
    (##"{"$recursiveRef":"#"}"##, .unsupported, "/$recursiveRef"),
    (#"{"$recursiveAnchor":true}"#, .unsupported, "/$recursiveAnchor"),
    (#"{"$schema":"http://json-schema.org/draft-04/schema#"}"#, .unsupported, "/$schema"),
    (#"{"not":{\#(draft2020)}}"#, .unsupported, "/not/$schema"),
    (#"{"items":{"$id":"http://a/b"}}"#, .unsupported, "/items/$id"),
    (#"{"$ref":"http://a/b"}"#, .unsupported, "/$ref"),
    (#"{"$ref":"other.json#/a"}"#, .unsupported, "/$ref"),
    (#"{"$id":"http://a/b","$ref":"http://a/bc#"}"#, .unsupported, "/$ref"),
    (#"{"format":"json-string"}"#, .unsupported, "/format"),
    (#"{"pattern":"(?=a)"}"#, .unsupported, "/pattern"),
    (#"{"patternProperties":{"(?!a)":{}}}"#, .unsupported, "/patternProperties/(?!a)"),
    (#"{"multipleOf":99999999999999999999}"#, .unsupported, "/multipleOf"),
    (#"{"additionalItems":false}"#, .unsupported, "/additionalItems"),
    (#"{\#(draft7),"prefixItems":[{}]}"#, .unsupported, "/prefixItems"),
    (#"{\#(draft7),"dependentRequired":{}}"#, .unsupported, "/dependentRequired"),
    (##"{\##(draft7),"$ref":"#/$defs/a","type":"null","$defs":{"a":{}}}"##, .unsupported, "/$ref"),
    (#"{\#(draft2019),"unevaluatedItems":false}"#, .unsupported, "/unevaluatedItems"),
    ("1", .schema, ""),
    (#"{"items":[{}]}"#, .schema, "/items"),
    (#"{"type":"text"}"#, .schema, "/type"),
    (#"{"type":[]}"#, .schema, "/type"),
    (#"{"type":1}"#, .schema, "/type"),
    (#"{"enum":1}"#, .schema, "/enum"),
    (#"{"minimum":"1"}"#, .schema, "/minimum"),
    (#"{"multipleOf":0}"#, .schema, "/multipleOf"),
    (#"{"multipleOf":-0.5}"#, .schema, "/multipleOf"),
    (#"{"minLength":-1}"#, .schema, "/minLength"),
    (#"{"maxItems":1.5}"#, .schema, "/maxItems"),
    (#"{"minProperties":"1"}"#, .schema, "/minProperties"),
    (#"{"maxContains":null}"#, .schema, "/maxContains"),
    (#"{"uniqueItems":1}"#, .schema, "/uniqueItems"),
    (#"{"pattern":"("}"#, .schema, "/pattern"),
    (#"{"pattern":1}"#, .schema, "/pattern"),
    (#"{"format":1}"#, .schema, "/format"),
    (#"{"properties":[]}"#, .schema, "/properties"),
    (#"{"properties":{"a":1}}"#, .schema, "/properties/a"),
    (#"{"required":"a"}"#, .schema, "/required"),
    (#"{"required":["a",1]}"#, .schema, "/required"),
    (#"{"required":["a","a"]}"#, .schema, "/required"),
    (#"{"dependentRequired":{"a":"b"}}"#, .schema, "/dependentRequired/a"),
    (#"{"allOf":[]}"#, .schema, "/allOf"),
    (#"{"anyOf":{}}"#, .schema, "/anyOf"),
    (#"{"oneOf":[1]}"#, .schema, "/oneOf/0"),
    (#"{"then":1}"#, .schema, "/then"),
    (#"{"$id":"http://a/#b"}"#, .schema, "/$id"),
    (#"{"$ref":1}"#, .schema, "/$ref"),
    (##"{"$ref":"#/$defs/a"}"##, .schema, "/$ref"),
    (##"{"$ref":"#a"}"##, .schema, "/$ref"),
    (##"{"$ref":"#/~2"}"##, .schema, "/$ref"),
    (##"{"$ref":"#/%4"}"##, .schema, "/$ref"),
    (##"{"$ref":"#/%FF"}"##, .schema, "/$ref"),
    (##"{"$ref":"#/const","const":{}}"##, .schema, "/$ref"),
    (#"{"$defs":{"a":{"$anchor":"x"},"b":{"$anchor":"x"}}}"#, .schema, "/$defs/b/$anchor"),
    // Circles: each would be followed for ever.
    (##"{"$ref":"#"}"##, .schema, "/$ref"),
    (##"{"$defs":{"a":{"anyOf":[{},{"$ref":"#/$defs/a"}]}}}"##, .schema, "/$defs/a/anyOf/1/$ref"),
    (##"{"not":{"$ref":"#"}}"##, .schema, "/not/$ref"),
    (##"{"if":{"dependentSchemas":{"a":{"$ref":"#"}}}}"##, .schema, "/if/dependentSchemas/a/$ref"),
  ]

  @Test(arguments: table.indices) func refuses(row: Int) throws {
    let (source, code, path) = Self.table[row]
    let problems = problems(compiling: try json(source))
    #expect(problems.map(\.code) == [code], "\(source)")
    #expect(problems.map(\.path.text.string) == [path], "\(source)")
  }

  @Test func reportsEveryReasonBeneathTheOuterPath() throws {
    let document = try json(#"{"type":"x","items":{"nullable":true},"$ref":"y"}"#)
    let outer = JSONPointer.root.appending("config").appending("schema")
    #expect(
      Set(problems(compiling: document, at: outer).map(\.path.text.string)) == [
        "/config/schema/type", "/config/schema/items/nullable", "/config/schema/$ref",
      ])
    let reference = try json(##"{"$ref":"#/$defs/a","$defs":{"a":{"type":"null"}}}"##)
    #expect(problems(compiling: reference, at: outer).isEmpty)
  }

  /// Every keyword that is known is accepted somewhere, or is in the table above.
  @Test func annotationsSayNothing() throws {
    let schema = try Schema(
      compiling: json(
        """
        {"title":"t","description":"d","default":1,"examples":[1],"deprecated":true,"readOnly":true,
        "writeOnly":true,"$comment":"c","contentEncoding":"base64","contentMediaType":"a/b",
        "contentSchema":false,"discriminator":{"propertyName":"k"},"x-any":1,"format":"binary",
        "$id":"http://a/b#","minContains":2,"then":false,"else":false}
        """))
    #expect(schema.problems(in: .text("x")).isEmpty)
  }

  @Test func capsTheNumberOfSubschemas() throws {
    let within = JSONValue.array(Array(repeating: .bool(true), count: 9_999))
    #expect(problems(compiling: .object(["allOf": within])).isEmpty)
    let beyond = JSONValue.array(Array(repeating: .bool(true), count: 10_000))
    #expect(problems(compiling: .object(["allOf": beyond])).map(\.code) == [.tooLarge])
  }

  @Test func capsDepthAndNamesAndPatterns() {
    var deep = JSONValue.bool(true)
    for _ in 0..<64 { deep = .object(["not": deep]) }
    #expect(problems(compiling: deep).map(\.code) == [.tooLarge])
    let name = Text(String(repeating: "n", count: 5000))
    let long = JSONValue.object([JSONMember(name: name, value: .bool(true))])
    #expect(problems(compiling: .object(["properties": long])).map(\.code) == [.tooLarge])
    let pattern = JSONValue.object(["pattern": .text("a{19000}")])
    let patterns = JSONValue.array(Array(repeating: pattern, count: 7))
    #expect(problems(compiling: .object(["allOf": patterns])).map(\.code) == [.tooLarge])
  }

  /// Thirty definitions that each try the next one twice: 2^30 checks, none of which is a circle.
  @Test func stopsWhatIsTooExpensive() throws {
    var definitions: [String] = []
    for index in 0..<30 {
      let next = ##"{"$ref":"#/$defs/d\##(index + 1)"}"##
      definitions.append(#""d\#(index)":{"allOf":[\#(next),\#(next)]}"#)
    }
    definitions.append(#""d30":true"#)
    let source = ##"{"$ref":"#/$defs/d0","$defs":{\##(definitions.joined(separator: ","))}}"##
    let schema = try Schema(compiling: json(source))
    let clock = ContinuousClock()
    let start = clock.now
    #expect(schema.problems(in: .null).map(\.message) == [Self.tooExpensive])
    let negated = try json(source.replacing(first: "{", by: #"{"not":{"not":{}},"#))
    let turned = try Schema(compiling: negated)
    #expect(turned.problems(in: .null).map(\.message) == [Self.tooExpensive])
    #expect(start.duration(to: clock.now) < .seconds(30))
  }

  static let tooExpensive = "Checking this against the schema is too expensive."

  /// A chain of references is not a circle, but would take the stack.
  @Test func stopsWhatIsTooDeep() throws {
    func chain(_ count: Int) throws -> Schema {
      let links = (0..<count).map { ##""d\##($0)":{"$ref":"#/$defs/d\##($0 + 1)"}"## }
      let all = (links + [#""d\#(count)":{"type":"null"}"#]).joined(separator: ",")
      return try Schema(compiling: json(##"{"$ref":"#/$defs/d0","$defs":{\##(all)}}"##))
    }
    #expect(try chain(250).problems(in: .null).isEmpty)
    #expect(try chain(250).problems(in: .integer(1)).map(\.message).count == 1)
    #expect(try chain(9_000).problems(in: .null).map(\.message) == [Self.tooExpensive])
  }

  /// The deepest document there is, against a schema that follows it all the way.
  @Test func followsTheDeepestDocument() throws {
    let schema = try Schema(
      compiling: json(##"{"anyOf":[{"type":"integer"},{"type":"array","items":{"$ref":"#"}}]}"##))
    let deepest = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
    #expect(schema.problems(in: try json(deepest)).isEmpty)
    let inner = String(repeating: "[", count: 63) + "[true]" + String(repeating: "]", count: 63)
    let problems = schema.problems(in: try json(inner))
    #expect(problems.map(\.path.text.string) == [String(repeating: "/0", count: 64)])
  }

  @Test func largeListsAreNotQuadratic() throws {
    let count = 100_000
    let numbers = (0..<count).map { JSONValue.integer($0) }
    let unique = try Schema(compiling: json(#"{"uniqueItems":true}"#))
    #expect(unique.problems(in: .array(numbers)).isEmpty)
    let repeated = unique.problems(in: .array(numbers + [.number(.double(5))]))
    #expect(repeated.map(\.path.text.string) == ["/\(count)"])
    let members = (0..<count).map { JSONMember(name: Text("m\($0)"), value: .null) }
    let names = members.map { JSONValue.string($0.name) }
    let required = try Schema(compiling: .object(["required": .array(names)]))
    #expect(required.problems(in: .object(members)).isEmpty)
  }

  /// Work that is not the number of checks: comparing, reading, looking for names.
  @Test func stopsWhatIsTooExpensiveWithinOneCheck() throws {
    func repeated(_ rule: String) throws -> Schema {
      let list = Array(repeating: ##"{"$ref":"#/$defs/rule"}"##, count: 200)
      let all = list.joined(separator: ",")
      return try Schema(compiling: json(#"{"allOf":[\#(all)],"$defs":{"rule":\#(rule)}}"#))
    }
    let numbers = JSONValue.array((0..<1_000).map { .integer($0) })
    let large = String(decoding: JSONWriter.write(numbers), as: UTF8.self)
    let members = (0..<1_000).map { JSONMember(name: Text("m\($0)"), value: .null) }
    let text = JSONValue.text(String(repeating: "a", count: 20_000))
    let digits = JSONValue.number(.bigInteger(Text(String(repeating: "9", count: 2_000))))
    let cases: [(rule: String, value: JSONValue)] = [
      (#"{"const":\#(large)}"#, numbers),
      (#"{"enum":[1,\#(large)]}"#, numbers),
      (#"{"uniqueItems":true}"#, numbers),
      (#"{"required":["m0"]}"#, .object(members)),
      (#"{"properties":{"a":{}}}"#, .object(members)),
      (#"{"dependentRequired":{"a":[]}}"#, .object(members)),
      (#"{"minLength":1}"#, text),
      (#"{"pattern":"^a*$"}"#, text),
      (#"{"maximum":1.5}"#, digits),
      (#"{"multipleOf":7}"#, digits),
    ]
    for (rule, value) in cases {
      let problems = try repeated(rule).problems(in: value, within: 10_000)
      #expect(problems.map(\.message) == [Self.tooExpensive], "\(rule.prefix(30))")
    }
  }

  private func json(_ text: String) throws -> JSONValue { try JSONReader.read(Array(text.utf8)) }

  private func problems(compiling document: JSONValue, at path: JSONPointer = .root) -> [Problem] {
    do throws(SchemaError) {
      _ = try Schema(compiling: document, at: path)
      return []
    } catch {
      return error.problems
    }
  }
}

extension String {
  fileprivate func replacing(first character: Character, by text: String) -> String {
    guard let index = firstIndex(of: character) else { return self }
    return self[..<index] + text + self[self.index(after: index)...]
  }
}
