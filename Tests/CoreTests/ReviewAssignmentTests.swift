import InterlockCore
import Testing

/// Who has taken a review, and who is asked.
@Suite struct ReviewAssignmentTests {
  private static let stage = #"{"name":"a","approvers":["ana","bob"]}"#
  private func actor(_ name: String) -> Actor { ReviewSupport.actor(name) }

  @Test("What one has claimed nobody else answers, hands on or claims")
  func claim() throws {
    var machine = try ReviewSupport.chain(Self.stage)
    #expect(machine.claim(by: actor("ana"), at: 1) == .claimed)
    let before = machine.snapshot
    #expect(try machine.approve("bob", at: 2) == "CONFLICT")
    #expect(machine.claim(by: actor("bob"), at: 2).word == "CONFLICT")
    #expect(machine.escalate(by: actor("bob"), at: 2).word == "CONFLICT")
    #expect(machine.release(by: actor("bob"), at: 2).word == "NOT_AUTHORIZED")
    #expect(machine.snapshot == before)
    #expect(machine.release(by: actor("ana@other"), at: 3) == .released)
    #expect(try machine.approve("bob", at: 4) == "approved")
  }

  @Test("A claim is no answer: it holds up no deadline, cancel or successor")
  func claimsEnd() throws {
    var machine = try ReviewSupport.chain(Self.stage, more: #","deadline":9"#)
    _ = machine.claim(by: actor("ana"), at: 1)
    var (cancelled, superseded) = (machine, machine)
    #expect(machine.settle(at: 9) == ["expired"])
    #expect(cancelled.cancel(reason: "r", at: 2) == .cancelled)
    #expect(superseded.supersede(by: "next", at: 2) == .superseded)
    #expect(cancelled.progress.reason == "r")
    for ended in [machine, cancelled, superseded] { #expect(ended.progress.claim == nil) }
  }

  @Test("To ask somebody else ends a claim and gives no right")
  func reassign() throws {
    var machine = try ReviewSupport.chain(Self.stage, more: #","assignee":"bob""#)
    #expect(machine.progress.assignee == actor("bob"))
    _ = machine.claim(by: actor("ana"), at: 1)
    #expect(machine.reassign(to: actor("eve"), at: 2).word == "NOT_AUTHORIZED")
    #expect(machine.progress.claim == actor("ana"))
    #expect(machine.reassign(to: actor("bob"), at: 3) == .reassigned)
    #expect(machine.progress.claim == nil)
    #expect(machine.reassign(to: nil, at: 4) == .reassigned)
    #expect(machine.progress.assignee == nil)
    #expect(try machine.approve("ana", at: 5) == "approved")
  }

  @Test("A stage that needs several answers cannot be claimed, one of one can")
  func quorum() throws {
    var two = try ReviewSupport.chain(#"{"approvers":["ana","bob"],"quorum":"all"}"#)
    #expect(two.claim(by: actor("ana"), at: 1).word == "CONFLICT")
    var one = try ReviewSupport.chain(#"{"approvers":["ana"],"quorum":"all"}"#)
    #expect(one.claim(by: actor("ana"), at: 1) == .claimed)
  }

  @Test("The next stage is nobody's yet")
  func nextStage() throws {
    var machine = try ReviewSupport.chain(Self.stage, #"{"name":"b","approvers":["dan"]}"#)
    _ = machine.claim(by: actor("ana"), at: 1)
    try machine.approve("ana", at: 2)
    #expect(machine.progress.claim == nil)
    #expect(try machine.approve("dan", at: 3) == "approved")
  }
}
