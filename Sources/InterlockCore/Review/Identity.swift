/// Who somebody is: requirements 3.1. Two identities are the same when type and value are, byte by
/// byte; roles do not count.
package struct Identity: Hashable, Sendable {
  package enum Kind: String, Sendable, CaseIterable {
    case userID = "user_id"
    case email
    case phone
    case wallet
    case agent
    case system
  }

  package let kind: Kind
  package let value: Text

  package init(_ kind: Kind, _ value: Text) {
    self.kind = kind
    self.value = value
  }

  package var json: JSONValue {
    .object(["type": .text(kind.rawValue), "value": .string(value)])
  }

  func write(to json: inout JSONBuilder) {
    json.object { json in
      json.member("type", word: kind.rawValue)
      json.member("value", value)
    }
  }
}

/// Who acts: an identity, and the roles that the host vouches for.
package struct Actor: Sendable, Equatable {
  package let identity: Identity
  package let roles: [Text]

  package init(_ identity: Identity, roles: [Text] = []) {
    self.identity = identity
    self.roles = roles
  }

  /// Who acts when time does.
  package static let timer = Actor(Identity(.system, "timer"))

  package var json: JSONValue {
    guard case .object(var members) = identity.json, !roles.isEmpty else { return identity.json }
    members.append(JSONMember(name: "roles", value: .array(roles.map { .string($0) })))
    return .object(members)
  }
}

extension Actor {
  package static let maxRoles = 64

  /// `"ana"` for the user id ana, or `{"type"?, "value", "roles"?}`.
  package init?(_ value: JSONValue, at path: JSONPointer, problems: inout [Problem]) {
    if case .string(let text) = value {
      guard let text = Self.name(text, at: path, &problems) else { return nil }
      self.init(Identity(.userID, text))
      return
    }
    var reader = MemberReader(value, at: path)
    let kind: Identity.Kind = reader.choice("type") ?? .userID
    let given = reader.text("value", .required, nonEmpty: true)
    let roles = Self.roles(&reader)
    reader.finish()
    problems += reader.problems
    guard reader.problems.isEmpty, let given,
      let name = Self.name(given, at: reader.pointer("value"), &problems)
    else { return nil }
    self.init(Identity(kind, name), roles: roles)
  }

  private static func name(
    _ text: Text, at path: JSONPointer, _ problems: inout [Problem]
  ) -> Text? {
    if text.isEmpty {
      problems.append(Problem(.empty, at: path, "Somebody without a name is nobody."))
      return nil
    }
    guard text.utf8.count <= Limits.idBytes else {
      problems.append(
        Problem(.tooLarge, at: path, "A name has at most \(Limits.idBytes) bytes."))
      return nil
    }
    return text
  }

  private static func roles(_ reader: inout MemberReader) -> [Text] {
    guard let values = reader.array("roles", count: 0...maxRoles) else { return [] }
    var roles: [Text] = []
    for (index, value) in values.enumerated() {
      guard case .string(let role) = value, 1...Limits.idBytes ~= role.utf8.count else {
        let path = reader.pointer("roles").appending(index)
        reader.add([Problem(.type, at: path, "A role is a text of 1 to 512 bytes.")])
        continue
      }
      roles.append(role)
    }
    return roles
  }
}

extension MemberReader {
  /// Who the member names, or nil if it is left out or null.
  package mutating func actor(_ name: StaticString, _ need: Need = .optional) -> Actor? {
    guard let value = value(name, need) else { return nil }
    if case .null = value, need == .optional { return nil }
    var found: [Problem] = []
    let actor = Actor(value, at: pointer(name), problems: &found)
    add(found)
    return actor
  }

  /// A text of 1 to 512 bytes.
  package mutating func id(_ name: StaticString, _ need: Need = .optional) -> Text? {
    guard let text = text(name, need, nonEmpty: true) else { return nil }
    if text.utf8.count > Limits.idBytes {
      add([
        Problem(.tooLarge, at: pointer(name), "An id has at most \(Limits.idBytes) bytes.")
      ])
    }
    return text
  }
}
