/// A pattern as it is matched: the tree, and what else must hold at the start of the text.
struct ParsedPattern: Sendable {
  let tree: PatternTree
  var lookAheads: [ParsedLookAhead] = []
}

struct ParsedLookAhead: Sendable {
  let tree: PatternTree
  let isNegative: Bool
}

/// Look-aheads at the very beginning, after `^`, where one is a question about the whole text and
/// takes one more pass over it. Anywhere else it would have to be asked at every place.
extension PatternParser {
  /// The `(?=...)` and `(?!...)` that follow a leading `^`; without any nothing is consumed.
  mutating func leadingLookAheads() throws(PatternError) -> [ParsedLookAhead] {
    guard consume("^") else { return [] }
    var lookAheads: [ParsedLookAhead] = []
    while true {
      let start = position
      let isNegative = consume(word: "(?!")
      guard isNegative || consume(word: "(?=") else { break }
      let tree = PatternTree.anchored(try restOfGroup(openedAt: start))
      lookAheads.append(ParsedLookAhead(tree: tree, isNegative: isNegative))
      let end = position
      if try quantifier() != nil { throw PatternError(reason: .nothingToRepeat, offset: end) }
    }
    // Without one this is an anchor like every other.
    if lookAheads.isEmpty { position = 0 }
    return lookAheads
  }

  /// In `^(?!a)b|c` the anchor and the look-ahead belong to `b` alone.
  static func join(
    _ lookAheads: [ParsedLookAhead], with tree: PatternTree
  ) throws(PatternError) -> ParsedPattern {
    if case .alternatives = tree {
      throw PatternError(reason: .lookAheadOfAlternative, offset: 1)
    }
    return ParsedPattern(tree: .anchored(tree), lookAheads: lookAheads)
  }
}

extension PatternTree {
  fileprivate static func anchored(_ tree: PatternTree) -> PatternTree {
    .sequence([.assertion(.start), tree])
  }
}
