package import InterlockCore

/// What is kept of a token: not the token, and not its id.
package struct TokenRecord: Sendable {
  /// SHA-256 of the id.
  package let hash: [UInt8]
  /// The id of the key that signed it.
  package let key: Text
  package let review: Text?
  package var status: TokenStatus
  /// The decision that it was used for.
  package var decision: Text?
  package let isSingleUse: Bool
  package let expiresAt: Instant
  package var updatedAt: Instant

  package init(
    hash: [UInt8], key: Text, review: Text?, status: TokenStatus = .issued, decision: Text? = nil,
    isSingleUse: Bool, expiresAt: Instant, updatedAt: Instant
  ) {
    self.hash = hash
    self.key = key
    self.review = review
    self.status = status
    self.decision = decision
    self.isSingleUse = isSingleUse
    self.expiresAt = expiresAt
    self.updatedAt = updatedAt
  }
}

/// A webhook that came in, and what came of it.
package struct InboundRecord: Sendable {
  package let source: Text
  package let id: Text
  /// SHA-256 of its content, in hex, if it was given.
  package let digest: Text?
  /// JSON.
  package let result: [UInt8]
  package let receivedAt: Instant

  package init(source: Text, id: Text, digest: Text?, result: [UInt8], receivedAt: Instant) {
    self.source = source
    self.id = id
    self.digest = digest
    self.result = result
    self.receivedAt = receivedAt
  }
}
