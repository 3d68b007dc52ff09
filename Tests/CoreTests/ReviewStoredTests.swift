import InterlockCore
import Testing

/// What was stored is what is read again; what no machine can have stored is refused.
@Suite struct ReviewStoredTests {
  @Test("A stored definition is the definition, whatever it is")
  func definitions() throws {
    var opened = 0
    for seed in UInt64(5_000)...5_800 {
      var dice = ReviewDice(seed: seed)
      let kind = ReviewDice.kinds[Int(seed % UInt64(ReviewDice.kinds.count))]
      let request = try ReviewSupport.json(dice.request(kind))
      guard let definition = try? ReviewDefinition(request: request, now: 500) else { continue }
      opened += 1
      // Through bytes, as a store keeps it.
      let bytes = JSONWriter.write(definition.document)
      let stored = try ReviewDefinition(stored: try JSONReader.read(bytes))
      try expectEqual(stored, definition)
      try expectEqual(try ReviewDefinition(stored: stored.document), definition)
    }
    #expect(opened > 300)
  }

  private func expectEqual(_ one: ReviewDefinition, _ other: ReviewDefinition) throws {
    #expect(one.document == other.document)
    #expect(one.policy == other.policy)
    #expect(one.kind == other.kind && one.requester == other.requester)
    #expect(one.deadline == other.deadline && one.onExpiry == other.onExpiry)
    #expect(one.reminders == other.reminders && one.assignee == other.assignee)
    #expect(one.interrupt == other.interrupt && one.thread == other.thread)
    #expect(one.channel == other.channel && one.externalID == other.externalID)
    #expect(one.key == other.key && one.defaultExpiry == other.defaultExpiry)
    for kind in ReviewDice.kinds {
      for answer in kind.answers {
        let answer = try ReviewSupport.json(answer)
        #expect(one.payload.check(answer) == other.payload.check(answer))
      }
    }
  }

