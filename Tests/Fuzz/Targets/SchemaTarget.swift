import InterlockCore

/// A schema and a value: it compiles or is refused for a reason, and a check ends within its budget.
enum SchemaTarget {
  static func run(_ input: [UInt8]) throws(Finding) {
    var lines = FuzzLines(input)
    guard let document = lines.json() else { return }
    let schema: Schema
    do throws(SchemaError) {
      schema = try Schema(compiling: document)
    } catch {
      try requireUseful(error.problems, atMost: Schema.maxProblems)
      return
    }
    // The schema itself is a value too, should there be no other.
    let value = lines.json() ?? document
    let problems = schema.problems(in: value, within: 20_000)
    try require(problems == schema.problems(in: value, within: 20_000), "checked twice, differs")
    guard problems.isEmpty else { return try requireUseful(problems, atMost: Schema.maxProblems) }
    try require(schema.problems(in: value).isEmpty, "a larger budget refuses what was accepted")
    let poor = schema.problems(in: value, within: 0)
    try require(poor.count == 1, "a check that takes nothing")
    let reread = schema.problems(in: try value.reread(), within: 20_000)
    try require(reread.isEmpty, "the same value is refused")
  }
}
