import InterlockCore
import InterlockStore

extension SQLiteTransaction {
  // MARK: Endpoints

  func endpoint(_ name: Text) throws(StoreError) -> EndpointRecord? {
    try first(.endpoint, bind: { $0.bind(name) }, read: Self.endpoint)
  }

  func putEndpoint(_ record: EndpointRecord) throws(StoreError) {
    try run(.putEndpoint) {
      $0.bind(record.name).bind(record.url).bind(record.secret)
        .bind(Text(trusted: record.filter)).bind(record.description).bind(record.attempts)
        .bind(Int64(record.isEnabled ? 1 : 0)).bind(record.cursor).bind(record.createdAt)
        .bind(record.updatedAt)
    }
  }

  func deleteEndpoint(_ name: Text) throws(StoreError) {
    try run(.deleteDeliveries) { $0.bind(name) }
    try run(.deleteEndpoint) { $0.bind(name) }
  }

  func endpoints(after name: Text, limit: Int) throws(StoreError) -> [EndpointRecord] {
    let names = try all(
      .endpointsAfter, bind: { $0.bind(name).bind(Int64(limit)) }, read: Self.firstText)
    var records: [EndpointRecord] = []
    for name in names {
      if let record = try endpoint(name) { records.append(record) }
    }
    return records
  }

  func endpoint(behind event: Int64) throws(StoreError) -> EndpointRecord? {
    guard let name = try first(.endpointBehind, bind: { $0.bind(event) }, read: Self.firstText)
    else { return nil }
    return try endpoint(name)
  }

  private static func endpoint(_ row: SQLiteStatement) throws(StoreError) -> EndpointRecord {
    try EndpointRecord(
      name: row.text(0), url: row.text(1), secret: row.bytes(2), filter: row.bytes(3),
      description: row.optionalText(4), attempts: row.integer(5), isEnabled: row.integer(6) != 0,
      cursor: row.integer(7), createdAt: row.integer(8), updatedAt: row.integer(9))
  }

  // MARK: Deliveries

  func delivery(_ id: Text) throws(StoreError) -> DeliveryRecord? {
    try first(.delivery, bind: { $0.bind(id) }, read: Self.delivery)
  }

  func insertDelivery(_ record: DeliveryRecord) throws(StoreError) -> Int64 {
    try run(.insertDelivery) {
      Self.bindState(record, $0.bind(record.id).bind(record.endpoint).bind(record.event))
        .bind(record.createdAt)
    }
    return connection.lastInsertedRow
  }

  func updateDelivery(_ record: DeliveryRecord) throws(StoreError) {
    try run(.updateDelivery) { Self.bindState(record, $0).bind(record.id) }
  }

  private static func bindState(
    _ record: DeliveryRecord, _ statement: SQLiteStatement
  ) -> SQLiteStatement {
    statement.bind(Text(record.state.status.rawValue)).bind(record.state.at).bind(record.due)
      .bind(record.state.claim).bind(record.attempts).bind(record.report?.claim)
      .bind(record.report.map { Text($0.outcome.rawValue) }).bind(record.httpStatus)
      .bind(record.error).bind(record.updatedAt)
  }

  func deliveries(_ scan: DeliveryScan) throws(StoreError) -> [DeliveryRecord] {
    let sql: SQL =
      switch (scan.endpoint, scan.status) {
      case (nil, nil): .deliveries
      case (_?, nil): .deliveriesOfEndpoint
      case (nil, _?): .deliveriesWithStatus
      case (_?, _?): .deliveriesOfEndpointWithStatus
      }
    return try deliveries(sql) { statement in
      if let endpoint = scan.endpoint { statement.bind(endpoint) }
      if let status = scan.status { statement.bind(Text(status.rawValue)) }
      statement.bind(scan.after).bind(Int64(scan.limit))
    }
  }

  func deliveries(dueBy now: Instant, limit: Int) throws(StoreError) -> [DeliveryRecord] {
    try deliveries(.deliveriesDue) { $0.bind(now).bind(Int64(limit)) }
  }

  private func deliveries(
    _ sql: SQL, bind: (SQLiteStatement) -> Void
  ) throws(StoreError) -> [DeliveryRecord] {
    let ids = try all(sql, bind: bind, read: Self.firstText)
    var records: [DeliveryRecord] = []
    for id in ids {
      if let record = try delivery(id) { records.append(record) }
    }
    return records
  }

  func nextDelivery() throws(StoreError) -> Instant? {
    try first(.nextDelivery, bind: { _ in }, read: Self.firstOptionalInteger) ?? nil
  }

  func holdDeliveries(of endpoint: Text, _ isHeld: Bool) throws(StoreError) {
    for status in [DeliveryMachine.Status.pending, .claimed] {
      try run(isHeld ? .holdDeliveries : .releaseDeliveries) {
        $0.bind(endpoint).bind(Text(status.rawValue))
      }
    }
  }

  private static func delivery(_ row: SQLiteStatement) throws(StoreError) -> DeliveryRecord {
    let outcome = try row.optionalText(9).map { DeliveryOutcome(rawValue: $0.string) }
    guard let status = try DeliveryMachine.Status(rawValue: row.text(4).string),
      outcome != .some(nil)
    else { throw try StoreError(.corrupt, "delivery \(row.text(1)) cannot be read") }
    let at: Instant? = try row.optionalInteger(5)
    let report = try row.optionalText(8).flatMap { claim in
      outcome.flatMap { $0 }.map { DeliveryMachine.Report(claim: claim, outcome: $0) }
    }
    return try DeliveryRecord(
      sequence: row.integer(0), id: row.text(1), endpoint: row.text(2), event: row.integer(3),
      state: DeliveryMachine.Stored(status, at: at, claim: row.optionalText(6)),
      attempts: row.integer(7), isHeld: at != nil && row.isNull(14), report: report,
      httpStatus: row.optionalInteger(10), error: row.optionalText(11),
      createdAt: row.integer(12), updatedAt: row.integer(13))
  }
}
