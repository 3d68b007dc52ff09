/// What an escape stands for.
enum PatternEscape {
  case scalar(Unicode.Scalar)
  case set(ScalarSet)
}

extension PatternParser {
  /// What follows a backslash outside of a class.
  mutating func escape() throws(PatternError) -> PatternTree {
    switch current {
    case "b":
      position += 1
      return .assertion(.wordBoundary)
    case "B":
      position += 1
      return .assertion(.noWordBoundary)
    case "k": throw failure(.backReference)
    case .some("1"..."9"): throw failure(.backReference)
    default: break
    }
    switch try commonEscape() {
    case .scalar(let scalar): return .scalar(scalar)
    case .set(let set): return .set(set)
    }
  }

  /// What follows a backslash inside or outside of a class.
  mutating func commonEscape() throws(PatternError) -> PatternEscape {
    guard let scalar = next() else { throw failure(.invalidEscape) }
    switch scalar {
    case "d": return .set(.digit)
    case "D": return .set(ScalarSet.digit.complementOfRanges)
    case "w": return .set(.word)
    case "W": return .set(ScalarSet.word.complementOfRanges)
    case "s": return .set(.space)
    case "S": return .set(ScalarSet.space.complementOfRanges)
    case "p", "P": return .set(try property(isNegated: scalar == "P"))
    case "t": return .scalar("\t")
    case "n": return .scalar("\n")
    case "r": return .scalar("\r")
    case "f": return .scalar("\u{C}")
    case "v": return .scalar("\u{B}")
    case "0": return .scalar(try null())
    case "c": return .scalar(try control())
    case "x": return .scalar(try self.scalar(hexDigits(2)))
    case "u": return .scalar(try unicodeEscape())
    case "A", "Z", "z": throw failure(.pythonAnchor)
    default:
      guard scalar.isASCII, !ScalarSet.word.contains(scalar) || scalar == "_" else {
        throw failure(.unknownEscape)
      }
      return .scalar(scalar)
    }
  }

  /// `\0`, unless it begins an octal escape, which Unicode mode does not have.
  private func null() throws(PatternError) -> Unicode.Scalar {
    if let digit = current, ScalarSet.digit.contains(digit) { throw failure(.unknownEscape) }
    return "\0"
  }

  private mutating func control() throws(PatternError) -> Unicode.Scalar {
    guard let letter = next(), letter.isASCII, letter.properties.isAlphabetic else {
      throw failure(.invalidEscape)
    }
    return try scalar(letter.value % 32)
  }

  private mutating func unicodeEscape() throws(PatternError) -> Unicode.Scalar {
    if consume("{") { return try braced() }
    let first = try hexDigits(4)
    guard 0xD800...0xDBFF ~= first, consume(word: "\\u") else { return try scalar(first) }
    let second = try hexDigits(4)
    guard 0xDC00...0xDFFF ~= second else { throw failure(.invalidEscape) }
    return try scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
  }

  /// The digits and the end of `\u{...}`.
  private mutating func braced() throws(PatternError) -> Unicode.Scalar {
    var value: UInt32?
    while let digit = current.flatMap(Self.hexDigit) {
      let longer = (value ?? 0) << 4 | digit
      guard longer <= ScalarSet.lastScalar else { throw failure(.invalidEscape) }
      value = longer
      position += 1
    }
    guard let value, consume("}") else { throw failure(.invalidEscape) }
    return try scalar(value)
  }

  private mutating func hexDigits(_ count: Int) throws(PatternError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<count {
      guard let digit = next().flatMap(Self.hexDigit) else { throw failure(.invalidEscape) }
      value = value << 4 | digit
    }
    return value
  }

  /// A text has no lone surrogates, so a pattern that asks for one is a mistake.
  private func scalar(_ value: UInt32) throws(PatternError) -> Unicode.Scalar {
    guard let scalar = Unicode.Scalar(value) else { throw failure(.invalidEscape) }
    return scalar
  }

  private static func hexDigit(_ scalar: Unicode.Scalar) -> UInt32? {
    switch scalar {
    case "0"..."9": scalar.value - 0x30
    case "a"..."f": scalar.value - 0x61 + 10
    case "A"..."F": scalar.value - 0x41 + 10
    default: nil
    }
  }

  private mutating func property(isNegated: Bool) throws(PatternError) -> ScalarSet {
    guard consume("{") else { throw failure(.invalidEscape) }
    var name = String.UnicodeScalarView()
    while let scalar = current, ScalarSet.word.contains(scalar) || scalar == "=" {
      name.append(scalar)
      position += 1
    }
    guard consume("}") else { throw failure(.invalidEscape) }
    switch String(name) {
    case "Any": return isNegated ? ScalarSet() : .any
    case "ASCII": return isNegated ? ScalarSet.ascii.complementOfRanges : .ascii
    default:
      guard let categories = CategorySet(named: String(name)) else {
        throw failure(.unknownProperty)
      }
      return ScalarSet(categories: isNegated ? categories.complement : categories)
    }
  }
}
