import InterlockCore
import Testing

/// How many must say what, and who must not say it.
@Suite struct ReviewQuorumTests {
  /// Ballots are read from left to right: `a+` ana approves, `b-` bob rejects, `c~` carl dismisses.
  private func count(_ stage: String, _ ballots: String, more: String = "") throws -> String {
    var machine = try ReviewSupport.chain(stage, more: more)
    var words: [String] = []
    for (position, ballot) in ballots.split(separator: " ").enumerated() {
      let actor = ["a": "ana", "b": "bob", "c": "carl"][ballot.prefix(1)] ?? "eve"
      let responses = [
        "+": ReviewSupport.approve, "-": ReviewSupport.reject, "~": ReviewSupport.dismiss,
      ]
      let response = try #require(responses[String(ballot.suffix(1))])
      words.append(try machine.say(actor, response, at: Instant(position)))
    }
    #expect(machine.isPending == ["counted"].contains(words.last ?? "counted"))
    return words.joined(separator: " ")
  }

  private static let three = #""approvers":["ana","bob","carl"]"#

  @Test(
    arguments: [
      (#""quorum":"any""#, "a+", "approved"), (#""quorum":"any""#, "a-", "rejected"),
      (#""quorum":"any""#, "a~", "dismissed"),
      (#""quorum":"any","veto":false"#, "a-", "rejected"),
      (#""quorum":1"#, "c+", "approved"),
      (#""quorum":2"#, "a+ b+", "counted approved"), (#""quorum":2"#, "a+ b-", "counted rejected"),
      (#""quorum":2"#, "a-", "rejected"),
      (#""quorum":"all""#, "a+ b+ c+", "counted counted approved"),
      (#""quorum":"all""#, "a+ b+ c-", "counted counted rejected"),
      (#""quorum":3"#, "c+ b+ a+", "counted counted approved"),
      // Without veto as many as the quorum must refuse, or so many that the quorum is out of reach.
      (#""quorum":2,"veto":false"#, "a- b+ c+", "counted counted approved"),
      (#""quorum":2,"veto":false"#, "a- b-", "counted rejected"),
      (#""quorum":2,"veto":false"#, "a+ b- c-", "counted counted rejected"),
      (#""quorum":"all","veto":false"#, "a-", "rejected"),
      (#""quorum":"all","veto":false"#, "a+ b-", "counted rejected"),
      (#""quorum":3,"veto":false"#, "a+ b+ c-", "counted counted rejected"),
      // Dismissals are answers, but not the same ones.
      (#""quorum":2"#, "a~ b~", "counted dismissed"),
      (#""quorum":2"#, "a~ b+ c+", "counted counted approved"),
      (#""quorum":3"#, "a~ b+", "counted rejected"),
      (#""quorum":2,"veto":false"#, "a~ b+ c-", "counted counted rejected"),
    ])
  func threeApprovers(_ rule: String, _ ballots: String, _ words: String) throws {
    #expect(try count("{\(Self.three),\(rule)}", ballots) == words, "\(rule)")
  }

  @Test(
    "Where the approvers are not counted, no quorum is out of reach",
    arguments: [
      (#""quorum":2,"veto":false"#, "a- b~ c+ e+", "counted counted counted approved"),
      (#""quorum":2,"veto":false"#, "a- b-", "counted rejected"),
      (#""quorum":3"#, "a+ b+ c+", "counted counted approved"),
    ])
  func anyone(_ rule: String, _ ballots: String, _ words: String) throws {
    #expect(try count(#"{"approvers":["anyone"],\#(rule)}"#, ballots) == words)
  }

  @Test func anApproverNamedTwiceIsOne() throws {
    let twice = #"{"approvers":["ana",{"type":"user_id","value":"ana"},"bob"],"quorum":"all"}"#
    #expect(try count(twice, "a+ b+") == "counted approved")
    let email = #"{"approvers":["ana",{"type":"email","value":"ana"}],"quorum":"all"}"#
    var machine = try ReviewSupport.chain(email)
    #expect(try machine.approve("ana", at: 1) == "counted")
    #expect(try machine.approve("email/ana", at: 2) == "approved")
  }

  @Test func theSamePersonCountsOnce() throws {
    var machine = try ReviewSupport.chain(#"{"approvers":[{"role":"m"}],"quorum":2}"#)
    #expect(try machine.approve("ana@m", at: 1) == "counted")
    #expect(try machine.approve("ana@m", at: 2) == "replayed ana@m@1")
    #expect(try machine.approve("ana@m,x", key: "k", at: 3) == "replayed ana@m@1")
    #expect(try machine.reject("ana@m", at: 4) == "ALREADY_VOTED")
    #expect(machine.progress.stages[0].votes.count == 1)
  }

  @Test("Who disagrees about the answer does not count together")
  func equalAnswers() throws {
    let stage = #"{"stages":[{"approvers":["ana","bob","carl"],"quorum":2}]}"#
    let request = #"{"kind":"text","payload":{},"policy":\#(stage)}"#
    var machine = try ReviewSupport.machine(request)
    #expect(try machine.say("ana", #"{"text":"x"}"#, at: 1) == "counted")
    #expect(try machine.say("bob", #"{"text":"y"}"#, at: 2) == "counted")
    var split = machine
    #expect(try machine.say("carl", #"{"text":"y"}"#, at: 3) == "answered")
    #expect(machine.progress.response == (try ReviewSupport.json(#"{"text":"y"}"#)))
    #expect(try split.say("carl", #"{"text":"z"}"#, at: 3) == "rejected")
    #expect(split.progress.response == nil)
  }

  @Test("A comment is not part of what is agreed on")
  func commentsAside() throws {
    let policy = #"{"stages":[{"approvers":["anyone"],"quorum":2}]}"#
    var machine = try ReviewSupport.machine(
      #"{"kind":"approval","payload":{"allowComment":true},"policy":\#(policy)}"#)
    let commented = #"{"selectedOption":"approve","comment":"ok"}"#
    #expect(try machine.approve("ana", at: 1) == "counted")
    #expect(try machine.say("ana", commented, at: 2) == "ALREADY_VOTED")
    #expect(try machine.say("bob", commented, at: 3) == "approved")
  }

  @Test("A disagreement over edits is no approval of any of them")
  func disagreement() throws {
    let policy = #"{"stages":[{"approvers":["ana","bob"],"quorum":"all"}]}"#
    let payload = #"{"items":[{"id":"1","name":"t","args":{}}]}"#
    var machine = try ReviewSupport.machine(
      #"{"kind":"actions","payload":\#(payload),"policy":\#(policy)}"#)
    func edit(_ n: Int) -> String {
      #"{"decisions":[{"type":"edit","edited_action":{"name":"t","args":{"n":\#(n)}}}]}"#
    }
    #expect(try machine.say("ana", edit(1), at: 1) == "counted")
    #expect(try machine.say("bob", edit(2), at: 2) == "rejected")
    let reject = #"{"type":"reject","message":"Human rejected the requested agent action."}"#
    #expect(
      machine.progress.response == (try ReviewSupport.json(#"{"decisions":[\#(reject)]}"#)))
  }

  // MARK: Four eyes

  @Test func whoAsksMustNotDecide() throws {
    let stage = #"{"approvers":["anyone"],"forbid_requester":true}"#
    var machine = try ReviewSupport.chain(stage, more: #","requester":"ana""#)
    let before = machine.snapshot
    #expect(try machine.approve("ana", at: 1) == "SELF_APPROVAL")
    #expect(try machine.approve("ana@manager", at: 1) == "SELF_APPROVAL")
    #expect(machine.claim(by: ReviewSupport.actor("ana"), at: 1).word == "SELF_APPROVAL")
    #expect(machine.snapshot == before)
    #expect(try machine.approve("bob", at: 2) == "approved")
    var allowed = try ReviewSupport.chain(
      #"{"approvers":["anyone"]}"#, more: #","requester":"ana""#)
    #expect(try allowed.approve("ana", at: 1) == "approved")
  }

  @Test func whoDecidedEarlierMustNotDecideAgain() throws {
    let first = #"{"name":"a","approvers":["ana","bob"]}"#
    let open = #"{"name":"b","approvers":["anyone"]}"#
    let second = #"{"name":"c","approvers":["anyone"],"distinct_from_earlier":true}"#
    var machine = try ReviewSupport.chain(first, open, second)
    try machine.approve("ana", at: 1)
    try machine.approve("bob", stage: "b", at: 2)
    for actor in ["ana", "bob"] {
      #expect(try machine.approve(actor, stage: "c", at: 3) == "ALREADY_VOTED")
      #expect(machine.claim(by: ReviewSupport.actor(actor), at: 3).word == "ALREADY_VOTED")
    }
    #expect(machine.statuses == ["passed", "passed", "open"])
    #expect(try machine.approve("carl", at: 4) == "approved")
  }

  @Test("A quorum that only barred people could reach is out of reach")
  func barredPeopleAreNotCounted() throws {
    let second = #"{\#(Self.three),"quorum":2,"veto":false,"distinct_from_earlier":true}"#
    var machine = try ReviewSupport.chain(#"{"approvers":["ana"]}"#, second)
    try machine.approve("ana", at: 1)
    #expect(try machine.approve("bob", at: 2) == "counted")
    #expect(try machine.reject("carl", at: 3) == "rejected")
    let asking = #"{\#(Self.three),"quorum":2,"veto":false,"forbid_requester":true}"#
    #expect(
      try count(asking, "a+ b+ c-", more: #","requester":"ana""#)
        == "SELF_APPROVAL counted rejected")
  }

  @Test(
    "A quorum that needs the requester cannot be asked for",
    arguments: [
      (#""quorum":"all""#, ["INVALID_POLICY", "max /policy/stages/0/quorum"]),
      (#""quorum":3"#, ["INVALID_POLICY", "max /policy/stages/0/quorum"]), (#""quorum":2"#, []),
    ])
  func requesterIsNeeded(_ quorum: String, _ refusals: [String]) throws {
    let stage = #"{\#(Self.three),"forbid_requester":true,\#(quorum)}"#
    for (requester, expected) in [("ana", refusals), ("eve", [])] {
      let request = ReviewSupport.request(
        [stage], order: "chain", more: #","requester":"\#(requester)""#)
      #expect(try ReviewSupport.refusals(request) == expected)
    }
  }

  @Test func rolesAndTypes() throws {
    let stage = #"{"approvers":[{"role":"manager"},{"type":"agent"}]}"#
    var machine = try ReviewSupport.chain(stage)
    #expect(try machine.approve("ana", at: 1) == "NOT_AUTHORIZED")
    #expect(try machine.approve("ana@Manager", at: 1) == "NOT_AUTHORIZED")
    #expect(try machine.approve("manager", at: 1) == "NOT_AUTHORIZED")
    var other = machine
    #expect(try machine.approve("ana@x,manager", at: 2) == "approved")
    #expect(try other.approve("agent/bot", at: 2) == "approved")
  }

  @Test("Names are compared as bytes")
  func namesAreBytes() throws {
    var machine = try ReviewSupport.chain("{\"approvers\":[\"jos\u{e9}\"]}")
    #expect(try machine.approve("jose\u{301}", at: 1) == "NOT_AUTHORIZED")
    #expect(try machine.approve("jos\u{e9}", at: 2) == "approved")
  }
}
