extension ByteScanner {
  /// `full-date` of RFC 3339, a day that exists.
  mutating func date() -> Bool {
    guard let year = number(digits: 4), consume("-"), let month = number(digits: 2), consume("-"),
      let day = number(digits: 2), 1...12 ~= month
    else { return false }
    return 1...Self.days(in: month, of: year) ~= day
  }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// `full-time` of RFC 3339, so with an offset. A leap second comes before midnight in UTC.
  mutating func time() -> Bool {
    guard let hour = number(digits: 2), consume(":"), let minute = number(digits: 2), consume(":"),
      let second = number(digits: 2), hour <= 23, minute <= 59, second <= 60
    else { return false }
    if consume("."), skip(while: Self.isDigit) == 0 { return false }
    guard let offset = offset() else { return false }
    let minuteOfDay = (hour * 60 + minute - offset + 2880) % 1440
    return second < 60 || minuteOfDay == 1439
  }

  /// Minutes east of UTC.
  private mutating func offset() -> Int? {
    if consume(anyOf: "Zz") { return 0 }
    let isWest = current == UInt8(ascii: "-")
    guard consume(anyOf: "+-"), let hour = number(digits: 2), consume(":"),
      let minute = number(digits: 2), hour <= 23, minute <= 59
    else { return nil }
    return (isWest ? -1 : 1) * (hour * 60 + minute)
  }

  /// `duration` of RFC 3339, appendix A, and what pydantic writes besides: units may be left out
  /// in the middle, and seconds may have a fraction.
  mutating func duration() -> Bool {
    guard consume("P") else { return false }
    let dates = units("YMWD", mayHaveFraction: false)
    guard let dates, dates.count == 1 || !dates.contains(UInt8(ascii: "W")) else { return false }
    guard consume("T") else { return !dates.isEmpty }
    guard let times = units("HMS", mayHaveFraction: true), !times.isEmpty else { return false }
    return !dates.contains(UInt8(ascii: "W"))
  }

  /// Numbers with units, each at most once and in the given order. Nil if something is amiss.
  private mutating func units(_ order: StaticString, mayHaveFraction: Bool) -> [UInt8]? {
    var found: [UInt8] = []
    var allowed = order.withUTF8Buffer { Array($0)[...] }
    while let byte = current, Self.isDigit(byte) {
      _ = skip(while: Self.isDigit)
      let hasFraction = mayHaveFraction && consume(".")
      if hasFraction, skip(while: Self.isDigit) == 0 { return nil }
      guard let unit = current, let place = allowed.firstIndex(of: unit),
        !hasFraction || unit == UInt8(ascii: "S")
      else { return nil }
      position += 1
      found.append(unit)
      allowed = allowed[(place + 1)...]
    }
    return found
  }
}
