import InterlockCore
import Testing

/// What two stages make of the same tool calls.
@Suite struct ReviewMergeTests {
  private static let payload =
    #"{"items":[{"id":"1","name":"t","args":{"n":0}},{"id":"2","name":"u","args":{}}]}"#

  /// `+` approve, `-` reject, `?` reply, a digit: an edit of the arguments.
  private static func decisions(_ text: String) throws -> JSONValue {
    let decisions = text.map { character in
      switch character {
      case "+": #"{"type":"approve"}"#
      case "-": #"{"type":"reject"}"#
      case "?": #"{"type":"respond","message":"m"}"#
      default: #"{"type":"edit","edited_action":{"name":"t","args":{"n":\#(character)}}}"#
      }
    }
    return try ReviewSupport.json(#"{"decisions":[\#(decisions.joined(separator: ","))]}"#)
  }

  private static func say(
    _ text: String, stage: Text, to machine: inout ReviewMachine, at now: Instant
  ) throws -> String {
    let response = try PayloadSupport.text(decisions(text))
    return try machine.say("ana", response, stage: stage, at: now)
  }

  private static func open(stages: Int, more: String = "") throws -> ReviewMachine {
    let stages = (1...stages).map { #"{"name":"\#($0)","approvers":["anyone"]}"# }
    let policy = #"{"stages":[\#(stages.joined(separator: ","))]}"#
    return try ReviewSupport.machine(
      #"{"kind":"actions","payload":\#(payload),"policy":\#(policy)\#(more)}"#)
  }

  @Test(
    arguments: [
      ("++", "++", "++", "approved"), ("++", "1+", "1+", "edited"), ("1+", "++", "1+", "edited"),
      ("1+", "2+", "2+", "edited"), ("1+", "-+", "-+", "edited"), ("-+", "++", "-+", "edited"),
      ("-+", "1+", "-+", "edited"), ("-+", "?+", "-+", "edited"), ("-+", "+-", "--", "rejected"),
      ("?+", "++", "?+", "edited"), ("?+", "1+", "1+", "edited"), ("1+", "--", "--", "rejected"),
      ("-+", "--", "--", "rejected"), ("?+", "-+", "-+", "edited"),
    ])
  func twoStages(_ first: String, _ second: String, _ merged: String, _ outcome: String) throws {
    var machine = try Self.open(stages: 2)
    #expect(try Self.say(first, stage: "1", to: &machine, at: 1) == "advanced 1")
    #expect(try Self.say(second, stage: "2", to: &machine, at: 2) == outcome)
    #expect(machine.progress.response == (try Self.decisions(merged)), "\(first) \(second)")
  }

  @Test func threeStages() throws {
    var machine = try Self.open(stages: 3)
    #expect(try Self.say("1+", stage: "1", to: &machine, at: 1) == "advanced 1")
    #expect(try Self.say("+-", stage: "2", to: &machine, at: 2) == "advanced 2")
    #expect(try Self.say("++", stage: "3", to: &machine, at: 3) == "edited")
    #expect(machine.progress.response == (try Self.decisions("1-")))
  }

  @Test("A chain whose stages reject different calls rejects, and asks nobody else")
  func rejectedTogether() throws {
    var machine = try Self.open(stages: 3)
    #expect(try Self.say("-+", stage: "1", to: &machine, at: 1) == "advanced 1")
    #expect(try Self.say("+-", stage: "2", to: &machine, at: 2) == "rejected")
    #expect(machine.statuses == ["passed", "rejected", "skipped"])
  }

  @Test("Silence approves what was made of the calls, not what was asked for")
  func silenceAfterAnEdit() throws {
    var machine = try Self.open(stages: 2, more: #","deadline":9,"on_expiry":"approve""#)
    #expect(try Self.say("1-", stage: "1", to: &machine, at: 1) == "advanced 1")
    #expect(machine.settle(at: 9) == ["edited"])
    #expect(machine.progress.response == (try Self.decisions("1-")))
  }

  @Test("Of every other kind the last answer counts")
  func otherKinds() throws {
    let policy = #"{"stages":[{"approvers":["ana"]},{"approvers":["dan"]}]}"#
    var machine = try ReviewSupport.machine(
      #"{"kind":"text","payload":{},"policy":\#(policy)}"#)
    #expect(try machine.say("ana", #"{"text":"draft"}"#, at: 1) == "advanced 1")
    #expect(try machine.say("dan", #"{"text":"final"}"#, at: 2) == "answered")
    #expect(machine.progress.response == (try ReviewSupport.json(#"{"text":"final"}"#)))
  }
}
