package import InterlockCore

/// What a request about messages and feedback can do inside a transaction.
package protocol MessageTransaction: AnyObject {
  func message(_ id: Text) throws(StoreError) -> MessageRecord?
  /// The message that was posted to a channel with this key.
  func message(inChannel channel: Text, key: Text) throws(StoreError) -> MessageRecord?
  /// Returns the sequence; one that was deleted never comes again.
  func insertMessage(_ record: MessageRecord) throws(StoreError) -> Int64
  /// Replaces what may change: root, status and the acknowledgement.
  func updateMessage(_ record: MessageRecord) throws(StoreError)
  func deleteMessage(_ id: Text) throws(StoreError)
  func messages(_ scan: MessageScan) throws(StoreError) -> [MessageRecord]
  /// The greatest iteration of the group with this root, or 0.
  func lastIteration(ofRoot root: Text) throws(StoreError) -> Int64

  /// Returns the sequence.
  func insertFeedback(_ record: FeedbackRecord) throws(StoreError) -> Int64
  /// In order, about one thing or about all.
  func feedback(
    about target: FeedbackTarget?, after sequence: Int64, limit: Int
  ) throws(StoreError) -> [FeedbackRecord]
  /// One for each key above this one, by key.
  func feedbackSummaries(
    about target: FeedbackTarget?, after key: Text, limit: Int
  ) throws(StoreError) -> [FeedbackSummary]
}
