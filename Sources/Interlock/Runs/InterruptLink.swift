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

  /// Where a review belongs that decides, or did, about an interrupt of a run or of a graph: what takes
  /// its place belongs there too.
  static func place(
    ofReview review: Text, _ engine: Engine, _ transaction: any StoreTransaction
  ) throws(StoreError) -> (interrupt: JSONValue, thread: Text)? {
    guard let record = try transaction.reviews(.id(review), limit: 1).first,
      let id = record.interrupt
    else { return nil }
    if let interrupt = try transaction.interrupt(id) { return (.string(id), interrupt.thread) }
    guard let thread = record.thread,
      try transaction.graphInterrupt(ofThread: thread, id: id) != nil
    else { return nil }
    let definition = try LoadedReview.definition(of: record, engine.definitions)
    return (definition.document.member("interrupt") ?? .string(id), thread)
  }

  /// The review of an interrupt belongs to it and to its thread, whatever its request says.
  static func request(
    _ review: JSONValue, for interrupt: JSONValue, of thread: Text
  ) -> JSONValue {
    guard case .object(let members) = review else { return review }
    let own = members.filter { $0.name != "interrupt" && $0.name != "thread" }
    return .object(
      own + [
        JSONMember(name: "interrupt", value: interrupt),
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
