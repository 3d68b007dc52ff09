/// Whom a stage takes an answer from.
package enum Approver: Hashable, Sendable {
  case anyone
  case identity(Identity)
  case role(Text)
  /// Everybody of a type, e.g. every agent.
  case kind(Identity.Kind)

  package func admits(_ actor: Actor) -> Bool {
    switch self {
    case .anyone: true
    case .identity(let identity): actor.identity == identity
    case .role(let role): actor.roles.contains(role)
    case .kind(let kind): actor.identity.kind == kind
    }
  }

  /// Whether this is one person, so that the votes of a stage can be counted to the end.
  var isOnePerson: Bool {
    switch self {
    case .identity: true
    case .anyone, .role, .kind: false
    }
  }

  package var json: JSONValue {
    switch self {
    case .anyone: .text("anyone")
    case .identity(let identity): identity.json
    case .role(let role): .object(["role": .string(role)])
    case .kind(let kind): .object(["type": .text(kind.rawValue)])
    }
  }

  /// `"anyone"`, `"ana"`, `{"type"?, "value"}`, `{"role"}` or `{"type"}`.
  init?(_ value: JSONValue, at path: JSONPointer, problems: inout [Problem]) {
    if value == .text("anyone") {
      self = .anyone
      return
    }
    guard case .object = value, value.member("value") == nil else {
      guard let actor = Actor(value, at: path, problems: &problems) else { return nil }
      // Who is named decides whatever roles they have: a role here would be a rule nobody enforces.
      guard value.member("roles") == nil else {
        problems.append(MemberReader.unexpected.at(path.appending("roles")))
        return nil
      }
      self = .identity(actor.identity)
      return
    }
    var reader = MemberReader(value, at: path)
    let role = reader.id("role")
    let kind: Identity.Kind? = role == nil ? reader.choice("type", .required) : nil
    reader.finish()
    problems += reader.problems
    if let role {
      self = .role(role)
    } else if let kind {
      self = .kind(kind)
    } else {
      return nil
    }
  }
}
