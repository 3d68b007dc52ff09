/// A parsed pattern. Captures are not told apart: only whether there is a match counts.
indirect enum PatternTree: Sendable {
  case empty
  case scalar(Unicode.Scalar)
  case set(ScalarSet)
  case assertion(PatternAssertion)
  case sequence([PatternTree])
  case alternatives([PatternTree])
  /// Greedy and lazy are the same here. Without a maximum it repeats for ever.
  case repetition(PatternTree, min: Int, max: Int?)
}
