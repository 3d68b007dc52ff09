/// How the progress of a review is stored.
extension ReviewProgress {
  package var json: JSONValue {
    var members = [
      JSONMember(name: "stage", value: .integer(stage)),
      JSONMember(name: "stages", value: .array(stages.map(\.json))),
      JSONMember(name: "edited", value: .bool(isEdited)),
      JSONMember(name: "attempts", value: .integer(attempts)),
      JSONMember(name: "reminded", value: .integer(reminded)),
      JSONMember(name: "updated_at", value: .number(.integer(updatedAt))),
    ]
    if let response { members.append(JSONMember(name: "response", value: response)) }
    if !escalations.isEmpty {
      members.append(
        JSONMember(name: "escalations", value: .array(escalations.map(\.json))))
    }
    if let assignee { members.append(JSONMember(name: "assignee", value: assignee.json)) }
    if let claim { members.append(JSONMember(name: "claim", value: claim.json)) }
    if let closedAt {
      members.append(JSONMember(name: "closed_at", value: .number(.integer(closedAt))))
    }
    if let reason { members.append(JSONMember(name: "reason", value: .string(reason))) }
    return .object(members)
  }

  /// A damaged row may say anything; what is counted goes on from here.
  fileprivate static let counts = 0...Int(UInt32.max)

  /// Nil if this is not what `json` wrote.
  package init?(_ json: JSONValue) {
    var reader = MemberReader(json)
    guard let stage = reader.integer("stage", .required),
      let stages = reader.array("stages", .required)?.map(StageProgress.init(_:)),
      let updatedAt = reader.integer("updated_at", .required)
    else { return nil }
    self.init(stages: 1, assignee: reader.actor("assignee"), at: Instant(updatedAt))
    self.stage = stage
    self.stages = stages.compactMap { $0 }
    isEdited = reader.bool("edited") ?? false
    attempts = reader.integer("attempts", in: Self.counts) ?? 0
    reminded = reader.integer("reminded", in: Self.counts) ?? 0
    response = reader.value("response")
    let steps = (reader.array("escalations") ?? []).map(EscalationStep.init(_:))
    escalations = steps.compactMap { $0 }
    claim = reader.actor("claim")
    closedAt = reader.integer("closed_at").map { Instant($0) }
    reason = reader.text("reason")
    reader.finish()
    guard reader.problems.isEmpty, self.stages.count == stages.count,
      escalations.count == steps.count
    else { return nil }
  }
}

extension StageProgress {
  var json: JSONValue {
    var members = [
      JSONMember(name: "status", value: .text(status.rawValue)),
      JSONMember(name: "votes", value: .array(votes.map(\.json))),
      JSONMember(name: "reminded", value: .integer(reminded)),
    ]
    if let openedAt {
      members.append(JSONMember(name: "opened_at", value: .number(.integer(openedAt))))
    }
    return .object(members)
  }

  init?(_ json: JSONValue) {
    var reader = MemberReader(json)
    let status: Status? = reader.choice("status", .required)
    let votes = reader.array("votes", .required)?.map(Vote.init(_:)) ?? []
    let reminded = reader.integer("reminded", in: ReviewProgress.counts) ?? 0
    let openedAt = reader.integer("opened_at").map { Instant($0) }
    let kept = votes.compactMap { $0 }
    guard reader.problems.isEmpty, let status, kept.count == votes.count else { return nil }
    self.init(status: status, openedAt: openedAt, votes: kept, reminded: reminded)
  }
}

extension Vote {
  var json: JSONValue {
    var members = [
      JSONMember(name: "decision", value: .string(decision)),
      JSONMember(name: "actor", value: identity.json),
      JSONMember(name: "verdict", value: .text(verdict.rawValue)),
      JSONMember(name: "substance", value: .string(substance)),
      JSONMember(name: "fingerprint", value: .string(fingerprint)),
      JSONMember(name: "at", value: .number(.integer(at))),
    ]
    if let key { members.append(JSONMember(name: "key", value: .string(key))) }
    return .object(members)
  }

  init?(_ json: JSONValue) {
    var reader = MemberReader(json)
    let verdict: Answer.Verdict? = reader.choice("verdict", .required)
    guard let decision = reader.text("decision", .required),
      let actor = reader.actor("actor", .required), let verdict,
      let substance = reader.text("substance", .required),
      let fingerprint = reader.text("fingerprint", .required),
      let at = reader.integer("at", .required)
    else { return nil }
    self.init(
      decision: decision, identity: actor.identity, verdict: verdict, substance: substance,
      fingerprint: fingerprint, key: reader.text("key"), at: Instant(at))
  }
}

extension EscalationStep {
  package var json: JSONValue {
    .object([
      "from": .string(from), "to": .string(to), "reason": .text(reason.rawValue),
      "at": .number(.integer(at)),
    ])
  }

  init?(_ json: JSONValue) {
    var reader = MemberReader(json)
    let reason: EscalationTrigger? = reader.choice("reason", .required)
    guard let from = reader.text("from", .required), let to = reader.text("to", .required),
      let at = reader.integer("at", .required), let reason
    else { return nil }
    self.init(from: from, to: to, reason: reason, at: Instant(at))
  }
}
