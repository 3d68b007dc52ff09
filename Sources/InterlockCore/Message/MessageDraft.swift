/// A message that somebody wants to post, as it was asked for: requirements 2.1 and 3.1.
package struct MessageDraft: Sendable {
  package enum Sender: String, Sendable, CaseIterable {
    case agent
    case user
  }

  package enum Level: String, Sendable, CaseIterable {
    case info
    case success
    case warning
    case error
  }

  package static let maxTextBytes = 1 << 20

  package let channel: Text
  package let sender: Sender
  package let actor: Actor?
  package let text: Text?
  package let level: Level
  package let key: Text?
  /// The request to open the review that the message carries.
  package let review: JSONValue?
  /// The message that this one is another try of.
  package let predecessor: Text?
  package let metadata: JSONValue?
  package let attachments: [JSONValue]

  /// Nil if there is a problem, which the reader has.
  package init?(_ reader: inout MemberReader) {
    let channel = reader.id("channel", .required)
    let sender: Sender? = reader.choice("sender", .required)
    actor = reader.actor("actor")
    text = Self.text(&reader)
    let level: Level? = reader.choice("level")
    key = reader.id("client_key")
    review = Self.review(&reader)
    predecessor = reader.id("iteration_of")
    metadata = reader.object("metadata")
    attachments = reader.attachments("attachments")
    if text == nil, level == nil, review == nil, attachments.isEmpty, reader.problems.isEmpty {
      reader.add([
        Problem(
          .missing, at: .root,
          "A message has at least one of text, level, review and attachments.")
      ])
    }
    guard let channel, let sender, reader.problems.isEmpty else { return nil }
    self.channel = channel
    self.sender = sender
    self.level = level ?? .info
  }

  /// What is stored of it, apart from what it is found by.
  package var body: JSONValue {
    .object([
      "actor": actor?.json ?? .null, "text": text.map { .string($0) } ?? .null,
      "level": .text(level.rawValue), "metadata": metadata ?? .null,
      "attachments": .array(attachments),
    ])
  }

  /// The request for the review, with the place that the message gives it.
  package func reviewRequest(message: Text) -> JSONValue? {
    guard case .object(let members)? = review else { return nil }
    return .object(
      members + [
        JSONMember(name: "channel", value: .string(channel)),
        JSONMember(name: "external_id", value: .string(message)),
      ])
  }

  /// An empty text is none.
  private static func text(_ reader: inout MemberReader) -> Text? {
    guard let text = reader.text("text"), !text.isEmpty else { return nil }
    if text.utf8.count > maxTextBytes {
      reader.add([
        Problem(
          .tooLarge, at: reader.pointer("text"), "A text has at most \(maxTextBytes) bytes.")
      ])
    }
    return text
  }

  /// Where the review is, what it is called outside and whether it was asked before, the message says.
  private static func review(_ reader: inout MemberReader) -> JSONValue? {
    guard let review = reader.object("review") else { return nil }
    for name in ["channel", "external_id", "key"] as [Text] where review.member(name) != nil {
      reader.add([
        Problem(
          .unexpected, at: reader.pointer("review").appending(name), "The message says this.")
      ])
    }
    return review
  }
}
