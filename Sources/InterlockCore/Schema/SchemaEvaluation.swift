/// One check of one value: what is wrong with it, where, and how much work it may still take.
struct SchemaEvaluation {
  /// Nested checks: 64 levels of a document, four subschemas at each.
  static let maxDepth = 256
  /// A place is named at most this precisely: names may be long, and problems a hundred.
  private static let maxPointer = 4096

  let nodes: [SchemaNode]
  let tracks: Bool
  private var base = JSONPointer.root
  private(set) var steps: [Step] = []
  var findings: [Finding] = []
  /// While only a yes or no is wanted: nothing is reported, and the first failure is enough.
  private(set) var isQuiet = false
  private var stepsLeft: Int
  private var depth = 0
  private var isOverspent = false

  enum Step {
    case name(Text)
    case index(Int)
  }

  struct Finding {
    let problem: Problem
    let keyword: SchemaKeyword?
    /// How many steps below the root of the value it stands.
    let depth: Int
  }

  init(_ nodes: [SchemaNode], tracks: Bool, steps: Int) {
    self.nodes = nodes
    self.tracks = tracks
    stepsLeft = steps
  }

  mutating func problems(in value: JSONValue, at path: JSONPointer) -> [Problem] {
    base = path
    var seen = SeenParts(untracked: ())
    let isValid = check(0, value, &seen)
    // Nothing should fail without a word; if it does, it fails all the same.
    if isOverspent || (!isValid && findings.isEmpty) {
      return [Problem(.schema, at: path, "Checking this against the schema is too expensive.")]
    }
    return isValid ? [] : findings.map(\.problem)
  }

  /// Whether enough has been found to stop.
  var isDone: Bool { isQuiet || isOverspent || findings.count >= Schema.maxProblems }

  /// Checks a value; `seen` learns which of its parts were looked at by what holds.
  mutating func check(_ schema: Int, _ value: JSONValue, _ seen: inout SeenParts) -> Bool {
    guard depth < Self.maxDepth else {
      isOverspent = true
      return false
    }
    guard spend(1 + Self.reading(value)) else { return false }
    depth += 1
    defer { depth -= 1 }
    var parts = tracks ? SeenParts(of: value) : SeenParts(untracked: ())
    guard spend(parts.cost) else { return false }
    var isValid = true
    for rule in nodes[schema].rules where !apply(rule, value, &parts) {
      isValid = false
      if isDone { break }
    }
    // After a failure that is reported, parts count as seen: one mistake is one problem.
    if isValid || !isQuiet { seen.formUnion(parts) }
    return isValid
  }

  /// Whether a value satisfies a schema, without a word about why not.
  mutating func accepts(_ schema: Int, _ value: JSONValue, _ seen: inout SeenParts) -> Bool {
    let wasQuiet = isQuiet
    isQuiet = true
    defer { isQuiet = wasQuiet }
    return check(schema, value, &seen)
  }

  /// Checks a part of the value, one step down, on behalf of a keyword.
  mutating func descend(
    _ step: Step, _ value: JSONValue, _ schema: Int, _ keyword: SchemaKeyword
  ) -> Bool {
    steps.append(step)
    defer { steps.removeLast() }
    if nodes[schema].allowsNothing {
      return spend(1) && report(keyword, "The schema does not allow this here", got: value)
    }
    var seen = SeenParts(untracked: ())
    return check(schema, value, &seen)
  }

  /// Pays for work beyond the check of a subschema. False once the budget is used up.
  mutating func spend(_ count: Int) -> Bool {
    guard !isOverspent, count <= stepsLeft else {
      isOverspent = true
      return false
    }
    stepsLeft -= count
    return true
  }

  /// Pays for comparing the value with what takes `cost`: at worst, all of one with all of the other.
  mutating func spend(_ cost: Int, comparing value: JSONValue) -> Bool {
    let (product, overflow) = cost.multipliedReportingOverflow(by: 1 + value.comparisonCost)
    return spend(overflow ? .max : product)
  }

  /// What rules that read a long text or number to its end take beyond a step.
  private static func reading(_ value: JSONValue) -> Int {
    switch value {
    case .string(let text): text.utf8.count / 256
    case .number(.bigInteger(let digits)): digits.utf8.count / 16
    case .null, .bool, .number, .array, .object: 0
    }
  }

  /// Reports a problem at the present place, and is always false.
  mutating func report(
    _ keyword: SchemaKeyword?, _ message: @autoclosure () -> String,
    expected: @autoclosure () -> JSONValue? = nil, got: JSONValue? = nil
  ) -> Bool {
    guard !isDone else { return false }
    let name = keyword.map { " (\($0.rawValue))" } ?? ""
    let problem = Problem(
      .schema, at: place, message() + name + ".", expected: expected()?.ifSmall, got: got?.ifSmall)
    findings.append(Finding(problem: problem, keyword: keyword, depth: steps.count))
    return false
  }

  mutating func reportMissing(_ name: Text, _ keyword: SchemaKeyword) {
    steps.append(.name(name))
    _ = report(keyword, "The member is missing")
    steps.removeLast()
  }

  mutating func reportRepeated(_ item: JSONValue, at index: Int) -> Bool {
    steps.append(.index(index))
    defer { steps.removeLast() }
    return report(.uniqueItems, "The item stands in the list before", got: item)
  }

  private var place: JSONPointer {
    var place = base
    for step in steps {
      let longer =
        switch step {
        case .name(let name): place.appending(name)
        case .index(let index): place.appending(index)
        }
      guard longer.text.utf8.count <= base.text.utf8.count + Self.maxPointer else { break }
      place = longer
    }
    return place
  }
}

extension JSONValue {
  /// The value if a person can take it in at a glance: a short scalar or a short list of them.
  fileprivate var ifSmall: JSONValue? {
    switch self {
    case .array(let elements):
      elements.count <= 16 && elements.allSatisfy(\.isShortScalar) ? self : nil
    case .null, .bool, .number, .string, .object: isShortScalar ? self : nil
    }
  }

  private var isShortScalar: Bool {
    switch self {
    case .null, .bool, .number(.integer), .number(.double): true
    case .number(.bigInteger(let text)), .string(let text): text.utf8.count <= 100
    case .array, .object: false
    }
  }
}
