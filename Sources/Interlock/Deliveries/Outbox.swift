import InterlockCore
import InterlockCrypto
import InterlockStore

/// Makes deliveries of events, and hands out those that are due; in one transaction.
struct Outbox {
  /// How many events are looked at for one call, over all endpoints.
  private static let mostScanned = 2000
  private static let batch = 200

  let transaction: any StoreTransaction
  let at: Instant

  /// Whether there is anything to make or to hand out.
  func isIdle() throws(StoreError) -> Bool {
    if try isBehind() { return false }
    return try transaction.deliveries(dueBy: at, limit: 1).isEmpty
  }

  /// When the next call has something to do, as far as it is known now.
  func nextTime() throws(StoreError) -> Instant? {
    try isBehind() ? at : transaction.nextDelivery()
  }

  private func isBehind() throws(StoreError) -> Bool {
    try transaction.endpoint(behind: transaction.lastEvent()) != nil
  }

  // MARK: Events to deliveries

  /// Goes on where each endpoint is, until `wanted` deliveries are made or it was enough work.
  func fanOut(_ wanted: Int) throws(StoreError) {
    let last = try transaction.lastEvent()
    var (made, scanned) = (0, 0)
    while made < wanted, scanned < Self.mostScanned {
      guard var endpoint = try transaction.endpoint(behind: last) else { return }
      let events = try transaction.events(after: endpoint.cursor, limit: Self.batch)
      // Without an event the cursor goes on too: nothing is looked at for ever.
      endpoint.cursor = events.last?.sequence ?? last
      scanned += max(1, events.count)
      made += try deliver(events, to: endpoint)
      try transaction.putEndpoint(endpoint)
    }
  }

  private func deliver(
    _ events: [EventRecord], to endpoint: EndpointRecord
  ) throws(StoreError) -> Int {
    guard let filter = endpoint.wanted else {
      throw StoreError(.corrupt, "endpoint \(endpoint.name) cannot be read")
    }
    var made = 0
    for event in events where filter.includes(event) {
      let machine = DeliveryMachine(dueAt: at)
      _ = try transaction.insertDelivery(
        DeliveryRecord(
          id: NewID.make("dlv_", at: at), endpoint: endpoint.name, event: event.sequence,
          state: machine.stored, createdAt: at, updatedAt: at))
      made += 1
    }
    return made
  }

  // MARK: Handing out

  /// Claims at most `limit` that are due, and returns what their claimers send.
  func claim(_ limit: Int, patience: Int64) throws(StoreError) -> [JSONValue] {
    var sendings: [JSONValue] = []
    for found in try transaction.deliveries(dueBy: at, limit: limit) {
      var record = found
      guard let endpoint = try transaction.endpoint(record.endpoint) else {
        throw StoreError(.corrupt, "the endpoint of delivery \(record.id) is missing")
      }
      let claim = Text(trusted: Array("clm_".utf8) + Hex.encode(RandomBytes.make(16)))
      var machine = try record.readMachine()
      let limit = Int(clamping: endpoint.attempts)
      switch machine.claim(claim, patience: patience, limit: limit, at: at) {
      case .claimed(let until):
        try record.save(machine, at: at, transaction)
        sendings.append(try sending(record, claim, until, endpoint))
      case .died:
        record.error = "The claim was lost."
        record.httpStatus = nil
        try record.save(machine, at: at, transaction)
      case .delivered, .postponed, .revived, .replayed, .rejected:
        throw StoreError(.corrupt, "delivery \(record.id) is not due")
      }
    }
    return sendings
  }

  /// The same bytes for every attempt; the time and so the signature are of this one.
  private func sending(
    _ record: DeliveryRecord, _ claim: Text, _ until: Instant, _ endpoint: EndpointRecord
  ) throws(StoreError) -> JSONValue {
    guard let event = try transaction.events(after: record.event &- 1, limit: 1).first,
      event.sequence == record.event
    else { throw StoreError(.corrupt, "the event of delivery \(record.id) is missing") }
    let body = JSONWriter.write(try event.document())
    let envelope = WebhookEnvelope(id: record.id, timestamp: at / 1000)
    let type = JSONMember(name: "content-type", value: "application/json")
    return .object([
      "id": .string(record.id), "claim": .string(claim), "endpoint": .string(endpoint.name),
      "event": .number(.integer(event.sequence)), "attempt": .number(.integer(record.attempts)),
      "until": .number(.integer(until)), "url": .string(endpoint.url),
      "headers": .object([type] + envelope.headers(body, signedWith: [endpoint.signer])),
      "body": .string(Text(trusted: body)),
    ])
  }
}
