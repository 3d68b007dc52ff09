/// Rules about the items of an array.
extension SchemaEvaluation {
  mutating func check(
    _ prefix: [Int], _ rest: Int?, _ value: JSONValue, _ seen: inout SeenParts
  ) -> Bool {
    guard case .array(let items) = value else { return true }
    var isValid = true
    for (index, item) in items.enumerated() {
      let isInPrefix = index < prefix.count
      guard let schema = isInPrefix ? prefix[index] : rest else { break }
      seen.insert(index)
      if !descend(.index(index), item, schema, isInPrefix ? .prefixItems : .items) {
        isValid = false
      }
      if !isValid, isDone { break }
    }
    return isValid
  }

  mutating func check(_ rule: ContainsRule, _ value: JSONValue, _ seen: inout SeenParts) -> Bool {
    guard case .array(let items) = value else { return true }
    var count = 0
    for (index, item) in items.enumerated() {
      var inner = SeenParts(untracked: ())
      guard accepts(rule.schema, item, &inner) else { continue }
      count += 1
      seen.insert(index)
      if !tracks, rule.max == nil, count >= rule.min { return true }
    }
    if count < rule.min {
      let keyword: SchemaKeyword = rule.min == 1 ? .contains : .minContains
      let message = "There must be at least \(rule.min) of the wanted items"
      return report(keyword, message, expected: .integer(rule.min))
    }
    guard let max = rule.max, count > max else { return true }
    let message = "There must be at most \(max) of the wanted items"
    return report(.maxContains, message, expected: .integer(max))
  }

  /// Compares canonical bytes: they are equal where the values are, and fit into a set.
  mutating func checkUnique(_ value: JSONValue) -> Bool {
    guard case .array(let items) = value else { return true }
    var known: Set<[UInt8]> = []
    for (index, item) in items.enumerated() {
      let bytes = CanonicalJSON.write(item)
      guard spend(bytes.count / 64 + 1) else { return false }
      guard known.insert(bytes).inserted else {
        return reportRepeated(item, at: index)
      }
    }
    return true
  }

  mutating func check(
    unevaluatedItems schema: Int, _ value: JSONValue, _ seen: inout SeenParts
  ) -> Bool {
    guard case .array(let items) = value else { return true }
    var isValid = true
    for (index, item) in items.enumerated() where !seen.contains(index) {
      seen.insert(index)
      if !descend(.index(index), item, schema, .unevaluatedItems) { isValid = false }
      if !isValid, isDone { break }
    }
    return isValid
  }
}
