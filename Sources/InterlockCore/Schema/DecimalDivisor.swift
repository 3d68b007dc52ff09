/// The operand of `multipleOf`, divided in decimal: 0.3 is a multiple of 0.1, and 1e308 is not one
/// of 0.123456789. A double counts as the shortest decimal number that reads back as it, which is
/// what was written.
struct DecimalDivisor: Sendable {
  let number: JSONNumber
  private let significand: UInt64
  private let exponent: Int

  /// Nil for what is not above zero or has more than 64 bits.
  init?(_ number: JSONNumber) {
    let decimal = Decimal(number)
    guard !decimal.isNegative,
      let value = UInt64(String(decoding: decimal.digits, as: UTF8.self)), value > 0
    else { return nil }
    self.number = number
    significand = value
    exponent = decimal.exponent
  }

  func divides(_ number: JSONNumber) -> Bool {
    let decimal = Decimal(number)
    guard !decimal.digits.isEmpty else { return true }
    // Digits do not end in zero, so a power of ten cannot be taken out of them.
    let shift = decimal.exponent - exponent
    guard shift >= 0 else { return false }
    var rest: UInt64 = 0
    for digit in decimal.digits { rest = remainder(rest, appending: digit - UInt8(ascii: "0")) }
    // Ten to the 64th has every factor of two and five that 64 bits can hold.
    for _ in 0..<min(shift, 64) { rest = remainder(rest, appending: 0) }
    return rest == 0
  }

  /// (rest * 10 + digit) modulo the significand. The quotient is below ten or eleven: it fits.
  private func remainder(_ rest: UInt64, appending digit: UInt8) -> UInt64 {
    let product = rest.multipliedFullWidth(by: 10)
    let (low, carry) = product.low.addingReportingOverflow(UInt64(digit))
    return significand.dividingFullWidth((product.high + (carry ? 1 : 0), low)).remainder
  }
}

/// Digits without zeros at either end, and the power of ten they are multiplied with.
private struct Decimal {
  private(set) var digits: [UInt8] = []
  private(set) var exponent = 0
  private(set) var isNegative = false

  init(_ number: JSONNumber) {
    let text = CanonicalNumber.text(number).utf8
    var decimals = 0
    var rest = text[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "-"): isNegative = true
      case UInt8(ascii: "."): decimals = rest.prefix { $0 != UInt8(ascii: "e") }.count
      case UInt8(ascii: "e"):
        exponent = Int(String(decoding: rest, as: UTF8.self)) ?? 0
        rest = rest.suffix(0)
      default:
        if byte != UInt8(ascii: "0") || !digits.isEmpty { digits.append(byte) }
      }
    }
    exponent -= decimals
    while digits.last == UInt8(ascii: "0") {
      digits.removeLast()
      exponent += 1
    }
  }
}
