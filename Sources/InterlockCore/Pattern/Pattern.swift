/// A regular expression of JSON Schema: the part of ECMA-262 that can be matched in linear time.
///
/// A pattern may come from one stranger and the text from another, so nothing here backtracks: the
/// time is at most the size of the program times the length of the text. What would need
/// backtracking (back-references, look-around) is refused when the pattern is compiled. A pattern
/// matches if it is found anywhere in the text; one scalar is one character.
package struct Pattern: Sendable {
  package static let maxLength = 4096
  package static let maxProgram = 20_000
  package static let maxDepth = 64

  let program: [PatternInstruction]
  let sets: [ScalarSet]

  package init(_ source: Text) throws(PatternError) {
    var parser = try PatternParser(source)
    let tree = try parser.parse()
    var compiler = PatternCompiler()
    try compiler.compile(tree)
    program = compiler.program
    sets = compiler.sets
  }

  package func matches(_ text: Text) -> Bool {
    var matcher = PatternMatcher(self)
    return matcher.search(text.string.unicodeScalars)
  }

  /// An upper bound of the work that one match takes, in units of 256 instructions (some 3 us).
  package func cost(of text: Text) -> Int {
    let (instructions, overflow) = program.count.multipliedReportingOverflow(by: text.utf8.count)
    return overflow ? .max : instructions / 256 + 1
  }
}

/// One step of the compiled program. Targets are indices of the program.
enum PatternInstruction: Sendable {
  case scalar(Unicode.Scalar)
  case set(Int)
  case assertion(PatternAssertion)
  case split(Int, Int)
  case jump(Int)
  case match
}

/// A place in the text rather than a character of it.
enum PatternAssertion: Sendable {
  case start
  case end
  case wordBoundary
  case noWordBoundary

  /// Whether the assertion holds between two scalars, nil being the end of the text.
  func holds(after previous: Unicode.Scalar?, before next: Unicode.Scalar?) -> Bool {
    switch self {
    case .start: previous == nil
    case .end: next == nil
    case .wordBoundary: Self.isWord(previous) != Self.isWord(next)
    case .noWordBoundary: Self.isWord(previous) == Self.isWord(next)
    }
  }

  private static func isWord(_ scalar: Unicode.Scalar?) -> Bool {
    scalar.map { ScalarSet.word.contains($0) } ?? false
  }
}
