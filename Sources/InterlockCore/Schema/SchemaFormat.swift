/// A format that is enforced. All are of ASCII: what international text would need is refused when
/// the schema is compiled.
enum SchemaFormat: String, CaseIterable, Sendable {
  case date
  case time
  case dateTime = "date-time"
  case duration
  case email
  case hostname
  case ipv4
  case ipv6
  case uri
  case uuid

  /// Formats of pydantic that say how a text is shown or carried: any text has them.
  static let annotations: Set<Text> = ["binary", "password"]

  func accepts(_ text: Text) -> Bool {
    var scanner = ByteScanner(text.utf8)
    return accepts(&scanner) && scanner.isAtEnd
  }

  private func accepts(_ scanner: inout ByteScanner) -> Bool {
    switch self {
    case .date: scanner.date()
    case .time: scanner.time()
    case .dateTime: scanner.date() && scanner.consume(anyOf: "Tt") && scanner.time()
    case .duration: scanner.duration()
    case .email: scanner.email()
    case .hostname: scanner.hostname()
    case .ipv4: scanner.ipv4()
    case .ipv6: scanner.ipv6()
    case .uri: scanner.uri()
    case .uuid: scanner.uuid()
    }
  }
}
