/// Dates and times as forms write them: `yyyy-MM-dd`, `HH:mm[:ss]`, and both with a `T` between and
/// an optional zone `Z` or `±hh:mm`. Days exist in the Gregorian calendar; a second 60 does not.
struct CalendarRule {
  private var rest: ArraySlice<UInt8>

  static func isDate(_ text: Text) -> Bool {
    var rule = CalendarRule(rest: text.utf8[...])
    return rule.date() && rule.rest.isEmpty
  }

  static func isTime(_ text: Text) -> Bool {
    var rule = CalendarRule(rest: text.utf8[...])
    return rule.time() && rule.rest.isEmpty
  }

  static func isDateTime(_ text: Text) -> Bool {
    var rule = CalendarRule(rest: text.utf8[...])
    return rule.date() && rule.byte("T") && rule.time() && rule.zone() && rule.rest.isEmpty
  }

  private mutating func date() -> Bool {
    guard let year = number(digits: 4), year > 0, byte("-"), let month = number(digits: 2),
      byte("-"), let day = number(digits: 2)
    else { return false }
    return day >= 1 && day <= Self.days(in: month, of: year)
  }

  private mutating func time() -> Bool {
    guard hoursAndMinutes() else { return false }
    guard byte(":") else { return true }
    guard let second = number(digits: 2) else { return false }
    return second < 60
  }

  private mutating func zone() -> Bool {
    if rest.isEmpty || byte("Z") { return true }
    return (byte("+") || byte("-")) && hoursAndMinutes()
  }

  private mutating func hoursAndMinutes() -> Bool {
    guard let hour = number(digits: 2), byte(":"), let minute = number(digits: 2) else {
      return false
    }
    return hour < 24 && minute < 60
  }

  /// 0 for what is no month.
  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 1...12: 31
    default: 0
    }
  }

  private mutating func byte(_ wanted: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: wanted) else { return false }
    rest = rest.dropFirst()
    return true
  }

  private mutating func number(digits: Int) -> Int? {
    var number = 0
    for _ in 0..<digits {
      guard let byte = rest.popFirst(), UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else {
        return nil
      }
      number = number &* 10 &+ Int(byte &- UInt8(ascii: "0"))
    }
    return number
  }
}
