extension NumberRule {
  /// Whether `number` is `base` and a whole number of steps. Exact for integers.
  ///
  /// Decimals such as 0.1 have no exact double, and 0.3 / 0.1 is not 3. The quotient may miss a
  /// whole number by as much as the rounding of its operands and its two operations explains: 2^-50
  /// of the largest number of steps involved. Beyond 2^49 steps every double passes.
  static func isMultiple(_ number: JSONNumber, of step: JSONNumber, from base: JSONNumber) -> Bool {
    if let size = integer(step), let one = residue(number, size), let other = residue(base, size) {
      return one == other
    }
    let size = double(step)
    let reached = double(number) / size
    let start = double(base) / size
    let steps = (double(number) - double(base)) / size
    guard steps.isFinite else { return false }
    let tolerance = Swift.max(1, reached.magnitude, start.magnitude) * 0x1p-50
    return (steps - steps.rounded()).magnitude <= tolerance
  }

  /// What is left of an integer after whole steps, from 0 to below the step.
  private static func residue(_ number: JSONNumber, _ step: Int64) -> Int64? {
    guard step > 0 else { return nil }
    if case .bigInteger(let digits) = number { return residue(digits, step) }
    return integer(number).map { positive($0 % step, step) }
  }

  private static func residue(_ digits: Text, _ step: Int64) -> Int64? {
    // Ten times a rest must still fit.
    guard step <= Int64.max / 16 else { return nil }
    var rest: Int64 = 0
    for byte in digits.utf8 where UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte {
      rest = (rest &* 10 &+ Int64(byte &- UInt8(ascii: "0"))) % step
    }
    return positive(digits.utf8.first == UInt8(ascii: "-") ? -rest : rest, step)
  }

  private static func positive(_ rest: Int64, _ step: Int64) -> Int64 {
    rest < 0 ? rest &+ step : rest
  }
}
