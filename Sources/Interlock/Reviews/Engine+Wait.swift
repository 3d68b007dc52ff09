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
