package import InterlockCore

/// What a request about tokens and webhooks can do inside a transaction.
package protocol TokenTransaction: AnyObject {
  func token(_ hash: [UInt8]) throws(StoreError) -> TokenRecord?
  func insertToken(_ record: TokenRecord) throws(StoreError)
  func updateToken(_ record: TokenRecord) throws(StoreError)
  /// When the last token that this key has signed expires.
  func lastTokenExpiry(key: Text) throws(StoreError) -> Instant?
  func deleteTokens(expiredAt now: Instant) throws(StoreError)
  /// Inserts or replaces.
  func putSetting(_ name: Text, _ value: [UInt8]) throws(StoreError)

  func inbound(source: Text, id: Text) throws(StoreError) -> InboundRecord?
  func insertInbound(_ record: InboundRecord) throws(StoreError)
}
