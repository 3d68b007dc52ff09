package import InterlockCore

/// What a request about endpoints and deliveries can do inside a transaction.
package protocol DeliveryTransaction: AnyObject {
  func endpoint(_ name: Text) throws(StoreError) -> EndpointRecord?
  /// Inserts or replaces by name.
  func putEndpoint(_ record: EndpointRecord) throws(StoreError)
  /// With all that was delivered, or was to be.
  func deleteEndpoint(_ name: Text) throws(StoreError)
  /// By name.
  func endpoints(after name: Text, limit: Int) throws(StoreError) -> [EndpointRecord]
  /// Of the enabled ones that have not seen this event, the one that is furthest behind.
  func endpoint(behind event: Int64) throws(StoreError) -> EndpointRecord?

  func delivery(_ id: Text) throws(StoreError) -> DeliveryRecord?
  /// Returns the sequence; one that was deleted never comes again.
  func insertDelivery(_ record: DeliveryRecord) throws(StoreError) -> Int64
  /// Replaces what may change of the delivery with this id.
  func updateDelivery(_ record: DeliveryRecord) throws(StoreError)
  func deliveries(_ scan: DeliveryScan) throws(StoreError) -> [DeliveryRecord]
  /// Those that are due and not held, the longest due first.
  func deliveries(dueBy now: Instant, limit: Int) throws(StoreError) -> [DeliveryRecord]
  /// When the next one that is not held is due.
  func nextDelivery() throws(StoreError) -> Instant?
  /// Holds what an endpoint has not got yet, or lets it go.
  func holdDeliveries(of endpoint: Text, _ isHeld: Bool) throws(StoreError)
}
