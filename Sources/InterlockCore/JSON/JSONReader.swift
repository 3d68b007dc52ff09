/// A strict reader of RFC 8259 JSON: the trust boundary.
///
/// Refused, where others are lenient: duplicate keys, invalid UTF-8, a byte order mark, lone
/// surrogates, numbers that a double cannot hold, more than `maxDepth` levels, more than `maxBytes`.
package struct JSONReader {
  package static let maxDepth = 64
  package static let maxBytes = 8 << 20

  /// How much deeper and larger than a request a stored document may be: it holds what several requests
  /// said, each a few levels down, with escapes and numbers written out.
  static let storedDepth = maxDepth + 32
  private static let storedBytes = maxBytes * 16

  let bytes: UnsafeRawBufferPointer
  let depthLimit: Int
  var position = 0

  /// Reads one value that fills the whole text.
  package static func read(_ text: [UInt8]) throws(JSONError) -> JSONValue {
    try read(text, maxBytes, maxDepth)
  }

  /// Reads what was written from values that were read.
  package static func readStored(_ text: [UInt8]) throws(JSONError) -> JSONValue {
    try read(text, storedBytes, storedDepth)
  }

  private static func read(
    _ text: [UInt8], _ byteLimit: Int, _ depthLimit: Int
  ) throws(JSONError) -> JSONValue {
    guard text.count <= byteLimit else { throw JSONError(reason: .tooLarge, offset: byteLimit) }
    let result: Result<JSONValue, JSONError> = text.withUnsafeBytes { buffer in
      var reader = JSONReader(bytes: buffer, depthLimit: depthLimit)
      do throws(JSONError) {
        return .success(try reader.document())
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private mutating func document() throws(JSONError) -> JSONValue {
    skipSpace()
    let value = try self.value(depth: 0)
    skipSpace()
    guard position == bytes.count else { throw failure(.trailingBytes) }
    return value
  }

  func failure(_ reason: JSONError.Reason) -> JSONError {
    JSONError(reason: reason, offset: position)
  }

  /// The byte at the position, or nil at the end. The only way this reader looks at its input.
  var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    guard let byte = current else { throw failure(.unexpectedEnd) }
    switch byte {
    case UInt8(ascii: "{"): return .object(try members(depth: depth))
    case UInt8(ascii: "["): return .array(try elements(depth: depth))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
    default: throw failure(.unexpectedByte)
    }
  }

  private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError)
    -> JSONValue
  {
    for index in 0..<word.utf8CodeUnitCount {
      guard let byte = current else { throw failure(.unexpectedEnd) }
      guard byte == word.utf8Start[index] else { throw failure(.unexpectedByte) }
      position += 1
    }
    return value
  }

  private mutating func elements(depth: Int) throws(JSONError) -> [JSONValue] {
    guard depth < depthLimit else { throw failure(.tooDeep) }
    position += 1
    skipSpace()
    var elements: [JSONValue] = []
    if consume(UInt8(ascii: "]")) { return elements }
    while true {
      skipSpace()
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if consume(UInt8(ascii: "]")) { return elements }
      try expect(UInt8(ascii: ","))
    }
  }

  private mutating func members(depth: Int) throws(JSONError) -> [JSONMember] {
    guard depth < depthLimit else { throw failure(.tooDeep) }
    position += 1
    skipSpace()
    var members: [JSONMember] = []
    var names = SeenNames()
    if consume(UInt8(ascii: "}")) { return members }
    members.reserveCapacity(8)
    while true {
      skipSpace()
      guard current != nil else { throw failure(.unexpectedEnd) }
      guard current == UInt8(ascii: "\"") else { throw failure(.unexpectedByte) }
      let start = position
      let name = try string()
      guard names.insert(name, among: members) else {
        throw JSONError(reason: .duplicateKey, offset: start)
      }
      skipSpace()
      try expect(UInt8(ascii: ":"))
      skipSpace()
      members.append(JSONMember(name: name, value: try value(depth: depth + 1)))
      skipSpace()
      if consume(UInt8(ascii: "}")) { return members }
      try expect(UInt8(ascii: ","))
    }
  }

  mutating func consume(_ byte: UInt8) -> Bool {
    guard current == byte else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ byte: UInt8) throws(JSONError) {
    guard current != nil else { throw failure(.unexpectedEnd) }
    guard consume(byte) else { throw failure(.unexpectedByte) }
  }
}

/// The names of one object so far. Few are compared one by one; many are hashed, lest a document of
/// many names take for ever.
private struct SeenNames {
  private static let few = 16
  private var names: Set<Text> = []

  /// False if the name is there already.
  mutating func insert(_ name: Text, among members: [JSONMember]) -> Bool {
    guard members.count >= Self.few else { return !members.contains { $0.name == name } }
    if names.isEmpty { names = Set(members.map(\.name)) }
    return names.insert(name).inserted
  }
}
