import InterlockCore
import Testing

/// Requirements that the machine alone decides, by their numbers.
@Suite struct ReviewRequirementTests {
  private static let manager = #"{"name":"manager","approvers":["mia","dan"]}"#
  private static let director = #"{"name":"director","approvers":["dan"]}"#
  private static let interrupt = #","interrupt":"i""#

  @Test(
    "N8, S3, S5: nothing but a plain yes approves",
    arguments: [
      (#"{"selectedOption":"approve"}"#, "approved"), (#"{"selectedOption":"reject"}"#, "rejected"),
      (#"{"selectedOption":"Approve"}"#, "INVALID_RESPONSE"),
      (#"{"selectedOption":" approve"}"#, "INVALID_RESPONSE"),
      (#"{"selectedOption":"yes"}"#, "INVALID_RESPONSE"),
      (#"{"selectedOption":true}"#, "INVALID_RESPONSE"), ("{}", "INVALID_RESPONSE"),
      (#"{"approved":true}"#, "INVALID_RESPONSE"), ("null", "INVALID_RESPONSE"),
      (#""approve""#, "INVALID_RESPONSE"), (ReviewSupport.dismiss, "dismissed"),
    ])
  func onlyAYesApproves(_ response: String, _ outcome: String) throws {
    var machine = try ReviewSupport.chain(Self.manager)
    #expect(try machine.say("mia", response, at: 1) == outcome)
  }

  @Test("N8: an option says no unless it says yes")
  func anUnknownOptionRejects() throws {
    let payload = #"{"options":[{"id":"ok"},{"id":"go","verdict":"approve"}]}"#
    var machine = try ReviewSupport.machine(#"{"kind":"approval","payload":\#(payload)}"#)
    var other = machine
    #expect(try machine.say("ana", #"{"selectedOption":"ok"}"#, at: 1) == "rejected")
    #expect(try other.say("ana", #"{"selectedOption":"go"}"#, at: 1) == "approved")
  }

  @Test(
    "N8, N30: silence is a no for an agent that waits, and only an end for a review that stands alone"
  )
  func silence() throws {
    var waiting = try ReviewSupport.chain(Self.manager, more: #","deadline":9,"interrupt":"i""#)
    #expect(waiting.settle(at: 9) == ["rejected"])
    #expect(
      waiting.progress.response == (try ReviewSupport.json(ReviewSupport.reject)))
    var alone = try ReviewSupport.chain(Self.manager, more: #","deadline":9"#)
    #expect(alone.settle(at: 9) == ["expired"])
    #expect(alone.progress.response == nil)
  }

  @Test("N30: the value of a timeout", arguments: [#""timeout_reject""#, "null", "false", "{}"])
  func resumesWith(_ value: String) throws {
    let more = #","deadline":9,"interrupt":"i","on_expiry":{"resume_with":\#(value)}"#
    var machine = try ReviewSupport.chain(Self.manager, Self.director, more: more)
    try machine.approve("mia", at: 1)
    #expect(machine.settle(at: 9) == ["expired"])
    #expect(machine.outcome == .expired)
    #expect(machine.progress.response == (try ReviewSupport.json(value)))
  }

  @Test("N31, 3.6 item 11: a deadline fires once, however often it is swept")
  func sweptTwice() throws {
    var machine = try ReviewSupport.chain(Self.manager, more: #","deadline":9"#)
    #expect(machine.advance(to: 9).word == "expired")
    let end = machine.snapshot
    for now in [9, 10, 1_000_000] as [Instant] { #expect(machine.advance(to: now) == .idle) }
    #expect(machine.snapshot == end)
  }

  @Test("N28, 3.6 item 1: the manager's click, delivered again, does not answer for the director")
  func redeliveredClick() throws {
    var machine = try ReviewSupport.chain(Self.manager, Self.director)
    #expect(try machine.approve("dan", at: 1) == "advanced 1")
    let after = machine.snapshot
    for now in [2, 3, 4] as [Instant] {
      #expect(try machine.approve("dan", at: now) == "replayed dan@1")
      #expect(try machine.approve("dan", stage: "manager", at: now) == "replayed dan@1")
    }
    #expect(machine.snapshot == after)
    #expect(try machine.approve("dan", stage: "director", at: 5) == "approved")
    #expect(try machine.approve("dan", at: 6) == "replayed dan@1")
    #expect(try machine.approve("dan", stage: "director", at: 6) == "replayed dan@5")
  }

  @Test("N28: one key counts once, even if it is sent to the next stage")
  func redeliveredKey() throws {
    var machine = try ReviewSupport.chain(Self.manager, Self.director)
    #expect(try machine.approve("dan", key: "k", at: 1) == "advanced 1")
    #expect(
      try machine.approve("dan", stage: "director", key: "k", at: 2) == "IDEMPOTENCY_MISMATCH")
    #expect(try machine.approve("mia", key: "k", at: 2) == "IDEMPOTENCY_MISMATCH")
    #expect(try machine.reject("dan", key: "k", at: 2) == "IDEMPOTENCY_MISMATCH")
    #expect(try machine.approve("dan", key: "k", at: 2) == "replayed dan@1")
    #expect(machine.isPending)
    #expect(try machine.approve("dan", stage: "director", key: "k2", at: 3) == "approved")
    #expect(try machine.approve("dan", key: "k2", at: 4) == "replayed dan@3")
    #expect(try machine.approve("dan", key: "k", at: 4) == "replayed dan@1")
  }

  @Test("N33: manager, then director; the director's answer is the result")
  func twoLevels() throws {
    var machine = try ReviewSupport.chain(Self.manager, Self.director, more: Self.interrupt)
    #expect(try machine.approve("dan", stage: "director", at: 1) == "WRONG_STAGE")
    #expect(try machine.approve("mia", at: 2) == "advanced 1")
    #expect(machine.statuses == ["passed", "open"])
    #expect(try machine.approve("mia", stage: "director", at: 3) == "NOT_AUTHORIZED")
    #expect(try machine.reject("dan", at: 4) == "rejected")
    #expect(machine.statuses == ["passed", "rejected"])
    #expect(machine.progress.response == (try ReviewSupport.json(ReviewSupport.reject)))
  }

  @Test("N35, 3.6 item 2: when the manager says no, nobody else is asked")
  func rejectionClosesTheChain() throws {
    var machine = try ReviewSupport.chain(Self.manager, Self.director)
    #expect(try machine.reject("mia", at: 1) == "rejected")
    #expect(machine.statuses == ["rejected", "skipped"])
    #expect(try machine.approve("dan", at: 2) == "ALREADY_RESOLVED")
    #expect(machine.outcome == .rejected)
  }

  @Test("N35: a manager who dismisses the question has not approved it")
  func dismissalClosesTheChain() throws {
    var machine = try ReviewSupport.chain(Self.manager, Self.director)
    #expect(try machine.say("mia", ReviewSupport.dismiss, at: 1) == "dismissed")
    #expect(try machine.approve("dan", at: 2) == "ALREADY_RESOLVED")
  }

  @Test("S13, S15: to be notified is not to be asked")
  func notify() throws {
    var machine = try ReviewSupport.machine(
      #"{"kind":"notify","payload":{"text":"done"},"deadline":9}"#, at: 1)
    #expect(machine.outcome == .acknowledged)
    #expect(machine.progress.closedAt == 1)
    #expect(machine.nextDeadline == nil)
    #expect(try machine.say("ana", "{}", at: 2) == "ALREADY_RESOLVED")
    #expect(machine.settle(at: 9) == [])
  }

  @Test(
    "S16: confirm takes yes or no", arguments: [("yes", "approved"), ("no", "rejected")])
  func confirm(_ option: String, _ outcome: String) throws {
    let payload = #"{"options":[{"id":"yes"},{"id":"no"}]}"#
    var machine = try ReviewSupport.machine(#"{"kind":"approval","payload":\#(payload)}"#)
    #expect(try machine.say("ana", #"{"selectedOption":"Y"}"#, at: 1) == "INVALID_RESPONSE")
    #expect(try machine.say("ana", #"{"selectedOption":"\#(option)"}"#, at: 1) == outcome)
  }

  @Test("S17, S19: the phrase, to the letter")
  func verify() throws {
    var machine = try ReviewSupport.machine(
      #"{"kind":"verify","payload":{"phrase":"DELETE db","maxAttempts":3}}"#)
    #expect(try machine.say("ana", #"{"phrase":"delete db"}"#, at: 1) == "attempted")
    #expect(try machine.say("ana", #"{"phrase":"DELETE db "}"#, at: 2) == "attempted")
    #expect(try machine.say("ana", #"{"phrase":7}"#, at: 3) == "INVALID_RESPONSE")
    #expect(machine.progress.attempts == 2)
    var spent = machine
    #expect(try machine.say("ana", #"{"phrase":"DELETE db"}"#, at: 4) == "approved")
    #expect(try spent.say("ana", #"{"phrase":"None"}"#, at: 4) == "rejected")
    #expect(try spent.say("ana", #"{"phrase":"DELETE db"}"#, at: 5) == "ALREADY_RESOLVED")
    #expect(spent.progress.response == nil)
  }

  @Test("S17: without a limit a wrong phrase may be typed for ever")
  func verifyWithoutLimit() throws {
    var machine = try ReviewSupport.machine(#"{"kind":"verify","payload":{"phrase":"a"}}"#)
    for now in 1...100 as ClosedRange<Instant> {
      #expect(try machine.say("ana", #"{"phrase":"b"}"#, at: now) == "attempted")
    }
    #expect(try machine.say("ana", #"{"phrase":"a"}"#, at: 101) == "approved")
  }

  @Test(
    "S18, S20: what could never be confirmed is not asked",
    arguments: [
      (#"{"kind":"verify","payload":{}}"#, "missing /payload/phrase"),
      (#"{"kind":"verify","payload":{"phrase":null}}"#, "type /payload/phrase"),
      (#"{"kind":"verify","payload":{"phrase":""}}"#, "empty /payload/phrase"),
      (#"{"kind":"confirm","payload":{}}"#, "not_an_option /kind"),
    ])
  func impossibleQuestions(_ request: String, _ problem: String) throws {
    #expect(try ReviewSupport.refusals(request) == ["INVALID_PAYLOAD", problem])
  }

  @Test("S37, 3.6 item 10: three steps stop three times, and a no at the second ends it")
  func multiStep() throws {
    var machine = try ReviewSupport.chain(
      #"{"approvers":["anyone"]}"#, #"{"approvers":["anyone"]}"#, #"{"approvers":["anyone"]}"#)
    #expect(try machine.approve("ana", stage: "stage 1", at: 1) == "advanced 1")
    var stopped = machine
    #expect(try machine.approve("ana", stage: "stage 2", at: 2) == "advanced 2")
    #expect(try machine.approve("ana", stage: "stage 3", at: 3) == "approved")
    #expect(try stopped.reject("ana", stage: "stage 2", at: 2) == "rejected")
    #expect(stopped.statuses == ["passed", "rejected", "skipped"])
  }

  @Test("S21, S24: a score from 0 to 1; an empty comment is none")
  func rating() throws {
    var machine = try ReviewSupport.machine(#"{"kind":"rating","payload":{"key":"helpful"}}"#)
    #expect(try machine.say("ana", #"{"score":1.01}"#, at: 1) == "INVALID_RESPONSE")
    #expect(try machine.say("ana", #"{"score":0.5,"comment":""}"#, at: 2) == "answered")
    #expect(
      machine.progress.response == (try ReviewSupport.json(#"{"score":0.5,"comment":null}"#)))
  }

  @Test("X17: the words that tool calls are told when nobody answered")
  func expiredActions() throws {
    let payload = #"{"items":[{"id":"1","name":"t","args":{}},{"id":"2","name":"u","args":{}}]}"#
    var machine = try ReviewSupport.machine(
      #"{"kind":"actions","payload":\#(payload),"interrupt":"i","deadline":9}"#)
    #expect(machine.settle(at: 9) == ["rejected"])
    let reject =
      #"{"type":"reject","message":"Decision expired before a human response was received."}"#
    #expect(
      machine.progress.response
        == (try ReviewSupport.json(#"{"decisions":[\#(reject),\#(reject)]}"#)))
  }

  @Test("3.6 item 5, X51: the wrong actor consumes nothing")
  func wrongThenRight() throws {
    var machine = try ReviewSupport.chain(Self.director)
    let before = machine.snapshot
    #expect(try machine.approve("eve", key: "k", at: 1) == "NOT_AUTHORIZED")
    #expect(try machine.approve("email/dan", key: "k", at: 1) == "NOT_AUTHORIZED")
    #expect(machine.snapshot == before)
    #expect(try machine.approve("dan", key: "k", at: 2) == "approved")
  }

  @Test("3.6 item 6, X52, X54: a disallowed edit harms nothing; an allowed one is the result")
  func edits() throws {
    let items = #"[{"id":"1","name":"t","args":{"x":1},"allowed":["approve","edit"]}]"#
    var machine = try ReviewSupport.machine(#"{"kind":"actions","payload":{"items":\#(items)}}"#)
    let rename = #"{"decisions":[{"type":"edit","edited_action":{"name":"u","args":{}}}]}"#
    let edit = #"{"decisions":[{"type":"edit","edited_action":{"name":"t","args":{"x":2}}}]}"#
    let before = machine.snapshot
    #expect(try machine.say("ana", rename, at: 1) == "INVALID_RESPONSE")
    #expect(
      try machine.say("ana", #"{"decisions":[{"type":"reject"}]}"#, at: 1) == "INVALID_RESPONSE")
    #expect(machine.snapshot == before)
    var edited = machine
    #expect(try edited.say("ana", edit, at: 2) == "edited")
    #expect(edited.progress.response == (try ReviewSupport.json(edit)))
    #expect(try machine.say("ana", #"{"decisions":[{"type":"approve"}]}"#, at: 2) == "approved")
  }

  @Test(
    "3.6 item 8: at the deadline the clock decides, not who comes first", arguments: [-1, 0, 1])
  func race(_ late: Instant) throws {
    var answered = try ReviewSupport.chain(Self.director, more: #","deadline":1000"#)
    var swept = answered
    let now = 1000 + late
    let isIn = late < 0
    #expect(try answered.approve("dan", at: now) == (isIn ? "approved" : "EXPIRED"))
    #expect(answered.settle(at: now) == (isIn ? [] : ["expired"]))
    #expect(swept.settle(at: now) == (isIn ? [] : ["expired"]))
    #expect(try swept.approve("dan", at: now) == (isIn ? "approved" : "EXPIRED"))
    #expect(answered.snapshot == swept.snapshot)
  }
}
