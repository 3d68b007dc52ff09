/// What is fixed when a review is opened.
package struct ReviewDefinition: Sendable {
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

  package var kind: ReviewKind { payload.kind }

  /// What happens at a deadline that says nothing: an agent that waits is told no, a review that
  /// stands alone only ends.
  package var defaultExpiry: ExpiryAction { interrupt == nil ? .expire : .reject }

  package var isAnsweredByNobody: Bool { kind == .notify }
}
