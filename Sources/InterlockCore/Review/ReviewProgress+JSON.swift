/// How the progress of a review is stored: what is as it usually is, is left out.
extension ReviewProgress {
  package var json: [UInt8] {
    var json = JSONBuilder(capacity: 1024)
    json.object { json in
      json.member("stage", Int64(stage))
      json.name("stages")
      json.array(stages) { json, stage in stage.write(to: &json) }
      if isEdited { json.member("edited", value: .bool(true)) }
      if attempts != 0 { json.member("attempts", Int64(attempts)) }
      if reminded != 0 { json.member("reminded", Int64(reminded)) }
      json.member("updated_at", updatedAt)
      if let response { json.member("response", value: response) }
      if !escalations.isEmpty {
        json.name("escalations")
        json.array(escalations) { json, step in json.value(step.json) }
      }
      if let assignee { json.member("assignee", value: assignee.json) }
      if let claim { json.member("claim", value: claim.json) }
      if let closedAt { json.member("closed_at", closedAt) }
      if let reason { json.member("reason", reason) }
    }
    return json.bytes
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
  fileprivate func write(to json: inout JSONBuilder) {
    json.object { json in
      json.member("status", word: status.rawValue)
      json.name("votes")
      json.array(votes) { json, vote in vote.write(to: &json) }
      if reminded != 0 { json.member("reminded", Int64(reminded)) }
      if let openedAt { json.member("opened_at", openedAt) }
    }
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
  fileprivate func write(to json: inout JSONBuilder) {
    json.object { json in
      json.member("decision", decision)
      json.name("actor")
      identity.write(to: &json)
      json.member("verdict", word: verdict.rawValue)
      if substance != fingerprint { json.member("substance", substance) }
      json.member("fingerprint", fingerprint)
      json.member("at", at)
      if let key { json.member("key", key) }
    }
  }

  init?(_ json: JSONValue) {
    var reader = MemberReader(json)
    let verdict: Answer.Verdict? = reader.choice("verdict", .required)
    guard let decision = reader.text("decision", .required),
      let actor = reader.actor("actor", .required), let verdict,
      let fingerprint = reader.text("fingerprint", .required),
      let at = reader.integer("at", .required)
    else { return nil }
    self.init(
      decision: decision, identity: actor.identity, verdict: verdict,
      substance: reader.text("substance") ?? fingerprint, fingerprint: fingerprint,
      key: reader.text("key"), at: Instant(at))
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
