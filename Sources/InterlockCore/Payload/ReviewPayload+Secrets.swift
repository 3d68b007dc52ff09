extension ReviewPayload {
  /// A response without the values of secret fields, for everything that is kept or sent.
  package func redacted(_ response: JSONValue) -> JSONValue {
    let secret = Set(secretFields)
    guard !secret.isEmpty, case .object(let members) = response else { return response }
    return .object(
      members.map { member in
        guard secret.contains(member.name), member.value != .null else { return member }
        return JSONMember(name: member.name, value: .text("***REDACTED***"))
      })
  }
}
