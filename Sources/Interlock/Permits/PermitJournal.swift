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
      let id = Text(
        trusted: Array("per".utf8) + review.record.id.utf8.dropFirst(3) + RunID.place(index))
      let canonical = CanonicalJSON.write(scope.document)
      try transaction.insertPermit(
        PermitRecord(
          id: id, review: review.record.id, item: scope.item, scope: canonical,
          digest: Fingerprint.of(scope.document), issuedAt: at, updatedAt: at))
    }
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
