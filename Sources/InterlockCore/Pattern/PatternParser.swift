/// Reads a pattern with the grammar of ECMA-262, in Unicode mode.
///
/// Where Unicode mode is stricter than what JavaScript without the `u` flag and Python both accept
/// (`\-` outside of a class, a literal `{`), it is lenient: those patterns mean one thing everywhere.
struct PatternParser {
  private let scalars: [Unicode.Scalar]
  var position = 0
  private var depth = 0

  init(_ source: Text) throws(PatternError) {
    let scalars = Array(source.string.unicodeScalars.prefix(Pattern.maxLength + 1))
    guard scalars.count <= Pattern.maxLength else {
      throw PatternError(reason: .tooLong, offset: Pattern.maxLength)
    }
    self.scalars = scalars
  }

  mutating func parse() throws(PatternError) -> ParsedPattern {
    let lookAheads = try leadingLookAheads()
    let tree = try alternatives()
    guard current == nil else { throw failure(.unopenedGroup) }
    return lookAheads.isEmpty
      ? ParsedPattern(tree: tree) : try Self.join(lookAheads, with: tree)
  }

  // MARK: The reader's hand

  var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  func failure(_ reason: PatternError.Reason) -> PatternError {
    PatternError(reason: reason, offset: position)
  }

  mutating func next() -> Unicode.Scalar? {
    guard let scalar = current else { return nil }
    position += 1
    return scalar
  }

  mutating func consume(_ scalar: Unicode.Scalar) -> Bool {
    guard current == scalar else { return false }
    position += 1
    return true
  }

  mutating func consume(word: StaticString) -> Bool {
    let start = position
    for scalar in word.description.unicodeScalars where !consume(scalar) {
      position = start
      return false
    }
    return true
  }

  // MARK: Grammar

  mutating func alternatives() throws(PatternError) -> PatternTree {
    var branches = [try sequence()]
    while consume("|") { branches.append(try sequence()) }
    return branches.count == 1 ? branches[0] : .alternatives(branches)
  }

  private mutating func sequence() throws(PatternError) -> PatternTree {
    var terms: [PatternTree] = []
    while let scalar = current, scalar != "|", scalar != ")" { terms.append(try term()) }
    return .sequence(terms)
  }

  private mutating func term() throws(PatternError) -> PatternTree {
    let start = position
    let atom = try self.atom()
    guard let (min, max) = try quantifier() else { return atom }
    if case .assertion = atom {
      throw PatternError(reason: .nothingToRepeat, offset: start)
    }
    // `a**` and the possessive `a++` repeat nothing.
    let second = position
    if try quantifier() != nil {
      throw PatternError(reason: .nothingToRepeat, offset: second)
    }
    return .repetition(atom, min: min, max: max)
  }

  private mutating func atom() throws(PatternError) -> PatternTree {
    let start = position
    guard let scalar = next() else { return .empty }
    switch scalar {
    case "^": return .assertion(.start)
    case "$": return .assertion(.end)
    case ".": return .set(ScalarSet.lineEnd.negated)
    case "(": return try group()
    case "[": return .set(try characterClass())
    case "\\": return try escape()
    case "*", "+", "?": throw PatternError(reason: .nothingToRepeat, offset: start)
    case "{":
      position = start
      if try quantifier() != nil { throw PatternError(reason: .nothingToRepeat, offset: start) }
      position += 1
      return .scalar(scalar)
    default: return .scalar(scalar)
    }
  }

  private mutating func group() throws(PatternError) -> PatternTree {
    let start = position - 1
    guard depth < Pattern.maxDepth else { throw failure(.tooDeep) }
    if consume("?") { try groupKind() }
    return try restOfGroup(openedAt: start)
  }

  /// What a group holds, and its end.
  mutating func restOfGroup(openedAt start: Int) throws(PatternError) -> PatternTree {
    depth += 1
    let tree = try alternatives()
    depth -= 1
    guard consume(")") else {
      throw PatternError(reason: .unclosedGroup, offset: start)
    }
    return tree
  }

  /// What follows `(?`. Python's `(?P<name>` is a named group as well.
  private mutating func groupKind() throws(PatternError) {
    if consume(":") { return }
    for lookAround: StaticString in ["=", "!", "<=", "<!"] where consume(word: lookAround) {
      throw failure(.lookAround)
    }
    if consume(word: "P=") { throw failure(.backReference) }
    guard consume("<") || consume(word: "P<") else { throw failure(.unknownGroup) }
    var length = 0
    while let scalar = next() {
      if scalar == ">", length > 0 { return }
      guard scalar.value > 0x7F || scalar == "$" || ScalarSet.word.contains(scalar) else { break }
      length += 1
    }
    throw failure(.invalidGroupName)
  }
}
