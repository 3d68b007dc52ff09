extension PatternParser {
  /// How often the atom before it may stand, or nil if no quantifier follows. A `?` that makes it
  /// lazy is read as well: it changes what is captured, not whether there is a match.
  mutating func quantifier() throws(PatternError) -> (min: Int, max: Int?)? {
    guard let bounds = try bounds() else { return nil }
    _ = consume("?")
    return bounds
  }

  private mutating func bounds() throws(PatternError) -> (min: Int, max: Int?)? {
    if consume("*") { return (0, nil) }
    if consume("+") { return (1, nil) }
    if consume("?") { return (0, 1) }
    return try counts()
  }

  /// `{n}`, `{n,}`, `{n,m}`; nil for a brace that is a character.
  private mutating func counts() throws(PatternError) -> (min: Int, max: Int?)? {
    let start = position
    guard consume("{") else { return nil }
    let min = try number()
    let hasComma = consume(",")
    let max = hasComma ? try number() : min
    guard consume("}"), min != nil || max != nil else {
      position = start
      return nil
    }
    // `{,n}` is a repetition in Python and plain text in JavaScript.
    guard let min else { throw failure(.invalidRepetition) }
    if let max, max < min { throw failure(.invalidRepetition) }
    return (min, max)
  }

  private mutating func number() throws(PatternError) -> Int? {
    var value: Int?
    while let scalar = current, ScalarSet.digit.contains(scalar) {
      let digit = Int(scalar.value) - 0x30
      let longer = (value ?? 0) * 10 + digit
      guard longer <= Pattern.maxProgram else { throw failure(.tooLarge) }
      value = longer
      position += 1
    }
    return value
  }
}
