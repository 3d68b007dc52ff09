/// What a review looks like from outside: the document `review` of interlock.h.
extension ReviewMachine {
  /// What never changes: the definition, but for who is asked now.
  package var fixedDocument: JSONValue {
    guard case .object(let given) = definition.document else { return .object([]) }
    return .object(given.filter { $0.name != "assignee" })
  }

  /// What changes, as a JSON object. With `redacted` in the place of the values of secret fields.
  package func head(
    id: Text, revision: Int64, createdAt: Instant, redacted: Bool
  ) -> [UInt8] {
    var json = JSONBuilder(capacity: 1024)
    json.object { json in
      json.member("id", id)
      json.member("revision", revision)
      json.member("status", word: status.rawValue)
      json.member("outcome", word: outcome?.rawValue)
      json.member("stage", stage.name)
      json.name("stages")
      json.array(Array(zip(definition.policy.stages, progress.stages))) { json, pair in
        pair.1.document(of: pair.0, to: &json)
      }
      json.member("response", value: redacted ? redactedResponse : progress.response)
      json.member("successor", successor)
      json.member("assignee", value: progress.assignee?.json)
      json.member("claimed_by", value: progress.claim?.json)
      json.name("escalations")
      json.array(progress.escalations) { json, step in json.value(step.json) }
      json.member("attempts", Int64(progress.attempts))
      json.member("created_at", createdAt)
      json.member("updated_at", progress.updatedAt)
      json.member("closed_at", progress.closedAt)
      json.member("next_at", nextDeadline?.at)
      json.member("reason", progress.reason)
    }
    return json.bytes
  }

  private var redactedResponse: JSONValue? {
    progress.response.map { definition.payload.redacted($0) }
  }
}

extension StageProgress {
  fileprivate func document(of stage: Stage, to json: inout JSONBuilder) {
    let deadline = openedAt.flatMap { opened in
      stage.patience.map { min(opened &+ Int64($0), Deadline.last) }
    }
    json.object { json in
      json.member("name", stage.name)
      json.member("status", word: status.rawValue)
      json.member("needed", Int64(stage.needed))
      json.member("opened_at", openedAt)
      json.member("deadline", deadline)
      json.name("votes")
      json.array(votes) { json, vote in vote.document(to: &json) }
    }
  }
}

extension Vote {
  /// Without the digests, which mean nothing outside.
  fileprivate func document(to json: inout JSONBuilder) {
    json.object { json in
      json.member("decision", decision)
      json.name("actor")
      identity.write(to: &json)
      json.member("verdict", word: verdict.rawValue)
      json.member("at", at)
    }
  }
}
