import InterlockCore
import Testing

/// How a graph asks: the shapes that are known by their value, and everything else.
@Suite struct GraphShapeTests {
  /// `shape kind title` of a question, and its payload.
  private static func read(_ value: String, _ schema: String?) throws -> (String, String) {
    let question = GraphQuestion(
      value: try PayloadSupport.json(value),
      responseSchema: try schema.map { try PayloadSupport.json($0) })
    let words = [question.shape.rawValue, question.kind.rawValue, question.title?.string ?? "-"]
    // What is asked can be asked.
    _ = try ReviewPayload(kind: question.kind, question.payload, mode: .strict)
    return (words.joined(separator: " "), PayloadSupport.text(question.payload))
  }

  private static func expect(
    _ rows: [(value: String, head: String, payload: String)], schema: String? = nil
  ) throws {
    for row in rows {
      let (head, payload) = try read(row.value, schema)
      #expect(head == row.head, "\(row.value)")
      #expect(payload == row.payload, "\(row.value)")
    }
  }

  @Test("X4: one question carries all guarded calls of a turn")
  func hitlRequest() throws {
    let value = """
      {"action_requests":[{"name":"send","args":{"to":"bob"},"description":"Send it?"},
        {"name":"drop","args":{}},{"name":"send","args":{"to":"eve"}}],
       "review_configs":[{"action_name":"send","allowed_decisions":["approve","edit","reject"],
         "args_schema":{"type":"object","required":["to"]}},
        {"action_name":"drop","allowed_decisions":["approve","reject","respond"]}]}
      """
    let send =
      #""allowRename":true,"allowed":["approve","edit","reject"],"schema":{"type":"object","required":["to"]}}"#
    try Self.expect([
      (
        value, "decisions actions -",
        #"{"items":[{"id":"0","name":"send","args":{"to":"bob"},"description":"Send it?","#
          + send
          + #",{"id":"1","name":"drop","args":{},"allowRename":true,"#
          + #""allowed":["approve","reject","respond"]},"#
          + #"{"id":"2","name":"send","args":{"to":"eve"},"# + send + "]}"
      )
    ])
  }

  @Test("What only looks like a HITLRequest is freeform")
  func brokenRequests() throws {
    for value in [
      #"{"action_requests":[],"review_configs":[]}"#,
      #"{"action_requests":[{"name":"a","args":{}}]}"#,
      #"{"action_requests":[{"name":"a"}],"review_configs":[{"action_name":"a"}]}"#,
      #"{"action_requests":[{"args":{}}],"review_configs":[{"action_name":"a"}]}"#,
      #"{"action_requests":[{"name":"a","args":{}}],"review_configs":[{"action_name":"b"}]}"#,
      #"{"action_requests":[{"name":"a","args":{}}],"review_configs":{}}"#,
      #"{"action_requests":"a","review_configs":[]}"#,
    ] {
      #expect(try Self.read(value, nil).0 == "freeform freeform -", "\(value)")
    }
  }

  /// As LangChain writes it for `send(to: str, n: int = 1)`; the descriptions are left out.
  private static let langChainSchema = """
    {"$defs":{
      "ApproveDecision":{"properties":{"type":{"const":"approve","title":"Type","type":"string"}},
        "required":["type"],"title":"ApproveDecision","type":"object"},
      "EditDecision":{"properties":{"type":{"const":"edit","title":"Type","type":"string"},
        "edited_action":{"$ref":"#/$defs/EditedAction"}},
        "required":["type","edited_action"],"title":"EditDecision","type":"object"},
      "EditedAction":{"properties":{"name":{"const":"send","title":"Name","type":"string"},
        "args":{"$ref":"#/$defs/send"}},"required":["name","args"],"title":"EditedAction","type":"object"},
      "RejectDecision":{"properties":{"type":{"const":"reject","title":"Type","type":"string"},
        "message":{"title":"Message","type":"string"}},
        "required":["type"],"title":"RejectDecision","type":"object"},
      "RespondDecision":{"properties":{"type":{"const":"respond","title":"Type","type":"string"},
        "message":{"title":"Message","type":"string"}},
        "required":["type","message"],"title":"RespondDecision","type":"object"},
      "send":{"properties":{"to":{"title":"To","type":"string"},
        "n":{"default":1,"title":"N","type":"integer"}},"required":["to"],"title":"send","type":"object"}},
     "discriminator":{"mapping":{"approve":"#/$defs/ApproveDecision"},"propertyName":"type"},
     "oneOf":[{"$ref":"#/$defs/ApproveDecision"},{"$ref":"#/$defs/EditDecision"},
       {"$ref":"#/$defs/RejectDecision"},{"$ref":"#/$defs/RespondDecision"}]}
    """
  private static let toolApproval =
    #"{"type":"tool_approval","tool_call_id":"t1","name":"send","args":{"to":"bob"},"description":"ok?"}"#

