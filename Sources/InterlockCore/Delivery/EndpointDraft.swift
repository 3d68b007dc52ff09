/// Where events are pushed, as somebody asks for it; the secret is read by who can use it.
package struct EndpointDraft: Sendable {
  package static let maxURLBytes = 2048
  package static let usualAttempts = 16
  package static let maxAttempts = 100

  package let name: Text
  package let url: Text
  package let description: Text?
  package let filter: EventFilter
  /// How often a delivery is tried before it is dead.
  package let attempts: Int
  /// Nil leaves it as it is; a new one is enabled.
  package let isEnabled: Bool?
  /// The event after which a new endpoint begins; nil is the newest.
  package let after: Int64?

  /// Nil if there is a problem, which the reader has.
  package init?(_ reader: inout MemberReader) {
    let name = reader.id("name", .required)
    let url = Self.url(&reader)
    description = Self.description(&reader)
    filter = EventFilter(&reader)
    attempts = reader.integer("attempts", in: 1...Self.maxAttempts) ?? Self.usualAttempts
    isEnabled = reader.bool("enabled")
    after = reader.integer("after", in: 0...Int.max).map { Int64($0) }
    guard let name, let url, reader.problems.isEmpty else { return nil }
    self.name = name
    self.url = url
  }

  private static func url(_ reader: inout MemberReader) -> Text? {
    guard let url = reader.text("url", .required) else { return nil }
    let path = reader.pointer("url")
    if url.utf8.count > maxURLBytes {
      reader.add([Problem(.tooLarge, at: path, "A URL has at most \(maxURLBytes) bytes.")])
    } else if !AddressRule.isURL(url) || url.utf8.contains(where: { $0 >= 0x80 }) {
      reader.add([Problem(.format, at: path, "This is no http or https URL in ASCII.")])
    } else if AddressRule.hasUser(url) {
      // URLs are listed; what lets somebody in is not.
      reader.add([Problem(.format, at: path, "A URL with a user or a password is not kept.")])
    }
    return url
  }

  private static func description(_ reader: inout MemberReader) -> Text? {
    guard let text = reader.text("description") else { return nil }
    if text.utf8.count > ReviewDefinition.maxTextBytes {
      reader.add([
        Problem(
          .tooLarge, at: reader.pointer("description"),
          "A description has at most \(ReviewDefinition.maxTextBytes) bytes.")
      ])
    }
    return text
  }
}

extension AddressRule {
  /// Whether `user@` or `user:password@` precedes the host of a URL.
  static func hasUser(_ url: Text) -> Bool {
    let slash = UInt8(ascii: "/")
    let ends = [slash, UInt8(ascii: "?"), UInt8(ascii: "#")]
    let authority = url.utf8.drop { $0 != slash }.dropFirst(2).prefix { !ends.contains($0) }
    return authority.contains(UInt8(ascii: "@"))
  }
}
