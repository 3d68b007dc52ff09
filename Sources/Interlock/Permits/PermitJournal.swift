import InterlockCore
import InterlockStore

/// Issues permits when reviews end, and writes what happened to them.
struct PermitJournal {
  let engine: Engine
  let transaction: any StoreTransaction
  let at: Instant

  /// Every tool call that the review lets run gets a permit, in the transaction of the decision.
  static func issue(
    _ review: LoadedReview, _ transaction: any StoreTransaction
  ) throws(StoreError) {
    let at = review.machine.progress.updatedAt
    for (index, scope) in review.machine.permitted.enumerated() {
      let id = Text(trusted: stem(of: review.record.id) + RunID.place(index))
      let canonical = CanonicalJSON.write(scope.document)
      try transaction.insertPermit(
        PermitRecord(
          id: id, review: review.record.id, item: scope.item, scope: canonical,
          digest: Fingerprint.of(canonical: canonical), issuedAt: at, updatedAt: at))
    }
  }

  /// How the ids of the permits of one review begin.
  private static func stem(of review: Text) -> [UInt8] {
    Array("per".utf8) + review.utf8.dropFirst(3)
  }

  static func permits(
    ofReview review: Text, _ transaction: any StoreTransaction
  ) throws(StoreError) -> [PermitRecord] {
    let stem = stem(of: review)
    let (low, high) = (stem + [UInt8(ascii: "_")], stem + [UInt8(ascii: "_") + 1])
    return try transaction.permits(after: Text(trusted: low), before: Text(trusted: high))
  }

  func audit(
    _ action: StaticString, _ permit: PermitRecord, by actor: Actor?, _ detail: JSONValue
  ) throws(StoreError) {
    guard case .success(let record) = try engine.find(.id(permit.review), transaction) else {
      throw StoreError(.corrupt, "the review of permit \(permit.id) is missing")
    }
    let review = try LoadedReview(record, engine.definitions)
    var members = [JSONMember(name: "permit", value: .string(permit.id))]
    if case .object(let more) = detail { members += more }
    try ReviewJournal(transaction: transaction, at: at).audit(
      action, review, actor: actor ?? .host, .object(members))
  }
}
