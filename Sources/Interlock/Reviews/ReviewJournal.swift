import InterlockCore
import InterlockCrypto
import InterlockStore

/// Writes what happened to a review: events for those who wait, audit records for those who ask later.
struct ReviewJournal {
  let transaction: any StoreTransaction
  let at: Instant

  // MARK: Events

  func event(
    _ type: StaticString, _ review: LoadedReview, _ body: JSONValue
  ) throws(StoreError) {
    let record = review.record
    _ = try transaction.insertEvent(
      EventRecord(
        type: Text(stringLiteral: type), at: at, review: record.id, thread: record.thread,
        channel: record.channel, body: JSONWriter.write(body)))
  }

  /// The event that an action is, if it is one.
  func record(_ action: ReviewAction, _ review: LoadedReview) throws(StoreError) {
    switch action {
    case .resolved(let outcome):
      try event("review.resolved", review, .object(["outcome": .text(outcome.rawValue)]))
    case .expired:
      try event("review.expired", review, .object([]))
    case .cancelled:
      try event("review.cancelled", review, .object(["reason": review.reason]))
    case .superseded:
      let successor = review.machine.successor.map { JSONValue.string($0) } ?? .null
      try event("review.superseded", review, .object(["successor": successor]))
    case .advanced:
      let stage = JSONValue.string(review.machine.stage.name)
      try event("review.stage_opened", review, .object(["stage": stage]))
    case .escalated(let step):
      try event("review.escalated", review, step.json)
    case .reminded:
      let next = review.machine.nextDeadline.map { JSONValue.number(.integer($0.at)) } ?? .null
      try event("review.reminded", review, .object(["next_at": next]))
    case .claimed, .released:
      let claim = review.machine.progress.claim?.json ?? .null
      try event(
        action == .claimed ? "review.claimed" : "review.released", review,
        .object(["claimed_by": claim]))
    case .reassigned:
      let assignee = review.machine.progress.assignee?.json ?? .null
      try event("review.reassigned", review, .object(["assignee": assignee]))
    case .counted, .atTop, .stayed, .attempted, .idle, .replayed, .rejected:
      break
    }
  }

  // MARK: Audit

  /// Appends to the chain: every record names the hash of the one before it.
  func audit(
    _ action: StaticString, _ review: LoadedReview, actor: Actor, _ detail: JSONValue
  ) throws(StoreError) {
    try audit(
      action, review: review.record.id, thread: review.record.thread, actor: actor, detail)
  }

  func audit(
    _ action: StaticString, review: Text?, thread: Text?, actor: Actor, _ detail: JSONValue
  ) throws(StoreError) {
    let last = try transaction.lastAudit()
    let sequence = (last?.sequence ?? 0) + 1
    // In the canonical order, so that nothing has to be sorted.
    let body = CanonicalJSON.write(
      .object([
        "action": .string(Text(stringLiteral: action)), "actor": actor.json,
        "at": .number(.integer(at)), "detail": detail,
        "prev": .string(Text(trusted: Hex.encode(last?.hash ?? AuditChain.start))),
        "review": review.map { .string($0) } ?? .null, "seq": .number(.integer(sequence)),
        "thread": thread.map { .string($0) } ?? .null,
      ]))
    try transaction.insertAudit(
      AuditRecord(
        sequence: sequence, review: review, body: body, hash: SHA256.digest(of: body)))
  }

  /// What time did by itself.
  func audit(_ action: ReviewAction, _ review: LoadedReview) throws(StoreError) {
    switch action {
    case .resolved(let outcome):
      try audit(
        "expiry", review, actor: .timer,
        .object(["result": "resolved", "outcome": .text(outcome.rawValue)]))
    case .expired:
      try audit("expiry", review, actor: .timer, .object(["result": "expired"]))
    case .advanced:
      try audit("expiry", review, actor: .timer, .object(["result": "stage_passed"]))
    case .escalated(let step):
      try audit("escalation", review, actor: .timer, step.json)
    case .counted, .cancelled, .superseded, .atTop, .stayed, .attempted, .reminded, .claimed,
      .released, .reassigned, .idle, .replayed, .rejected:
      break
    }
  }

  func audit(_ refusal: Refusal, _ review: LoadedReview, actor: Actor) throws(StoreError) {
    try audit("refusal", review, actor: actor, refusal.json)
  }
}

/// The hash that the first record of the audit follows.
enum AuditChain {
  static let start = [UInt8](repeating: 0, count: SHA256.size)
}

extension LoadedReview {
  var reason: JSONValue { machine.progress.reason.map { .string($0) } ?? .null }
}
