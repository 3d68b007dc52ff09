extension JSONValue {
  /// What comparing the value with another may take, in units of about eight scalars.
  var comparisonCost: Int { parts / 8 }

  private var parts: Int {
    switch self {
    case .null, .bool, .number(.integer), .number(.double): 1
    case .number(.bigInteger(let digits)): 1 + digits.utf8.count / 2
    case .string(let text): 1 + text.utf8.count / 32
    case .array(let items): items.reduce(1) { $0 + $1.parts }
    case .object(let members):
      members.reduce(1) { $0 + $1.value.parts + 1 + $1.name.utf8.count / 32 }
    }
  }
}
