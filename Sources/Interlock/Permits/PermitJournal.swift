import InterlockCore
import InterlockStore

/// A permit and the review it comes from.
struct HeldPermit {
  var record: PermitRecord
  let review: LoadedReview
  /// Whether anybody has used it. Before that it has no row: it is what its review says, which has
  /// ended and does not change any more.
  let isStored: Bool
}

/// Finds permits, and writes what happened to them.
struct PermitJournal {
  let engine: Engine
  let transaction: any StoreTransaction
  let at: Instant

  /// The permit with this id, or nil if no review has issued it.
  static func find(
    _ id: Text, _ engine: Engine, _ transaction: any StoreTransaction
  ) throws(StoreError) -> HeldPermit? {
    guard let name = review(of: id),
      case .success(let found) = try engine.find(.id(name), transaction)
    else { return nil }
    let review = try LoadedReview(found, engine.definitions)
    if let record = try transaction.permit(id) {
      return HeldPermit(record: record, review: review, isStored: true)
    }
    return issued(by: review).first { $0.id == id }
      .map { HeldPermit(record: $0, review: review, isStored: false) }
  }

  /// All permits of a review, by id.
  static func permits(
    ofReview id: Text, _ engine: Engine, _ transaction: any StoreTransaction
  ) throws(StoreError) -> [PermitRecord] {
    guard case .success(let found) = try engine.find(.id(id), transaction) else { return [] }
    let stem = stem(of: id)
    let (low, high) = (stem + [UInt8(ascii: "_")], stem + [UInt8(ascii: "_") + 1])
    let used = try transaction.permits(after: Text(trusted: low), before: Text(trusted: high))
    let names = Set(used.map(\.id))
    let unused = issued(by: try LoadedReview(found, engine.definitions))
      .filter { !names.contains($0.id) }
    return (used + unused).sorted { $0.id < $1.id }
  }

  /// Every tool call that the review lets run has a permit, from the moment it has ended.
  private static func issued(by review: LoadedReview) -> [PermitRecord] {
    let progress = review.machine.progress
    let at = progress.closedAt ?? progress.updatedAt
    return review.machine.permitted.enumerated().map { index, scope in
      let canonical = CanonicalJSON.write(scope.document)
      return PermitRecord(
        id: Text(trusted: stem(of: review.record.id) + RunID.place(index)),
        review: review.record.id, item: scope.item, scope: canonical,
        digest: Fingerprint.of(canonical: canonical), issuedAt: at, updatedAt: at)
    }
  }

  /// How the ids of the permits of one review begin.
  private static func stem(of review: Text) -> [UInt8] {
    Array("per".utf8) + review.utf8.dropFirst(3)
  }

  /// The review that a permit with this id is of.
  private static func review(of permit: Text) -> Text? {
    guard permit.utf8.starts(with: "per_".utf8),
      let end = permit.utf8.lastIndex(of: UInt8(ascii: "_"))
    else { return nil }
    return Text(trusted: Array("rev".utf8) + permit.utf8.prefix(upTo: end).dropFirst(3))
  }

  func save(_ permit: HeldPermit) throws(StoreError) {
    if permit.isStored {
      try transaction.updatePermit(permit.record)
    } else {
      try transaction.insertPermit(permit.record)
    }
  }

  func audit(
    _ action: StaticString, _ permit: HeldPermit, by actor: Actor?, _ detail: JSONValue
  ) throws(StoreError) {
    var members = [JSONMember(name: "permit", value: .string(permit.record.id))]
    if case .object(let more) = detail { members += more }
    try ReviewJournal(transaction: transaction, at: at).audit(
      action, permit.review, actor: actor ?? .host, .object(members))
  }
}
