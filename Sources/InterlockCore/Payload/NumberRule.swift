/// Between which numbers a number must be, and in which steps.
///
/// Integers are compared exactly, however many digits they have; anything with a fraction as doubles.
struct NumberRule: Sendable {
  let min: JSONNumber?
  let max: JSONNumber?
  /// The steps are counted from `min`, or from 0.
  let step: JSONNumber?

  func flaws(in number: JSONNumber) -> [Flaw] {
    if case .double(let value) = number, !value.isFinite {
      return [Flaw(.type, "Expected a finite number.", expected: .text("number"))]
    }
    if let min, Self.isLess(number, min) {
      return [
        Flaw(
          .min, "This must not be below \(Self.text(min)).", expected: .number(min),
          got: Self.got(number))
      ]
    }
    if let max, Self.isLess(max, number) {
      return [
        Flaw(
          .max, "This must not be above \(Self.text(max)).", expected: .number(max),
          got: Self.got(number))
      ]
    }
    if let step, !Self.isMultiple(number, of: step, from: min ?? .integer(0)) {
      let message = "This must be a whole number of steps of \(Self.text(step))."
      return [Flaw(.step, message, expected: .number(step), got: Self.got(number))]
    }
    return []
  }

  /// The number as Int64, if it is one by value.
  static func integer(_ number: JSONNumber) -> Int64? {
    switch number {
    case .integer(let value): value
    case .bigInteger: nil
    case .double(let value): Int64(exactly: value)
    }
  }

  static func isLess(_ one: JSONNumber, _ other: JSONNumber) -> Bool {
    switch (one, other) {
    case (.integer(let left), .integer(let right)): left < right
    case (.bigInteger(let left), .bigInteger(let right)): isLess(left, right)
    // A big integer is beyond every Int64, on the side its sign says.
    case (.integer, .bigInteger(let right)): !isNegative(right)
    case (.bigInteger(let left), .integer): isNegative(left)
    case (.double, _), (_, .double): double(one) < double(other)
    }
  }

  private static func isLess(_ left: Text, _ right: Text) -> Bool {
    switch (isNegative(left), isNegative(right)) {
    case (true, false): true
    case (false, true): false
    case (false, false): hasSmallerMagnitude(left, right)
    case (true, true): hasSmallerMagnitude(right, left)
    }
  }

  /// Of two digit strings without leading zeros and with the same sign.
  private static func hasSmallerMagnitude(_ left: Text, _ right: Text) -> Bool {
    left.utf8.count == right.utf8.count ? left < right : left.utf8.count < right.utf8.count
  }

  private static func isNegative(_ digits: Text) -> Bool {
    digits.utf8.first == UInt8(ascii: "-")
  }

  static func double(_ number: JSONNumber) -> Double {
    switch number {
    case .integer(let value): Double(value)
    // Beyond what a double holds this is an infinity, which compares as it should.
    case .bigInteger(let digits): Double(digits.string) ?? .nan
    case .double(let value): value
    }
  }

  static func text(_ number: JSONNumber) -> String { CanonicalNumber.text(number) }

  /// A number of a million digits is not repeated.
  private static func got(_ number: JSONNumber) -> JSONValue? {
    if case .bigInteger(let digits) = number, digits.utf8.count > 64 { return nil }
    return .number(number)
  }
}
