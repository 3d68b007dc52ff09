/// The types of JSON Schema: the six of JSON, and integers among the numbers.
struct TypeSet: OptionSet, Sendable {
  let rawValue: UInt8

  static let null = TypeSet(rawValue: 1)
  static let boolean = TypeSet(rawValue: 2)
  static let number = TypeSet(rawValue: 4)
  static let integer = TypeSet(rawValue: 8)
  static let string = TypeSet(rawValue: 16)
  static let array = TypeSet(rawValue: 32)
  static let object = TypeSet(rawValue: 64)

  static let table: [(name: Text, type: TypeSet)] = [
    ("null", .null), ("boolean", .boolean), ("number", .number), ("integer", .integer),
    ("string", .string), ("array", .array), ("object", .object),
  ]

  init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// Every type a value has: 1 and 1.0 are integers and numbers.
  init(of value: JSONValue) {
    switch value {
    case .null: self = .null
    case .bool: self = .boolean
    case .number(.integer), .number(.bigInteger): self = [.number, .integer]
    case .number(.double(let double)):
      self = double == double.rounded(.towardZero) ? [.number, .integer] : .number
    case .string: self = .string
    case .array: self = .array
    case .object: self = .object
    }
  }

  var names: [Text] { Self.table.filter { contains($0.type) }.map(\.name) }
}
