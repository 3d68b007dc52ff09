import InterlockCore

extension MemoryContent {
  struct Deliveries {
    var endpoints: [Text: EndpointRecord] = [:]
    var records: [Text: DeliveryRecord] = [:]
    var last: Int64 = 0
  }
}

extension MemoryTransaction {
  // MARK: Endpoints

  func endpoint(_ name: Text) throws(StoreError) -> EndpointRecord? {
    content.deliveries.endpoints[name]
  }

  func putEndpoint(_ record: EndpointRecord) throws(StoreError) {
    content.deliveries.endpoints[record.name] = record
  }

  func deleteEndpoint(_ name: Text) throws(StoreError) {
    content.deliveries.endpoints[name] = nil
    content.deliveries.records = content.deliveries.records.filter { $0.value.endpoint != name }
  }

  func endpoints(after name: Text, limit: Int) throws(StoreError) -> [EndpointRecord] {
    let names = content.deliveries.endpoints.keys.filter { $0 > name }.sorted().prefix(limit)
    return names.compactMap { content.deliveries.endpoints[$0] }
  }

  func endpoints(behind event: Int64, limit: Int) throws(StoreError) -> [EndpointRecord] {
    let behind = content.deliveries.endpoints.values.filter { $0.isEnabled && $0.cursor < event }
    return Array(behind.sorted { ($0.cursor, $0.name) < ($1.cursor, $1.name) }.prefix(limit))
  }

  // MARK: Deliveries

  func delivery(_ id: Text) throws(StoreError) -> DeliveryRecord? {
    content.deliveries.records[id]
  }

  func insertDelivery(_ record: DeliveryRecord) throws(StoreError) -> Int64 {
    var stored = record
    content.deliveries.last &+= 1
    stored.sequence = content.deliveries.last
    content.deliveries.records[record.id] = stored
    return stored.sequence
  }

  func updateDelivery(_ record: DeliveryRecord) throws(StoreError) {
    content.deliveries.records[record.id] = record
  }

  func deliveries(_ scan: DeliveryScan) throws(StoreError) -> [DeliveryRecord] {
    let found = content.deliveries.records.values.filter { record in
      record.sequence > scan.after && (scan.endpoint == nil || record.endpoint == scan.endpoint)
        && (scan.status == nil || record.state.status == scan.status)
    }
    return Array(found.sorted { $0.sequence < $1.sequence }.prefix(scan.limit))
  }

  func deliveries(dueBy now: Instant, limit: Int) throws(StoreError) -> [DeliveryRecord] {
    let due = content.deliveries.records.values.compactMap { record in
      record.due.flatMap { $0 <= now ? (at: $0, record: record) : nil }
    }
    let ordered = due.sorted { ($0.at, $0.record.sequence) < ($1.at, $1.record.sequence) }
    return ordered.prefix(limit).map(\.record)
  }

  func nextDelivery() throws(StoreError) -> Instant? {
    content.deliveries.records.values.compactMap(\.due).min()
  }

  func holdDeliveries(of endpoint: Text, _ isHeld: Bool) throws(StoreError) {
    for (id, record) in content.deliveries.records where record.endpoint == endpoint {
      content.deliveries.records[id]?.isHeld = isHeld
    }
  }
}
