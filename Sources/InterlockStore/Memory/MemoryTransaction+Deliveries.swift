import InterlockCore

extension MemoryContent {
  struct Deliveries {
    /// By name.
    var endpoints: [EndpointRecord] = []
    /// In the order they were made.
    var records: [DeliveryRecord] = []
    /// Where each id is among the records.
    var places: [Text: Int64] = [:]
    var last: Int64 = 0
  }
}

extension MemoryTransaction {
  // MARK: Endpoints

  func endpoint(_ name: Text) throws(StoreError) -> EndpointRecord? {
    content.deliveries.endpoints.first { $0.name == name }
  }

  func putEndpoint(_ record: EndpointRecord) throws(StoreError) {
    let rest = content.deliveries.endpoints.filter { $0.name != record.name }
    content.deliveries.endpoints =
      rest.filter { $0.name < record.name } + [record] + rest.filter { $0.name > record.name }
  }

  func deleteEndpoint(_ name: Text) throws(StoreError) {
    content.deliveries.endpoints = content.deliveries.endpoints.filter { $0.name != name }
    content.deliveries.records = content.deliveries.records.filter { $0.endpoint != name }
    content.deliveries.places = [:]
    for (place, record) in content.deliveries.records.enumerated() {
      content.deliveries.places[record.id] = Int64(place)
    }
  }

  func endpoints(after name: Text, limit: Int) throws(StoreError) -> [EndpointRecord] {
    Array(content.deliveries.endpoints.filter { $0.name > name }.prefix(limit))
  }

  func endpoint(behind event: Int64) throws(StoreError) -> EndpointRecord? {
    content.deliveries.endpoints.filter { $0.isEnabled && $0.cursor < event }
      .min { $0.cursor < $1.cursor }
  }

  // MARK: Deliveries

  func delivery(_ id: Text) throws(StoreError) -> DeliveryRecord? {
    place(of: id).map { content.deliveries.records[$0] }
  }

  func insertDelivery(_ record: DeliveryRecord) throws(StoreError) -> Int64 {
    var stored = record
    content.deliveries.last &+= 1
    stored.sequence = content.deliveries.last
    content.deliveries.places[record.id] = Int64(content.deliveries.records.count)
    content.deliveries.records.append(stored)
    return stored.sequence
  }

  func updateDelivery(_ record: DeliveryRecord) throws(StoreError) {
    if let place = place(of: record.id) { content.deliveries.records[place] = record }
  }

  private func place(of id: Text) -> Int? {
    guard let place = content.deliveries.places[id].map({ Int(clamping: $0) }),
      content.deliveries.records.indices.contains(place)
    else { return nil }
    return place
  }

  func deliveries(_ scan: DeliveryScan) throws(StoreError) -> [DeliveryRecord] {
    let found = content.deliveries.records.filter { record in
      record.sequence > scan.after && (scan.endpoint == nil || record.endpoint == scan.endpoint)
        && (scan.status == nil || record.state.status == scan.status)
    }
    return Array(found.prefix(scan.limit))
  }

  func deliveries(dueBy now: Instant, limit: Int) throws(StoreError) -> [DeliveryRecord] {
    let due = content.deliveries.records.filter { ($0.due ?? .max) <= now }
    var ordered: [DeliveryRecord] = []
    for time in Set(due.compactMap(\.due)).sorted() where ordered.count < limit {
      ordered += due.filter { $0.due == time }
    }
    return Array(ordered.prefix(limit))
  }

  func nextDelivery() throws(StoreError) -> Instant? {
    content.deliveries.records.compactMap(\.due).min()
  }

  func holdDeliveries(of endpoint: Text, _ isHeld: Bool) throws(StoreError) {
    for place in content.deliveries.records.indices
    where content.deliveries.records[place].endpoint == endpoint {
      content.deliveries.records[place].isHeld = isHeld
    }
  }
}
