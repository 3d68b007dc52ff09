/// Why a review is where it is, from the rules that decide.
extension ReviewMachine {
  /// The document of `interlock_review_explain`. The caller has applied what is due.
  /// `actor` is who might answer; `given` is tried on a copy.
  package func explain(
    id: Text, actor: Actor?, stage named: Text?, given: GivenAnswer?, at now: Instant
  ) -> JSONValue {
    .object([
      "review": .string(id), "status": .text(status.rawValue),
      "outcome": outcome.map { .text($0.rawValue) } ?? .null, "why": .text(why),
      "stage": isPending ? .string(stage.name) : .null, "have": .integer(have),
      "needed": .integer(stage.needed),
      "approvers": .array(isPending ? stage.approvers.map(\.json) : []),
      "voted": .array(progress.open.votes.map(\.identity.json)), "next": next,
      "answer": trial(actor, named, given, now),
    ])
  }

  /// How many equal answers the open stage has.
  private var have: Int {
    var groups: [Text: Int] = [:]
    for vote in progress.open.votes where vote.verdict != .reject {
      groups[vote.substance, default: 0] += 1
    }
    return groups.values.max() ?? 0
  }

  private var why: String {
    switch status {
    case .pending:
      let missing = max(0, stage.needed - have)
      let claim = progress.claim.map { ", claimed by \($0.identity.value)" } ?? ""
      return "Stage \(stage.name) waits for \(missing) more\(claim)."
    case .resolved:
      return "It was resolved: \(outcome?.rawValue ?? "")."
    case .expired:
      return "Its deadline passed."
    case .cancelled:
      return progress.reason.map { "It was cancelled: \($0)" } ?? "It was cancelled."
    case .superseded:
      return successor.map { "Review \($0) took its place." }
        ?? "Its thread went on without an answer."
    }
  }

  private var next: JSONValue {
    guard let deadline = nextDeadline else { return .null }
    let what: JSONValue =
      switch deadline.event {
      case .reminder: .text("reminder")
      case .stageDeadline:
        (stage.onExpiry ?? definition.onExpiry ?? definition.defaultExpiry).json
      case .reviewDeadline: (definition.onExpiry ?? definition.defaultExpiry).json
      }
    return .object(["at": .number(.integer(deadline.at)), "what": what])
  }

  private func trial(
    _ actor: Actor?, _ named: Text?, _ given: GivenAnswer?, _ now: Instant
  ) -> JSONValue {
    if let given {
      var copy = self
      return Self.trial(copy.answer(given, at: now))
    }
    guard let actor else { return .null }
    let refusal = finality ?? objection(toActor: actor, stage: named)
    return Self.trial(refusal.map { .rejected($0) } ?? .counted)
  }

  private static func trial(_ action: ReviewAction) -> JSONValue {
    let refusal: Refusal? =
      switch action {
      case .rejected(let refusal), .attempted(let refusal): refusal
      case .counted, .advanced, .resolved, .expired, .cancelled, .superseded, .escalated, .atTop,
        .stayed, .reminded, .claimed, .released, .reassigned, .idle, .replayed:
        nil
      }
    return .object([
      "accepted": .bool(refusal == nil), "action": .text(action.word),
      "refusal": refusal?.json ?? .null,
    ])
  }
}

extension ReviewAction {
  /// One word for it.
  package var word: String {
    switch self {
    case .counted: "counted"
    case .advanced: "stage_passed"
    case .resolved: "resolved"
    case .expired: "expired"
    case .cancelled: "cancelled"
    case .superseded: "superseded"
    case .escalated: "escalated"
    case .atTop: "at_top"
    case .stayed: "stayed"
    case .attempted: "attempted"
    case .reminded: "reminded"
    case .claimed: "claimed"
    case .released: "released"
    case .reassigned: "reassigned"
    case .idle: "idle"
    case .replayed: "replayed"
    case .rejected: "rejected"
    }
  }
}