  @Test("A tool approval is held to the schema that LangChain sends along")
  func toolApproval() throws {
    let question = GraphQuestion(
      value: try PayloadSupport.json(Self.toolApproval),
      responseSchema: try PayloadSupport.json(Self.langChainSchema))
    #expect(question.shape == .decision)
    let payload = PayloadSupport.text(question.payload)
    #expect(payload.contains(#""id":"t1","name":"send","args":{"to":"bob"},"description":"ok?""#))
    #expect(payload.contains(#""allowed":["approve","edit","reject","respond"]"#))
    func check(_ decision: String) throws -> [String] {
      try PayloadSupport.outcome(.actions, payload, #"{"decisions":[\#(decision)]}"#)
    }
    #expect(try check(#"{"type":"approve"}"#) == ["approve"])
    let edit = { (args: String) in
      #"{"type":"edit","edited_action":{"name":"send","args":\#(args)}}"#
    }
    #expect(try check(edit(#"{"to":"eve","n":2}"#)) == ["edit"])
    #expect(
      try check(edit(#"{"n":2}"#)) == ["schema /decisions/0/edited_action/args/to"],
      "to is required")
    #expect(
      try check(edit(#"{"to":"eve","n":"2"}"#)) == ["schema /decisions/0/edited_action/args/n"])
    #expect(
      try check(#"{"type":"edit","edited_action":{"name":"drop","args":{"to":"eve"}}}"#)
        == ["mismatch /decisions/0/edited_action/name"], "the tool stays the same")
  }

  @Test("Only the decisions of the schema are allowed")
  func toolApprovalBranches() throws {
    let branch = { (type: String) in
      #"{"type":"object","properties":{"type":{"const":"\#(type)"}},"required":["type"]}"#
    }
    let rows: [(schema: String?, allowed: String?)] = [
      (nil, nil), ("{}", nil), (#"{"oneOf":[]}"#, nil), (#"{"anyOf":[{}]}"#, nil),
      (branch("approve"), #"["approve"]"#),
      (#"{"oneOf":[\#(branch("approve")),\#(branch("reject"))]}"#, #"["approve","reject"]"#),
      (#"{"anyOf":[\#(branch("reject")),\#(branch("respond"))]}"#, #"["reject","respond"]"#),
      (##"{"oneOf":[{"$ref":"#/$defs/gone"},\##(branch("approve"))]}"##, #"["approve"]"#),
      (#"{"oneOf":[{"$ref":"http://x/y"}]}"#, nil),
    ]
    for row in rows {
      let (head, payload) = try Self.read(Self.toolApproval, row.schema)
      #expect(head == "decision actions -")
      if let allowed = row.allowed {
        #expect(payload.contains(#""allowed":\#(allowed)"#), "\(row) \(payload)")
      } else {
        #expect(!payload.contains("allowed"), "\(row) \(payload)")
      }
    }
  }

  @Test("A tool approval without its parts is freeform")
  func brokenApprovals() throws {
    for value in [
      #"{"type":"tool_approval","tool_call_id":"","name":"send","args":{}}"#,
      #"{"type":"tool_approval","tool_call_id":1,"name":"send","args":{}}"#,
      #"{"type":"tool_approval","name":"send","args":{}}"#,
      #"{"type":"tool_approval","tool_call_id":"t","args":{}}"#,
      #"{"type":"other","tool_call_id":"t","name":"send","args":{}}"#,
    ] {
      #expect(try Self.read(value, nil).0 == "freeform freeform -", "\(value)")
    }
  }

  @Test("Agent Inbox: one request, and a list")
  func inbox() throws {
    let config =
      #""config":{"allow_accept":true,"allow_edit":true,"allow_respond":false,"allow_ignore":true}"#
    let request =
      #"{"action_request":{"action":"send","args":{"to":"bob"}},\#(config),"description":"d"}"#
    let bare = #"{"action_request":{"action":"drop"},"config":{"allow_respond":true}}"#
    let item =
      #""name":"send","args":{"to":"bob"},"description":"d","allowed":["approve","edit","reject"]}"#
    let other = #""name":"drop","args":{},"allowed":["respond"]}"#
    try Self.expect([
      (request, "inbox_item actions -", #"{"items":[{"id":"0",\#(item)]}"#),
      ("[\(request)]", "inbox actions -", #"{"items":[{"id":"0",\#(item)]}"#),
      (
        "[\(request),\(bare)]", "inbox actions -",
        #"{"items":[{"id":"0",\#(item),{"id":"1",\#(other)]}"#
      ),
    ])
    for value in [
      "[]", "[\(request),1]", #"{"action_request":{"action":"send","args":{}}}"#,
      #"{"action_request":{"args":{}},"config":{"allow_accept":true}}"#,
      #"{"action_request":{"action":"send"},"config":{"allow_accept":false}}"#,
      #"{"action_request":{"action":"send"},"config":{"allow_accept":"yes"}}"#,
    ] {
      #expect(try Self.read(value, nil).0 == "freeform freeform -", "\(value)")
    }
  }

  @Test("The payloads of the notebook and of the skill")
  func sources() throws {
    let verify =
      #"{"action":"Delete db","level":"verify","details":{},"verification_phrase":"DELETE db"}"#
    try Self.expect([
      (#"{"question":"Do you approve?","action":"rm"}"#, "word approval Do you approve?", "{}"),
      (#"{"action":"rm","question":"ok?"}"#, "word approval ok?", "{}"),
      (#"{"level":"manager","action":"pay"}"#, "word approval -", "{}"),
      (#"{"type":"approval_required","message":"Pay?","amount":5}"#, "word approval Pay?", "{}"),
      (#"{"type":"approval_required"}"#, "word approval -", "{}"),
      (#"{"action":"Send","level":"confirm","details":"all"}"#, "flag approval Send", "{}"),
      (verify, "flag verify Delete db", #"{"phrase":"DELETE db"}"#),
    ])
  }

  @Test("Everything else is freeform, with its schema if that is an object")
  func freeform() throws {
    let values = [
      "null", "true", "0", "1.5", #""go?""#, "[1]", "{}", #"{"question":"q"}"#,
      #"{"question":"q","action":"a","more":1}"#, #"{"type":"approval","message":"m"}"#,
      #"{"action":"a","level":"info","details":1}"#,
      #"{"action":"a","level":"verify","details":1,"verification_phrase":""}"#,
      #"{"action":"a","level":"verify","details":1}"#,
    ]
    for value in values {
      let plain = try Self.read(value, nil)
      #expect(plain == ("freeform freeform -", #"{"raw":true}"#), "\(value)")
      let schema = try Self.read(value, #"{"type":"string"}"#)
      #expect(schema.1 == #"{"raw":true,"schema":{"type":"string"}}"#, "\(value)")
      #expect(try Self.read(value, "true").1 == #"{"raw":true}"#, "\(value)")
    }
  }
}
