package import InterlockCore

/// Where events are pushed, as it is stored.
package struct EndpointRecord: Sendable, Equatable {
  package let name: Text
  package var url: Text
  /// The key that signs. It is in no document and no error.
  package var secret: [UInt8]
  /// Which events, as JSON.
  package var filter: [UInt8]
  package var description: Text?
  /// How often a delivery is tried before it is dead.
  package var attempts: Int64
  package var isEnabled: Bool
  /// The last event that it has seen: what it wanted of those before is among the deliveries.
  package var cursor: Int64
  package let createdAt: Instant
  package var updatedAt: Instant

  package init(
    name: Text, url: Text, secret: [UInt8], filter: [UInt8], description: Text?, attempts: Int64,
    isEnabled: Bool, cursor: Int64, createdAt: Instant, updatedAt: Instant
  ) {
    self.name = name
    self.url = url
    self.secret = secret
    self.filter = filter
    self.description = description
    self.attempts = attempts
    self.isEnabled = isEnabled
    self.cursor = cursor
    self.createdAt = createdAt
    self.updatedAt = updatedAt
  }
}

/// An event on its way to an endpoint, as it is stored.
package struct DeliveryRecord: Sendable {
  /// 0 in a record that is to be stored.
  package var sequence: Int64
  package let id: Text
  package let endpoint: Text
  package let event: Int64
  package var state: DeliveryMachine.Stored
  package var attempts: Int64
  /// The endpoint is disabled: it is not due, whatever the time.
  package var isHeld: Bool
  package var report: DeliveryMachine.Report?
  /// Of the last report.
  package var httpStatus: Int64?
  package var error: Text?
  package let createdAt: Instant
  package var updatedAt: Instant

  package init(
    sequence: Int64 = 0, id: Text, endpoint: Text, event: Int64, state: DeliveryMachine.Stored,
    attempts: Int64 = 0, isHeld: Bool = false, report: DeliveryMachine.Report? = nil,
    httpStatus: Int64? = nil, error: Text? = nil, createdAt: Instant, updatedAt: Instant
  ) {
    self.sequence = sequence
    self.id = id
    self.endpoint = endpoint
    self.event = event
    self.state = state
    self.attempts = attempts
    self.isHeld = isHeld
    self.report = report
    self.httpStatus = httpStatus
    self.error = error
    self.createdAt = createdAt
    self.updatedAt = updatedAt
  }

  /// When somebody has to look at it, if ever.
  package var due: Instant? { isHeld ? nil : state.at }
}

/// Which deliveries to list, in the order they were made.
package struct DeliveryScan: Sendable {
  package var endpoint: Text?
  package var status: DeliveryMachine.Status?
  package var after: Int64
  package var limit: Int

  package init(
    endpoint: Text? = nil, status: DeliveryMachine.Status? = nil, after: Int64 = 0, limit: Int
  ) {
    self.endpoint = endpoint
    self.status = status
    self.after = after
    self.limit = limit
  }
}
