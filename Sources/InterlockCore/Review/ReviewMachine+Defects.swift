/// What a stored review must be, whoever wrote it.
extension ReviewMachine {
  /// What is wrong with it; nothing, unless the store was damaged or changed by hand.
  package var defects: [String] {
    var defects: [String] = []
    let open = progress.stages.indices.filter { progress.stages[$0].status == .open }
    if isPending, open != [progress.stage] {
      defects.append("it is pending and its open stage is not the current one")
    }
    if !isPending, !open.isEmpty { defects.append("it has ended and a stage is open") }
    if isPending != (progress.closedAt == nil) {
      defects.append("its status and the time of its end do not agree")
    }
    if !isPending, progress.open.status != ending {
      defects.append("its status and that of its last stage do not agree")
    }
    for (stage, state) in zip(definition.policy.stages, progress.stages) {
      defects += Self.defects(of: state, stage, mayPassInSilence: passesInSilence(stage))
    }
    return defects
  }

  /// What the end of a review makes of the stage that is open then.
  private var ending: StageProgress.Status {
    switch status {
    case .pending: .open
    case .resolved: outcome == .rejected ? .rejected : .passed
    case .expired: .expired
    case .cancelled, .superseded: .skipped
    }
  }

  private func passesInSilence(_ stage: Stage) -> Bool {
    definition.isAnsweredByNobody || definition.onExpiry == .approve || stage.onExpiry == .approve
  }

  private static func defects(
    of state: StageProgress, _ stage: Stage, mayPassInSilence: Bool
  ) -> [String] {
    var defects: [String] = []
    if Set(state.votes.map(\.identity)).count != state.votes.count {
      defects.append("somebody has two votes in stage \(stage.name)")
    }
    let tally = Tally(of: state.votes, stage)
    switch state.status {
    case .waiting:
      if !state.votes.isEmpty { defects.append("stage \(stage.name) has votes and waits") }
    case .open:
      if tally != .open { defects.append("stage \(stage.name) is decided and open") }
    case .passed:
      if tally != .passed, !mayPassInSilence {
        defects.append("stage \(stage.name) passed without its quorum")
      }
    case .rejected, .expired, .escalated, .skipped:
      // A merged answer or a deadline may reject what the votes alone would have passed.
      break
    }
    return defects
  }
}
