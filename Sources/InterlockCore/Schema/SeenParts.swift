/// Which members of an object, or items of an array, some keyword has looked at. Only a schema with
/// `unevaluatedProperties` or `unevaluatedItems` needs to know; for others it stays empty.
struct SeenParts {
  private var flags: [Bool]

  init(untracked: ()) {
    flags = []
  }

  init(of value: JSONValue) {
    switch value {
    case .array(let items): flags = Array(repeating: false, count: items.count)
    case .object(let members): flags = Array(repeating: false, count: members.count)
    case .null, .bool, .number, .string: flags = []
    }
  }

  /// What keeping account of the parts takes, in steps.
  var cost: Int { flags.count / 16 }

  func contains(_ index: Int) -> Bool { index < flags.count && flags[index] }

  mutating func insert(_ index: Int) {
    if index < flags.count { flags[index] = true }
  }

  mutating func formUnion(_ other: SeenParts) {
    for index in flags.indices where other.contains(index) { flags[index] = true }
  }
}
