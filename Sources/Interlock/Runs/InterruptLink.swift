import InterlockCore
import InterlockStore

/// What ties a review to the interrupt it decides: the end of one is the value of the other, in the same
/// transaction.
enum InterruptLink {
  /// A review has ended.
  static func deliver(
    _ review: LoadedReview, at now: Instant, _ transaction: any StoreTransaction
  ) throws(StoreError) {
    guard let id = review.record.interrupt else { return }
    guard var interrupt = try transaction.interrupt(id) else {
      return try GraphLink.deliver(review, at: now, transaction)
    }
    guard interrupt.status == .pending, interrupt.review == review.record.id
    else { return }
    if let successor = review.machine.successor {
      // The question goes on in the successor.
      try transaction.moveInterrupt(id, toReview: successor)
      return
    }
    interrupt.status = .resumed
    interrupt.value = JSONWriter.write(value(of: review))
    interrupt.resolvedAt = now
    try transaction.updateInterrupt(interrupt)
  }

  /// The interrupt of a run that a review is, or was, to decide about.
  static func interrupt(
    ofReview review: Text, _ transaction: any StoreTransaction
  ) throws(StoreError) -> InterruptRecord? {
    guard let id = try transaction.reviews(.id(review), limit: 1).first?.interrupt else {
      return nil
    }
    return try transaction.interrupt(id)
  }

  /// The review of an interrupt belongs to it and to its thread, whatever its request says.
  static func request(_ review: JSONValue, for interrupt: Text, of thread: Text) -> JSONValue {
    guard case .object(let members) = review else { return review }
    let own = members.filter { $0.name != "interrupt" && $0.name != "thread" }
    return .object(
      own + [
        JSONMember(name: "interrupt", value: .string(interrupt)),
        JSONMember(name: "thread", value: .string(thread)),
      ])
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
