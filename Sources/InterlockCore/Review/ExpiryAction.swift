/// What happens when a deadline passes.
package enum ExpiryAction: Sendable, Equatable {
  case expire
  case reject
  case approve
  /// The next stage opens, with `deadline` as the reason.
  case escalate
  /// The review expires, and whoever waits gets this value.
  case resumeWith(JSONValue)

  package var json: JSONValue {
    switch self {
    case .expire: .text("expire")
    case .reject: .text("reject")
    case .approve: .text("approve")
    case .escalate: .text("escalate")
    case .resumeWith(let value): .object(["resume_with": value])
    }
  }
}

extension MemberReader {
  private enum Word: String, CaseIterable {
    case expire
    case reject
    case approve
    case escalate
  }

  /// `"expire"`, `"reject"`, `"approve"`, `"escalate"` or `{"resume_with": value}`.
  mutating func expiryAction(_ name: StaticString) -> ExpiryAction? {
    guard let value = value(name) else { return nil }
    if case .object(let members) = value, members.count == 1, let member = members.first,
      member.name == "resume_with"
    {
      return .resumeWith(member.value)
    }
    guard let text = value.text, let word: Word = Self.choice(text) else {
      report(
        Flaw(
          .notAnOption, "This is expire, reject, approve, escalate or {\"resume_with\": value}."),
        at: name)
      return nil
    }
    return switch word {
    case .expire: .expire
    case .reject: .reject
    case .approve: .approve
    case .escalate: .escalate
    }
  }
}
