import InterlockCore
import InterlockStore

extension EndpointRecord {
  /// A new endpoint, or `known` as it is to be from now on.
  init(
    _ draft: EndpointDraft, _ secret: WebhookSecret, _ known: EndpointRecord? = nil,
    cursor: Int64 = 0, at now: Instant
  ) {
    self.init(
      name: draft.name, url: draft.url, secret: secret.key,
      filter: JSONWriter.write(.object(draft.filter.members)), description: draft.description,
      attempts: Int64(draft.attempts), isEnabled: draft.isEnabled ?? known?.isEnabled ?? true,
      cursor: known?.cursor ?? cursor,
      createdAt: known?.createdAt ?? now, updatedAt: known?.updatedAt ?? now)
  }

  var signer: WebhookSecret { WebhookSecret(stored: secret) }

  /// Nil if it cannot be read.
  var wanted: EventFilter? {
    (try? JSONReader.readStored(filter)).flatMap { EventFilter(stored: $0) }
  }

  /// Replaces `before`; what is on its way is held while it is disabled.
  func save(
    over before: EndpointRecord, _ transaction: any StoreTransaction
  ) throws(StoreError) {
    try transaction.putEndpoint(self)
    if isEnabled != before.isEnabled {
      try transaction.holdDeliveries(of: name, !isEnabled)
    }
  }

  /// The document `endpoint` of interlock.h. It has no secret but what `more` has.
  func document(_ more: [JSONMember] = []) throws(EngineError) -> JSONValue {
    guard let wanted else { throw EngineError(.corrupt, "endpoint \(name) cannot be read") }
    let head: KeyValuePairs<StaticString, JSONValue> = [
      "name": .string(name), "url": .string(url),
      "description": description.map { .string($0) } ?? .null,
      "status": isEnabled ? "enabled" : "disabled", "attempts": .number(.integer(attempts)),
      "seq": .number(.integer(cursor)), "created_at": .number(.integer(createdAt)),
      "updated_at": .number(.integer(updatedAt)),
    ]
    let members = head.map { JSONMember(name: Text(stringLiteral: $0.key), value: $0.value) }
    return .object(members + wanted.members + more)
  }
}
