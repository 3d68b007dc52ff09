import InterlockCore
import InterlockStore

extension MessageRecord {
  var machine: MessageMachine {
    MessageMachine(id: id, channel: channel, root: root, status: status)
  }

  /// The document `message` of interlock.h.
  func document() throws(EngineError) -> JSONValue {
    guard case .object(let rest)? = try? JSONReader.readStored(body) else {
      throw EngineError(.corrupt, "message \(id) cannot be read")
    }
    let place = JSONValue.object([
      "id": .string(id), "seq": .number(.integer(sequence)), "channel": .string(channel),
      "sender": .text(sender.rawValue), "client_key": key.map { .string($0) } ?? .null,
      "review": review.map { .string($0) } ?? .null, "group": root.map { .string($0) } ?? .null,
      "iteration": .number(.integer(iteration)), "created_at": .number(.integer(createdAt)),
      "delivery_status": .text(status.rawValue),
      "acked_at": ackedAt.map { .number(.integer($0)) } ?? .null,
      "acked_by": ackedBy.flatMap { try? JSONReader.readStored($0) } ?? .null,
    ])
    guard case .object(let members) = place else { return place }
    return .object(members + rest)
  }

  /// What happened to the message, without its text: that is deleted with the message, an event is not.
  func event(
    _ type: StaticString, _ more: KeyValuePairs<StaticString, JSONValue>, at now: Instant,
    _ transaction: any StoreTransaction
  ) throws(StoreError) {
    let members = [
      JSONMember(name: "message", value: .string(id)),
      JSONMember(name: "message_seq", value: .number(.integer(sequence))),
    ]
    let rest = more.map { JSONMember(name: Text(stringLiteral: $0.key), value: $0.value) }
    _ = try transaction.insertEvent(
      EventRecord(
        type: Text(stringLiteral: type), at: now, review: review, thread: nil, channel: channel,
        body: JSONWriter.write(.object(members + rest))))
  }
}
