/// Rules that combine schemas for the same value.
extension SchemaEvaluation {
  mutating func check(
    all schemas: [Int], _ value: JSONValue, _ seen: inout SeenParts
  ) -> Bool {
    var isValid = true
    for schema in schemas {
      if !check(schema, value, &seen) { isValid = false }
      if !isValid, isDone { break }
    }
    return isValid
  }

  /// Goes on after the first that holds only if the others could add to what was looked at.
  mutating func check(
    any schemas: [Int], _ value: JSONValue, _ seen: inout SeenParts
  ) -> Bool {
    var isValid = false
    for schema in schemas where accepts(schema, value, &seen) {
      isValid = true
      if !tracks { break }
    }
    return isValid || reportAlternatives(schemas, value, .anyOf)
  }

  mutating func check(
    one schemas: [Int], _ value: JSONValue, _ seen: inout SeenParts
  ) -> Bool {
    var count = 0
    for schema in schemas where accepts(schema, value, &seen) {
      count += 1
      if count > 1 {
        let message = "The value satisfies more than one alternative, and may satisfy only one"
        return report(.oneOf, message, got: value)
      }
    }
    return count == 1 || reportAlternatives(schemas, value, .oneOf)
  }

  mutating func check(not schema: Int, _ value: JSONValue) -> Bool {
    var ignored = SeenParts(untracked: ())
    return !accepts(schema, value, &ignored)
      || report(.not, "The value must not be of this kind", got: value)
  }

  mutating func check(
    if condition: Int, _ then: Int?, _ otherwise: Int?, _ value: JSONValue,
    _ seen: inout SeenParts
  ) -> Bool {
    let branch = accepts(condition, value, &seen) ? then : otherwise
    guard let branch else { return true }
    return check(branch, value, &seen)
  }

  /// Says why no alternative holds. If only one could have been meant, its problems say it best.
  private mutating func reportAlternatives(
    _ schemas: [Int], _ value: JSONValue, _ keyword: SchemaKeyword
  ) -> Bool {
    guard !isDone else { return false }
    let here = steps.count
    let attempts = schemas.map { findings(of: $0, value) }
    let rightType = attempts.filter { attempt in
      !attempt.contains { $0.keyword == .type && $0.depth == here }
    }
    // A member with another constant is the tag of another alternative.
    let rightTag = rightType.filter { attempt in
      !attempt.contains { $0.keyword == .const && $0.depth == here + 1 }
    }
    for candidates in [rightTag, rightType] where candidates.count == 1 {
      findings += candidates[0].prefix(Schema.maxProblems - findings.count)
      return false
    }
    let message = "The value satisfies none of the \(schemas.count) alternatives"
    return report(keyword, message, got: value)
  }

  private mutating func findings(of schema: Int, _ value: JSONValue) -> [Finding] {
    let before = findings
    findings = []
    defer { findings = before }
    var ignored = SeenParts(untracked: ())
    _ = check(schema, value, &ignored)
    return findings
  }
}
