/// Numbers as ECMAScript prints them (ECMA-262, Number::toString), integers with all their digits.
enum CanonicalNumber {
  static func text(_ number: JSONNumber) -> String {
    switch number {
    case .integer(let value): String(value)
    case .bigInteger(let digits): digits.string
    case .double(let value): text(value)
    }
  }

  private static func text(_ value: Double) -> String {
    if value == 0 { return "0" }
    if let integer = exactInteger(value) { return integer }
    let (digits, point) = decimal(of: value.magnitude)
    let sign = value < 0 ? "-" : ""
    return sign + layOut(digits, point: point)
  }

  /// Between 2^53 and 10^21 ECMAScript pads the shortest digits with zeros: that is another integer,
  /// and here integers are exact. So is this one.
  private static func exactInteger(_ value: Double) -> String? {
    guard value.magnitude >= 0x1p53, value.magnitude < 1e21 else { return nil }
    let exponent = Int(value.exponent) - 52
    var digits = Array(String(value.significandBitPattern | 1 << 52).utf8)
    for _ in 0..<exponent { double(&digits) }
    return (value < 0 ? "-" : "") + String(decoding: digits, as: UTF8.self)
  }

  /// Twice a decimal number. (128-bit integers would need a newer C library than everything else.)
  private static func double(_ digits: inout [UInt8]) {
    let zero = UInt8(ascii: "0")
    var carry: UInt8 = 0
    for index in digits.indices.reversed() {
      let twice = (digits[index] - zero) * 2 + carry
      digits[index] = zero + twice % 10
      carry = twice / 10
    }
    if carry > 0 { digits.insert(zero + carry, at: 0) }
  }

  /// The shortest digits that read back as the value, and where the decimal point stands in them.
  ///
  /// Swift's own description has the same digits as ECMAScript's; only the layout differs.
  private static func decimal(of value: Double) -> (digits: [UInt8], point: Int) {
    var digits: [UInt8] = []
    var point: Int?
    var exponent = 0
    let text = Array("\(value)".utf8)
    for (index, byte) in text.enumerated() {
      switch byte {
      case UInt8(ascii: "."): point = digits.count
      case UInt8(ascii: "e"):
        exponent = Int(String(decoding: text[(index + 1)...], as: UTF8.self)) ?? 0
        return normalised(digits, (point ?? digits.count) + exponent)
      default: digits.append(byte)
      }
    }
    return normalised(digits, point ?? digits.count)
  }

  private static func normalised(_ digits: [UInt8], _ point: Int) -> ([UInt8], Int) {
    let zero = UInt8(ascii: "0")
    let leading = digits.prefix { $0 == zero }.count
    var kept = Array(digits.dropFirst(leading))
    while kept.last == zero { kept.removeLast() }
    return (kept, point - leading)
  }

  private static func layOut(_ digits: [UInt8], point: Int) -> String {
    func text(_ part: some Sequence<UInt8>) -> String {
      String(decoding: Array(part), as: UTF8.self)
    }
    func zeros(_ count: Int) -> String { String(repeating: "0", count: max(0, count)) }
    let count = digits.count
    if count <= point, point <= 21 { return text(digits) + zeros(point - count) }
    if 0 < point, point <= 21 {
      return text(digits.prefix(point)) + "." + text(digits.dropFirst(point))
    }
    if -6 < point, point <= 0 { return "0." + zeros(-point) + text(digits) }
    let exponent = point - 1
    let power = exponent < 0 ? "e-\(-exponent)" : "e+\(exponent)"
    if count == 1 { return text(digits) + power }
    return text(digits.prefix(1)) + "." + text(digits.dropFirst()) + power
  }
}
