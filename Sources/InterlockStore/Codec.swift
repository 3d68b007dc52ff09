/// Writes the compact binary forms that stand inside records: LEB128 numbers and counted bytes.
package struct ByteWriter {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  package mutating func unsigned(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  package mutating func count(_ value: Int) {
    unsigned(UInt64(max(0, value)))
  }

  /// Zigzag: small magnitudes of either sign are short.
  package mutating func signed(_ value: Int64) {
    unsigned(UInt64(bitPattern: value << 1) ^ UInt64(bitPattern: value >> 63))
  }

  package mutating func counted(_ text: some Collection<UInt8>) {
    count(text.count)
    bytes.append(contentsOf: text)
  }

  package mutating func append(_ text: [UInt8]) {
    bytes.append(contentsOf: text)
  }
}

/// Reads what `ByteWriter` wrote. Every method returns nil on damaged input.
package struct ByteReader {
  private let bytes: [UInt8]
  private var position = 0

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  package var isAtEnd: Bool { position == bytes.count }

  package mutating func unsigned() -> UInt64? {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < bytes.count, shift < 64 {
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return value }
      shift += 7
    }
    return nil
  }

  package mutating func count() -> Int? {
    unsigned().flatMap { Int(exactly: $0) }
  }

  package mutating func signed() -> Int64? {
    unsigned().map { Int64(bitPattern: $0 >> 1) ^ -Int64(bitPattern: $0 & 1) }
  }

  package mutating func counted() -> [UInt8]? {
    count().flatMap { take($0) }
  }

  /// Counted bytes behind so many of the same byte.
  package mutating func counted(after repeats: Int, of byte: UInt8) -> [UInt8]? {
    guard let size = count() else { return nil }
    let start = position
    guard skip(size) else { return nil }
    return [UInt8](unsafeUninitializedCapacity: repeats + size) { buffer, count in
      buffer[..<repeats].initialize(repeating: byte)
      _ = buffer[repeats...].initialize(from: bytes[start..<position])
      count = repeats + size
    }
  }

  /// Passes over counted bytes. Whether they are these, or nil if there are none.
  package mutating func isCounted(_ expected: ArraySlice<UInt8>) -> Bool? {
    guard let size = count() else { return nil }
    let start = position
    return skip(size) ? bytes[start..<position] == expected : nil
  }

  package mutating func take(_ size: Int) -> [UInt8]? {
    let start = position
    return skip(size) ? [UInt8](bytes[start..<position]) : nil
  }

  package mutating func skip(_ size: Int) -> Bool {
    guard 0...(bytes.count - position) ~= size else { return false }
    position += size
    return true
  }

  package mutating func skipCounted() -> Bool {
    guard let size = count() else { return false }
    return skip(size)
  }
}
