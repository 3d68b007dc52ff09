package enum TokenStatus: String, Sendable, CaseIterable {
  case issued
  case used
  case revoked
  /// Never stored: it comes of the time.
  case expired
}

/// Decides whether a token is honoured: `issued -> used | revoked`.
///
/// One event is one method. Whether an issued token has expired is a function of the record and the
/// time. It knows nothing of signatures: the claims are known to be ours.
package struct TokenMachine: Sendable, Equatable {
  private enum State: Sendable, Equatable {
    case issued
    /// With the decision that it made, if it was for one.
    case used(decision: Text?)
    case revoked
  }

  package enum Action: Sendable, Equatable {
    case used
    /// It may be used again: nothing is to be written.
    case admitted
    case revoked
    /// It was revoked before.
    case replayed
    case rejected(Refusal)
  }

  private var state: State
  package let expiresAt: Instant
  package let isSingleUse: Bool

  package init(issuing claims: TokenClaims) {
    state = .issued
    expiresAt = claims.expiresAt
    isSingleUse = claims.isSingleUse
  }

  /// A token as it was stored. Nil if no machine can have been in this state.
  package init?(
    stored status: TokenStatus, decision: Text?, expiresAt: Instant, isSingleUse: Bool
  ) {
    self.expiresAt = expiresAt
    self.isSingleUse = isSingleUse
    switch (status, decision) {
    case (.issued, nil): state = .issued
    case (.used, let decision): state = .used(decision: decision)
    case (.revoked, nil): state = .revoked
    case (.issued, _), (.revoked, _), (.expired, _): return nil
    }
  }

  package var stored: (status: TokenStatus, decision: Text?) {
    switch state {
    case .issued: (.issued, nil)
    case .used(let decision): (.used, decision)
    case .revoked: (.revoked, nil)
    }
  }

  package func status(at now: Instant) -> TokenStatus {
    switch state {
    case .issued: now >= expiresAt ? .expired : .issued
    case .used: .used
    case .revoked: .revoked
    }
  }

  /// Somebody presents it. Of any number who do, one is let in if it is for single use.
  package mutating func use(for decision: Text? = nil, at now: Instant) -> Action {
    if let refusal = objection(at: now) { return .rejected(refusal) }
    guard isSingleUse else { return .admitted }
    state = .used(decision: decision)
    return .used
  }

  package mutating func revoke() -> Action {
    switch state {
    case .issued:
      state = .revoked
      return .revoked
    case .revoked: return .replayed
    case .used: return .rejected(Self.wasUsed)
    }
  }

  /// What becomes of an answer that came with this token: what the review made of it, or why the
  /// token does not carry it. The answer that used it up is the same answer when it comes again.
  package func judge(
    _ action: ReviewAction, _ verdict: Answer.Verdict?, _ claims: TokenClaims, at now: Instant
  ) -> ReviewAction {
    if case .used(let decision?) = state, action == .replayed(decision: decision) { return action }
    if let refusal = objection(at: now) { return .rejected(refusal) }
    switch action {
    case .replayed, .rejected, .attempted: return action
    case .counted, .advanced, .resolved, .expired, .cancelled, .superseded, .escalated, .atTop,
      .stayed, .reminded, .claimed, .released, .reassigned, .idle:
      guard let verdict, !claims.allows(verdict) else { return action }
      return .rejected(Refusal(.notAuthorized, "The token is not good for this verdict."))
    }
  }

  private func objection(at now: Instant) -> Refusal? {
    switch state {
    case .issued:
      now >= expiresAt ? Refusal(.tokenExpired, "The token has expired.") : nil
    case .used: Self.wasUsed
    case .revoked: Refusal(.tokenInvalid, "The token was revoked.")
    }
  }

  private static let wasUsed = Refusal(.tokenUsed, "The token was used.")

  /// Forged, cut off, of another store, for another purpose, or forgotten: nobody is told which.
  package static let invalid = Refusal(.tokenInvalid, "This is no token that is good for this.")
}
