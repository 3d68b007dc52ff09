/// UTF-8 text compared byte by byte.
///
/// Swift's `String` compares by canonical equivalence; SQLite, Python and C compare bytes. Ids,
/// names and keys are `Text`, so that no two of these ever disagree.
public struct Text: Hashable, Sendable, Comparable, ExpressibleByStringLiteral {
  public let utf8: [UInt8]

  /// Wraps bytes if they are UTF-8, without repairing anything.
  public init?(validating bytes: some Collection<UInt8>) {
    let copy = [UInt8](bytes)
    guard UTF8Validator.isValid(copy) else { return nil }
    utf8 = copy
  }

  /// Wraps bytes that came out of a `Text` before.
  package init(trusted bytes: [UInt8]) {
    utf8 = bytes
  }

  public init(_ string: String) {
    utf8 = [UInt8](string.utf8)
  }

  public init(stringLiteral value: StaticString) {
    utf8 = value.withUTF8Buffer { [UInt8]($0) }
  }

  public static let empty = Text(trusted: [])

  public var isEmpty: Bool { utf8.isEmpty }

  public var string: String { String(decoding: utf8, as: UTF8.self) }

  /// All bytes at once: an array would feed them to the hasher one by one.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(utf8.count)
    utf8.withUnsafeBytes { hasher.combine(bytes: $0) }
  }

  public static func < (left: Text, right: Text) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }
}

extension Text: CustomStringConvertible {
  public var description: String { string }
}
