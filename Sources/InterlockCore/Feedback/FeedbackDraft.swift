/// What a score is about.
package struct FeedbackTarget: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    case run
    case thread
    case review
  }

  package let kind: Kind
  package let id: Text

  package init(_ kind: Kind, _ id: Text) {
    self.kind = kind
    self.id = id
  }
}

/// A score with a key and perhaps a remark: S21 to S24.
package struct FeedbackDraft: Sendable, Equatable {
  /// S22.
  package static let usualKey: Text = "helpfulness"

  package let target: FeedbackTarget
  package let key: Text
  /// 0 to 1.
  package let score: Double
  package let comment: Text?
  package let actor: Actor?

  package init(
    target: FeedbackTarget, key: Text, score: Double, comment: Text?, actor: Actor?
  ) {
    self.target = target
    self.key = key
    self.score = score
    self.comment = comment
    self.actor = actor
  }

  /// Nil if there is a problem, which the reader has.
  package init?(_ reader: inout MemberReader) {
    let target = reader.feedbackTarget(.required)
    key = reader.id("key") ?? Self.usualKey
    let score = Self.score(&reader)
    comment = Self.comment(&reader)
    actor = reader.actor("actor")
    guard let target, let score, reader.problems.isEmpty else { return nil }
    self.target = target
    self.score = score
  }

  private static func score(_ reader: inout MemberReader) -> Double? {
    guard let number = reader.number("score", .required) else { return nil }
    for flaw in RatingPayload.scores.flaws(in: number) { reader.report(flaw, at: "score") }
    return NumberRule.double(number)
  }

  /// An empty comment is none (S22).
  private static func comment(_ reader: inout MemberReader) -> Text? {
    guard let text = RatingPayload.comment(&reader) else { return nil }
    if text.utf8.count > ReviewDefinition.maxTextBytes {
      reader.add([
        Problem(
          .tooLarge, at: reader.pointer("comment"),
          "A comment has at most \(ReviewDefinition.maxTextBytes) bytes.")
      ])
    }
    return text
  }
}

extension MemberReader {
  /// At most one of the members that name what feedback is about; `.required`: exactly one.
  package mutating func feedbackTarget(_ need: Need = .optional) -> FeedbackTarget? {
    var found: [FeedbackTarget] = []
    if let id = id("run") { found.append(FeedbackTarget(.run, id)) }
    if let id = id("thread") { found.append(FeedbackTarget(.thread, id)) }
    if let id = id("review") { found.append(FeedbackTarget(.review, id)) }
    if found.count > 1 || (found.isEmpty && need == .required && problems.isEmpty) {
      add([
        Problem(
          found.isEmpty ? .missing : .tooMany, at: .root,
          "Feedback is about one of run, thread, review.")
      ])
    }
    return found.first
  }
}

extension ReviewMachine {
  /// What a rating that has ended with an answer says. The actor is whose answer ended it.
  package func rating(of review: Text) -> FeedbackDraft? {
    guard case .rating(let payload) = definition.payload.body, outcome == .answered,
      let response = progress.response, case .valid = definition.payload.check(response),
      case .number(let score)? = response.member("score")
    else { return nil }
    let voter = progress.stages.flatMap(\.votes).last { $0.at == progress.closedAt }?.identity
    return FeedbackDraft(
      target: FeedbackTarget(.review, review), key: payload.key, score: NumberRule.double(score),
      comment: response.member("comment")?.text, actor: voter.map { Actor($0) })
  }
}
