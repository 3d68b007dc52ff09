extension PatternParser {
  /// A character class, after its opening bracket.
  mutating func characterClass() throws(PatternError) -> ScalarSet {
    let start = position - 1
    let isNegated = consume("^")
    var set = ScalarSet()
    while !consume("]") {
      guard current != nil else { throw PatternError(reason: .unclosedClass, offset: start) }
      try insertMember(into: &set)
    }
    set.normalise()
    return isNegated ? set.negated : set
  }

  /// One character, one escape or one range. A hyphen beside an escape such as `\w` is a hyphen.
  private mutating func insertMember(into set: inout ScalarSet) throws(PatternError) {
    let start = position
    switch try member() {
    case .set(let other): set.insert(contentsOf: other)
    case .scalar(let first):
      let hyphen = position
      guard consume("-"), current != nil, current != "]" else {
        position = hyphen
        set.insert(first.value...first.value)
        return
      }
      switch try member() {
      case .scalar(let last):
        guard first <= last else { throw PatternError(reason: .invalidRange, offset: start) }
        set.insert(first.value...last.value)
      case .set(let other):
        set.insert(first.value...first.value)
        set.insert(0x2D...0x2D)
        set.insert(contentsOf: other)
      }
    }
  }

  private mutating func member() throws(PatternError) -> PatternEscape {
    guard let scalar = next() else { throw failure(.unclosedClass) }
    guard scalar == "\\" else { return .scalar(scalar) }
    if consume("b") { return .scalar("\u{8}") }
    return try commonEscape()
  }
}
