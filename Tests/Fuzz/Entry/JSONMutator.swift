import InterlockCore

/// Changes one value of one line and leaves the rest as it is.
struct JSONMutator {
  private var random: UInt64
  private let mutateText: ([UInt8]) -> [UInt8]
  /// Values of the input, to be copied elsewhere.
  private var parts: [JSONValue] = []

  private static let constants: [JSONValue] = [
    .null, .bool(true), .bool(false), .integer(0), .integer(1), .integer(-1), .integer(64),
    .number(.integer(.max)), .number(.integer(.min)), .number(.bigInteger("18446744073709551616")),
    .number(.double(0.1)), .number(.double(1e300)), .number(.double(-0.0)),
    .number(.double(.leastNonzeroMagnitude)),
    .text(""), .text("a"), .text("\u{0}"), .text("é\u{1F600}"), .array([]), .object([]),
    .array([.null]),
  ]

  init(seed: UInt64, mutateText: @escaping ([UInt8]) -> [UInt8]) {
    random = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    self.mutateText = mutateText
  }

  private mutating func dice(_ sides: Int) -> Int {
    random ^= random << 13
    random ^= random >> 7
    random ^= random << 17
    return Int(random >> 33) % max(1, sides)
  }

  /// Nil if no line is JSON. A payload's line begins with the digit of its kind.
  mutating func mutate(_ input: [UInt8]) -> [UInt8]? {
    var lines = input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let documents = lines.indices.compactMap { index -> (Int, Int, JSONValue)? in
      for prefix in 0...1 {
        if let value = try? JSONReader.read(Array(lines[index].dropFirst(prefix))) {
          return (index, prefix, value)
        }
      }
      return nil
    }
    guard !documents.isEmpty else { return nil }
    for document in documents { collect(document.2) }
    let (index, prefix, value) = documents[dice(documents.count)]
    var place = dice(Self.size(of: value))
    let changed = change(value, &place)
    lines[index] = (Array(lines[index].prefix(prefix)) + JSONWriter.write(changed))[...]
    return Array(lines.joined(separator: [UInt8(ascii: "\n")]))
  }

  private mutating func collect(_ value: JSONValue) {
    guard parts.count < 200 else { return }
    parts.append(value)
    switch value {
    case .array(let elements): for element in elements { collect(element) }
    case .object(let members): for member in members { collect(member.value) }
    case .null, .bool, .number, .string: break
    }
  }

  private static func size(of value: JSONValue) -> Int {
    switch value {
    case .null, .bool, .number, .string: 1
    case .array(let elements): elements.reduce(1) { $0 + size(of: $1) }
    case .object(let members): members.reduce(1) { $0 + size(of: $1.value) }
    }
  }

  /// Changes the value at `place`, counted from the outside in; below zero it is behind us.
  private mutating func change(_ value: JSONValue, _ place: inout Int) -> JSONValue {
    let isHere = place == 0
    place -= 1
    if isHere { return replacement(for: value) }
    switch value {
    case .null, .bool, .number, .string: return value
    case .array(let elements):
      var copy: [JSONValue] = []
      for element in elements { copy.append(change(element, &place)) }
      return .array(copy)
    case .object(let members):
      var copy: [JSONMember] = []
      for member in members {
        copy.append(JSONMember(name: member.name, value: change(member.value, &place)))
      }
      return .object(copy)
    }
  }

  private mutating func replacement(for value: JSONValue) -> JSONValue {
    switch dice(10) {
    case 0: return Self.constants[dice(Self.constants.count)]
    case 1, 2: return parts[dice(parts.count)]
    case 3: return .array([value])
    default: return variant(of: value)
    }
  }

  private mutating func variant(of value: JSONValue) -> JSONValue {
    switch value {
    case .null: return .object([])
    case .bool(let flag): return .bool(!flag)
    case .number(.integer(let integer)): return .number(.integer(integer &+ Int64(dice(5) - 2)))
    case .number(.bigInteger): return .integer(dice(100))
    case .number(.double(let double)):
      let scaled = double * [0.1, 10, -1, 1.5][dice(4)]
      return .number(.double(scaled.isFinite ? scaled : 0))
    case .string(let text): return .string(self.text(text))
    case .array(var elements):
      let index = dice(elements.count)
      switch dice(3) {
      case 0 where !elements.isEmpty: elements.remove(at: index)
      case 1 where !elements.isEmpty: elements.insert(elements[index], at: dice(elements.count))
      default: elements.append(parts[dice(parts.count)])
      }
      return .array(elements)
    case .object(let members): return .object(self.members(members))
    }
  }

  private mutating func text(_ text: Text) -> Text {
    Text(validating: mutateText(text.utf8)) ?? text
  }

  /// One member goes, comes or gets another name. No name stands twice.
  private mutating func members(_ members: [JSONMember]) -> [JSONMember] {
    var members = members
    let index = dice(members.count)
    switch dice(3) {
    case 0 where !members.isEmpty: members.remove(at: index)
    case 1 where !members.isEmpty:
      members[index] = JSONMember(name: text(members[index].name), value: members[index].value)
    default:
      let old = members.isEmpty ? Text("a") : members[index].name
      members.append(JSONMember(name: text(old), value: parts[dice(parts.count)]))
    }
    var seen: Set<Text> = []
    return members.filter { seen.insert($0.name).inserted }
  }
}
