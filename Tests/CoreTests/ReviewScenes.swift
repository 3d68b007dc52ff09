import InterlockCore

/// A review in one of its states, and who is who in it.
struct ReviewScene {
  var machine: ReviewMachine
  /// An approver of the open stage who has not answered it.
  var voter: String
  /// Who has answered, what, under the key `k`. Where nobody has: the voter, who approves.
  var voted: String
  var said = ReviewSupport.approve
  /// Another answer.
  var otherwise = ReviewSupport.reject
  /// A stage that is there but not open.
  var otherStage: Text = "no other"

  init(_ machine: ReviewMachine, voter: String, voted: String? = nil) {
    self.machine = machine
    self.voter = voter
    self.voted = voted ?? voter
  }

  typealias Maker = @Sendable () throws -> ReviewScene

  /// Events of the tables happen at 100 unless they say otherwise. Every review ends at 1000 and has
  /// a reminder at 500; the stages of chain1, ladder and half end at 800.
  static let pending: [(name: String, make: Maker)] = [
    ("one", { ReviewScene(try one(), voter: "ana") }),
    ("chain1", { try chain(passed: false) }),
    ("chain2", { try chain(passed: true) }),
    ("ladder", { try ladder(climbed: false) }),
    ("top", { try ladder(climbed: true) }),
    ("half", { ReviewScene(try half(), voter: "bob", voted: "ana") }),
    (
      "claimed",
      {
        var machine = try one()
        _ = machine.claim(by: ReviewSupport.actor("ana"), at: 5)
        return ReviewScene(machine, voter: "ana")
      }
    ),
    ("verify", { try verify() }),
  ]

  static let ended: [(name: String, make: Maker)] = [
    ("approved", { try answered("approval", #"{"dismissLabel":"x"}"#, ReviewSupport.approve) }),
    ("rejected", { try answered("approval", "{}", ReviewSupport.reject) }),
    ("edited", { try answered("actions", actions, edit) }),
    ("answered", { try answered("text", "{}", #"{"text":"a"}"#) }),
    ("dismissed", { try answered("text", #"{"dismissLabel":"x"}"#, ReviewSupport.dismiss) }),
    (
      "acked",
      {
        ReviewScene(
          try ReviewSupport.machine(#"{"kind":"notify","payload":{"text":"a"}}"#), voter: "ana")
      }
    ),
    ("expired", { try ended { _ = $0.advance(to: 1000) } }),
    ("cancel'd", { try ended { _ = $0.cancel(reason: "r", at: 50) } }),
    ("super'd", { try ended { _ = $0.supersede(by: "next", at: 50) } }),
  ]

  static let time = #","deadline":1000,"reminders":[500]"#
  private static let actions = #"{"items":[{"id":"1","name":"t","args":{}}]}"#
  private static let edit =
    #"{"decisions":[{"type":"edit","edited_action":{"name":"t","args":{"n":1}}}]}"#

  private static func one() throws -> ReviewMachine {
    try ReviewSupport.chain(#"{"name":"a","approvers":["ana","bob"]}"#, more: time)
  }

  private static func half() throws -> ReviewMachine {
    var machine = try ReviewSupport.chain(
      #"""
      {"name":"a","approvers":["ana","bob","carl"],"quorum":2,"deadline_in":800,
      "on_expiry":"reject"}
      """#, more: time)
    try machine.approve("ana", key: "k", at: 5)
    return machine
  }

  private static func chain(passed: Bool) throws -> ReviewScene {
    let machine = try ReviewSupport.chain(
      #"{"name":"a","approvers":["mia","ana"],"deadline_in":800}"#,
      #"{"name":"b","approvers":["dan","mia"]}"#, more: time)
    var scene = ReviewScene(machine, voter: "mia")
    scene.otherStage = "b"
    guard passed else { return scene }
    try scene.machine.approve("mia", key: "k", at: 5)
    scene.voter = "dan"
    scene.otherStage = "a"
    return scene
  }

  private static func ladder(climbed: Bool) throws -> ReviewScene {
    let machine = try ReviewSupport.ladder(
      #"{"name":"a","approvers":["ana"],"deadline_in":800,"on_expiry":"escalate"}"#,
      #"{"name":"b","approvers":["dan"]}"#, more: time)
    var scene = ReviewScene(machine, voter: "ana")
    scene.otherStage = "b"
    guard climbed else { return scene }
    _ = scene.machine.assess(EscalationSignal(hasError: true), at: 5)
    scene = ReviewScene(scene.machine, voter: "dan")
    scene.otherStage = "a"
    return scene
  }

  /// One of two wrong phrases is spent.
  private static func verify() throws -> ReviewScene {
    var machine = try ReviewSupport.machine(
      #"{"kind":"verify","payload":{"phrase":"DELETE","maxAttempts":2}\#(time)}"#)
    try machine.say("ana", #"{"phrase":"delete"}"#, at: 5)
    var scene = ReviewScene(machine, voter: "ana")
    scene.said = #"{"phrase":"DELETE"}"#
    scene.otherwise = #"{"cancel":true}"#
    return scene
  }

  private static func answered(
    _ kind: String, _ payload: String, _ response: String
  ) throws -> ReviewScene {
    var scene = ReviewScene(
      try ReviewSupport.machine(#"{"kind":"\#(kind)","payload":\#(payload)\#(time)}"#),
      voter: "bob", voted: "ana")
    scene.said = response
    if response == ReviewSupport.reject { scene.otherwise = ReviewSupport.approve }
    try scene.machine.say("ana", response, key: "k", at: 5)
    return scene
  }

  private static func ended(_ event: (inout ReviewMachine) -> Void) throws -> ReviewScene {
    var scene = ReviewScene(
      try ReviewSupport.chain(
        #"{"name":"a","approvers":["ana","bob"],"quorum":2}"#, more: time), voter: "bob",
      voted: "ana")
    try scene.machine.approve("ana", key: "k", at: 5)
    event(&scene.machine)
    return scene
  }
}
