extension JSONNumber {
  /// Exact, but for an integer beyond 64 bits beside a double: those meet as doubles, as they do in
  /// equality.
  func isLess(than other: JSONNumber) -> Bool {
    switch (self, other) {
    case (.integer(let one), .integer(let two)): one < two
    case (.double(let one), .double(let two)): one < two
    case (.integer(let integer), .double(let double)): Self.isLess(integer, double)
    case (.double(let double), .integer(let integer)): Self.isLess(double, integer)
    case (.bigInteger(let digits), .integer): Self.isNegative(digits)
    case (.integer, .bigInteger(let digits)): !Self.isNegative(digits)
    case (.bigInteger(let one), .bigInteger(let two)): Self.isLess(one, two)
    case (.bigInteger(let digits), .double(let double)): Self.nearest(digits) < double
    case (.double(let double), .bigInteger(let digits)): double < Self.nearest(digits)
    }
  }

  /// An integer is below a double if it is below the next integer not under the double.
  private static func isLess(_ integer: Int64, _ double: Double) -> Bool {
    guard let ceiling = Int64(exactly: double.rounded(.up)) else { return double > 0 }
    return integer < ceiling
  }

  private static func isLess(_ double: Double, _ integer: Int64) -> Bool {
    guard let floor = Int64(exactly: double.rounded(.down)) else { return double < 0 }
    return floor < integer
  }

  /// Without leading zeros the longer number is the larger one.
  private static func isLess(_ one: Text, _ two: Text) -> Bool {
    let isNegative = isNegative(one)
    guard isNegative == Self.isNegative(two) else { return isNegative }
    let (small, large) = isNegative ? (two, one) : (one, two)
    if small.utf8.count != large.utf8.count { return small.utf8.count < large.utf8.count }
    return small < large
  }

  private static func isNegative(_ digits: Text) -> Bool {
    digits.utf8.first == UInt8(ascii: "-")
  }

  private static func nearest(_ digits: Text) -> Double {
    Double(digits.string) ?? .nan
  }
}
