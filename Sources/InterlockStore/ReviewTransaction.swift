package import InterlockCore

/// What a request about reviews can do inside a transaction.
package protocol ReviewTransaction: AnyObject {
  // Reviews
  /// At most `limit` reviews that a selector finds: pending ones first, then the newest.
  func reviews(_ selector: ReviewSelector, limit: Int) throws(StoreError) -> [ReviewRecord]
  /// Returns the sequence.
  func insertReview(_ record: ReviewRecord) throws(StoreError) -> Int64
  /// Replaces what may change of the review with this sequence.
  func updateReview(_ record: ReviewRecord) throws(StoreError)
  func reviews(_ scan: ReviewScan) throws(StoreError) -> [ReviewRecord]
  /// The earliest due time of all reviews.
  func nextDue() throws(StoreError) -> Instant?
  /// The reviews with a sequence above this one, in order.
  func reviews(after sequence: Int64, limit: Int) throws(StoreError) -> [ReviewRecord]

  // Decisions and comments
  /// With the number that `nextNote` says.
  func insertNote(
    _ note: ReviewNote, review: Int64, number: Int64, body: [UInt8]
  ) throws(StoreError)
  func note(_ note: ReviewNote, review: Int64, number: Int64) throws(StoreError) -> [UInt8]?
  /// The newest, in order.
  func notes(_ note: ReviewNote, review: Int64, limit: Int) throws(StoreError) -> [[UInt8]]
  /// The number that the next note gets.
  func nextNote(_ note: ReviewNote, review: Int64) throws(StoreError) -> Int64

  // Events
  /// Returns the sequence: one more than that of the event before.
  func insertEvent(_ record: EventRecord) throws(StoreError) -> Int64
  func events(after sequence: Int64, limit: Int) throws(StoreError) -> [EventRecord]
  /// The sequence of the newest event, or 0.
  func lastEvent() throws(StoreError) -> Int64
  func eventCount() throws(StoreError) -> Int64
  func cursor(_ name: Text) throws(StoreError) -> Int64?
  func setCursor(_ name: Text, to sequence: Int64) throws(StoreError)

  // Audit
  func insertAudit(_ record: AuditRecord) throws(StoreError)
  func audit(after sequence: Int64, limit: Int) throws(StoreError) -> [AuditRecord]
  func lastAudit() throws(StoreError) -> AuditRecord?

  // Policies and settings
  /// The version asked for, or the newest.
  func policy(_ name: Text, version: Int?) throws(StoreError) -> PolicyRecord?
  func insertPolicy(_ record: PolicyRecord) throws(StoreError)
  /// The newest version of each, by name.
  func policies(after name: Text, limit: Int) throws(StoreError) -> [PolicyRecord]
  func setting(_ name: Text) throws(StoreError) -> [UInt8]?
  func insertSetting(_ name: Text, _ value: [UInt8]) throws(StoreError)
}
