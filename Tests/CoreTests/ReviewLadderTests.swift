import InterlockCore
import Testing

/// Escalation: requirements S25 to S30.
@Suite struct ReviewLadderTests {
  private static let low = #"{"name":"low","approvers":["ana"]}"#
  private static let high = #"{"name":"high","approvers":["dan"]}"#

  private func ladder(_ more: String = "") throws -> ReviewMachine {
    try ReviewSupport.machine(
      #"{"kind":"approval","payload":{},"policy":{"order":"ladder"\#(more)}}"#)
  }

  @Test("S25, S26: agent, senior_agent, human, manager")
  func rungs() throws {
    var machine = try ladder()
    #expect(
      machine.definition.policy.stages.map(\.name) == ["agent", "senior_agent", "human", "manager"])
    #expect(machine.stage.name == "agent")
    var words: [String] = []
    for now in 1...4 as ClosedRange<Instant> {
      words.append(machine.assess(EscalationSignal(hasError: true), at: now).word)
    }
    #expect(
      words == [
        "agent>senior_agent error 1", "senior_agent>human error 2", "human>manager error 3", "top",
      ])
    #expect(machine.statuses == ["escalated", "escalated", "escalated", "open"])
    #expect(machine.progress.escalations.map(\.to) == ["senior_agent", "human", "manager"])
    #expect(try machine.approve("ana", at: 5) == "NOT_AUTHORIZED")
    #expect(try machine.approve("ana@manager", at: 5) == "approved")
  }

  @Test(
    "S27, S30: the reason is the trigger that fired",
    arguments: [
      ("", nil, false, false, nil), ("", 1.0, false, false, nil), ("", 0.7, false, false, nil),
      ("", 0.6999999, false, false, .confidence), ("", 0.0, false, false, .confidence),
      ("", -1.0, false, false, .confidence), ("", .nan, false, false, .confidence),
      ("", .infinity, false, false, nil), ("", nil, true, false, .error),
      ("", nil, false, true, .sensitive), ("", 0.1, true, true, .error),
      ("", 0.1, false, true, .sensitive),
      (#","triggers":{"confidence_below":0.5}"#, 0.5, false, false, nil),
      (#","triggers":{"confidence_below":1}"#, 0.99, false, false, .confidence),
      (#","triggers":{"confidence_below":0}"#, 0.0, false, false, nil),
      (#","triggers":{"on_error":false}"#, 0.1, true, false, .confidence),
      (#","triggers":{"on_error":false}"#, nil, true, false, nil),
      (#","triggers":{"on_sensitive":false}"#, nil, false, true, nil),
    ] as [(String, Double?, Bool, Bool, EscalationTrigger?)])
  func triggers(
    _ triggers: String, _ confidence: Double?, _ hasError: Bool, _ isSensitive: Bool,
    _ reason: EscalationTrigger?
  ) throws {
    var machine = try ladder(triggers)
    let signal = EscalationSignal(
      confidence: confidence, hasError: hasError, isSensitive: isSensitive)
    let action = machine.assess(signal, at: 1)
    #expect(action.changesNothing == (reason == nil))
    #expect(machine.progress.escalations.last?.reason == reason)
  }

  @Test("S28, 3.6 item 12: at the top it stays, and no row is added")
  func top() throws {
    var machine = try ReviewSupport.ladder(Self.low, Self.high)
    #expect(
      machine.assess(EscalationSignal(isSensitive: true), at: 1).word == "low>high sensitive 1")
    let before = machine.snapshot
    #expect(machine.assess(EscalationSignal(hasError: true), at: 2) == .atTop)
    #expect(machine.escalate(by: ReviewSupport.actor("dan"), at: 2) == .atTop)
    #expect(machine.snapshot == before)
    #expect(before.progress.escalations.count == 1)
  }

  @Test("S30: the human rung hands on to the manager")
  func request() throws {
    var machine = try ReviewSupport.ladder(Self.low, Self.high)
    #expect(machine.escalate(by: ReviewSupport.actor("dan"), at: 1).word == "NOT_AUTHORIZED")
    #expect(machine.escalate(by: ReviewSupport.actor("ana"), at: 1).word == "low>high request 1")
    #expect(machine.escalate(by: ReviewSupport.actor("ana"), at: 2).word == "NOT_AUTHORIZED")
    #expect(try machine.approve("ana", at: 2) == "NOT_AUTHORIZED")
    #expect(try machine.approve("dan", at: 2) == "approved")
    #expect(machine.statuses == ["escalated", "passed"])
  }

  @Test func theOpenRungDecidesAlone() throws {
    var machine = try ReviewSupport.ladder(Self.low, Self.high)
    var other = machine
    #expect(try machine.approve("ana", at: 1) == "approved")
    #expect(machine.statuses == ["passed", "skipped"])
    #expect(try other.reject("ana", at: 1) == "rejected")
  }

  @Test("What was said on a rung that was left does not count on the next")
  func votesStayBehind() throws {
    let low = #"{"name":"low","approvers":["anyone"],"quorum":2}"#
    let high = #"{"name":"high","approvers":["anyone"],"quorum":2}"#
    var machine = try ReviewSupport.ladder(low, high)
    try machine.approve("ana", key: "k", at: 1)
    _ = machine.assess(EscalationSignal(hasError: true), at: 2)
    #expect(try machine.approve("ana", at: 3) == "replayed ana@1")
    #expect(try machine.approve("bob", at: 3) == "counted")
    #expect(try machine.approve("ana", stage: "high", key: "k", at: 4) == "IDEMPOTENCY_MISMATCH")
    #expect(try machine.approve("ana", stage: "high", at: 4) == "approved")
  }

  @Test("A chain has no rungs: nobody gets around a stage of it")
  func chainsAreNotClimbed() throws {
    var machine = try ReviewSupport.chain(
      #"{"name":"low","approvers":["ana","bob"],"quorum":2}"#, Self.high)
    let before = machine.snapshot
    #expect(machine.escalate(by: ReviewSupport.actor("ana"), at: 1) == .atTop)
    #expect(machine.assess(EscalationSignal(confidence: 0), at: 1) == .atTop)
    #expect(machine.assess(EscalationSignal(), at: 1) == .stayed)
    #expect(machine.snapshot == before)
    #expect(try machine.approve("dan", at: 2) == "NOT_AUTHORIZED")
  }

  @Test("A claim ends when the review goes to others")
  func claimEnds() throws {
    var machine = try ReviewSupport.ladder(Self.low, Self.high)
    _ = machine.claim(by: ReviewSupport.actor("ana"), at: 1)
    _ = machine.assess(EscalationSignal(hasError: true), at: 2)
    #expect(machine.progress.claim == nil)
    #expect(machine.release(by: ReviewSupport.actor("ana"), at: 3).word == "CONFLICT")
  }

  @Test(
    "The last rung has nobody above it",
    arguments: [("", "expired"), (#","interrupt":"i""#, "rejected")])
  func endOfTheLadder(_ more: String, _ end: String) throws {
    var machine = try ReviewSupport.ladder(
      #"{"name":"low","approvers":["ana"],"deadline_in":10,"on_expiry":"escalate"}"#,
      #"{"name":"high","approvers":["dan"],"deadline_in":10,"on_expiry":"escalate"}"#, more: more)
    #expect(machine.settle(at: 10) == ["low>high deadline 10"])
    #expect(machine.settle(at: 20) == [end])
    #expect(machine.statuses == ["expired", end])
    #expect(machine.progress.escalations.count == 1)
  }

  @Test("The review's own end opens no rung that could not be answered")
  func ownEnd() throws {
    var machine = try ReviewSupport.ladder(
      Self.low, Self.high, more: #","deadline":10,"on_expiry":"escalate""#)
    #expect(machine.settle(at: 10) == ["expired"])
    #expect(machine.progress.escalations.isEmpty)
  }

  @Test("What the review says about deadlines holds for the stages that say nothing")
  func inheritedEscalation() throws {
    var machine = try ReviewSupport.ladder(
      #"{"name":"low","approvers":["ana"],"deadline_in":10}"#, Self.high,
      more: #","on_expiry":"escalate""#)
    #expect(machine.settle(at: 10) == ["low>high deadline 10"])
    #expect(try machine.approve("dan", at: 11) == "approved")
  }
}
