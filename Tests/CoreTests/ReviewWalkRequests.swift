import InterlockCore

/// Requests to open a review, and what people do with it, drawn from a seed.
struct ReviewDice {
  private var generator: SplitMix

  init(seed: UInt64) {
    generator = SplitMix(seed: seed)
  }

  mutating func roll(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &generator)
  }

  mutating func chance(_ percent: Int) -> Bool {
    roll(1...100) <= percent
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[roll(0...(elements.count - 1))]
  }

  static let people = [
    "ana", "bob", "carl", "dan@manager", "mia@manager", "agent/bot", "agent/bee", "eve",
  ]
  static let kinds: [(kind: ReviewKind, payload: String, answers: [String])] = [
    (.notify, #"{"text":"a"}"#, ["{}"]),
    (
      .approval, #"{"dismissLabel":"x","allowComment":true}"#,
      [
        ReviewSupport.approve, ReviewSupport.approve, ReviewSupport.reject, ReviewSupport.dismiss,
        #"{"selectedOption":"approve","comment":"ok"}"#, "{}",
      ]
    ),
    (
      .verify, #"{"phrase":"DELETE","maxAttempts":4}"#,
      [#"{"phrase":"DELETE"}"#, #"{"phrase":"delete"}"#, #"{"cancel":true}"#, "{}"]
    ),
    (
      .selection, #"{"items":[{"id":"a"},{"id":"b"}]}"#,
      [#"{"selectedIds":["a"]}"#, #"{"selectedIds":["b"]}"#, #"{"selectedIds":["c"]}"#]
    ),
    (
      .form, #"{"fields":[{"name":"n","type":"number"}],"dismissLabel":"x"}"#,
      [#"{"n":1}"#, #"{"n":2}"#, #"{"n":"1"}"#, ReviewSupport.dismiss]
    ),
    (.text, #"{"maxLength":3}"#, [#"{"text":"a"}"#, #"{"text":"b"}"#, #"{"text":"long"}"#]),
    (.freeform, #"{"raw":true}"#, ["null", "1", #"{"a":1}"#]),
    (
      .actions, #"{"items":[{"id":"1","name":"t","args":{}},{"id":"2","name":"u","args":{}}]}"#,
      [
        #"{"decisions":[{"type":"approve"},{"type":"approve"}]}"#,
        #"{"byId":{"2":{"type":"approve"},"1":{"type":"approve"}}}"#,
        #"{"decisions":[{"type":"approve"},{"type":"reject","message":"no"}]}"#,
        #"{"decisions":[{"type":"reject"},{"type":"approve"}]}"#,
        #"""
        {"decisions":[{"type":"edit","edited_action":{"name":"t","args":{"n":1}}},
        {"type":"approve"}]}
        """#,
        #"{"decisions":[{"type":"reject"},{"type":"reject"}]}"#,
        #"{"decisions":[{"type":"approve"}]}"#,
      ]
    ),
    (.rating, #"{"key":"k"}"#, [#"{"score":1}"#, #"{"score":1,"comment":"c"}"#, #"{"score":2}"#]),
  ]

  private static let approvers = [
    #"["anyone"]"#, #"["ana","bob","carl"]"#, #"["bob",{"type":"agent","value":"bot"},"ana"]"#,
    #"[{"role":"manager"}]"#, #"[{"type":"agent"}]"#, #"["ana",{"role":"manager"}]"#, #"["ana"]"#,
    #"["ana","bob"]"#,
  ]
  private static let quorums = [#""any""#, #""any""#, #""all""#, "1", "2", "2", "3"]
  private static let actions = [
    #""expire""#, #""reject""#, #""approve""#, #""escalate""#, #"{"resume_with":"timeout_reject"}"#,
  ]

  /// Whatever comes of it; some cannot be opened.
  mutating func request(_ kind: (kind: ReviewKind, payload: String, answers: [String])) -> String {
    var members = [#""kind":"\#(kind.kind.rawValue)""#, #""payload":\#(kind.payload)"#]
    if chance(50) { members.append(#""interrupt":"i""#) }
    if chance(60) { members.append(#""requester":"ana""#) }
    if chance(60) { members.append(#""expires_in":\#(roll(1...4000))"#) }
    if chance(60) { members.append(#""on_expiry":\#(pick(Self.actions))"#) }
    if chance(40) { members.append(#""reminders":\#(reminders())"#) }
    if chance(90) { members.append(#""policy":\#(policy())"#) }
    return "{" + members.joined(separator: ",") + "}"
  }

  private mutating func policy() -> String {
    let isLadder = chance(40)
    if isLadder, chance(20) { return #"{"order":"ladder"}"# }
    let stages = (0..<roll(1...4)).map { _ in stage() }.joined(separator: ",")
    return #"{"order":"\#(isLadder ? "ladder" : "chain")","stages":[\#(stages)]}"#
  }

  private mutating func stage() -> String {
    var members = [#""approvers":\#(pick(Self.approvers))"#, #""quorum":\#(pick(Self.quorums))"#]
    if chance(40) { members.append(#""veto":false"#) }
    if chance(25) { members.append(#""forbid_requester":true"#) }
    if chance(35) { members.append(#""distinct_from_earlier":true"#) }
    if chance(50) { members.append(#""deadline_in":\#(roll(1...1500))"#) }
    if chance(40) { members.append(#""on_expiry":\#(pick(Self.actions))"#) }
    if chance(30) { members.append(#""reminders":\#(reminders())"#) }
    return "{" + members.joined(separator: ",") + "}"
  }

  private mutating func reminders() -> String {
    "[" + (0..<roll(0...3)).map { _ in String(roll(1...1500)) }.joined(separator: ",") + "]"
  }
}
