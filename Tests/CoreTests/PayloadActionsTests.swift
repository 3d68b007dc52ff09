import InterlockCore
import Testing

@Suite struct PayloadActionsTests {
  /// Two calls; only the second may be renamed, and it cannot be rejected or answered.
  static let two = #"""
    {"items":[{"id":"1","name":"delete","args":{"path":"/a"}},
    {"id":"2","name":"mail","args":{},"allowed":["approve","edit"],"allowRename":true}]}
    """#
  static let open = #"""
    {"items":[{"id":"1","name":"a","args":{}},{"id":"2","name":"b","args":{}}]}
    """#

  @Test(
    arguments: [
      (two, #"{"decisions":[{"type":"approve"},{"type":"approve"}]}"#, ["approve"]),
      (two, #"{"byId":{"2":{"type":"approve"},"1":{"type":"approve"}}}"#, ["approve"]),
      (open, #"{"decisions":[{"type":"reject"},{"type":"reject","message":"no"}]}"#, ["reject"]),
      (open, #"{"decisions":[{"type":"reject"},{"type":"approve"}]}"#, ["edit"]),
      (open, #"{"decisions":[{"type":"respond","message":"x"},{"type":"approve"}]}"#, ["edit"]),
      (two, #"[]"#, ["type "]), (two, #"{}"#, ["missing /decisions"]),
      (two, #"{"decisions":{}}"#, ["type /decisions"]), (two, #"{"byId":[]}"#, ["type /byId"]),
      (two, #"{"decisions":[{"type":"approve"}]}"#, ["count /decisions"]),
      (two, #"{"decisions":[]}"#, ["count /decisions"]),
      (
        two, #"{"byId":{"2":{"type":"no"}}}"#,
        ["count /byId", "missing /byId/1", "not_an_option /byId/2/type"]
      ),
      (
        two, #"{"byId":{"2":{"type":"approve"},"3":{"type":"approve"}}}"#,
        ["unknown_item /byId/3", "missing /byId/1"]
      ),
      (
        two,
        #"{"byId":{"1":{"type":"approve"},"2":{"type":"approve"}},"decisions":[]}"#,
        ["duplicate /byId"]
      ),
      (two, #"{"decisions":[{"type":"approve"},{"type":"approve"}],"x":1}"#, ["unexpected /x"]),
      (two, #"{"decisions":["approve",{}]}"#, ["type /decisions/0", "missing /decisions/1/type"]),
      (
        two, #"{"decisions":[{"type":"Approve"},{"type":"reject"}]}"#,
        ["not_an_option /decisions/0/type", "not_allowed /decisions/1/type"]
      ),
      (
        two, #"{"byId":{"1":{"type":1},"2":{"type":"respond","message":"x"}}}"#,
        ["type /byId/1/type", "not_allowed /byId/2/type"]
      ),
    ] as [(String, String, [String])])
  func decisions(_ payload: String, _ answer: String, _ outcome: [String]) throws {
    let found = try PayloadSupport.outcome(.actions, payload, answer)
    #expect(found == outcome, "\(answer)")
  }

  @Test(
    arguments: [
      (#"{"type":"approve","message":"x"}"#, ["unexpected message"]),
      (#"{"type":"approve","edited_action":{}}"#, ["unexpected edited_action"]),
      (#"{"type":"edit"}"#, ["missing edited_action"]),
      (#"{"type":"edit","edited_action":[]}"#, ["type edited_action"]),
      (
        #"{"type":"edit","edited_action":{}}"#,
        ["missing edited_action/name", "missing edited_action/args"]
      ),
      (
        #"{"type":"edit","edited_action":{"name":"delete","args":[]}}"#, ["type edited_action/args"]
      ),
      (
        #"{"type":"edit","edited_action":{"name":"Delete","args":{}}}"#,
        ["mismatch edited_action/name"]
      ),
      (
        #"{"type":"edit","edited_action":{"name":1,"args":{},"x":1},"message":"m"}"#,
        ["unexpected message", "type edited_action/name", "unexpected edited_action/x"]
      ),
      (#"{"type":"edit","edited_action":{"name":"delete","args":{"path":"/b"}}}"#, []),
      (#"{"type":"reject"}"#, []), (#"{"type":"reject","message":"no"}"#, []),
      (#"{"type":"reject","message":1}"#, ["type message"]),
      (#"{"type":"reject","message":null}"#, ["type message"]),
      (#"{"type":"reject","edited_action":{}}"#, ["unexpected edited_action"]),
      (#"{"type":"respond"}"#, ["missing message"]),
      (#"{"type":"respond","message":[]}"#, ["type message"]),
      (#"{"type":"respond","message":"x"}"#, []),
      (#"{"verdict":"approve"}"#, ["missing type"]),
    ] as [(String, [String])])
  func decision(_ decision: String, _ problems: [String]) throws {
    let answer = #"{"decisions":[\#(decision),{"type":"approve"}]}"#
    let found = try PayloadSupport.problems(.actions, Self.two, answer)
    let lines = found.map { problem in
      "\(problem.code.rawValue) \(problem.path.text.string.dropFirst("/decisions/0/".count))"
    }
    #expect(lines.sorted() == problems.sorted(), "\(decision)")
  }

  @Test func aRenameMustBeAllowedAndSayAName() throws {
    func rename(_ name: String) throws -> [String] {
      let edit = #"{"type":"edit","edited_action":{"name":"\#(name)","args":{}}}"#
      return try PayloadSupport.outcome(
        .actions, Self.two, #"{"decisions":[{"type":"approve"},\#(edit)]}"#)
    }
    #expect(try rename("post") == ["edit"])
    #expect(try rename("") == ["empty /decisions/1/edited_action/name"])
  }

  @Test("X37: one entry per call, in the order of the calls")
  func normalises() throws {
    let answer = try PayloadSupport.answer(
      .actions, Self.open,
      #"""
      {"byId":{"2":{"type":"edit","edited_action":{"args":{"x":1},"name":"b"}},
      "1":{"message":"no","type":"reject"}}}
      """#)
    #expect(
      PayloadSupport.text(answer.response)
        == #"{"decisions":[{"type":"reject","message":"no"},{"type":"edit","edited_action":{"name":"b","args":{"x":1}}}]}"#
    )
    #expect(
      PayloadSupport.text(answer.substance)
        == #"{"decisions":[{"type":"reject"},{"type":"edit","edited_action":{"name":"b","args":{"x":1}}}]}"#
    )
    #expect(answer.items.map(\.id) == ["1", "2"])
    #expect(answer.items.map(\.verdict) == [.reject, .edit])
    #expect(try PayloadSupport.open(.actions, Self.open).itemCount == 2)
  }

  @Test func aReplyIsPartOfTheSubstance() throws {
    func substance(_ message: String) throws -> JSONValue {
      let respond = #"{"type":"respond","message":"\#(message)"}"#
      return try PayloadSupport.answer(
        .actions, Self.open, #"{"decisions":[{"type":"approve"},\#(respond)]}"#
      ).substance
    }
    #expect(try substance("a") != substance("b"))
  }

  @Test("X38: the text of a count mismatch")
  func countMismatch() throws {
    let problem = try #require(
      try PayloadSupport.problems(.actions, Self.two, #"{"decisions":[{},{},{}]}"#).first)
    #expect(
      problem.message
        == "Number of human decisions (3) does not match number of hanging tool calls (2).")
    #expect(problem.expected == .integer(2))
    #expect(problem.got == .integer(3))
  }

  @Test func anItemAnsweredTwiceIsRefused() throws {
    let decision = JSONValue.object(["type": .text("approve")])
    let member = JSONMember(name: "1", value: decision)
    let check = try PayloadSupport.open(.actions, Self.two)
      .check(.object([JSONMember(name: "byId", value: .object([member, member]))]))
    let lines = PayloadSupport.lines(PayloadSupport.problems(of: check))
    #expect(lines == ["duplicate /byId/1", "missing /byId/2"])
  }
}
