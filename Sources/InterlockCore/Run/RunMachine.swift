/// Decides who may work on a thread: DESIGN section 4.
///
/// `idle -> busy (lease) -> interrupted | idle | error`, and back to busy. One event is one method; a
/// rejected event changes nothing. Time, ids and workers come in.
package struct RunMachine: Sendable, Equatable {
  private enum State: Sendable, Equatable {
    case idle
    case busy(Lease)
    case interrupted
    case error
  }

  private var state: State
  /// The run that is under way, or was last.
  package private(set) var run: Text?
  package private(set) var outcome: RunOutcome?
  /// The fence of the newest lease.
  package private(set) var fence: Int64

  /// A thread on which nobody has worked.
  package init() {
    state = .idle
    fence = 0
  }

  /// A thread as it was stored. Nil if no machine can have been in this state.
  package init?(
    stored status: ThreadStatus, run: Text?, outcome: RunOutcome?, lease: Lease?, fence: Int64
  ) {
    switch (status, lease) {
    case (.idle, nil): state = .idle
    case (.busy, let lease?): state = .busy(lease)
    case (.interrupted, nil): state = .interrupted
    case (.error, nil): state = .error
    case (.idle, _), (.busy, _), (.interrupted, _), (.error, _): return nil
    }
    guard status == .idle || run != nil, lease == nil || lease?.fence == fence else { return nil }
    self.run = run
    self.outcome = outcome
    self.fence = fence
  }

  package var status: ThreadStatus {
    switch state {
    case .idle: .idle
    case .busy: .busy
    case .interrupted: .interrupted
    case .error: .error
    }
  }

  package var lease: Lease? {
    switch state {
    case .busy(let lease): lease
    case .idle, .interrupted, .error: nil
    }
  }

  /// A worker wants to work. Exactly one of those who ask at once gets the lease.
  package mutating func begin(
    worker: Text, newRun: Text, patience: Int64, at now: Instant
  ) -> RunAction {
    switch state {
    case .idle:
      run = newRun
      outcome = nil
      return .started(grant(worker, patience, now))
    case .interrupted:
      return .resumed(grant(worker, patience, now))
    case .error:
      outcome = nil
      return .resumed(grant(worker, patience, now))
    case .busy(let lease):
      guard lease.until <= now else {
        return .rejected(RunRefusal(.threadBusy, "Worker \(lease.worker) works on this thread."))
      }
      return .tookOver(grant(worker, patience, now))
    }
  }

  /// The worker is alive. A lease that has run out is still its own while nobody has taken over.
  package mutating func heartbeat(
    fence: Int64, patience: Int64, at now: Instant
  ) -> RunAction {
    switch admit(fence) {
    case .failure(let refusal): return .rejected(refusal)
    case .success(var lease):
      lease.until = max(lease.until, Self.end(now, patience))
      state = .busy(lease)
      return .extended(lease)
    }
  }

  /// The run waits for people.
  package mutating func suspend(fence: Int64) -> RunAction {
    leave(fence, for: .interrupted, outcome: nil, .suspended)
  }

  package mutating func complete(fence: Int64, _ result: JSONValue) -> RunAction {
    leave(fence, for: .idle, outcome: .completed(result), .completed)
  }

  /// The program has failed. What it has recorded stays, for another try.
  package mutating func fail(fence: Int64, _ error: JSONValue) -> RunAction {
    leave(fence, for: .error, outcome: .failed(error), .failed)
  }

  /// The host gives up the run, whoever works on it: its worker is fenced off.
  package mutating func cancel(reason: Text?) -> RunAction {
    switch state {
    case .idle:
      return .rejected(RunRefusal(.notRunning, "Nothing runs on this thread."))
    case .busy, .interrupted, .error:
      state = .idle
      fence &+= 1
      outcome = .cancelled(reason: reason)
      return .cancelled
    }
  }

  /// Whether a worker with this fence may still write. The rule of every step and interrupt.
  package func admit(_ given: Int64) -> Result<Lease, RunRefusal> {
    switch state {
    case .busy(let lease):
      guard lease.fence == given else { return .failure(Self.fenced) }
      return .success(lease)
    case .idle, .interrupted, .error:
      guard given == fence else { return .failure(Self.fenced) }
      return .failure(RunRefusal(.notRunning, "The run is \(status.rawValue)."))
    }
  }

  private static let fenced = RunRefusal(
    .fenced, "The lease is lost: somebody else has worked on this thread since.")

  private mutating func leave(
    _ given: Int64, for state: State, outcome: RunOutcome?, _ action: RunAction
  ) -> RunAction {
    switch admit(given) {
    case .failure(let refusal): return .rejected(refusal)
    case .success:
      self.state = state
      self.outcome = outcome
      return action
    }
  }

  private mutating func grant(_ worker: Text, _ patience: Int64, _ now: Instant) -> Lease {
    fence &+= 1
    let lease = Lease(worker: worker, fence: fence, until: Self.end(now, patience))
    state = .busy(lease)
    return lease
  }

  private static func end(_ now: Instant, _ patience: Int64) -> Instant {
    let (end, overflow) = now.addingReportingOverflow(max(0, patience))
    return overflow ? .max : end
  }
}
