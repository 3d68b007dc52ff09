import InterlockCore
import InterlockStore
private import CFutex
private import Glibc

/// The thread that an engine may have to fire what is due, and to tell a descriptor of new events.
final class EngineThread: Sendable {
  private struct State {
    var thread: OwnThread?
    var isStopping = false
    var hasTimer = false
    /// An eventfd, or -1.
    var descriptor: Int32 = -1
    /// The newest event that the descriptor has told of, or that was there before it.
    var told: Int64 = 0
  }

  private let state = Locked(State())

  deinit {
    state.withLock { if $0.descriptor >= 0 { close($0.descriptor) } }
  }

  func startTimer(_ engine: Engine) {
    state.withLock { state in
      state.hasTimer = true
      Self.start(&state, engine)
    }
  }

  /// The descriptor that becomes readable when there are new events.
  func descriptor(
    _ engine: Engine, after last: Int64
  ) throws(EngineError) -> Int32 {
    let descriptor = state.withLock { state in
      if state.descriptor < 0, !state.isStopping {
        state.told = last
        state.descriptor = cfutex_event_descriptor()
        if state.descriptor >= 0 { Self.start(&state, engine) }
      }
      return state.descriptor
    }
    guard descriptor >= 0 else {
      throw EngineError(.inputOutput, "no descriptor could be made", path: "engine")
    }
    return descriptor
  }

  func stop(_ signal: ChangeSignal) {
    let thread = state.withLock { state in
      state.isStopping = true
      defer { state.thread = nil }
      return state.thread
    }
    guard let thread else { return }
    signal.announce()
    thread.join()
  }

  private static func start(_ state: inout State, _ engine: Engine) {
    guard state.thread == nil, !state.isStopping else { return }
    state.thread = OwnThread("interlock-event") { engine.thread.run(engine) }
  }

  private func run(_ engine: Engine) {
    let signal = engine.store.changes
    while true {
      let sequence = signal.sequence
      let (isStopping, hasTimer) = state.withLock { ($0.isStopping, $0.hasTimer) }
      if isStopping { return }
      // What fails is tried again: the store is busy, or closed and then this thread is told.
      if hasTimer { _ = try? engine.fireDue() }
      if let last = try? engine.lastEvent() { tell(of: last) }
      signal.wait(
        from: sequence, nanoseconds: min(ChangeWatch.shortest, engine.untilNextDeadline(hasTimer)))
    }
  }

  private func tell(of last: Int64) {
    let descriptor = state.withLock { state -> Int32 in
      guard state.descriptor >= 0, last > state.told else { return -1 }
      state.told = last
      return state.descriptor
    }
    if descriptor >= 0 { ring(descriptor) }
  }

  private func ring(_ descriptor: Int32) {
    var one: UInt64 = 1
    _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
  }
}

extension Engine {
  /// A descriptor for event loops. Since 0.1.
  package func eventDescriptor() throws(EngineError) -> Int32 {
    let last = try lastEvent()
    return try thread.descriptor(self, after: last)
  }

  func lastEvent() throws(EngineError) -> Int64 {
    try look { (transaction) throws(StoreError) in try transaction.lastEvent() }
  }

  func untilNextDeadline(_ hasTimer: Bool) -> Int64 {
    guard hasTimer, let next = (try? nextDeadline()) ?? nil else { return .max }
    let (wait, overflow) = max(0, next &- clock.now).multipliedReportingOverflow(by: 1_000_000)
    return overflow ? .max : max(wait, 1_000_000)
  }
}
