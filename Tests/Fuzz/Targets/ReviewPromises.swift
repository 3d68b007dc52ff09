import InterlockCore

/// What holds of a review at every moment, written without the machine's own rules.
enum ReviewPromises {
  /// A review before and after an event.
  static func hold(
    _ before: ReviewMachine, _ action: ReviewAction, _ after: ReviewMachine
  ) throws(Finding) {
    let isSame =
      before.progress == after.progress && before.status == after.status
      && before.outcome == after.outcome && before.successor == after.successor
    switch action {
    case .rejected, .replayed, .atTop, .stayed, .idle:
      try require(isSame, "\(action.word) changed the review")
    case .counted, .advanced, .resolved, .expired, .cancelled, .superseded, .escalated, .attempted,
      .reminded, .claimed, .released, .reassigned:
      try require(before.isPending, "\(action.word) of a review that has ended")
    }
    try require(before.isPending || isSame, "what has ended changed")
    try require(after.progress.updatedAt >= before.progress.updatedAt, "time went back")
    try require(after.progress.stage >= before.progress.stage, "a stage opened again")
    for (old, new) in zip(before.progress.stages, after.progress.stages) {
      try require(new.votes.starts(with: old.votes), "a vote changed")
    }
  }

  /// A review that came about by events.
  static func hold(_ machine: ReviewMachine, _ actors: [Actor]) throws(Finding) {
    let progress = machine.progress
    try require((machine.outcome == nil) == machine.isPending, "pending with an outcome")
    try require((progress.closedAt == nil) == machine.isPending, "pending and closed")
    try require((machine.finality == nil) == machine.isPending, "final and pending")
    try require((machine.successor != nil) == (machine.status == .superseded), "a lost successor")
    try require(machine.isPending || machine.nextDeadline == nil, "a deadline after the end")
    try require(machine.isPending || progress.claim == nil, "claimed after the end")
    for (index, stage) in progress.stages.enumerated() {
      let isOpen = machine.isPending && index == progress.stage
      try require((stage.status == .open) == isOpen, "stage \(index) is \(stage.status)")
      try require(
        (stage.status == .waiting) == (machine.isPending && index > progress.stage),
        "stage \(index) is \(stage.status)")
    }
    try votes(of: machine, actors)
    try outcome(of: machine)
  }

  private static func votes(of machine: ReviewMachine, _ actors: [Actor]) throws(Finding) {
    let requester = machine.definition.requester?.identity
    var earlier: Set<Identity> = []
    for (stage, progress) in zip(machine.definition.policy.stages, machine.progress.stages) {
      let voters = Set(progress.votes.map(\.identity))
      try require(voters.count == progress.votes.count, "somebody voted twice")
      for voter in voters {
        let isAdmitted = actors.contains { $0.identity == voter && stage.admits($0) }
        try require(isAdmitted, "a vote of somebody who may not")
      }
      if stage.forbidsRequester, let requester {
        try require(!voters.contains(requester), "who asked has decided")
      }
      if stage.isDistinctFromEarlier {
        try require(voters.isDisjoint(with: earlier), "the same people decided twice")
      }
      earlier.formUnion(voters)
    }
  }

  /// Nothing is approved but by its quorum, or by a silence that was said to be a yes.
  private static func outcome(of machine: ReviewMachine) throws(Finding) {
    guard machine.outcome == .approved || machine.outcome == .edited else { return }
    let definition = machine.definition
    let ends = [definition.onExpiry] + definition.policy.stages.map(\.onExpiry)
    if ends.contains(.approve) { return }
    let stages = zip(definition.policy.stages, machine.progress.stages)
    for (index, (stage, progress)) in stages.enumerated() {
      guard index == machine.progress.stage || progress.status == .passed else { continue }
      var groups: [Text: Int] = [:]
      for vote in progress.votes where vote.verdict != .reject {
        groups[vote.substance, default: 0] += 1
      }
      try require((groups.values.max() ?? 0) >= stage.needed, "approved without its quorum")
    }
  }

  /// The review as it comes back from a store.
  static func twin(of machine: ReviewMachine) throws(Finding) -> ReviewMachine {
    guard let stored = try? JSONReader.readStored(machine.progress.json),
      let progress = ReviewProgress(stored)
    else {
      let line = String(decoding: machine.progress.json, as: UTF8.self)
      throw Finding("a progress that cannot be stored: \(line)")
    }
    try require(progress == machine.progress, "another progress")
    let twin = ReviewMachine(
      stored: machine.definition, status: machine.status, outcome: machine.outcome,
      successor: machine.successor, progress: progress)
    guard let twin else { throw Finding("a review that cannot be stored") }
    try require(
      twin.status == machine.status && twin.outcome == machine.outcome, "another status")
    return twin
  }
}
