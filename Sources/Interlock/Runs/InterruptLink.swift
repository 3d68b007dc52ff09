import InterlockCore
import InterlockStore

/// What ties a review to the interrupt it decides: the end of one is the value of the other, in the same
/// transaction.
enum InterruptLink {
  /// A review has ended.
  static func deliver(
    _ review: LoadedReview, at now: Instant, _ transaction: any StoreTransaction
  ) throws(StoreError) {
    guard let id = review.record.interrupt, var interrupt = try transaction.interrupt(id),
      interrupt.status == .pending
    else { return }
    if let successor = review.machine.successor {
      // The question goes on in the successor.
      try transaction.moveInterrupt(id, toReview: successor)
      return
    }
    guard interrupt.review == review.record.id else { return }
    interrupt.status = .resumed
    interrupt.value = JSONWriter.write(value(of: review))
    interrupt.resolvedAt = now
    try transaction.updateInterrupt(interrupt)
  }

  /// What the program gets: the response alone would not say whether it was approved.
  static func value(of review: LoadedReview) -> JSONValue {
    .object([
      "review": .string(review.record.id), "status": .text(review.machine.status.rawValue),
      "outcome": review.machine.outcome.map { .text($0.rawValue) } ?? .null,
      "response": review.machine.progress.response ?? .null,
    ])
  }

  /// Whether a value lets a guarded step go on: only what was approved does.
  static func isApproval(_ value: JSONValue) -> Bool {
    guard let outcome = value.member("outcome") else { return value == .bool(true) }
    return [ReviewOutcome.approved, .edited, .acknowledged].contains {
      outcome == .text($0.rawValue)
    }
  }
}
