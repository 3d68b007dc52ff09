/// Rules about the members of an object.
extension SchemaEvaluation {
  mutating func check(_ rule: MemberRule, _ value: JSONValue, _ seen: inout SeenParts) -> Bool {
    guard case .object(let members) = value else { return true }
    guard spend(members.count / 4) else { return false }
    var isValid = true
    for (index, member) in members.enumerated() {
      if !check(rule, member, index, &seen) { isValid = false }
      if !isValid, isDone { break }
    }
    return isValid
  }

  private mutating func check(
    _ rule: MemberRule, _ member: JSONMember, _ index: Int, _ seen: inout SeenParts
  ) -> Bool {
    var isKnown = false
    var isValid = true
    if let schema = rule.properties[member.name] {
      isKnown = true
      isValid = descend(.name(member.name), member.value, schema, .properties)
    }
    for (pattern, schema) in rule.patterns {
      guard spend(pattern.cost(of: member.name)) else { return false }
      guard pattern.matches(member.name) else { continue }
      isKnown = true
      isValid =
        descend(.name(member.name), member.value, schema, .patternProperties) && isValid
    }
    if !isKnown, let schema = rule.additional {
      isKnown = true
      isValid = descend(.name(member.name), member.value, schema, .additionalProperties)
    }
    if isKnown { seen.insert(index) }
    return isValid
  }

  mutating func check(required names: [Text], _ value: JSONValue) -> Bool {
    guard case .object(let members) = value else { return true }
    guard spend(members.count / 8) else { return false }
    return check(names, areIn: MemberNames(members), .required)
  }

  mutating func check(
    _ dependencies: [(name: Text, required: [Text])], _ value: JSONValue
  ) -> Bool {
    guard case .object(let members) = value else { return true }
    guard spend(members.count / 8) else { return false }
    let names = MemberNames(members)
    var isValid = true
    for dependency in dependencies where names.contains(dependency.name) {
      if !check(dependency.required, areIn: names, .dependentRequired) { isValid = false }
    }
    return isValid
  }

  /// A missing member is reported at the place where it is missing, so that a form can mark it.
  private mutating func check(
    _ required: [Text], areIn names: MemberNames, _ keyword: SchemaKeyword
  ) -> Bool {
    guard spend(required.count / 16) else { return false }
    var isValid = true
    for name in required where !names.contains(name) {
      isValid = false
      if isDone { break }
      reportMissing(name, keyword)
    }
    return isValid
  }

  mutating func check(
    _ schemas: [NamedSchema], _ value: JSONValue, _ seen: inout SeenParts
  ) -> Bool {
    guard case .object(let members) = value else { return true }
    guard spend(members.count / 8) else { return false }
    let names = MemberNames(members)
    var isValid = true
    for dependency in schemas where names.contains(dependency.name) {
      if !check(dependency.schema, value, &seen) { isValid = false }
      if !isValid, isDone { break }
    }
    return isValid
  }

  mutating func check(names schema: Int, _ value: JSONValue) -> Bool {
    guard case .object(let members) = value else { return true }
    var isValid = true
    for member in members {
      let name = JSONValue.string(member.name)
      if !descend(.name(member.name), name, schema, .propertyNames) { isValid = false }
      if !isValid, isDone { break }
    }
    return isValid
  }

  mutating func check(
    unevaluatedMembers schema: Int, _ value: JSONValue, _ seen: inout SeenParts
  ) -> Bool {
    guard case .object(let members) = value else { return true }
    var isValid = true
    for (index, member) in members.enumerated() where !seen.contains(index) {
      seen.insert(index)
      if !descend(.name(member.name), member.value, schema, .unevaluatedProperties) {
        isValid = false
      }
      if !isValid, isDone { break }
    }
    return isValid
  }
}

/// The names of an object's members. Many are put into a set, so that a long list of required names
/// does not meet a long list of members name by name.
private struct MemberNames {
  private let members: [JSONMember]
  private let set: Set<Text>?

  init(_ members: [JSONMember]) {
    self.members = members
    set = members.count > 32 ? Set(members.map(\.name)) : nil
  }

  func contains(_ name: Text) -> Bool {
    set?.contains(name) ?? members.contains { $0.name == name }
  }
}