  @Test("Every member of a request is kept")
  func members() throws {
    let request = #"""
      {"kind":"approval","payload":{"tool":"t","arguments":{"n":12345678901234567890}},
      "title":"T","summary":"S","details":{"d":[1]},"key":"k","thread":"t","channel":"c",
      "interrupt":{"id":"i","ns":["a:b"]},"external_id":"e","requester":"ana",
      "assignee":{"type":"email","value":"b@c","roles":["m"]},"group":"g","metadata":{"m":1},
      "x-y":1,"on_expiry":{"resume_with":null},"reminders":[5],"expires_in":10,
      "policy":{"name":"p","version":3,"order":"ladder","triggers":{"confidence_below":0.1}}}
      """#
    let definition = try ReviewSupport.definition(request, now: 90)
    let document = definition.document
    let given = try ReviewSupport.json(request)
    for name in [
      "kind", "payload", "title", "summary", "details", "key", "thread", "channel", "interrupt",
      "external_id", "requester", "assignee", "group", "metadata", "x-y", "on_expiry", "reminders",
    ] as [Text] {
      #expect(document.member(name) == given.member(name), "\(name)")
    }
    #expect(document.member("deadline") == .integer(100))
    #expect(document.member("policy") == definition.policy.json)
    #expect(definition.policy.version == 3 && definition.policy.stages.count == 4)
    try expectEqual(try ReviewDefinition(stored: document), definition)
  }

  @Test("A stored deadline may lie in the past")
  func pastDeadline() throws {
    let definition = try ReviewSupport.definition(#"{"kind":"approval","deadline":5}"#, now: 4)
    #expect(try ReviewDefinition(stored: definition.document).deadline == 5)
  }

  private func restored(
    _ machine: ReviewMachine, status: ReviewStatus? = nil, outcome: ReviewOutcome?? = nil,
    successor: Text? = nil, _ change: (inout ReviewProgress) -> Void = { _ in }
  ) -> ReviewMachine? {
    var progress = machine.progress
    change(&progress)
    return ReviewMachine(
      stored: machine.definition, status: status ?? machine.status,
      outcome: outcome ?? machine.outcome, successor: successor ?? machine.successor,
      progress: progress)
  }

  @Test func everySceneIsRestored() throws {
    for scene in ReviewScene.pending + ReviewScene.ended {
      let machine = try scene.make().machine
      #expect(restored(machine)?.snapshot == machine.snapshot, "\(scene.name)")
    }
  }

  @Test("Of all statuses and outcomes only those that belong together are read")
  func statusesAndOutcomes() throws {
    let open = try ReviewSupport.chain(#"{"approvers":["ana"]}"#)
    var closed = open
    try closed.approve("ana", at: 1)
    for status in ReviewStatus.allCases {
      for outcome in ReviewOutcome.allCases.map({ Optional($0) }) + [nil] {
        for successor in [nil, "next"] as [Text?] {
          let machine = status == .pending ? open : closed
          let belongs =
            switch (status, outcome) {
            case (.pending, nil): successor == nil
            case (.expired, .expired), (.cancelled, .cancelled): successor == nil
            case (.superseded, .cancelled): true
            case (.resolved, let outcome?):
              outcome != .expired && outcome != .cancelled && successor == nil
            case (.pending, _), (.resolved, _), (.expired, _), (.cancelled, _), (.superseded, _):
              false
            }
          let found = restored(machine, status: status, outcome: outcome, successor: successor)
          #expect((found != nil) == belongs, "\(status) \(String(describing: outcome))")
        }
      }
    }
  }

  @Test func impossibleProgressIsRefused() throws {
    let machine = try ReviewSupport.chain(#"{"approvers":["ana"]}"#, #"{"approvers":["dan"]}"#)
    #expect(restored(machine) != nil)
    #expect(restored(machine) { $0.stages.removeLast() } == nil)
    #expect(restored(machine) { $0.stages = [] } == nil)
    #expect(restored(machine) { $0.stage = 2 } == nil)
    #expect(restored(machine) { $0.stage = -1 } == nil)
    #expect(restored(machine) { $0.stage = 1 } == nil)
    #expect(restored(machine) { $0.stages[0].status = .passed } == nil)
    #expect(restored(machine) { $0.stages[1].status = .open } == nil)
    #expect(restored(machine) { $0.closedAt = 1 } == nil)
    var closed = machine
    _ = closed.cancel(reason: nil, at: 1)
    #expect(restored(closed) != nil)
    #expect(restored(closed) { $0.closedAt = nil } == nil)
    #expect(restored(closed) { $0.stages[0].status = .open } == nil)
  }

  /// What can be restored may still be nothing that events have led to.
  @Test func whatContradictsItselfIsADefect() throws {
    let stage = #"{"name":"a","approvers":["ana","bob","eve"],"quorum":2}"#
    var machine = try ReviewSupport.chain(stage, #"{"name":"b","approvers":["dan"]}"#)
    try machine.approve("ana", at: 1)
    func defects(_ change: (inout ReviewProgress) -> Void) -> [String] {
      restored(machine, change)?.defects ?? ["it cannot be restored"]
    }
    let vote = try #require(machine.progress.stages[0].votes.first)
    #expect(defects { _ in } == [])
    #expect(
      defects { $0.stages[0].votes.append(vote) }
        == ["somebody has two votes in stage a", "stage a is decided and open"])
    #expect(defects { $0.stages[1].votes = [vote] } == ["stage b has votes and waits"])
    try machine.approve("bob", at: 2)
    #expect(machine.progress.stage == 1)
    #expect(
      defects { $0.stages[0].votes.removeLast() } == ["stage a passed without its quorum"])
    _ = machine.cancel(reason: nil, at: 3)
    #expect(
      defects { $0.stages[1].status = .passed }
        == [
          "its status and that of its last stage do not agree", "stage b passed without its quorum",
        ])
    // A vote is read as it was written, also one too many.
    var twice = machine.progress
    twice.stages[0].votes.append(vote)
    let read = ReviewProgress(try JSONReader.read(twice.json))
    #expect(read == twice)
  }
}
