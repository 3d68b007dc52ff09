import InterlockCore
import Testing

/// What must hold of a review at every moment: DESIGN section 3, written without the machine's own
/// rules.
struct ReviewInvariants {
  private let definition: ReviewDefinition
  /// The stages that passed because time did.
  private var silent: Set<Int> = []
  private var endedInSilence = false

  init(_ machine: ReviewMachine) {
    definition = machine.definition
  }

  /// When the open stage or the review ends, whichever is first.
  func end(of machine: ReviewMachine) -> Instant? {
    let stage = definition.policy.stages[machine.progress.stage]
    let opened = machine.progress.stages[machine.progress.stage].openedAt
    let staged = stage.patience.flatMap { patience in opened.map { $0 + Instant(patience) } }
    return [definition.deadline, staged].compactMap { $0 }.min()
  }

  mutating func hold(
    _ machine: ReviewMachine, after action: ReviewAction = .idle, before: ReviewSnapshot? = nil
  ) {
    if let before { change(from: before, to: machine, action) }
    status(of: machine)
    stages(of: machine)
    votes(of: machine)
    outcome(of: machine)
  }

  private mutating func change(
    from before: ReviewSnapshot, to machine: ReviewMachine, _ action: ReviewAction
  ) {
    if before.status != .pending {
      #expect(machine.snapshot == before, "What has ended changed.")
      #expect(action.changesNothing)
    }
    #expect(machine.progress.updatedAt >= before.progress.updatedAt)
    #expect(machine.progress.stage >= before.progress.stage)
    let votes = machine.progress.stages.flatMap(\.votes).count
    let isSilent = votes == before.progress.stages.flatMap(\.votes).count
    for (old, new) in zip(before.progress.stages, machine.progress.stages) {
      #expect(new.votes.starts(with: old.votes), "A vote changed.")
    }
    guard isSilent else { return }
    for index in machine.progress.stages.indices
    where machine.progress.stages[index].status == .passed
      && before.progress.stages[index].status == .open
    {
      silent.insert(index)
    }
    if machine.status == .resolved, before.status == .pending { endedInSilence = true }
  }

  private func status(of machine: ReviewMachine) {
    let progress = machine.progress
    #expect((machine.outcome == nil) == (machine.status == .pending))
    #expect((progress.closedAt == nil) == (machine.status == .pending))
    #expect(machine.successor == nil || machine.status == .superseded)
    #expect((machine.finality == nil) == machine.isPending)
    switch machine.status {
    case .pending:
      #expect(machine.nextDeadline != nil || end(of: machine) == nil)
    case .resolved:
      #expect(machine.outcome != .expired && machine.outcome != .cancelled)
    case .expired: #expect(progress.response == nil || progress.response == .text("timeout_reject"))
    case .cancelled, .superseded:
      #expect(machine.outcome == .cancelled)
      #expect(progress.response == nil)
    }
    if machine.status != .pending { #expect(progress.claim == nil && machine.nextDeadline == nil) }
  }

  private func stages(of machine: ReviewMachine) {
    for (index, stage) in machine.progress.stages.enumerated() {
      if index < machine.progress.stage {
        #expect([.passed, .escalated, .expired].contains(stage.status))
      } else if index > machine.progress.stage {
        #expect(stage.status == (machine.isPending ? .waiting : .skipped))
        #expect(stage.openedAt == nil && stage.votes.isEmpty)
      } else {
        #expect((stage.status == .open) == machine.isPending)
        #expect(stage.status != .waiting && stage.status != .escalated)
      }
      if let opened = stage.openedAt { #expect(opened <= machine.progress.updatedAt) }
    }
    #expect(machine.progress.escalations.count <= machine.progress.stage)
    if definition.policy.order == .chain {
      #expect(machine.progress.escalations.allSatisfy { $0.reason == .deadline })
    }
  }

  private func votes(of machine: ReviewMachine) {
    var earlier: Set<Identity> = []
    var latest: Instant = .min
    for (stage, progress) in zip(definition.policy.stages, machine.progress.stages) {
      let voters = progress.votes.map(\.identity)
      #expect(Set(voters).count == voters.count, "Somebody voted twice.")
      for vote in progress.votes {
        #expect(isApprover(vote.identity, of: stage.approvers))
        if stage.forbidsRequester { #expect(vote.identity != definition.requester?.identity) }
        if stage.isDistinctFromEarlier { #expect(!earlier.contains(vote.identity)) }
        #expect(vote.at >= latest && vote.at <= machine.progress.updatedAt)
        latest = vote.at
        if let opened = progress.openedAt {
          #expect(vote.at >= opened)
          if let patience = stage.patience { #expect(vote.at < opened + Instant(patience)) }
        }
        if let deadline = definition.deadline { #expect(vote.at < deadline) }
      }
      earlier.formUnion(voters)
      if stage.hasVeto, progress.votes.contains(where: { $0.verdict == .reject }) {
        #expect(machine.outcome == .rejected, "A veto is a no.")
      }
    }
    let keys = machine.progress.stages.flatMap(\.votes).compactMap(\.key)
    #expect(Set(keys).count == keys.count, "A key counted twice.")
    let decisions = machine.progress.stages.flatMap(\.votes).map(\.decision)
    #expect(Set(decisions).count == decisions.count)
  }

  private func isApprover(_ identity: Identity, of approvers: [Approver]) -> Bool {
    let everybody = ReviewDice.people.map { ReviewSupport.actor($0) }
    let roles = everybody.first { $0.identity == identity }?.roles ?? []
    return approvers.contains { approver in
      switch approver {
      case .anyone: true
      case .identity(let named): named == identity
      case .role(let role): roles.contains(role)
      case .kind(let kind): identity.kind == kind
      }
    }
  }

  /// Nothing is approved but by its quorum, or by a silence that was said to be a yes.
  private func outcome(of machine: ReviewMachine) {
    guard let outcome = machine.outcome else { return }
    let last = machine.progress.stage
    let isYes = [.approved, .edited, .answered].contains(outcome)
    for index in 0...last where isYes || index < last {
      guard definition.policy.order == .chain || index == last else { continue }
      let stage = definition.policy.stages[index]
      let progress = machine.progress.stages[index]
      let onExpiry = stage.onExpiry ?? definition.onExpiry
      switch progress.status {
      case .passed where silent.contains(index):
        #expect(onExpiry == .approve || index == last && definition.onExpiry == .approve)
        #expect(outcome != .answered)
      case .passed:
        #expect(hasQuorum(progress.votes, stage), "A stage passed without its quorum.")
      case .expired: #expect(onExpiry == .escalate || outcome == .expired)
      case .waiting, .open, .rejected, .escalated, .skipped:
        #expect(Bool(false), "A stage that did not pass: \(progress.status)")
      }
    }
    if isYes, definition.policy.order == .chain, last + 1 < definition.policy.stages.count {
      #expect(endedInSilence && definition.onExpiry == .approve)
    }
    if outcome == .edited { #expect(definition.kind == .actions) }
    if outcome == .answered { #expect(definition.kind != .approval && definition.kind != .actions) }
    if outcome == .acknowledged { #expect(definition.kind == .notify) }
  }

  private func hasQuorum(_ votes: [Vote], _ stage: Stage) -> Bool {
    let needed =
      switch stage.quorum {
      case .any: 1
      case .all: Set(stage.approvers).count
      case .count(let count): count
      }
    return votes.contains { vote in
      vote.verdict != .reject
        && votes.filter { $0.verdict != .reject && $0.substance == vote.substance }.count >= needed
    }
  }
}
