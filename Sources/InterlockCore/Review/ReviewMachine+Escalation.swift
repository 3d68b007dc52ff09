extension ReviewMachine {
  /// The work of the open rung is judged: the next rung opens if a trigger fires. A chain has no rungs:
  /// each of its stages must pass.
  package mutating func assess(_ signal: EscalationSignal, at now: Instant) -> ReviewAction {
    if let refusal = finality ?? overdue(at: now) { return .rejected(refusal) }
    guard let trigger = definition.policy.triggers.trigger(for: signal) else { return .stayed }
    return climb(trigger, at: now)
  }

  /// Somebody of the open stage hands the review on.
  package mutating func escalate(by actor: Actor, at now: Instant) -> ReviewAction {
    let refusal = finality ?? overdue(at: now) ?? objection(toActor: actor, stage: nil)
    if let refusal { return .rejected(refusal) }
    return climb(.request, at: now)
  }

  private mutating func climb(_ reason: EscalationTrigger, at now: Instant) -> ReviewAction {
    guard definition.policy.order == .ladder else { return .atTop }
    return escalate(reason, openingAt: moment(now), at: now) ?? .atTop
  }

  /// Nil at the top: it stays as it is, and no step is recorded (S28).
  mutating func escalate(
    _ reason: EscalationTrigger, openingAt opening: Instant, at now: Instant
  ) -> ReviewAction? {
    let stages = definition.policy.stages
    let next = progress.stage + 1
    guard next < stages.count else { return nil }
    let step = EscalationStep(
      from: stage.name, to: stages[next].name, reason: reason,
      at: reason == .deadline ? opening : moment(now))
    openNext(leaving: reason == .deadline ? .expired : .escalated, at: opening)
    progress.escalations.append(step)
    touch(now)
    return .escalated(step)
  }
}
