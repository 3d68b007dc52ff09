extension ReviewMachine {
  /// Somebody answers.
  ///
  /// In this order: a repeat gets its first result; what has ended stays ended; the stage must be the
  /// open one, the actor one of its approvers, and the response valid. Only then does it count.
  package mutating func answer(_ given: GivenAnswer, at now: Instant) -> ReviewAction {
    if let repeated = repetition(of: given) { return repeated }
    if let refusal = finality ?? overdue(at: now) ?? objection(to: given) {
      return .rejected(refusal)
    }
    switch given.check {
    case .invalid(let problems):
      return .rejected(
        Refusal(.invalidResponse, "The answer does not fit the question.", problems: problems))
    case .mismatch(let problems):
      return attempt(
        Refusal(.invalidResponse, "The phrase differs.", problems: problems), at: now)
    case .valid(let answer):
      return count(answer, given, at: now)
    }
  }

  /// Whether an actor could answer now, and if not, why. The rule that `answer` and `explain` share.
  package func objection(toActor actor: Actor, stage named: Text?) -> Refusal? {
    if let named, named != stage.name {
      let isKnown = definition.policy.stages.contains { $0.name == named }
      return Refusal(
        .wrongStage,
        isKnown ? "Another stage is open: \(stage.name)." : "There is no stage called \(named).")
    }
    guard stage.admits(actor) else {
      return Refusal(.notAuthorized, "This stage takes no answer from this actor.")
    }
    if stage.forbidsRequester, actor.identity == definition.requester?.identity {
      return Refusal(.selfApproval, "Who asks must not decide.")
    }
    if stage.isDistinctFromEarlier, votedEarlier(actor.identity) {
      return Refusal(.alreadyVoted, "Who decided an earlier stage must not decide this one.")
    }
    if let claim = progress.claim, claim.identity != actor.identity {
      return Refusal(.conflict, "Somebody else has claimed the review.")
    }
    return nil
  }

  private func objection(to given: GivenAnswer) -> Refusal? {
    if let refusal = objection(toActor: given.actor, stage: given.stage) { return refusal }
    guard progress.open.votes.contains(where: { $0.identity == given.actor.identity }) else {
      return nil
    }
    return Refusal(.alreadyVoted, "This actor has answered this stage otherwise.")
  }

  /// An equal answer of the same person is the same answer, delivered again: it never counts for
  /// another stage (N28). Who wants to say the same at a later stage names that stage.
  private func repetition(of given: GivenAnswer) -> ReviewAction? {
    let votes = zip(definition.policy.stages, progress.stages).flatMap { position, stage in
      stage.votes.map { (vote: $0, isEqual: isEqual($0, at: position, given)) }
    }
    // A key stands for one answer, whatever stage it is sent to again.
    if let key = given.key, let known = votes.first(where: { $0.vote.key == key }) {
      guard known.isEqual else {
        return .rejected(
          Refusal(.idempotencyMismatch, "This key came with another answer before."))
      }
      return .replayed(decision: known.vote.decision)
    }
    return votes.first { $0.isEqual }.map { .replayed(decision: $0.vote.decision) }
  }

  private func isEqual(_ vote: Vote, at position: Stage, _ given: GivenAnswer) -> Bool {
    vote.identity == given.actor.identity && vote.fingerprint == given.fingerprint
      && (given.stage ?? position.name) == position.name
  }

  /// Who must not decide the open stage, whoever its approvers are.
  private var barred: Set<Identity> {
    var barred: Set<Identity> = []
    if stage.forbidsRequester, let requester = definition.requester {
      barred.insert(requester.identity)
    }
    if stage.isDistinctFromEarlier {
      for earlier in progress.stages.prefix(progress.stage) {
        barred.formUnion(earlier.votes.map(\.identity))
      }
    }
    return barred
  }

  private func votedEarlier(_ identity: Identity) -> Bool {
    progress.stages.prefix(progress.stage).contains { stage in
      stage.votes.contains { $0.identity == identity }
    }
  }

  private mutating func attempt(_ refusal: Refusal, at now: Instant) -> ReviewAction {
    progress.attempts += 1
    touch(now)
    guard case .verify(let payload) = definition.payload.body,
      let most = payload.maxAttempts, progress.attempts >= most
    else { return .attempted(refusal) }
    progress.response = nil
    return resolve(.rejected, at: now)
  }

  private mutating func count(
    _ answer: Answer, _ given: GivenAnswer, at now: Instant
  ) -> ReviewAction {
    progress.open.votes.append(
      Vote(
        decision: given.decision, identity: given.actor.identity, verdict: answer.verdict,
        substance: given.substance, fingerprint: given.fingerprint, key: given.key,
        at: moment(now)))
    touch(now)
    switch Tally(of: progress.open.votes, stage, barred: barred) {
    case .open:
      return .counted
    case .rejected:
      // Those who disagree have not said the same no; what they wanted must not pass for the result.
      let isRejection = answer.verdict == .reject
      progress.response = isRejection ? answer.response : silentAnswer("rejected")?.response
      return resolve(.rejected, at: now)
    case .passed:
      return pass(answer, openingNextAt: moment(now), at: now)
    }
  }

  /// The open stage has passed with this answer.
  mutating func pass(
    _ answer: Answer, openingNextAt opening: Instant, at now: Instant
  ) -> ReviewAction {
    let merged = definition.payload.merge(answer, onto: progress.response)
    progress.response = merged.response
    progress.isEdited = progress.isEdited || merged.verdict == .edit
    let isLast = progress.stage + 1 >= definition.policy.stages.count
    if Self.ends(merged.verdict) || isLast || definition.policy.order == .ladder {
      return resolve(outcome(of: merged.verdict), at: now)
    }
    openNext(leaving: .passed, at: opening)
    touch(now)
    return .advanced(stage: progress.stage)
  }

  /// Whether a stage that says this leaves nothing to decide for the stages after it.
  private static func ends(_ verdict: Answer.Verdict) -> Bool {
    switch verdict {
    case .reject, .dismiss: true
    case .approve, .edit, .answer: false
    }
  }

  mutating func openNext(leaving status: StageProgress.Status, at opening: Instant) {
    progress.open.status = status
    progress.claim = nil
    progress.stage += 1
    progress.open.status = .open
    progress.open.openedAt = opening
    skipPastReminders(at: opening)
  }

  private func outcome(of verdict: Answer.Verdict) -> ReviewOutcome {
    switch verdict {
    case .approve: progress.isEdited ? .edited : .approved
    case .edit: .edited
    case .reject: .rejected
    case .answer: .answered
    case .dismiss: .dismissed
    }
  }
}
