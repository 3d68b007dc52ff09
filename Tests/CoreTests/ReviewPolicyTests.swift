import InterlockCore
import Testing

/// Which policies are refused, with which codes, at which places.
@Suite struct ReviewPolicyTests {
  private func refusals(_ policy: String) throws -> [String] {
    try ReviewSupport.refusals(#"{"kind":"approval","payload":{},"policy":\#(policy)}"#)
  }

  @Test(
    arguments: [
      ("null", ["type /policy"]), (#""name""#, ["type /policy"]), ("[]", ["type /policy"]),
      ("{}", ["missing /policy/stages"]), (#"{"order":"chain"}"#, ["missing /policy/stages"]),
      (#"{"order":"ladder"}"#, []),
      (
        #"{"order":"Chain","stages":[]}"#,
        ["not_an_option /policy/order", "too_few /policy/stages"]
      ),
      (#"{"stages":[]}"#, ["too_few /policy/stages"]),
      (#"{"order":"ladder","stages":[]}"#, ["too_few /policy/stages"]),
      (#"{"stages":{}}"#, ["type /policy/stages"]),
      (#"{"stages":[1]}"#, ["type /policy/stages/0"]),
      (#"{"stages":[{}]}"#, ["missing /policy/stages/0/approvers"]),
      (#"{"stages":[{"approvers":["a"]}],"limit":1}"#, ["unexpected /policy/limit"]),
      (#"{"stages":[{"approvers":["a"]}],"x-limit":1,"ui":{}}"#, []),
      (#"{"name":"","stages":[{"approvers":["a"]}]}"#, ["empty /policy/name"]),
      (#"{"name":1,"stages":[{"approvers":["a"]}]}"#, ["type /policy/name"]),
      (#"{"version":0,"stages":[{"approvers":["a"]}]}"#, ["min /policy/version"]),
      (#"{"version":2147483648,"stages":[{"approvers":["a"]}]}"#, ["max /policy/version"]),
      (#"{"version":1,"stages":[{"approvers":["a"]}]}"#, []),
      (
        #"{"stages":[{"name":"a","approvers":["a"]},{"name":"a","approvers":["a"]}]}"#,
        ["duplicate /policy/stages/1/name"]
      ),
      (
        #"{"stages":[{"name":"stage 2","approvers":["a"]},{"approvers":["a"]}]}"#,
        ["duplicate /policy/stages/1/name"]
      ),
    ] as [(String, [String])])
  func policies(_ policy: String, _ problems: [String]) throws {
    let expected = problems.isEmpty ? [] : ["INVALID_POLICY"] + problems
    #expect(try refusals(policy) == expected, "\(policy)")
  }

  @Test(
    arguments: [
      (#""approvers":[]"#, ["too_few approvers"]), (#""approvers":"ana""#, ["type approvers"]),
      (#""approvers":null"#, ["type approvers"]), (#""approvers":[1]"#, ["type approvers/0"]),
      (#""approvers":[""]"#, ["empty approvers/0"]), (#""approvers":[null]"#, ["type approvers/0"]),
      (#""approvers":[{}]"#, ["missing approvers/0/type"]),
      (#""approvers":[{"value":""}]"#, ["empty approvers/0/value"]),
      (#""approvers":[{"value":1}]"#, ["type approvers/0/value"]),
      (#""approvers":[{"type":"robot"}]"#, ["not_an_option approvers/0/type"]),
      (#""approvers":[{"type":"robot","value":"a"}]"#, ["not_an_option approvers/0/type"]),
      (#""approvers":[{"role":""}]"#, ["empty approvers/0/role"]),
      (#""approvers":[{"role":"m","type":"agent"}]"#, ["unexpected approvers/0/type"]),
      (#""approvers":[{"role":"m","value":"a"}]"#, ["unexpected approvers/0/role"]),
      (#""approvers":[{"value":"a","roles":["m"]}]"#, ["unexpected approvers/0/roles"]),
      (#""approvers":[{"role":"m","x":1}]"#, ["unexpected approvers/0/x"]),
      (#""approvers":["anyone",{"type":"agent"},{"role":"m"},"a",{"value":"b"}]"#, []),
      (#""approvers":["a"],"quorum":0"#, ["not_an_option quorum"]),
      (#""approvers":["a"],"quorum":-1"#, ["not_an_option quorum"]),
      (#""approvers":["a"],"quorum":1.5"#, ["not_an_option quorum"]),
      (#""approvers":["a"],"quorum":"two""#, ["not_an_option quorum"]),
      (#""approvers":["a"],"quorum":null"#, ["not_an_option quorum"]),
      (#""approvers":["anyone"],"quorum":257"#, ["not_an_option quorum"]),
      (#""approvers":["anyone"],"quorum":99999999999999999999"#, ["not_an_option quorum"]),
      (#""approvers":["anyone"],"quorum":256"#, []), (#""approvers":["a"],"quorum":1.0"#, []),
      (#""approvers":["a"],"quorum":2"#, ["max quorum"]),
      (#""approvers":["a","a"],"quorum":2"#, ["max quorum"]),
      (#""approvers":["a",{"type":"user_id","value":"a"}],"quorum":2"#, ["max quorum"]),
      (#""approvers":["a",{"role":"m"}],"quorum":2"#, []),
      (#""approvers":["a","b"],"quorum":"all""#, []),
      (#""approvers":[{"role":"m"}],"quorum":"all""#, ["not_allowed quorum"]),
      (#""approvers":["a","anyone"],"quorum":"all""#, ["not_allowed quorum"]),
      (#""approvers":[{"type":"agent"}],"quorum":"all""#, ["not_allowed quorum"]),
      (#""approvers":["a"],"veto":1"#, ["type veto"]),
      (#""approvers":["a"],"forbid_requester":"yes""#, ["type forbid_requester"]),
      (#""approvers":["a"],"distinct_from_earlier":null"#, ["type distinct_from_earlier"]),
      (#""approvers":["a"],"deadline_in":0"#, ["min deadline_in"]),
      (#""approvers":["a"],"deadline_in":-5"#, ["min deadline_in"]),
      (#""approvers":["a"],"deadline_in":3155760000001"#, ["max deadline_in"]),
      (#""approvers":["a"],"deadline_in":"1h""#, ["type deadline_in"]),
      (#""approvers":["a"],"deadline_in":1.5"#, ["type deadline_in"]),
      (#""approvers":["a"],"on_expiry":"escalate""#, ["not_allowed on_expiry"]),
      (#""approvers":["a"],"on_expiry":"ignore""#, ["not_an_option on_expiry"]),
      (#""approvers":["a"],"on_expiry":null"#, ["not_an_option on_expiry"]),
      (#""approvers":["a"],"on_expiry":{}"#, ["not_an_option on_expiry"]),
      (#""approvers":["a"],"on_expiry":{"resume_with":1,"x":1}"#, ["not_an_option on_expiry"]),
      (#""approvers":["a"],"on_expiry":{"resume_with":null}"#, []),
      (#""approvers":["a"],"reminders":5"#, ["type reminders"]),
      (
        #""approvers":["a"],"reminders":[0,1.5,"x",-1,1]"#,
        ["type reminders/0", "type reminders/1", "type reminders/2", "type reminders/3"]
      ),
      (
        #""approvers":["a"],"reminders":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]"#,
        ["too_many reminders"]
      ),
      (#""approvers":["a"],"quorom":2"#, ["unexpected quorom"]),
      (
        #""approvers":["a"],"quorum":2,"veto":0,"on_expiry":1"#,
        ["type veto", "not_an_option on_expiry", "max quorum"]
      ),
    ] as [(String, [String])])
  func stages(_ stage: String, _ problems: [String]) throws {
    let found = try refusals(#"{"stages":[{\#(stage)}]}"#)
    let expected = problems.map { $0.replacing(" ", with: " /policy/stages/0/") }
    #expect(Set(found) == Set(problems.isEmpty ? [] : ["INVALID_POLICY"] + expected), "\(stage)")
  }

  @Test("A ladder's last rung may escalate: it stays at the top")
  func lastRung() throws {
    let stage = #"{"approvers":["a"],"deadline_in":1,"on_expiry":"escalate"}"#
    #expect(try refusals(#"{"order":"ladder","stages":[\#(stage)]}"#) == [])
    #expect(
      try refusals(#"{"stages":[\#(stage),\#(stage)]}"#)
        == ["INVALID_POLICY", "not_allowed /policy/stages/1/on_expiry"])
  }

  @Test(
    arguments: [
      ("1", ["type "]), (#"{"confidence_below":1.01}"#, ["max /confidence_below"]),
      (#"{"confidence_below":-0.1}"#, ["min /confidence_below"]),
      (#"{"confidence_below":"low"}"#, ["type /confidence_below"]),
      (#"{"confidence_below":99999999999999999999}"#, ["max /confidence_below"]),
      (#"{"on_error":1}"#, ["type /on_error"]), (#"{"on_sensitive":null}"#, ["type /on_sensitive"]),
      (#"{"on_cost":true}"#, ["unexpected /on_cost"]),
      (#"{"confidence_below":0,"on_error":false,"on_sensitive":true}"#, []),
    ] as [(String, [String])])
  func triggers(_ triggers: String, _ problems: [String]) throws {
    let expected = problems.map { $0.replacing(" ", with: " /policy/triggers") }
    #expect(
      try refusals(#"{"order":"ladder","triggers":\#(triggers)}"#)
        == (problems.isEmpty ? [] : ["INVALID_POLICY"] + expected), "\(triggers)")
  }

  @Test func thereAreLimits() throws {
    func stages(_ count: Int) -> String {
      let stages = (0..<count).map { _ in #"{"approvers":["a"]}"# }
      return #"{"stages":[\#(stages.joined(separator: ","))]}"#
    }
    #expect(try refusals(stages(Policy.maxStages)) == [])
    #expect(
      try refusals(stages(Policy.maxStages + 1))
        == ["INVALID_POLICY", "too_many /policy/stages"])
    func approvers(_ count: Int) -> String {
      let names = (0..<count).map { #""\#($0)""# }
      return #"{"stages":[{"approvers":[\#(names.joined(separator: ","))],"quorum":"all"}]}"#
    }
    #expect(try refusals(approvers(Policy.maxApprovers)) == [])
    #expect(
      try refusals(approvers(Policy.maxApprovers + 1)).contains(
        "too_many /policy/stages/0/approvers"))
    let long = String(repeating: "n", count: Limits.idBytes + 1)
    #expect(
      try refusals(#"{"stages":[{"approvers":["\#(long)"],"name":"\#(long)"}]}"#)
        == [
          "INVALID_POLICY", "too_large /policy/stages/0/name",
          "too_large /policy/stages/0/approvers/0",
        ])
  }
}
