import InterlockCore

/// A policy document: what was read is written, and read again it is the same policy.
enum PolicyTarget {
  static func run(_ input: [UInt8]) throws(Finding) {
    var lines = FuzzLines(input)
    guard let document = lines.json() else { return }
    guard let policy = try read(document) else { return }
    guard let again = try read(try policy.json.reread()) else {
      throw Finding("what was written is refused: \(policy.json.line)")
    }
    try require(again == policy, "another policy: \(policy.json.line)")
    try require(!policy.stages.isEmpty, "no stages")
    for stage in policy.stages {
      try require(stage.needed >= 1, "a stage that passes by itself")
      if let electorate = stage.electorate {
        try require(stage.needed <= electorate, "a stage that cannot pass")
      }
    }
  }

  private static func read(_ document: JSONValue) throws(Finding) -> Policy? {
    var problems: [Problem] = []
    let policy = Policy(document, at: .root, problems: &problems)
    if policy == nil {
      try requireUseful(problems)
    } else {
      try require(problems.isEmpty, "accepted with problems")
    }
    return policy
  }
}
