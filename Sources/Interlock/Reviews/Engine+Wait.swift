import InterlockCore
import InterlockStore

extension Engine {
  /// Looks until there is something, the time has passed, or the wait was cancelled.
  ///
  /// The signal is read before the store, so that a commit in between is not missed.
  func wait<Value>(
    milliseconds: UInt64, cancel: CancelFlag?,
    _ find: () throws(EngineError) -> (found: Value?, wakeAt: Instant?)
  ) throws(EngineError) -> Value {
    let patience = Int64(clamping: milliseconds).multipliedReportingOverflow(by: 1_000_000)
    let start = Stopwatch.nanoseconds
    let signal = store.changes
    cancel?.join(signal)
    let looksOften = watch.take()
    defer {
      if looksOften {
        watch.leave()
        // Somebody else is to look from now on.
        signal.announce()
      }
    }
    while true {
      let sequence = signal.sequence
      if cancel?.isCancelled == true {
        throw EngineError(.waitCancelled, "the wait was cancelled")
      }
      let (found, wakeAt) = try find()
      if let found { return found }
      let passed = Stopwatch.nanoseconds &- start
      let left = patience.overflow ? Int64.max : patience.partialValue - passed
      guard left > 0 else { throw EngineError(.timeout, "the time to wait has passed") }
      let slice = looksOften ? ChangeWatch.shortest : ChangeWatch.longest
      signal.wait(
        from: sequence, nanoseconds: min(left, slice, untilDeadline(wakeAt)))
    }
  }

  private func untilDeadline(_ at: Instant?) -> Int64 {
    guard let at, !clock.isManual else { return .max }
    let (wait, overflow) = max(0, at &- clock.now).multipliedReportingOverflow(by: 1_000_000)
    return overflow ? .max : max(wait, 500_000)
  }
}

extension Reviews {
  package static let mostAwaited = 65536

  /// Waits until one of several reviews is final.
  package func wait(
    _ request: [UInt8], milliseconds: UInt64, cancel: CancelFlag?
  ) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let ids = reader.ids("ids", most: Self.mostAwaited)
    try reader.finish()
    return try engine.wait(milliseconds: milliseconds, cancel: cancel) {
      () throws(EngineError) in
      var (final, isDue, wakeAt) = try look(at: ids)
      // What time has done is put on record, so that everybody hears of it.
      if isDue, (try? engine.fireDue()) != nil { (final, isDue, wakeAt) = try look(at: ids) }
      return (final.map { JSONWriter.write($0.document) }, wakeAt)
    }
  }

  /// The first of the reviews that is final, whether something is due, and when to look again.
  private func look(
    at ids: [Text]
  ) throws(EngineError) -> (LoadedReview?, isDue: Bool, wakeAt: Instant?) {
    let now = engine.clock.now
    typealias Found = Result<(LoadedReview?, isDue: Bool, wakeAt: Instant?), Refusal>
    return try engine.look { [engine] (transaction) throws(StoreError) -> Found in
      var wakeAt: Instant?
      var isDue = false
      for id in ids {
        switch try engine.find(.id(id), transaction) {
        case .failure(let refusal): return .failure(refusal)
        case .success(let record):
          // Nothing has changed for most: their record says so without being read further.
          if record.status == .pending, (record.due ?? .max) > now {
            wakeAt = min(wakeAt ?? .max, record.due ?? .max)
            continue
          }
          let review = try LoadedReview(record, engine.definitions).settled(at: now)
          isDue = isDue || record.status == .pending
          guard review.machine.isPending else { return .success((review, isDue, nil)) }
          wakeAt = min(wakeAt ?? .max, review.machine.nextDeadline?.at ?? .max)
        }
      }
      return .success((nil, isDue, wakeAt))
    }.orRefused()
  }
}

extension RequestReader {
  /// 1 to `most` ids.
  mutating func ids(_ name: StaticString, most: Int) -> [Text] {
    guard let values = members.array(name, .required, count: 1...Int.max) else { return [] }
    guard values.count <= most else {
      members.add([
        Problem(.tooLarge, at: members.pointer(name), "This has at most \(most) elements.")
      ])
      return []
    }
    var ids: [Text] = []
    for (index, value) in values.enumerated() {
      guard case .string(let id) = value, 1...Limits.idBytes ~= id.utf8.count else {
        let isLong = value.text.map { !$0.isEmpty } ?? false
        members.add([
          Problem(
            isLong ? .tooLarge : .type, at: members.pointer(name).appending(index),
            "An id is a text of 1 to 512 bytes.")
        ])
        continue
      }
      ids.append(id)
    }
    return ids
  }
}
