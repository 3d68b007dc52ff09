/// What a token is good for. Signed, so that nobody else says so.
package struct TokenClaims: Sendable, Equatable {
  package enum Purpose: String, Sendable, CaseIterable {
    /// To answer one stage of one review.
    case decide
    /// To listen to a review, a channel, or everything.
    case subscribe
  }

  /// More than a link should have.
  package static let maxBytes = 4096

  package let id: Text
  /// The key that signs it.
  package let key: Text
  package let purpose: Purpose
  package let actor: Actor
  package let review: Text?
  package let stage: Text?
  /// Nil if every verdict is allowed.
  package let verdicts: [Answer.Verdict]?
  package let channel: Text?
  package let expiresAt: Instant
  package let isSingleUse: Bool

  package init(
    id: Text, key: Text, purpose: Purpose, actor: Actor, review: Text? = nil, stage: Text? = nil,
    verdicts: [Answer.Verdict]? = nil, channel: Text? = nil, expiresAt: Instant,
    isSingleUse: Bool = true
  ) {
    self.id = id
    self.key = key
    self.purpose = purpose
    self.actor = actor
    self.review = review
    self.stage = stage
    self.verdicts = verdicts
    self.channel = channel
    self.expiresAt = expiresAt
    self.isSingleUse = isSingleUse
  }

  package func allows(_ verdict: Answer.Verdict) -> Bool {
    verdicts?.contains(verdict) ?? true
  }
}

extension TokenClaims {
  /// What is signed.
  package var json: JSONValue {
    .object(
      [JSONMember(name: "key", value: .string(key))] + members)
  }

  /// What somebody who holds the token may know.
  package var members: [JSONMember] {
    let pairs: KeyValuePairs<StaticString, JSONValue> = [
      "id": .string(id), "purpose": .text(purpose.rawValue), "actor": actor.json,
      "review": review.map { .string($0) } ?? .null, "stage": stage.map { .string($0) } ?? .null,
      "verdicts": verdicts.map { .array($0.map { .text($0.rawValue) }) } ?? .null,
      "channel": channel.map { .string($0) } ?? .null, "expires_at": .number(.integer(expiresAt)),
      "single_use": .bool(isSingleUse),
    ]
    return pairs.map { JSONMember(name: Text(stringLiteral: $0.key), value: $0.value) }
  }

  /// Nil unless this is what `json` writes.
  package init?(_ value: JSONValue) {
    var reader = MemberReader(value)
    let id = reader.id("id", .required)
    let key = reader.id("key", .required)
    let purpose: Purpose? = reader.choice("purpose", .required)
    let actor = reader.actor("actor", .required)
    let review = Self.name("review", &reader)
    let stage = Self.name("stage", &reader)
    let verdicts = reader.verdicts()
    let channel = Self.name("channel", &reader)
    let end = reader.integer("expires_at", .required, in: 0...Int(Deadline.last))
    let isSingleUse = reader.bool("single_use", .required)
    reader.finish()
    guard reader.problems.isEmpty, let id, let key, let purpose, let actor, let end, let isSingleUse
    else { return nil }
    self.init(
      id: id, key: key, purpose: purpose, actor: actor, review: review, stage: stage,
      verdicts: verdicts, channel: channel, expiresAt: Int64(end), isSingleUse: isSingleUse)
  }

  private static func name(_ name: StaticString, _ reader: inout MemberReader) -> Text? {
    guard let value = reader.value(name, .required), case .string(let text) = value else {
      return nil
    }
    return text
  }
}

extension MemberReader {
  /// `verdicts`, or nil if it is left out or null.
  package mutating func verdicts() -> [Answer.Verdict]? {
    guard let value = value("verdicts") else { return nil }
    if case .null = value { return nil }
    let path = pointer("verdicts")
    guard case .array(let words) = value, 1...Answer.Verdict.allCases.count ~= words.count else {
      add([Problem(.type, at: path, "A list of one to five verdicts is expected.")])
      return nil
    }
    var verdicts: [Answer.Verdict] = []
    for (index, word) in words.enumerated() {
      let verdict: Answer.Verdict? = word.text.flatMap { Self.choice($0) }
      guard let verdict, !verdicts.contains(verdict) else {
        add([
          Problem(
            verdict == nil ? .notAnOption : .duplicate, at: path.appending(index),
            "Verdicts are approve, edit, reject, answer and dismiss, each once.")
        ])
        continue
      }
      verdicts.append(verdict)
    }
    return verdicts
  }
}
