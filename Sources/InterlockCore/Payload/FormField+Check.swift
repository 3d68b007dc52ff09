extension FormField {
  /// What is wrong with a value that is there and not null.
  func flaws(in value: JSONValue) -> [Flaw] {
    if isRequired, case .string(let text) = value, asksForText, TextRule.isBlank(text) {
      return [Flaw(.empty, "This must not be blank.")]
    }
    switch rule {
    case .line(let rule): return Self.line(value, rule)
    case .lines(let rule): return Self.text(value) { rule.flaws(in: $0) }
    case .secret(let rule): return Self.line(value, rule).map(\.discreet)
    case .email(let rule):
      return Self.text(value) {
        Self.format($0, "An e-mail address is expected.", AddressRule.isEmail) + rule.flaws(in: $0)
      }
    case .url(let rule):
      return Self.text(value) {
        Self.format($0, "An absolute http or https address is expected.", AddressRule.isURL)
          + rule.flaws(in: $0)
      }
    case .number(let rule):
      guard case .number(let number) = value else { return [Flaw.type("number", value)] }
      return rule.flaws(in: number)
    case .select(let options):
      return Self.text(value) {
        options.contains($0) ? [] : [Flaw.notAnOption($0, of: options.names)]
      }
    case .checkbox(let mustBeTrue):
      guard case .bool(let flag) = value else { return [Flaw.type("boolean", value)] }
      guard mustBeTrue, !flag else { return [] }
      return [Flaw(.mismatch, "This must be ticked.", expected: .bool(true), got: value)]
    case .date:
      return Self.text(value) {
        Self.format($0, "A date yyyy-MM-dd is expected.", CalendarRule.isDate)
      }
    case .time:
      return Self.text(value) {
        Self.format($0, "A time HH:mm or HH:mm:ss is expected.", CalendarRule.isTime)
      }
    case .datetime:
      return Self.text(value) {
        Self.format($0, "A date and time yyyy-MM-ddTHH:mm is expected.", CalendarRule.isDateTime)
      }
    }
  }

  /// Consent cannot be given by leaving it out.
  var mustBeAnswered: Bool {
    if case .checkbox(mustBeTrue: true) = rule { return true }
    return isRequired
  }

  /// A number or a tick given as a blank text is of the wrong type, not empty.
  private var asksForText: Bool {
    switch rule {
    case .line, .lines, .secret, .email, .url, .select, .date, .time, .datetime: true
    case .number, .checkbox: false
    }
  }

  private static func text(_ value: JSONValue, _ check: (Text) -> [Flaw]) -> [Flaw] {
    guard case .string(let text) = value else { return [Flaw.type("string", value)] }
    return check(text)
  }

  private static func line(_ value: JSONValue, _ rule: TextRule) -> [Flaw] {
    text(value) { text in
      let flaws = rule.flaws(in: text)
      guard TextRule.hasNewline(text) else { return flaws }
      return flaws + [Flaw(.format, "This must be one line.")]
    }
  }

  private static func format(
    _ text: Text, _ message: String, _ isWellFormed: (Text) -> Bool
  ) -> [Flaw] {
    isWellFormed(text) ? [] : [Flaw(.format, message, got: Flaw.excerpt(text))]
  }
}
