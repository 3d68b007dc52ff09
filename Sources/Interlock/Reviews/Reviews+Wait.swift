import InterlockCore
import InterlockStore

extension Reviews {
  package static let mostAwaited = 65536

  /// Waits until one of several reviews is final.
  package func wait(
    _ request: [UInt8], milliseconds: UInt64, cancel: CancelFlag?
  ) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let ids = reader.members.ids("ids", .required, most: Self.mostAwaited)
    try reader.finish()
    var awaited = AwaitedReviews(ids)
    return try engine.wait(milliseconds: milliseconds, cancel: cancel) {
      () throws(EngineError) in
      var final = try awaited.look(engine)
      // What time has done is put on record, so that everybody hears of it.
      if awaited.isDue, (try? engine.fireDue()) != nil { final = try awaited.look(engine) }
      return (final, awaited.wakeAt)
    }
  }
}

/// Reviews that somebody waits for. After the first look only those are read that the events name: a
/// thousand that nobody answers cost one look at the newest event.
private struct AwaitedReviews {
  private static let mostEvents = 1000

  let ids: [Text]
  private let known: Set<Text>
  /// The newest event at the last look; nil before the first.
  private var seen: Int64?
  /// When something happens to one of them by itself.
  private(set) var wakeAt: Instant?
  /// Whether time has done something that is not on record.
  private(set) var isDue = false

  init(_ ids: [Text]) {
    self.ids = ids
    known = Set(ids)
  }

  /// The document of the first of the reviews that is final.
  mutating func look(_ engine: Engine) throws(EngineError) -> [UInt8]? {
    let now = engine.clock.now
    let (before, wake) = (seen, wakeAt)
    let found = try engine.look { [self] (transaction) throws(StoreError) in
      let last = try transaction.lastEvent()
      let isTime = (wake ?? .max) <= now
      let named = try isTime ? ids : self.named(after: before, last, transaction)
      return try Look(named, engine, at: now, last, transaction)
    }
    seen = found.last
    isDue = found.isDue
    if let refusal = found.refusal { throw EngineError(refusal) }
    // What was planned before still stands for those that were not read again.
    wakeAt = (wake ?? .max) <= now ? found.wakeAt : [wake, found.wakeAt].compactMap { $0 }.min()
    return found.final
  }

  /// Those that something has happened to since.
  private func named(
    after before: Int64?, _ last: Int64, _ transaction: any StoreTransaction
  ) throws(StoreError) -> [Text] {
    guard let before, last - before <= Int64(Self.mostEvents) else { return ids }
    guard last > before else { return [] }
    let events = try transaction.events(after: before, limit: Self.mostEvents)
    let changed = Set(events.compactMap(\.review)).intersection(known)
    return changed.isEmpty ? [] : ids.filter { changed.contains($0) }
  }
}

/// One look at some reviews.
private struct Look {
  let last: Int64
  private(set) var final: [UInt8]?
  private(set) var wakeAt: Instant?
  private(set) var isDue = false
  private(set) var refusal: Refusal?

  init(
    _ ids: [Text], _ engine: Engine, at now: Instant, _ last: Int64,
    _ transaction: any StoreTransaction
  ) throws(StoreError) {
    self.last = last
    for id in ids {
      switch try engine.find(.id(id), transaction) {
      case .failure(let refusal):
        self.refusal = refusal
        return
      case .success(let record):
        if record.status == .pending, record.isCurrent(at: now) {
          wakeAt = [wakeAt, record.due].compactMap { $0 }.min()
          continue
        }
        if record.isCurrent(at: now), record.kind != .form {
          final = try record.written()
          return
        }
        let review = try LoadedReview(record, engine.definitions).settled(at: now)
        isDue = isDue || record.status == .pending
        guard review.machine.isPending else {
          final = review.shown
          return
        }
        wakeAt = [wakeAt, review.machine.nextDeadline?.at].compactMap { $0 }.min()
      }
    }
  }
}
