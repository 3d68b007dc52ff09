import InterlockCore
import Testing

/// Deadlines, reminders, and clocks that do what they like.
@Suite struct ReviewTimeTests {
  private static func stage(
    _ name: String, _ actor: String, _ patience: Int, _ action: String, _ more: String = ""
  ) -> String {
    #"{"name":"\#(name)","approvers":["\#(actor)"],"deadline_in":\#(patience),"on_expiry":\#(action)\#(more)}"#
  }
  private static let last = #"{"name":"last","approvers":["dan"]}"#

  @Test("A stage opens at the deadline that opened it, not when somebody noticed")
  func cascade() throws {
    let stages = ["a", "b", "c"].map { Self.stage($0, "ana", 100, #""escalate""#) }
    func open() throws -> ReviewMachine {
      try ReviewSupport.chain(stages[0], stages[1], stages[2], Self.last)
    }
    var late = try open()
    #expect(late.settle(at: 250) == ["a>b deadline 100", "b>c deadline 200"])
    #expect(late.progress.stages.map(\.openedAt) == [0, 100, 200, nil])
    #expect(late.nextDeadline == Deadline(at: 300, event: .stageDeadline))
    var punctual = try open()
    #expect(punctual.settle(at: 100) == ["a>b deadline 100"])
    #expect(punctual.settle(at: 200) == ["b>c deadline 200"])
    #expect(punctual.progress.stages.map(\.openedAt) == late.progress.stages.map(\.openedAt))
    #expect(try late.approve("ana", at: 299) == "advanced 3")
    var overdue = punctual
    #expect(try overdue.approve("ana", at: 300) == "EXPIRED")
    #expect(overdue.settle(at: 300) == ["c>last deadline 300"])
    #expect(overdue.statuses == ["expired", "expired", "expired", "open"])
  }

  @Test("A stage that passed gives the next one all of its time")
  func patienceCountsFromOpening() throws {
    var machine = try ReviewSupport.chain(
      Self.stage("a", "ana", 100, #""reject""#), Self.stage("b", "dan", 100, #""reject""#))
    try machine.approve("ana", at: 99)
    #expect(machine.nextDeadline == Deadline(at: 199, event: .stageDeadline))
    #expect(machine.settle(at: 198) == [])
    #expect(machine.settle(at: 199) == ["rejected"])
    #expect(machine.statuses == ["passed", "rejected"])
  }

  @Test(
    "The earlier deadline counts, the review's own in a tie",
    arguments: [(99, "rejected"), (100, "rejected"), (101, "expired")] as [(Int, String)])
  func tie(_ own: Int, _ word: String) throws {
    var machine = try ReviewSupport.chain(
      Self.stage("a", "ana", 100, #""expire""#), more: #","deadline":\#(own),"on_expiry":"reject""#)
    let first = min(own, 100)
    let event: Deadline.Event = own <= 100 ? .reviewDeadline : .stageDeadline
    #expect(machine.nextDeadline == Deadline(at: Instant(first), event: event))
    #expect(machine.settle(at: Instant(first) - 1) == [])
    #expect(machine.settle(at: Instant(first)) == [word])
  }

  @Test(
    "What a stage's deadline does, by what the stage, the review and the interrupt say",
    arguments: [
      (#""expire""#, "", "expired"), (#""reject""#, "", "rejected"),
      (#""approve""#, "", "advanced 1"), (#""escalate""#, "", "a>last deadline 10"),
      (#"{"resume_with":1}"#, "", "expired"), (nil, "", "expired"),
      (nil, #","interrupt":"i""#, "rejected"), (nil, #","on_expiry":"reject""#, "rejected"),
      (nil, #","on_expiry":"approve""#, "advanced 1"),
      (#""expire""#, #","interrupt":"i","on_expiry":"reject""#, "expired"),
    ] as [(String?, String, String)])
  func stageExpiry(_ own: String?, _ more: String, _ word: String) throws {
    let action = own.map { #","on_expiry":\#($0)"# } ?? ""
    var machine = try ReviewSupport.chain(
      #"{"name":"a","approvers":["ana"],"deadline_in":10\#(action)}"#, Self.last, more: more)
    #expect(machine.settle(at: 10) == [word])
  }

  @Test("A silent yes counts for its own stage only")
  func silentApproval() throws {
    var machine = try ReviewSupport.chain(Self.stage("a", "ana", 10, #""approve""#), Self.last)
    #expect(machine.settle(at: 1000) == ["advanced 1"])
    #expect(machine.progress.stages[1].openedAt == 10)
    var other = machine
    #expect(try machine.reject("dan", at: 1001) == "rejected")
    #expect(try other.approve("dan", at: 1001) == "approved")
  }

  @Test("A silent yes at the review's own deadline is a yes to all that is left")
  func silentApprovalOfAll() throws {
    var machine = try ReviewSupport.chain(
      #"{"approvers":["ana"]}"#, Self.last, more: #","deadline":10,"on_expiry":"approve""#)
    #expect(machine.settle(at: 10) == ["approved"])
    #expect(machine.statuses == ["passed", "skipped"])
    #expect(machine.progress.response == (try ReviewSupport.json(ReviewSupport.approve)))
  }

  @Test(
    "What silence cannot approve is not asked",
    arguments: [
      ("approval", #"{"options":[{"id":"no"}]}"#, "not_allowed "),
      (
        "approval", #"{"options":[{"id":"a","verdict":"approve"},{"id":"b","verdict":"approve"}]}"#,
        "not_allowed "
      ),
      (
        "actions", #"{"items":[{"id":"1","name":"t","args":{},"allowed":["reject"]}]}"#,
        "not_allowed /decisions/0/type"
      ),
      ("verify", #"{"phrase":"a"}"#, "not_allowed "), ("text", "{}", "not_allowed "),
      ("rating", #"{"key":"k"}"#, "not_allowed "), ("freeform", "{}", "not_allowed "),
      ("notify", #"{"text":"a"}"#, "not_allowed "),
      ("form", #"{"fields":[{"name":"a","type":"text"}]}"#, "not_allowed "),
      ("selection", #"{"items":[{"id":"a"}]}"#, "not_allowed "),
    ])
  func impossibleSilence(_ kind: String, _ payload: String, _ problem: String) throws {
    let stages = #"{"stages":[{"approvers":["anyone"],"deadline_in":1,"on_expiry":"approve"}]}"#
    for more in [#""on_expiry":"approve""#, #""policy":\#(stages)"#] {
      let request = #"{"kind":"\#(kind)","payload":\#(payload),\#(more)}"#
      #expect(try ReviewSupport.refusals(request) == ["INVALID_PAYLOAD", problem])
    }
  }

  @Test("An expired review does not keep what its first stage said")
  func noAnswerIsLeftBehind() throws {
    for end in ["expire", "cancel", "supersede"] {
      var machine = try ReviewSupport.chain(
        #"{"approvers":["ana"]}"#, Self.last, more: #","deadline":10"#)
      try machine.approve("ana", at: 1)
      #expect(machine.progress.response == (try ReviewSupport.json(ReviewSupport.approve)))
      switch end {
      case "expire": machine.settle(at: 10)
      case "cancel": _ = machine.cancel(reason: nil, at: 2)
      default: _ = machine.supersede(by: "next", at: 2)
      }
      #expect(machine.progress.response == nil, "\(end)")
      #expect(machine.progress.stages[0].votes.count == 1)
    }
  }

  // MARK: Reminders

  @Test func remindersComeOneByOne() throws {
    var machine = try ReviewSupport.chain(
      Self.stage("a", "ana", 100, #""escalate""#, #","reminders":[10,50,50]"#), Self.last,
      more: #","deadline":1000,"reminders":[920,30]"#)
    var calendar: [String] = []
    while let next = machine.nextDeadline, calendar.count < 10 {
      #expect(machine.advance(to: next.at - 1) == .idle)
      calendar.append("\(next.at) \(machine.settle(at: next.at).joined(separator: ","))")
    }
    #expect(
      calendar == [
        "50 reminded", "80 reminded", "90 reminded", "100 a>last deadline 100", "970 reminded",
        "1000 expired",
      ])
  }

  @Test("Reminders that were missed are given once")
  func missedReminders() throws {
    var machine = try ReviewSupport.chain(
      Self.stage("a", "ana", 100, #""expire""#, #","reminders":[10,30,50]"#),
      more: #","deadline":200,"reminders":[150,120]"#)
    #expect(machine.settle(at: 95) == ["reminded"])
    #expect(machine.settle(at: 99) == [])
    #expect(machine.progress.reminded == 2)
    #expect(machine.progress.stages[0].reminded == 3)
    #expect(machine.nextDeadline == Deadline(at: 100, event: .stageDeadline))
  }

  @Test("Nobody is reminded of what has passed")
  func deadlineBeforeReminder() throws {
    var machine = try ReviewSupport.chain(Self.last, more: #","deadline":100,"reminders":[10]"#)
    #expect(machine.settle(at: 100) == ["expired"])
    #expect(machine.progress.reminded == 0)
  }

  // MARK: Clocks

  @Test("A clock that goes backwards moves nothing back")
  func backwards() throws {
    var machine = try ReviewSupport.chain(
      Self.last, Self.stage("b", "ana", 100, #""reject""#), more: "")
    _ = machine.claim(by: ReviewSupport.actor("dan"), at: 5000)
    #expect(try machine.approve("dan", at: 10) == "advanced 1")
    #expect(machine.progress.updatedAt == 5000)
    #expect(machine.progress.stages[0].votes[0].at == 5000)
    #expect(machine.progress.stages[1].openedAt == 5000)
    #expect(machine.nextDeadline == Deadline(at: 5100, event: .stageDeadline))
    #expect(machine.settle(at: 5000) == [])
    #expect(try machine.approve("ana", at: 20) == "approved")
    #expect(machine.progress.closedAt == 5000)
  }

  @Test("What was too late stays too late when the clock goes back")
  func tooLateForEver() throws {
    var machine = try ReviewSupport.chain(
      Self.stage("a", "ana", 100, #""escalate""#), Self.stage("b", "dan", 100, #""reject""#))
    #expect(machine.advance(to: 250).word == "a>b deadline 100")
    #expect(try machine.approve("dan", at: 150) == "EXPIRED")
    #expect(machine.cancel(reason: nil, at: 150).word == "EXPIRED")
    #expect(machine.advance(to: 150).word == "rejected")
    #expect(machine.progress.closedAt == 200)
  }

  @Test("The ends of time", arguments: [Instant.min, 0, Deadline.last - 1])
  func endsOfTime(_ now: Instant) throws {
    var machine = try ReviewSupport.machine(
      ReviewSupport.request(
        [Self.stage("a", "ana", Int(Deadline.longest), #""expire""#, #","reminders":[1]"#)],
        order: "chain", more: #","reminders":[3155760000000],"deadline":\#(Deadline.last)"#),
      at: now)
    #expect(machine.nextDeadline != nil)
    #expect(machine.settle(at: .min).allSatisfy { $0 == "reminded" })
    #expect(machine.settle(at: .max).last == "expired")
  }
}
