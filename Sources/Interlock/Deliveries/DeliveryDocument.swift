import InterlockCore
import InterlockStore

extension DeliveryRecord {
  func readMachine() throws(StoreError) -> DeliveryMachine {
    let machine = Int(exactly: attempts).flatMap {
      DeliveryMachine(state, attempts: $0, report: report)
    }
    guard let machine else { throw StoreError(.corrupt, "delivery \(id) cannot be read") }
    return machine
  }

  mutating func save(
    _ machine: DeliveryMachine, at now: Instant, _ transaction: any StoreTransaction
  ) throws(StoreError) {
    state = machine.stored
    attempts = Int64(machine.attempts)
    report = machine.report
    updatedAt = now
    try transaction.updateDelivery(self)
  }

  /// The document `delivery` of interlock.h. The claim is its holder's.
  var document: JSONValue {
    func time(_ status: DeliveryMachine.Status) -> JSONValue {
      guard state.status == status, let at = state.at else { return .null }
      return .number(.integer(at))
    }
    return .object([
      "id": .string(id), "seq": .number(.integer(sequence)), "endpoint": .string(endpoint),
      "event": .number(.integer(event)), "status": .text(state.status.rawValue),
      "attempt": .number(.integer(attempts)), "next_at": time(.pending), "until": time(.claimed),
      "http_status": httpStatus.map { .number(.integer($0)) } ?? .null,
      "error": error.map { .string($0) } ?? .null, "created_at": .number(.integer(createdAt)),
      "updated_at": .number(.integer(updatedAt)),
    ])
  }
}
