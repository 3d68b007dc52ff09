extension ReviewMachine {
  /// Somebody takes the review: nobody else can answer it until it is released.
  package mutating func claim(by actor: Actor, at now: Instant) -> ReviewAction {
    let refusal = finality ?? overdue(at: now) ?? objection(toActor: actor, stage: nil)
    if let refusal { return .rejected(refusal) }
    guard stage.needed == 1 else {
      return .rejected(Refusal(.conflict, "This stage takes several answers."))
    }
    progress.claim = actor
    touch(now)
    return .claimed
  }

  /// The claimer gives the review back.
  package mutating func release(by actor: Actor, at now: Instant) -> ReviewAction {
    if let refusal = finality ?? overdue(at: now) { return .rejected(refusal) }
    guard let claim = progress.claim else {
      return .rejected(Refusal(.conflict, "Nobody has claimed the review."))
    }
    guard claim.identity == actor.identity else {
      return .rejected(Refusal(.notAuthorized, "Somebody else has claimed the review."))
    }
    progress.claim = nil
    touch(now)
    return .released
  }

  /// Somebody else is asked. Being asked gives no right: the new one must be an approver too.
  package mutating func reassign(to assignee: Actor?, at now: Instant) -> ReviewAction {
    if let refusal = finality ?? overdue(at: now) { return .rejected(refusal) }
    if let assignee, !stage.admits(assignee) {
      return .rejected(Refusal(.notAuthorized, "This stage takes no answer from the new assignee."))
    }
    progress.assignee = assignee
    progress.claim = nil
    touch(now)
    return .reassigned
  }
}
