/// Turns a schema document into nodes, and collects every reason to refuse it.
struct SchemaCompiler {
  /// Bounds what a hostile schema costs: pointers are repeated for every subschema beneath them,
  /// and a short pattern may expand to many instructions.
  static let maxPointer = 4096
  static let maxInstructions = 100_000

  let base: JSONPointer
  private(set) var problems: [Problem] = []
  var nodes: [SchemaNode] = []
  var dialect = SchemaDialect.draft2020
  var rootID: Text?
  var places: [JSONPointer: Int] = [:]
  var anchors: [Text: Int] = [:]
  var references: [PendingReference] = []
  private var instructions = 0

  init(base: JSONPointer) {
    self.base = base
  }

  mutating func compile(_ document: JSONValue) {
    readIdentity(of: document)
    _ = compile(document, at: base, depth: 0)
    resolveReferences()
    refuseCircles()
  }

  mutating func refuse(_ code: Problem.Code, at path: JSONPointer, _ message: String) {
    let problem = Problem(code, at: path, message)
    guard problems.count < Schema.maxProblems, !problems.contains(problem) else { return }
    problems.append(problem)
  }

  /// Compiles one subschema and everything beneath it. The index is of use only without problems.
  mutating func compile(_ document: JSONValue, at path: JSONPointer, depth: Int) -> Int {
    guard depth < JSONReader.maxDepth, nodes.count < Schema.maxSubschemas,
      path.text.utf8.count <= base.text.utf8.count + Self.maxPointer
    else {
      refuse(.tooLarge, at: base, "The schema has too many levels, subschemas or long names.")
      return 0
    }
    let index = nodes.count
    nodes.append(SchemaNode())
    places[path] = index
    switch document {
    case .bool(let allowsAll):
      if !allowsAll { nodes[index].rules = [.never] }
    case .object(let members):
      let schema = Subschema(
        keywords: keywords(members, at: path), path: path, depth: depth, index: index)
      nodes[index].rules = rules(of: schema)
    case .null, .number, .string, .array:
      refuse(.schema, at: path, "A schema must be an object or a boolean.")
    }
    return index
  }

  /// Compiles a pattern, whose size counts towards a cap for the whole schema.
  mutating func pattern(_ source: Text, at path: JSONPointer) -> Pattern? {
    guard instructions <= Self.maxInstructions else {
      refuse(.tooLarge, at: base, "The patterns of the schema are too large.")
      return nil
    }
    do throws(PatternError) {
      let pattern = try Pattern(source)
      instructions += pattern.size
      return pattern
    } catch {
      let code: Problem.Code = error.isUnsupported ? .unsupported : .schema
      refuse(code, at: path, "The pattern cannot be enforced: \(error.message).")
      return nil
    }
  }

  /// The known keywords of a schema. All others are refused, but for `x-` extensions.
  private mutating func keywords(
    _ members: [JSONMember], at path: JSONPointer
  ) -> [SchemaKeyword: JSONValue] {
    var known: [SchemaKeyword: JSONValue] = [:]
    for member in members where !member.name.utf8.starts(with: "x-".utf8) {
      guard let keyword = SchemaKeyword.byName[member.name],
        keyword.dialects.contains(dialect), keyword.role != .unsupported
      else {
        let message = "This keyword is not enforced, so the schema is refused."
        refuse(.unsupported, at: path.appending(member.name), message)
        continue
      }
      known[keyword] = member.value
    }
    return known
  }

  private mutating func rules(of schema: Subschema) -> [SchemaRule] {
    readStructure(of: schema)
    readReference(of: schema)
    return valueRules(schema) + objectRules(schema) + arrayRules(schema)
      + combinationRules(schema) + unevaluatedRules(schema)
  }
}

/// A schema object while it is compiled.
struct Subschema {
  let keywords: [SchemaKeyword: JSONValue]
  let path: JSONPointer
  let depth: Int
  let index: Int

  subscript(keyword: SchemaKeyword) -> JSONValue? { keywords[keyword] }

  func path(_ keyword: SchemaKeyword) -> JSONPointer { path.appending(Text(keyword.rawValue)) }
}
