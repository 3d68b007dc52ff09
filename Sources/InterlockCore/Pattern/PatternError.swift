/// Why a pattern is refused, and at which of its scalars.
package struct PatternError: Error, Equatable, Sendable {
  package enum Reason: String, Sendable, CaseIterable {
    case lookAround =
      "look-ahead is only supported at the beginning, after ^, and look-behind nowhere"
    case lookAheadOfAlternative =
      "a look-ahead must be of the whole pattern: put the alternatives in a group"
    case backReference = "back-references are not supported"
    case unknownGroup = "flags and other extensions of a group are not supported"
    case unknownProperty = "this Unicode property is not supported"
    case pythonAnchor = "\\A, \\Z and \\z are not ECMA-262: write ^ and $"
    case tooLong = "the pattern is longer than 4096 characters"
    case tooLarge = "the repetitions make the pattern too large"
    case tooDeep = "the groups are nested too deeply"
    case unknownEscape = "unknown escape"
    case invalidEscape = "incomplete or impossible escape"
    case unclosedGroup = "a group is not closed"
    case unopenedGroup = "a parenthesis closes nothing"
    case unclosedClass = "a character class is not closed"
    case invalidGroupName = "invalid group name"
    case invalidRange = "a range of a character class runs backwards"
    case nothingToRepeat = "nothing to repeat"
    case invalidRepetition = "invalid repetition count"
  }

  package let reason: Reason
  package let offset: Int

  package init(reason: Reason, offset: Int) {
    self.reason = reason
    self.offset = offset
  }

  package var message: String { "\(reason.rawValue) (at character \(offset))" }

  /// Whether the pattern may be right elsewhere, and only asks for more than is enforced here.
  package var isUnsupported: Bool {
    switch reason {
    case .lookAround, .lookAheadOfAlternative, .backReference, .unknownGroup, .unknownProperty,
      .pythonAnchor, .tooLong,
      .tooLarge, .tooDeep:
      true
    case .unknownEscape, .invalidEscape, .unclosedGroup, .unopenedGroup, .unclosedClass,
      .invalidGroupName, .invalidRange, .nothingToRepeat, .invalidRepetition:
      false
    }
  }
}
