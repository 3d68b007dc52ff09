import Interlock
import InterlockCore
import InterlockStore
import Testing

/// What explain says an answer would do is what respond then does: in any state, at any time.
@Suite struct ReviewExplainTests {
  private struct Kind {
    let name: String
    let payload: String
    let answers: [String]
  }

  private static let approve = #"{"selectedOption":"approve"}"#
  private static let reject = #"{"selectedOption":"reject"}"#
  private static let kinds = [
    Kind(
      name: "approval", payload: #"{"allowComment":true,"dismissLabel":"x"}"#,
      answers: [
        approve, approve, reject, #"{"_dismissed":true}"#, "{}", "7", #"{"selectedOption":"x"}"#,
        #"{"selectedOption":"approve","comment":"fine"}"#,
      ]),
    Kind(
      name: "verify", payload: #"{"phrase":"DELETE","maxAttempts":3}"#,
      answers: [#"{"phrase":"DELETE"}"#, #"{"phrase":"delete"}"#, #"{"cancel":true}"#, "{}"]),
    Kind(
      name: "text", payload: #"{"maxLength":3}"#,
      answers: [#"{"text":"a"}"#, #"{"text":"b"}"#, #"{"text":"long"}"#]),
    Kind(
      name: "actions", payload: #"{"items":[{"id":"1","name":"t","args":{}}]}"#,
      answers: [
        #"{"decisions":[{"type":"approve"}]}"#, #"{"decisions":[{"type":"reject"}]}"#,
        #"{"decisions":[{"type":"edit","edited_action":{"name":"t","args":{"n":1}}}]}"#,
        #"{"decisions":[]}"#,
      ]),
  ]
  private static let people = [
    #""ana""#, #""bob""#, #""eve""#, #"{"value":"mia","roles":["manager"]}"#,
    #"{"type":"agent","value":"ana"}"#,
  ]
  private static let approvers = [
    #"["anyone"]"#, #"["anyone"]"#, #"["ana","bob"]"#, #"["ana",{"role":"manager"}]"#,
    #"["ana","bob","eve"]"#,
    #"[{"type":"agent"}]"#,
  ]

  private static func request(_ kind: Kind, _ dice: inout Dice) -> String {
    var stages: [String] = []
    for number in 0..<dice.roll(1...3) {
      var members = [#""name":"\#(number)","approvers":\#(dice.pick(approvers))"#]
      members.append(#""quorum":\#(dice.pick(["1", "1", "2", #""all""#, #""any""#]))"#)
      if dice.chance(40) { members.append(#""veto":false"#) }
      if dice.chance(25) { members.append(#""forbid_requester":true"#) }
      if dice.chance(25) { members.append(#""distinct_from_earlier":true"#) }
      if dice.chance(20) { members.append(#""deadline_in":\#(dice.roll(1...200))"#) }
      if dice.chance(40) {
        let action = dice.pick(["expire", "reject", "approve", "escalate"])
        members.append(#""on_expiry":"\#(action)""#)
      }
      stages.append("{" + members.joined(separator: ",") + "}")
    }
    let order = dice.chance(35) ? "ladder" : "chain"
    var members = [#""kind":"\#(kind.name)","payload":\#(kind.payload),"requester":"ana""#]
    members.append(
      #""policy":{"order":"\#(order)","stages":[\#(stages.joined(separator: ","))]}"#)
    if dice.chance(25) { members.append(#""expires_in":\#(dice.roll(1...400))"#) }
    if dice.chance(30) { members.append(#""interrupt":"i\#(dice.next())""#) }
    return "{" + members.joined(separator: ",") + "}"
  }

  /// Something other than an answer happens to the review, or nothing.
  private static func happen(to id: String, _ desk: Desk, _ dice: inout Dice) {
    let actor = #","actor":\#(dice.pick(people))"#
    switch dice.roll(1...20) {
    case 1: _ = desk.status(.claim, Desk.named(id, actor))
    case 2: _ = desk.status(.release, Desk.named(id, actor))
    case 3: _ = desk.status(.reassign, Desk.named(id, #","assignee":"ana""#))
    case 4: _ = desk.status(.escalate, Desk.named(id, actor))
    case 5: _ = desk.status(.escalate, Desk.named(id, #","confidence":0.1"#))
    case 6 where dice.chance(30): _ = desk.status(.cancel, Desk.named(id))
    case 7 where dice.chance(30):
      _ = desk.status(.supersede, Desk.named(id, #","successor":{"kind":"text","payload":{}}"#))
    default: break
    }
  }

  /// What respond did, in the words of explain.
  private static func outcome(_ desk: Desk, _ request: String) throws -> (JSONValue, String) {
    let attempts = try desk.ask(.get, request.selector).at("attempts")
    do throws(EngineError) {
      let done = try desk.result(.respond, request)
      if done.at("replayed") == "true" { return (.null, "replayed") }
      let last = try desk.result(.readEvents, #"{"limit":1000,"types":["review.answered"]}"#)
      return (.null, last.items("events").last?.at("body/result") ?? "-")
    } catch {
      let refusal = (try? JSONReader.read(error.details)) ?? .null
      let isAttempt = try desk.ask(.get, request.selector).at("attempts") != attempts
      return (refusal, isAttempt ? "attempted" : "rejected")
    }
  }

  @Test("explain says exactly what respond does", arguments: zip(StoreKind.allCases, 1...3))
  func agreement(_ kind: StoreKind, _ seed: Int) throws {
    var met: Set<String> = []
    var dice = Dice(UInt64(seed))
    for round in 0..<60 {
      try withDesk(kind) { (desk: Desk) throws in
        let kind = Self.kinds[round % Self.kinds.count]
        guard let opened = try? desk.result(.open, Self.request(kind, &dice)) else { return }
        let id = opened.at("review/id")
        for step in 1...10 {
          if dice.chance(25) { try desk.engine.setTime(Desk.start + Int64(step * 40)) }
          Self.happen(to: id, desk, &dice)
          let stage = dice.chance(25) ? #","stage":"\#(dice.roll(0...3))""# : ""
          let actor = #","actor":\#(dice.pick(Self.people))"#
          let answer = #","response":\#(dice.pick(kind.answers))"#
          met.insert(try Self.compare(desk, id, actor, stage, answer))
        }
      }
    }
    for word in ["counted", "stage_passed", "resolved", "replayed", "rejected"] {
      #expect(met.contains(word), "\(word) was never met: \(met)")
    }
  }

  private static func compare(
    _ desk: Desk, _ id: String, _ actor: String, _ stage: String, _ answer: String
  ) throws -> String {
    let mayAnswer = try desk.ask(.explain, Desk.named(id, actor + stage))
    let heads = try desk.heads()
    let trial = try desk.ask(.explain, Desk.named(id, actor + stage + answer))
    // Explaining changes nothing.
    #expect(try desk.heads() == heads)
    let (refusal, word) = try outcome(desk, Desk.named(id, actor + stage + answer))
    let what = "\(actor) \(stage) \(answer) \(trial.at(""))"
    #expect(trial.at("answer/action") == word, "\(what)")
    #expect(trial.at("answer/accepted") == "\(refusal == .null)", "\(what)")
    #expect(trial.find("answer/refusal") == refusal, "\(what)")
    // Whoever may not answer at all is refused for that very reason.
    if mayAnswer.at("answer/accepted") == "false", word != "replayed" {
      #expect(mayAnswer.find("answer/refusal") == refusal, "\(what)")
    }
    return word
  }
}

extension String {
  /// The selector of a request that begins with an id.
  fileprivate var selector: String {
    prefix { $0 != "," } + (contains(",") ? "}" : "")
  }
}
