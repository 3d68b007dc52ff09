import InterlockCore
import InterlockStore

/// The token that an answer came with. It is used up by the answer that counts, and in its transaction.
struct TokenGrant {
  let claims: TokenClaims
  /// Why it does not go with the rest of the request.
  let mismatch: Refusal?

  init(_ claims: TokenClaims, review: Text, stage: Text?) {
    self.claims = claims
    mismatch =
      if claims.review != review {
        Refusal(.notAuthorized, "The token is for another review.")
      } else if let stage, stage != claims.stage {
        Refusal(.wrongStage, "The token is for another stage.")
      } else {
        nil
      }
  }

  /// What becomes of an answer that the review has judged.
  func judge(
    _ action: ReviewAction, _ check: AnswerCheck, at now: Instant,
    _ transaction: any StoreTransaction
  ) throws(StoreError) -> ReviewAction {
    if let mismatch { return .rejected(mismatch) }
    guard let record = try transaction.token(claims.hash) else {
      return .rejected(
        now >= claims.expiresAt
          ? Refusal(.tokenExpired, "The token has expired.") : TokenMachine.invalid)
    }
    let verdict: Answer.Verdict? =
      if case .valid(let answer) = check { answer.verdict } else { nil }
    return try record.readMachine().judge(action, verdict, claims, at: now)
  }

  /// The answer counts: it is used up.
  func take(
    for decision: Text, at now: Instant, _ transaction: any StoreTransaction
  ) throws(StoreError) {
    guard var record = try transaction.token(claims.hash) else {
      throw StoreError(.corrupt, "the record of a token is missing")
    }
    var machine = try record.readMachine()
    guard machine.use(for: decision, at: now) == .used else { return }
    try record.save(machine, at: now, transaction)
  }
}
