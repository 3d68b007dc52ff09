extension ReviewMachine {
  /// What happens next by itself, and when. Nil if nothing does.
  package var nextDeadline: Deadline? {
    guard isPending else { return nil }
    let deadline = closestDeadline
    let reminder = nextReminder(before: deadline?.at ?? .max)
    guard let reminder else { return deadline }
    return Deadline(at: reminder, event: .reminder)
  }

  /// The end that comes first, the review's own in a tie.
  private var closestDeadline: Deadline? {
    let own = definition.deadline.map { Deadline(at: $0, event: .reviewDeadline) }
    guard let staged = stageDeadline else { return own }
    guard let own, own.at <= staged else { return Deadline(at: staged, event: .stageDeadline) }
    return own
  }

  private var stageDeadline: Instant? {
    guard let patience = stage.patience, let opened = progress.open.openedAt else { return nil }
    let (end, overflow) = opened.addingReportingOverflow(Int64(patience))
    return overflow ? nil : min(end, Deadline.last)
  }

  private func nextReminder(before deadline: Instant) -> Instant? {
    let staged = Self.reminders(stage.reminders, until: stageDeadline)
      .dropFirst(progress.open.reminded).first
    let own = Self.reminders(definition.reminders, until: definition.deadline)
      .dropFirst(progress.reminded).first
    return [staged, own].compactMap { $0 }.filter { $0 < deadline }.min()
  }

  private static func reminders(_ before: [Int], until deadline: Instant?) -> [Instant] {
    guard let deadline else { return [] }
    return before.map { deadline &- Int64($0) }
  }

  /// Whether a deadline has passed that was not applied yet. An answer at the deadline is too late.
  func overdue(at now: Instant) -> Refusal? {
    guard let deadline = closestDeadline, deadline.at <= moment(now) else { return nil }
    return Refusal(.expired, "The deadline has passed.")
  }

  /// Time has come this far. Applies what is due first; the caller asks again until `.idle`.
  package mutating func advance(to now: Instant) -> ReviewAction {
    guard isPending else { return .idle }
    let now = moment(now)
    if let deadline = closestDeadline, deadline.at <= now {
      let action = pass(deadline)
      if !isPending { progress.closedAt = deadline.at }
      // Who noticed late has seen this time: what was too late stays so if the clock goes back.
      touch(now)
      return action
    }
    return remind(at: now)
  }

  /// Reminders that were missed are given once, not one by one.
  private mutating func remind(at now: Instant) -> ReviewAction {
    let staged = Self.reminders(stage.reminders, until: stageDeadline).filter { $0 <= now }.count
    let own = Self.reminders(definition.reminders, until: definition.deadline)
      .filter { $0 <= now }.count
    guard staged > progress.open.reminded || own > progress.reminded else { return .idle }
    progress.open.reminded = max(staged, progress.open.reminded)
    progress.reminded = max(own, progress.reminded)
    touch(now)
    return .reminded
  }

  /// What lies before the opening of a stage is no reminder any more.
  mutating func skipPastReminders(at opening: Instant) {
    progress.open.reminded =
      Self.reminders(stage.reminders, until: stageDeadline).filter { $0 <= opening }.count
    let own = Self.reminders(definition.reminders, until: definition.deadline)
    progress.reminded = max(progress.reminded, own.filter { $0 <= opening }.count)
  }

  /// What a deadline does happens at the deadline, whenever somebody notices.
  private mutating func pass(_ deadline: Deadline) -> ReviewAction {
    var action = definition.onExpiry ?? definition.defaultExpiry
    if deadline.event == .stageDeadline { action = stage.onExpiry ?? action }
    switch action {
    case .expire:
      return expire(at: deadline.at)
    case .resumeWith(let value):
      return expire(with: value, at: deadline.at)
    case .reject:
      return rejectForSilence(at: deadline.at)
    case .approve:
      // Silence is consent only where everybody was silent, or approved as it is.
      guard !progress.open.votes.contains(where: { $0.verdict != .approve }),
        let answer = silentAnswer("approved")
      else { return rejectForSilence(at: deadline.at) }
      // The stages after this one are opened by the deadline, not by who noticed it.
      return deadline.event == .stageDeadline
        ? pass(answer, openingNextAt: deadline.at, at: deadline.at)
        : resolveSilently(answer, at: deadline.at)
    case .escalate:
      // After the review's own end no stage can be answered, so none is opened.
      guard deadline.event == .stageDeadline else { return failToEscalate(at: deadline.at) }
      return escalate(.deadline, openingAt: deadline.at, at: deadline.at)
        ?? failToEscalate(at: deadline.at)
    }
  }

  /// A deadline said no; no person did.
  package var isRejectedBySilence: Bool {
    outcome == .rejected
      && !progress.stages.contains { $0.votes.contains { $0.verdict != .approve } }
  }

  private mutating func rejectForSilence(at now: Instant) -> ReviewAction {
    progress.response = silentAnswer("expired")?.response
    return resolve(.rejected, at: now)
  }

  private mutating func resolveSilently(_ answer: Answer, at now: Instant) -> ReviewAction {
    let merged = definition.payload.merge(answer, onto: progress.response)
    progress.response = merged.response
    return resolve(merged.verdict == .approve && !progress.isEdited ? .approved : .edited, at: now)
  }

  /// Nobody is left to ask.
  private mutating func failToEscalate(at now: Instant) -> ReviewAction {
    definition.defaultExpiry == .reject ? rejectForSilence(at: now) : expire(at: now)
  }

  /// The answer that a word stands for, if the review takes it.
  func silentAnswer(_ word: Text) -> Answer? {
    guard
      case .success(let response) = ReviewPayload.expand(
        outcomeWord: word, for: definition.payload, message: nil),
      case .valid(let answer) = definition.payload.check(response)
    else { return nil }
    return answer
  }
}
