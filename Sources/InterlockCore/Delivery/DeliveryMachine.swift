/// What an attempt to deliver has come to.
package enum DeliveryOutcome: String, Sendable, CaseIterable {
  case delivered
  case failed
}

/// Decides who may deliver an event to an endpoint, and when: one event is one method.
///
/// `pending -> claimed -> delivered | pending | dead`, and `dead -> pending` when a person says so. Whether
/// a claim is lost is a function of the record and the time.
package struct DeliveryMachine: Sendable, Equatable {
  package enum Status: String, Sendable, CaseIterable {
    case pending
    case claimed
    case delivered
    /// All attempts have failed.
    case dead
  }

  /// What was said last, and by whom: who says the same again is answered the same.
  package struct Report: Sendable, Equatable {
    package let claim: Text
    package let outcome: DeliveryOutcome

    package init(claim: Text, outcome: DeliveryOutcome) {
      self.claim = claim
      self.outcome = outcome
    }
  }

  package enum Action: Sendable, Equatable {
    case claimed(until: Instant)
    case delivered
    /// It is tried again at this time.
    case postponed(until: Instant)
    case died
    /// It is tried again from now on.
    case revived
    /// The same was said before.
    case replayed
    case rejected(DeliveryRefusal)
  }

  private enum State: Sendable, Equatable {
    case pending(at: Instant)
    case claimed(by: Text, until: Instant)
    case delivered
    case dead
  }

  /// A delivery as it is stored.
  package struct Stored: Sendable, Equatable {
    package var status: Status
    /// When it is due, or when the claim is lost.
    package var at: Instant?
    package var claim: Text?

    package init(_ status: Status, at: Instant? = nil, claim: Text? = nil) {
      self.status = status
      self.at = at
      self.claim = claim
    }
  }

  private var state: State
  /// How often it was tried since it was made or revived.
  package private(set) var attempts: Int
  package private(set) var report: Report?

  package init(dueAt now: Instant) {
    state = .pending(at: now)
    attempts = 0
  }

  /// Nil if no machine can have been in this state.
  package init?(_ stored: Stored, attempts: Int, report: Report?) {
    guard attempts >= 0 else { return nil }
    self.attempts = attempts
    self.report = report
    switch (stored.status, stored.at, stored.claim) {
    case (.pending, let at?, nil): state = .pending(at: at)
    case (.claimed, let at?, let claim?): state = .claimed(by: claim, until: at)
    case (.delivered, nil, nil): state = .delivered
    case (.dead, nil, nil): state = .dead
    case (.pending, _, _), (.claimed, _, _), (.delivered, _, _), (.dead, _, _): return nil
    }
  }

  package var stored: Stored {
    switch state {
    case .pending(let at): Stored(.pending, at: at)
    case .claimed(let claim, let until): Stored(.claimed, at: until, claim: claim)
    case .delivered: Stored(.delivered)
    case .dead: Stored(.dead)
    }
  }
}

extension DeliveryMachine {
  /// Somebody is about to send it. Of any number who ask, one may, for as long as the lease lasts.
  package mutating func claim(
    _ claim: Text, patience: Int64, limit: Int, at now: Instant
  ) -> Action {
    switch state {
    case .pending(let at):
      guard now >= at else { return .rejected(Self.notDue) }
      return take(claim, patience, now)
    case .claimed(_, let until):
      guard now >= until else { return .rejected(Self.isClaimed) }
      // Nobody has said what came of it: that was an attempt like any other.
      guard attempts < limit else {
        state = .dead
        return .died
      }
      return take(claim, patience, now)
    case .delivered: return .rejected(Self.wasDelivered)
    case .dead: return .rejected(Self.isDead)
    }
  }

  /// What came of an attempt. A claim that has run out is still good while nobody has taken over.
  package mutating func report(
    _ outcome: DeliveryOutcome, by claim: Text, limit: Int, backoff: Backoff = .usual,
    random: UInt64, at now: Instant
  ) -> Action {
    if let report, report.claim == claim {
      return report.outcome == outcome ? .replayed : .rejected(Self.otherwise)
    }
    switch state {
    case .claimed(claim, _):
      report = Report(claim: claim, outcome: outcome)
      return finish(outcome, limit, backoff.delay(after: attempts, random: random), now)
    case .claimed, .pending, .delivered, .dead:
      return .rejected(Self.fenced)
    }
  }

  /// A person wants a dead one to be tried again, as often as a new one.
  package mutating func retry(at now: Instant) -> Action {
    switch state {
    case .dead:
      state = .pending(at: now)
      attempts = 0
      return .revived
    case .pending: return attempts == 0 ? .replayed : .rejected(Self.isWaiting)
    case .claimed: return .rejected(Self.isClaimed)
    case .delivered: return .rejected(Self.wasDelivered)
    }
  }

  private mutating func take(_ claim: Text, _ patience: Int64, _ now: Instant) -> Action {
    let (end, overflow) = now.addingReportingOverflow(max(1, patience))
    let until = overflow ? Instant.max : end
    attempts = attempts == .max ? attempts : attempts &+ 1
    state = .claimed(by: claim, until: until)
    return .claimed(until: until)
  }

  private mutating func finish(
    _ outcome: DeliveryOutcome, _ limit: Int, _ delay: Int64, _ now: Instant
  ) -> Action {
    switch outcome {
    case .delivered:
      state = .delivered
      return .delivered
    case .failed:
      guard attempts < limit else {
        state = .dead
        return .died
      }
      let (next, overflow) = now.addingReportingOverflow(delay)
      let at = overflow ? Instant.max : next
      state = .pending(at: at)
      return .postponed(until: at)
    }
  }
}
