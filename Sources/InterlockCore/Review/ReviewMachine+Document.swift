/// What a review looks like from outside: the document `review` of interlock.h.
extension ReviewMachine {
  package func document(id: Text, revision: Int64, createdAt: Instant) -> JSONValue {
    guard case .object(let fixed) = fixedDocument else { return .null }
    return .object(head(id: id, revision: revision, createdAt: createdAt) + fixed)
  }

  /// What never changes: the definition, but for who is asked now.
  package var fixedDocument: JSONValue {
    guard case .object(let given) = definition.document else { return .object([]) }
    return .object(given.filter { $0.name != "assignee" })
  }

  /// What changes.
  package func head(id: Text, revision: Int64, createdAt: Instant) -> [JSONMember] {
    [
      JSONMember(name: "id", value: .string(id)),
      JSONMember(name: "revision", value: .number(.integer(revision))),
      JSONMember(name: "status", value: .text(status.rawValue)),
      JSONMember(name: "outcome", value: outcome.map { .text($0.rawValue) } ?? .null),
      JSONMember(name: "stage", value: .string(stage.name)),
      JSONMember(name: "stages", value: .array(stageDocuments)),
      JSONMember(name: "response", value: progress.response ?? .null),
      JSONMember(name: "successor", value: successor.map { .string($0) } ?? .null),
      JSONMember(name: "assignee", value: progress.assignee?.json ?? .null),
      JSONMember(name: "claimed_by", value: progress.claim?.json ?? .null),
      JSONMember(name: "escalations", value: .array(progress.escalations.map(\.json))),
      JSONMember(name: "attempts", value: .integer(progress.attempts)),
      JSONMember(name: "created_at", value: .number(.integer(createdAt))),
      JSONMember(name: "updated_at", value: .number(.integer(progress.updatedAt))),
      JSONMember(name: "closed_at", value: Self.instant(progress.closedAt)),
      JSONMember(name: "next_at", value: Self.instant(nextDeadline?.at)),
      JSONMember(name: "reason", value: progress.reason.map { .string($0) } ?? .null),
    ]
  }

  private var stageDocuments: [JSONValue] {
    zip(definition.policy.stages, progress.stages).map { stage, progress in
      let deadline = progress.openedAt.flatMap { opened in
        stage.patience.map { min(opened &+ Int64($0), Deadline.last) }
      }
      return .object([
        "name": .string(stage.name), "status": .text(progress.status.rawValue),
        "needed": .integer(stage.needed), "opened_at": Self.instant(progress.openedAt),
        "deadline": Self.instant(deadline), "votes": .array(progress.votes.map(\.document)),
      ])
    }
  }

  static func instant(_ instant: Instant?) -> JSONValue {
    instant.map { .number(.integer($0)) } ?? .null
  }
}

extension Vote {
  /// Without the digests, which mean nothing outside.
  package var document: JSONValue {
    .object([
      "decision": .string(decision), "actor": identity.json, "verdict": .text(verdict.rawValue),
      "at": .number(.integer(at)),
    ])
  }
}
