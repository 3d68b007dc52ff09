import InterlockCore

/// A pattern and a text. Written as a look-ahead, the pattern says the same.
enum PatternTarget {
  static func run(_ input: [UInt8]) throws(Finding) {
    var lines = FuzzLines(input)
    guard let source = Text(validating: lines.next()),
      let text = Text(validating: lines.remainder())
    else { return }
    let pattern: Pattern
    do throws(PatternError) {
      pattern = try Pattern(source)
    } catch {
      let length = source.string.unicodeScalars.count
      try require(0...length ~= error.offset, "\(error.reason) at \(error.offset) of \(length)")
      return
    }
    try require(pattern.size <= Pattern.maxProgram, "larger than the limit")
    try require(pattern.cost(of: text) > 0, "a match that costs nothing")
    let isFound = pattern.matches(text)
    // Found somewhere, and not found anywhere.
    if let ahead = try? Pattern(Text("^(?=[^]*(?:\(source)))")) {
      try require(ahead.matches(text) == isFound, "a look-ahead differs")
    }
    if let ahead = try? Pattern(Text("^(?![^]*(?:\(source)))")) {
      try require(ahead.matches(text) != isFound, "a negative look-ahead differs")
    }
    if let twice = try? Pattern(Text("(?:\(source)|\(source))")) {
      try require(twice.matches(text) == isFound, "an alternative to itself differs")
    }
  }
}
