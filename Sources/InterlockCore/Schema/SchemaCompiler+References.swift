/// A `$ref`, until all the places it could lead to are known.
struct PendingReference {
  let source: Int
  let target: Target
  let path: JSONPointer

  enum Target {
    case place(JSONPointer)
    case anchor(Text)
  }
}

extension SchemaCompiler {
  /// The draft and the name of the document. Both are read first: they say how to read the rest.
  mutating func readIdentity(of document: JSONValue) {
    if let uri = document.member("$schema")?.text, let named = SchemaDialect(uri: uri) {
      dialect = named
    }
    guard var id = document.member("$id")?.text?.utf8 else { return }
    if id.last == UInt8(ascii: "#") { id.removeLast() }
    rootID = Text(trusted: id)
  }

  /// `$schema`, `$id`, `$anchor` and the definitions.
  mutating func readStructure(of schema: Subschema) {
    if let uri = text(.schema, schema), schema.depth > 0 || SchemaDialect(uri: uri) == nil {
      let message = "Schemas of 2020-12, 2019-09 and draft-07 are understood, one per document."
      refuse(.unsupported, at: schema.path(.schema), message)
    }
    if let id = text(.id, schema) {
      if schema.depth > 0 {
        refuse(.unsupported, at: schema.path(.id), "A schema within a schema cannot have an $id.")
      } else if id.utf8.dropLast().contains(UInt8(ascii: "#")) {
        malformed(.id, schema, "a URI without a fragment")
      }
    }
    if let name = text(.anchor, schema),
      anchors.updateValue(schema.index, forKey: name) != nil
    {
      refuse(.schema, at: schema.path(.anchor), "Two places have the same $anchor.")
    }
    _ = namedSchemas(.defs, schema)
    _ = namedSchemas(.definitions, schema)
  }

  /// A `$ref` to a place of this document. Nothing is ever fetched.
  mutating func readReference(of schema: Subschema) {
    guard let reference = text(.ref, schema) else { return }
    let path = schema.path(.ref)
    if dialect == .draft7,
      schema.keywords.keys.contains(where: { $0 != .ref && $0.role == .enforced })
    {
      refuse(.unsupported, at: path, "Draft-07 ignores what stands beside a $ref: use allOf.")
    }
    guard let fragment = localFragment(of: reference) else {
      refuse(.unsupported, at: path, "A $ref may lead only to a place of the same document.")
      return
    }
    guard let target = target(fragment) else {
      malformed(.ref, schema, "a JSON pointer or the name of an anchor")
      return
    }
    references.append(PendingReference(source: schema.index, target: target, path: path))
  }

  /// What follows the `#`, or nil if the reference leads elsewhere.
  private func localFragment(of reference: Text) -> ArraySlice<UInt8>? {
    var rest = reference.utf8[...]
    if let rootID, rest.starts(with: rootID.utf8) { rest = rest.dropFirst(rootID.utf8.count) }
    guard let first = rest.popFirst() else { return rest }
    return first == UInt8(ascii: "#") ? rest : nil
  }

  private func target(_ fragment: ArraySlice<UInt8>) -> PendingReference.Target? {
    guard let decoded = PercentEncoding.decode(fragment) else { return nil }
    guard let first = decoded.first else { return .place(base) }
    guard first == UInt8(ascii: "/") else { return Text(validating: decoded).map { .anchor($0) } }
    var place = base
    for token in decoded.dropFirst().split(separator: first, omittingEmptySubsequences: false) {
      guard let name = Self.unescape(token) else { return nil }
      place = place.appending(name)
    }
    return .place(place)
  }

  /// RFC 6901, section 4.
  private static func unescape(_ token: ArraySlice<UInt8>) -> Text? {
    var bytes: [UInt8] = []
    var rest = token
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "~") else {
        bytes.append(byte)
        continue
      }
      switch rest.popFirst() {
      case UInt8(ascii: "0"): bytes.append(UInt8(ascii: "~"))
      case UInt8(ascii: "1"): bytes.append(UInt8(ascii: "/"))
      default: return nil
      }
    }
    return Text(validating: bytes)
  }

  mutating func resolveReferences() {
    for reference in references {
      let target =
        switch reference.target {
        case .place(let place): places[place]
        case .anchor(let name): anchors[name]
        }
      guard let target else {
        refuse(.schema, at: reference.path, "The $ref does not lead to a schema.")
        continue
      }
      nodes[reference.source].rules.insert(.reference(target), at: 0)
    }
  }

  /// Refuses a `$ref` that comes back to its start with the same value in hand: it would never end.
  ///
  /// Peels off the schemas that lead nowhere else, again and again; what remains goes in circles.
  mutating func refuseCircles() {
    let edges = nodes.map { $0.rules.flatMap(\.inPlace) }
    var sources: [[Int]] = Array(repeating: [], count: nodes.count)
    var open = edges.map(\.count)
    for (source, targets) in edges.enumerated() {
      for target in targets { sources[target].append(source) }
    }
    var done = open.indices.filter { open[$0] == 0 }
    while let index = done.popLast() {
      for source in sources[index] {
        open[source] -= 1
        if open[source] == 0 { done.append(source) }
      }
    }
    for reference in references where open[reference.source] > 0 {
      guard case .reference(let target) = nodes[reference.source].rules.first, open[target] > 0
      else { continue }
      refuse(.schema, at: reference.path, "The $ref leads in a circle.")
    }
  }
}
