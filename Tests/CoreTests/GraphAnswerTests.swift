import InterlockCore
import Testing

/// What a graph is told: each shape at each end of its review.
@Suite struct GraphAnswerTests {
  private static func told(
    _ shape: GraphShape, _ kind: ReviewKind, _ payload: String, _ outcome: ReviewOutcome,
    _ response: String?
  ) throws -> String {
    let answer = GraphAnswer(
      shape, try PayloadSupport.open(kind, payload), outcome: outcome,
      response: try response.map { try PayloadSupport.json($0) })
    return answer.value.map(PayloadSupport.text) ?? "nothing"
  }

  private static let yes: Set<ReviewOutcome> = [.approved, .edited, .acknowledged]

  @Test(
    "N8, N30: words and flags, for every outcome; silence is a no",
    arguments: ReviewOutcome.allCases)
  func wordsAndFlags(_ outcome: ReviewOutcome) throws {
    let isYes = Self.yes.contains(outcome)
    for response in [nil, #"{"selectedOption":"approve"}"#, "null"] {
      let word = try Self.told(.word, .approval, "{}", outcome, response)
      let no = response == nil ? #""timeout_reject""# : #""reject""#
      #expect(word == (isYes ? #""approve""# : no))
      #expect(try Self.told(.flag, .approval, "{}", outcome, response) == "\(isYes)")
    }
  }

  @Test("Freeform: the answer itself; without one false, or nothing if a schema says what it is")
  func freeform() throws {
    let schema = #"{"raw":true,"schema":{"type":"object"}}"#
    for outcome in ReviewOutcome.allCases {
      for response in ["null", "0", #""""#, "[]", #"{"a":[1]}"#] {
        for payload in [#"{"raw":true}"#, schema] {
          #expect(
            try Self.told(.freeform, .freeform, payload, outcome, response) == response,
            "\(outcome)")
        }
      }
      #expect(try Self.told(.freeform, .freeform, #"{"raw":true}"#, outcome, nil) == "false")
      #expect(try Self.told(.freeform, .freeform, schema, outcome, nil) == "nothing")
    }
  }

  private static func items(_ allowed: String...) -> String {
    let items = allowed.enumerated().map {
      #"{"id":"\#($0)","name":"send","args":{"to":"bob"},"allowed":\#($1)}"#
    }
    return #"{"items":[\#(items.joined(separator: ","))]}"#
  }

  private static let all = #"["approve","edit","reject","respond"]"#
  private static let message = "Decision expired before a human response was received."

  @Test(
    "Decisions come as they were given", arguments: [ReviewOutcome.approved, .rejected, .edited])
  func givenDecisions(_ outcome: ReviewOutcome) throws {
    let approve = #"{"type":"approve"}"#
    let reject = #"{"type":"reject","message":"no"}"#
    let payload = Self.items(Self.all, Self.all)
    let given = #"{"decisions":[\#(approve),\#(reject)]}"#
    #expect(try Self.told(.decisions, .actions, payload, outcome, given) == given)
    #expect(try Self.told(.decision, .actions, payload, outcome, given) == approve)
    #expect(
      try Self.told(.inbox, .actions, payload, outcome, given)
        == #"[{"type":"accept","args":null},{"type":"ignore","args":null}]"#)
    #expect(
      try Self.told(.inboxItem, .actions, payload, outcome, given)
        == #"{"type":"accept","args":null}"#)
  }

  @Test("The words of Agent Inbox")
  func inboxWords() throws {
    let rows: [(decision: String, inbox: String)] = [
      (#"{"type":"approve"}"#, #"{"type":"accept","args":null}"#),
      (
        #"{"type":"edit","edited_action":{"name":"send","args":{"to":"eve"}}}"#,
        #"{"type":"edit","args":{"action":"send","args":{"to":"eve"}}}"#
      ),
      (#"{"type":"respond","message":"hi"}"#, #"{"type":"response","args":"hi"}"#),
      (#"{"type":"reject","message":"no"}"#, #"{"type":"ignore","args":null}"#),
      (#"{"type":"reject"}"#, #"{"type":"ignore","args":null}"#),
    ]
    for row in rows {
      let told = try Self.told(
        .inboxItem, .actions, Self.items(Self.all), .approved,
        #"{"decisions":[\#(row.decision)]}"#)
      #expect(told == row.inbox)
    }
  }

  @Test("X42: without an answer each call is rejected in words", arguments: ReviewOutcome.allCases)
  func silence(_ outcome: ReviewOutcome) throws {
    let payload = Self.items(Self.all, Self.all)
    let one =
      Self.yes.contains(outcome)
      ? #"{"type":"approve"}"# : #"{"type":"reject","message":"\#(Self.message)"}"#
    #expect(
      try Self.told(.decisions, .actions, payload, outcome, nil)
        == #"{"decisions":[\#(one),\#(one)]}"#)
    #expect(try Self.told(.decision, .actions, payload, outcome, nil) == one)
    let inbox =
      Self.yes.contains(outcome)
      ? #"{"type":"accept","args":null}"# : #"{"type":"ignore","args":null}"#
    #expect(try Self.told(.inbox, .actions, payload, outcome, nil) == "[\(inbox),\(inbox)]")
    #expect(try Self.told(.inboxItem, .actions, payload, outcome, nil) == inbox)
  }

  @Test("A decision that is not allowed is not made up: then nothing can be told")
  func notAllowed() throws {
    let answers = Self.items(Self.all, #"["approve","respond"]"#)
    for shape in [GraphShape.decisions, .decision, .inbox, .inboxItem] {
      #expect(try Self.told(shape, .actions, answers, .expired, nil) == "nothing")
      #expect(try Self.told(shape, .actions, answers, .approved, nil) != "nothing")
      let noYes = Self.items(#"["reject","respond"]"#)
      #expect(try Self.told(shape, .actions, noYes, .approved, nil) == "nothing")
      #expect(try Self.told(shape, .actions, noYes, .cancelled, nil) != "nothing")
      // An answer of another kind than decisions says nothing.
      #expect(try Self.told(shape, .actions, answers, .approved, #"{"x":1}"#) == "nothing")
    }
  }
}
