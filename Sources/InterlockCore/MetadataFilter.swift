/// A condition on the metadata of checkpoints: every member must equal the member of the same name.
///
/// A name is literal, never a path. A member that is null also matches metadata without that name,
/// as in LangGraph's in-memory and SQLite savers.
package struct MetadataFilter: Sendable {
  private let members: [JSONMember]

  /// Nil if the value is not an object.
  package init?(_ value: JSONValue) {
    guard case .object(let members) = value else { return nil }
    self.members = members
  }

  package func matches(_ metadata: JSONValue) -> Bool {
    members.allSatisfy { (metadata.member($0.name) ?? .null) == $0.value }
  }
}
