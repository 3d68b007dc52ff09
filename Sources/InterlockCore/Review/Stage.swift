/// One step of a policy: who decides, how many of them, by when, and what happens otherwise.
package struct Stage: Sendable, Equatable {
  package enum Quorum: Sendable, Equatable {
    case any
    case all
    case count(Int)
  }

  package let name: Text
  package let approvers: [Approver]
  package let quorum: Quorum
  /// Whether one rejection rejects the stage. Without it, as many as the quorum must.
  package let hasVeto: Bool
  package let forbidsRequester: Bool
  package let isDistinctFromEarlier: Bool
  /// Milliseconds from the opening of the stage.
  package let patience: Int?
  package let onExpiry: ExpiryAction?
  /// Milliseconds before the deadline, the longest first.
  package let reminders: [Int]

  /// Takes the answer of anybody.
  package static let open = Stage(
    name: "decide", approvers: [.anyone], quorum: .any, hasVeto: true, forbidsRequester: false,
    isDistinctFromEarlier: false, patience: nil, onExpiry: nil, reminders: [])

  package func admits(_ actor: Actor) -> Bool {
    approvers.contains { $0.admits(actor) }
  }

  /// How many people can answer, if that is known.
  package var electorate: Int? { people?.count }

  /// Everybody who can answer, if all are named.
  package var people: Set<Identity>? {
    var people: Set<Identity> = []
    for approver in approvers {
      guard case .identity(let identity) = approver else { return nil }
      people.insert(identity)
    }
    return people
  }

  /// How many equal answers pass the stage.
  package var needed: Int {
    switch quorum {
    case .any: 1
    case .all: max(1, electorate ?? 1)
    case .count(let count): max(1, count)
    }
  }

  package var json: JSONValue {
    var members = [
      JSONMember(name: "name", value: .string(name)),
      JSONMember(name: "approvers", value: .array(approvers.map(\.json))),
      JSONMember(name: "quorum", value: quorumJSON),
      JSONMember(name: "veto", value: .bool(hasVeto)),
      JSONMember(name: "forbid_requester", value: .bool(forbidsRequester)),
      JSONMember(name: "distinct_from_earlier", value: .bool(isDistinctFromEarlier)),
    ]
    if let patience { members.append(JSONMember(name: "deadline_in", value: .integer(patience))) }
    if let onExpiry { members.append(JSONMember(name: "on_expiry", value: onExpiry.json)) }
    if !reminders.isEmpty {
      let value = JSONValue.array(reminders.map { .integer($0) })
      members.append(JSONMember(name: "reminders", value: value))
    }
    return .object(members)
  }

  private var quorumJSON: JSONValue {
    switch quorum {
    case .any: .text("any")
    case .all: .text("all")
    case .count(let count): .integer(count)
    }
  }
}
