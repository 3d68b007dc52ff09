import InterlockCore

/// Everything that can happen to a review, by the name that the tables use for it.
enum ReviewEvents {
  typealias Event = @Sendable (inout ReviewScene) throws -> ReviewAction

  static let all: [(name: String, happen: Event)] = answers + endings + assignments + escalations

  private static func answer(
    _ scene: inout ReviewScene, _ actor: String, _ response: String, stage: Text? = nil,
    key: Text? = nil, at now: Instant = 100
  ) throws -> ReviewAction {
    let given = ReviewSupport.given(
      actor, try ReviewSupport.json(response), to: scene.machine.definition.payload, stage: stage,
      key: key, decision: Text("\(actor)@\(now)"))
    return scene.machine.answer(given, at: now)
  }

  private static func mismatch(_ scene: inout ReviewScene, by actor: String) -> ReviewAction {
    let given = GivenAnswer(
      decision: "m", actor: ReviewSupport.actor(actor), check: .mismatch([]), substance: "m",
      fingerprint: "m")
    return scene.machine.answer(given, at: 100)
  }

  private static let answers: [(name: String, happen: Event)] = [
    ("answer", { try answer(&$0, $0.voter, $0.said) }),
    ("otherwise", { try answer(&$0, $0.voter, $0.otherwise) }),
    ("dismiss", { try answer(&$0, $0.voter, ReviewSupport.dismiss) }),
    ("answer here", { try answer(&$0, $0.voter, $0.said, stage: $0.machine.stage.name) }),
    ("other stage", { try answer(&$0, $0.voter, $0.said, stage: $0.otherStage) }),
    ("unknown stage", { try answer(&$0, $0.voter, $0.said, stage: "unknown") }),
    ("repeat", { try answer(&$0, $0.voted, $0.said) }),
    ("repeat, k", { try answer(&$0, $0.voted, $0.said, key: "k") }),
    ("repeat here", { try answer(&$0, $0.voted, $0.said, stage: $0.machine.stage.name) }),
    (
      "repeat here, k",
      { try answer(&$0, $0.voted, $0.said, stage: $0.machine.stage.name, key: "k") }
    ),
    ("change", { try answer(&$0, $0.voted, $0.otherwise) }),
    ("change, k", { try answer(&$0, $0.voted, $0.otherwise, key: "k") }),
    ("answer, k", { try answer(&$0, $0.voter, $0.said, key: "k") }),
    ("bob answers", { try answer(&$0, "bob", $0.said) }),
    ("eve answers", { try answer(&$0, "eve", $0.said) }),
    ("invalid", { try answer(&$0, $0.voter, #"{"selectedOption":"Approve"}"#) }),
    ("mismatch", { mismatch(&$0, by: $0.voter) }),
    ("eve mismatch", { mismatch(&$0, by: "eve") }),
    ("answer 799", { try answer(&$0, $0.voter, $0.said, at: 799) }),
    ("answer 800", { try answer(&$0, $0.voter, $0.said, at: 800) }),
    ("answer 999", { try answer(&$0, $0.voter, $0.said, at: 999) }),
    ("answer 1000", { try answer(&$0, $0.voter, $0.said, at: 1000) }),
    ("invalid 1000", { try answer(&$0, $0.voter, "{}", at: 1000) }),
    ("repeat 1000", { try answer(&$0, $0.voted, $0.said, at: 1000) }),
  ]

  private static let endings: [(name: String, happen: Event)] = [
    ("cancel", { $0.machine.cancel(reason: "why", at: 100) }),
    ("cancel 1000", { $0.machine.cancel(reason: nil, at: 1000) }),
    ("supersede", { $0.machine.supersede(by: "other", at: 100) }),
    ("supersede 1000", { $0.machine.supersede(by: "other", at: 1000) }),
    ("advance 100", { $0.machine.advance(to: 100) }),
    ("advance 499", { $0.machine.advance(to: 499) }),
    ("advance 500", { $0.machine.advance(to: 500) }),
    ("advance 799", { $0.machine.advance(to: 799) }),
    ("advance 800", { $0.machine.advance(to: 800) }),
    ("advance 1000", { $0.machine.advance(to: 1000) }),
  ]

  private static let assignments: [(name: String, happen: Event)] = [
    ("claim", { $0.machine.claim(by: ReviewSupport.actor($0.voter), at: 100) }),
    ("bob claims", { $0.machine.claim(by: ReviewSupport.actor("bob"), at: 100) }),
    ("eve claims", { $0.machine.claim(by: ReviewSupport.actor("eve"), at: 100) }),
    ("claim 1000", { $0.machine.claim(by: ReviewSupport.actor($0.voter), at: 1000) }),
    ("ana releases", { $0.machine.release(by: ReviewSupport.actor("ana"), at: 100) }),
    ("bob releases", { $0.machine.release(by: ReviewSupport.actor("bob"), at: 100) }),
    ("release 1000", { $0.machine.release(by: ReviewSupport.actor("ana"), at: 1000) }),
    ("reassign", { $0.machine.reassign(to: ReviewSupport.actor($0.voter), at: 100) }),
    ("to eve", { $0.machine.reassign(to: ReviewSupport.actor("eve"), at: 100) }),
    ("to nobody", { $0.machine.reassign(to: nil, at: 100) }),
    ("reassign 1000", { $0.machine.reassign(to: nil, at: 1000) }),
  ]

  private static let escalations: [(name: String, happen: Event)] = [
    ("assess", { $0.machine.assess(EscalationSignal(), at: 100) }),
    ("assess 0.7", { $0.machine.assess(EscalationSignal(confidence: 0.7), at: 100) }),
    ("assess 0.69", { $0.machine.assess(EscalationSignal(confidence: 0.69), at: 100) }),
    ("assess NaN", { $0.machine.assess(EscalationSignal(confidence: .nan), at: 100) }),
    ("assess error", { $0.machine.assess(EscalationSignal(hasError: true), at: 100) }),
    ("assess sensitive", { $0.machine.assess(EscalationSignal(isSensitive: true), at: 100) }),
    ("assess 1000", { $0.machine.assess(EscalationSignal(hasError: true), at: 1000) }),
    ("escalate", { $0.machine.escalate(by: ReviewSupport.actor($0.voter), at: 100) }),
    ("eve escalates", { $0.machine.escalate(by: ReviewSupport.actor("eve"), at: 100) }),
    ("escalate 1000", { $0.machine.escalate(by: ReviewSupport.actor($0.voter), at: 1000) }),
  ]
}
