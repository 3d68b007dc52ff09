import InterlockCore
import Testing

@Suite struct PayloadSchemaTests {
  static let order =
    #"{"type":"object","properties":{"n":{"type":"integer","minimum":1}},"required":["n"]}"#

  @Test(
    arguments: [
      (#"{"n":1}"#, true, ""), (#"{"n":1,"more":[]}"#, true, ""), (#"{"n":0}"#, false, "/n"),
      (#"{"n":"1"}"#, false, "/n"), (#"{"n":1.5}"#, false, "/n"),
    ] as [(String, Bool, String)])
  func freeform(_ answer: String, _ isValid: Bool, _ path: String) throws {
    for mode in [ReadMode.strict, .stored] {
      let payload = try PayloadSupport.open(.freeform, #"{"schema":\#(Self.order)}"#, mode)
      let problems = PayloadSupport.problems(of: payload.check(try PayloadSupport.json(answer)))
      #expect(problems.isEmpty == isValid, "\(answer)")
      #expect(problems.allSatisfy { $0.path.text.string == path })
      #expect(problems.allSatisfy { $0.code == .schema })
    }
  }

  @Test("A raw interrupt takes any value that its schema takes")
  func raw() throws {
    let payload = #"{"raw":true,"schema":{"type":"string"}}"#
    #expect(try PayloadSupport.outcome(.freeform, payload, #""a""#) == ["answer"])
    #expect(try PayloadSupport.outcome(.freeform, payload, "1") == ["schema "])
  }

  @Test("X54: an edit must satisfy the schema of its tool")
  func edit() throws {
    let item = #"{"id":"1","name":"a","args":{},"schema":\#(Self.order),"allowRename":true}"#
    func outcome(_ name: String, _ args: String) throws -> [String] {
      let edit = #"{"type":"edit","edited_action":{"name":"\#(name)","args":\#(args)}}"#
      return try PayloadSupport.outcome(
        .actions, #"{"items":[\#(item)]}"#, #"{"decisions":[\#(edit)]}"#)
    }
    #expect(try outcome("a", #"{"n":2}"#) == ["edit"])
    #expect(try outcome("a", #"{"n":0}"#) == ["schema /decisions/0/edited_action/args/n"])
    #expect(try outcome("b", #"{"n":0}"#) == ["edit"], "another tool has other arguments")
  }

  @Test func schemasOfTrueAndFalse() throws {
    func outcome(_ schema: String) throws -> [String] {
      let item = #"{"id":"1","name":"a","args":{},"schema":\#(schema)}"#
      let edit = #"{"type":"edit","edited_action":{"name":"a","args":{}}}"#
      return try PayloadSupport.outcome(
        .actions, #"{"items":[\#(item)]}"#, #"{"decisions":[\#(edit)]}"#)
    }
    #expect(try outcome("true") == ["edit"])
    #expect(try outcome("false") == ["schema /decisions/0/edited_action/args"])
  }

  @Test("A schema that cannot be enforced is refused when the review is opened")
  func unenforceable() throws {
    let found = try PayloadSupport.refusals(.freeform, #"{"schema":{"type":"no such type"}}"#)
    #expect(!found.isEmpty)
    #expect(found.allSatisfy { $0.contains(" /schema") })
    for schema in ["1", "[]", "null"] {
      let found = try PayloadSupport.refusals(.freeform, #"{"schema":\#(schema)}"#)
      #expect(found.count == 1 && found.allSatisfy { $0.hasSuffix(" /schema") }, "\(schema)")
    }
  }
}
