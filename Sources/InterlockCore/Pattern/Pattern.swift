/// A regular expression of JSON Schema: the part of ECMA-262 that can be matched in linear time.
///
/// A pattern may come from one stranger and the text from another, so nothing here backtracks: the
/// time is at most the size of the program times the length of the text. What would need
/// backtracking (back-references, look-around but for look-aheads at the beginning) is refused when
/// the pattern is compiled. A pattern matches if it is found anywhere in the text; one scalar is one
/// character.
package struct Pattern: Sendable {
  package static let maxLength = 4096
  /// Of instructions, in all programs of a pattern together.
  package static let maxProgram = 20_000
  package static let maxDepth = 64

  private let main: PatternProgram
  private let lookAheads: [LookAhead]
  /// How many instructions there are.
  package let size: Int

  private struct LookAhead: Sendable {
    let program: PatternProgram
    let isNegative: Bool
  }

  package init(_ source: Text) throws(PatternError) {
    var parser = try PatternParser(source)
    let parsed = try parser.parse()
    main = try PatternProgram(parsed.tree, limit: Self.maxProgram)
    var size = main.instructions.count
    var lookAheads: [LookAhead] = []
    for parsed in parsed.lookAheads {
      let program = try PatternProgram(parsed.tree, limit: Self.maxProgram - size)
      size += program.instructions.count
      lookAheads.append(LookAhead(program: program, isNegative: parsed.isNegative))
    }
    self.lookAheads = lookAheads
    self.size = size
  }

  package func matches(_ text: Text) -> Bool {
    let scalars = text.string.unicodeScalars
    return main.isFound(in: scalars)
      && lookAheads.allSatisfy { $0.program.isFound(in: scalars) != $0.isNegative }
  }

  /// An upper bound of the work that one match takes, in units of 256 instructions (some 3 us).
  package func cost(of text: Text) -> Int {
    // The empty text has one place as well, and every program its own preparations.
    let (instructions, overflow) = size.multipliedReportingOverflow(by: text.utf8.count + 1)
    return overflow ? .max : instructions / 256 + 1 + lookAheads.count
  }
}

/// A compiled tree.
struct PatternProgram: Sendable {
  let instructions: [PatternInstruction]
  let sets: [ScalarSet]

  init(_ tree: PatternTree, limit: Int) throws(PatternError) {
    var compiler = PatternCompiler(limit: limit)
    try compiler.compile(tree)
    instructions = compiler.program
    sets = compiler.sets
  }

  func isFound(in text: String.UnicodeScalarView) -> Bool {
    var matcher = PatternMatcher(self)
    return matcher.search(text)
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
