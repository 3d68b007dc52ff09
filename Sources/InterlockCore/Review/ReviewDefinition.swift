/// What is fixed when a review is opened. It never changes, so all who hold it share it.
package final class ReviewDefinition: Sendable {
  package let payload: ReviewPayload
  package let policy: Policy
  package let requester: Actor?
  /// The last instant at which the review can still be answered is the one before.
  package let deadline: Instant?
  package let onExpiry: ExpiryAction?
  package let reminders: [Int]
  package let interrupt: Text?
  package let thread: Text?
  package let channel: Text?
  package let externalID: Text?
  package let key: Text?
  package let assignee: Actor?
  /// All of it as it was asked for, normalised: what is stored and shown.
  package let document: JSONValue

  init(
    _ reader: inout MemberReader, request: JSONValue, deadline: Instant?, mode: ReadMode
  ) throws(Refusal) {
    let kind: ReviewKind? = reader.choice("kind", .required)
    let document = reader.value("payload") ?? .object([])
    Self.skipTexts(&reader)
    interrupt = Self.interrupt(&reader)
    thread = reader.id("thread")
    channel = reader.id("channel")
    externalID = reader.id("external_id")
    key = reader.id("key")
    requester = reader.actor("requester")
    assignee = reader.actor("assignee")
    onExpiry = reader.expiryAction("on_expiry")
    reminders = reader.reminders()
    self.deadline = deadline
    policy = try Self.policy(&reader)
    reader.finish { $0.name.utf8.starts(with: "x-".utf8) }
    payload = try Self.payload(kind, document, mode, reader.problems)
    self.document = Self.normalized(request, deadline, policy)
    try refuseImpossibleExpiry()
    try refuseImpossibleQuorum()
  }

  package var kind: ReviewKind { payload.kind }

  /// What happens at a deadline that says nothing: an agent that waits is told no, a review that
  /// stands alone only ends.
  package var defaultExpiry: ExpiryAction { interrupt == nil ? .expire : .reject }

  package var isAnsweredByNobody: Bool { kind == .notify }
}
