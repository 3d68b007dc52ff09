import InterlockCore
import Testing

@Suite struct PayloadDefinitionTests {
  typealias Row = (kind: ReviewKind, payload: String, problems: [String])

  private func expect(_ row: Row) throws {
    let found = try PayloadSupport.refusals(row.kind, row.payload)
    #expect(found == row.problems, "\(row.kind) \(row.payload)")
  }

  @Test(
    arguments: [
      (.notify, #"{"text":"done"}"#, []),
      (.notify, #"{}"#, ["missing /text"]),
      (.notify, #"{"text":" \n\u00a0"}"#, ["empty /text"]),
      (.notify, #"{"text":1}"#, ["type /text"]),
      (.notify, #"{"text":"a","dismissLabel":"x"}"#, ["unexpected /dismissLabel"]),
      (.notify, #"[]"#, ["type "]),
      (.approval, #"null"#, ["type "]),
      (.approval, #"{"dismissLabel":""}"#, ["empty /dismissLabel"]),
      (.approval, #"{"dismissLabel":3}"#, ["type /dismissLabel"]),
      (.approval, #"{"submitLabel":"Send"}"#, ["unexpected /submitLabel"]),
      (.selection, #"{"items":[{"id":"a"}],"submitLabel":"Send"}"#, []),
      (.approval, #"{"ui":{"icon":"x"},"x-vendor":[1]}"#, []),
      (.approval, #"{"ui":"icon"}"#, ["type /ui"]),
      (.approval, #"{"a":1,"b~/":2}"#, ["unexpected /a", "unexpected /b~0~1"]),
      (.approval, #"{"options":[{"id":"a","ui":{},"x-y":1,"z":1}]}"#, ["unexpected /options/0/z"]),
    ] as [Row])
  func common(_ row: Row) throws { try expect(row) }

  @Test(
    arguments: [
      (.approval, #"{}"#, []),
      (.approval, #"{"options":[]}"#, ["too_few /options"]),
      (.approval, #"{"options":{}}"#, ["type /options"]),
      (.approval, #"{"options":["a"]}"#, ["type /options/0"]),
      (.approval, #"{"options":[{}]}"#, ["missing /options/0/id"]),
      (.approval, #"{"options":[{"id":7}]}"#, ["type /options/0/id"]),
      (
        .approval, #"{"options":[{"id":""},{"id":"a"},{"id":"a"},{"id":""}]}"#,
        ["empty /options/0/id", "duplicate /options/2/id", "empty /options/3/id"]
      ),
      (
        .approval, #"{"options":[{"id":"a","style":"red","verdict":"maybe","label":1}]}"#,
        [
          "type /options/0/label", "not_an_option /options/0/style",
          "not_an_option /options/0/verdict",
        ]
      ),
      (.approval, #"{"allowComment":"yes"}"#, ["type /allowComment"]),
      (.approval, #"{"tool":"rm","arguments":{"path":"/"}}"#, []),
      (.approval, #"{"tool":"rm"}"#, []),
      (.approval, #"{"tool":""}"#, ["empty /tool"]),
      (.approval, #"{"arguments":{}}"#, ["missing /tool"]),
      (.approval, #"{"tool":"rm","arguments":[]}"#, ["type /arguments"]),
    ] as [Row])
  func approval(_ row: Row) throws { try expect(row) }

  @Test(
    "S20: a verify review without a phrase cannot be opened",
    arguments: [
      (.verify, #"{}"#, ["missing /phrase"]),
      (.verify, #"{"phrase":null}"#, ["type /phrase"]),
      (.verify, #"{"phrase":""}"#, ["empty /phrase"]),
      (.verify, #"{"phrase":"DELETE 7"}"#, []),
      (.verify, #"{"phrase":"a","maxAttempts":0}"#, ["min /maxAttempts"]),
      (.verify, #"{"phrase":"a","maxAttempts":1.5}"#, ["type /maxAttempts"]),
      (.verify, #"{"phrase":"a","maxAttempts":3.0}"#, []),
      (.verify, #"{"phrase":"a","maxAttempts":"3"}"#, ["type /maxAttempts"]),
      (.verify, #"{"phrase":"a","maxAttempts":99999999999999999999}"#, ["max /maxAttempts"]),
    ] as [Row])
  func verify(_ row: Row) throws { try expect(row) }

  @Test(
    "P26: colliding and empty slugs are refused when the review is opened",
    arguments: [
      (
        .selection, #"{"items":[{"id":"a_b"},{"id":"a_b"},{"id":"a__b"},{"id":""}]}"#,
        ["duplicate /items/1/id", "empty /items/3/id"]
      ),
      (
        .form,
        #"{"fields":[{"name":"a_b","type":"text"},{"name":"a_b","type":"text"},{"name":"","type":"text"}]}"#,
        ["duplicate /fields/1/name", "empty /fields/2/name"]
      ),
      // Composed and decomposed are two names, as they are for SQLite, Python and C.
      (.selection, #"{"items":[{"id":"\u00e9"},{"id":"e\u0301"}]}"#, []),
    ] as [Row])
  func slugs(_ row: Row) throws { try expect(row) }

  @Test(
    arguments: [
      (.selection, #"{}"#, ["missing /items"]),
      (.selection, #"{"items":[]}"#, ["too_few /items"]),
      (
        .selection, #"{"items":[{"id":"a","label":1,"description":2}]}"#,
        ["type /items/0/label", "type /items/0/description"]
      ),
      (.selection, #"{"items":[{"id":"a"}],"mode":"many"}"#, ["not_an_option /mode"]),
      (.selection, #"{"items":[{"id":"a"},{"id":"b"}],"max":2}"#, ["max /max"]),
      (.selection, #"{"items":[{"id":"a"},{"id":"b"}],"max":1,"min":0}"#, []),
      (.selection, #"{"items":[{"id":"a"},{"id":"b"}],"min":2}"#, ["max /min"]),
      (.selection, #"{"items":[{"id":"a"}],"mode":"multi","min":-1}"#, ["min /min"]),
      (.selection, #"{"items":[{"id":"a"}],"mode":"multi","max":2}"#, ["max /max"]),
      (
        .selection, #"{"items":[{"id":"a"},{"id":"b"},{"id":"c"}],"mode":"multi","min":3,"max":2}"#,
        ["max /min"]
      ),
      (.selection, #"{"items":[{"id":"a"},{"id":"b"}],"mode":"multi","min":0,"max":2}"#, []),
      (.selection, #"{"items":[{"id":"a"}],"mode":"multi","min":0,"max":0}"#, []),
      (.selection, #"{"items":[{"id":"a"}],"mode":"multi","max":0}"#, ["max /min"]),
      (
        .text, #"{"minLength":3,"maxLength":3,"placeholder":"p","prefill":"q","markdown":true}"#, []
      ),
      (.text, #"{"minLength":4,"maxLength":3}"#, ["max /minLength"]),
      (.text, #"{"minLength":-1,"maxLength":"3"}"#, ["min /minLength", "type /maxLength"]),
      (
        .text, #"{"prefill":1,"markdown":1,"allowEmpty":1,"placeholder":1,"submitLabel":1}"#,
        [
          "type /placeholder", "type /prefill", "type /markdown", "type /submitLabel",
          "type /allowEmpty",
        ]
      ),
      (.freeform, #"{}"#, []),
      (.freeform, #"{"raw":true}"#, []),
      (.freeform, #"{"raw":1}"#, ["type /raw"]),
      (.freeform, #"{"plugin":"x"}"#, ["unexpected /plugin"]),
      (.rating, #"{}"#, ["missing /key"]),
      (.rating, #"{"key":""}"#, ["empty /key"]),
      (.rating, #"{"key":"helpfulness"}"#, []),
    ] as [Row])
  func selectionTextFreeformRating(_ row: Row) throws { try expect(row) }

  @Test(
    arguments: [
      (.actions, #"{}"#, ["missing /items"]),
      (.actions, #"{"items":[]}"#, ["too_few /items"]),
      (
        .actions, #"{"items":[{}]}"#,
        ["missing /items/0/id", "missing /items/0/name", "missing /items/0/args"]
      ),
      (
        .actions, #"{"items":[{"id":"","name":"","args":[]}]}"#,
        ["empty /items/0/id", "empty /items/0/name", "type /items/0/args"]
      ),
      (
        .actions, #"{"items":[{"id":"1","name":"a","args":{}},{"id":"1","name":"a","args":{}}]}"#,
        ["duplicate /items/1/id"]
      ),
      (
        .actions, #"{"items":[{"id":"1","name":"a","args":{},"allowed":[]}]}"#,
        ["too_few /items/0/allowed"]
      ),
      (
        .actions,
        #"{"items":[{"id":"1","name":"a","args":{},"allowed":["approve","Edit","approve",1]}]}"#,
        [
          "not_an_option /items/0/allowed/1", "duplicate /items/0/allowed/2",
          "type /items/0/allowed/3",
        ]
      ),
      (
        .actions,
        #"{"items":[{"id":"1","name":"a","args":{},"allowRename":"no","description":1,"cost":3}]}"#,
        [
          "type /items/0/description", "type /items/0/allowRename", "unexpected /items/0/cost",
        ]
      ),
      (.actions, #"{"items":[{"id":"1","name":"a","args":{},"schema":true}]}"#, []),
    ] as [Row])
  func actions(_ row: Row) throws { try expect(row) }

  @Test(
    arguments: [
      (.approval, "options", #"{"id":"#), (.selection, "items", #"{"id":"#),
      (.form, "fields", #"{"type":"text","name":"#),
      (.actions, "items", #"{"name":"t","args":{},"id":"#),
    ] as [(ReviewKind, String, String)])
  func limitsTheNumberOfEntries(_ kind: ReviewKind, _ list: String, _ start: String) throws {
    func payload(_ count: Int) -> String {
      let entries = (0..<count).map { "\(start)\"\($0)\"}" }.joined(separator: ",")
      return "{\"\(list)\":[\(entries)]}"
    }
    #expect(try PayloadSupport.refusals(kind, payload(1000)) == [])
    #expect(try PayloadSupport.refusals(kind, payload(1001)) == ["too_many /\(list)"])
  }

  @Test func limitsWhatIsReportedOfVeryManyUnknownMembers() throws {
    let members = (0..<5000).map { "\"\($0)\":0" }.joined(separator: ",")
    #expect(try PayloadSupport.refusals(.approval, "{\(members)}").count == 100)
    #expect(try PayloadSupport.outcome(.approval, "{}", "{\(members)}").count == 101)
    let form = #"{"fields":[{"name":"a","type":"text"}]}"#
    #expect(try PayloadSupport.outcome(.form, form, "{\(members)}").count == 100)
  }

  @Test func aStoredPayloadIsReadWithoutItsDefaultsAndSchemas() throws {
    let form = #"{"fields":[{"name":"a","type":"number","defaultValue":"x"}]}"#
    #expect(try PayloadSupport.refusals(.form, form, .strict) == ["type /fields/0/defaultValue"])
    #expect(try PayloadSupport.refusals(.form, form, .stored) == [])
    let freeform = #"{"schema":{"type":"no such type"}}"#
    #expect(try PayloadSupport.refusals(.freeform, freeform, .stored) == [])
  }

  @Test func aStoredSchemaThatCannotBeEnforcedAcceptsNothing() throws {
    let payload = try PayloadSupport.open(.freeform, #"{"schema":[]}"#, .stored)
    let problems = PayloadSupport.problems(of: payload.check(.object([])))
    #expect(problems.map(\.code) == [.unsupported])
  }

  @Test func saysWhatItKnows() throws {
    let approval = try PayloadSupport.open(.approval, #"{"dismissLabel":"Later"}"#)
    #expect(approval.kind == .approval)
    #expect(approval.dismissLabel == "Later")
    #expect(approval.itemCount == 1)
    #expect(approval.secretFields.isEmpty)
    guard case .approval(let payload) = approval.body else {
      Issue.record("not an approval")
      return
    }
    #expect(payload.options == ApprovalPayload.defaultOptions)
    #expect(payload.toolCall == nil)
  }

  @Test("P16: the options of ask_approval are the default")
  func defaultOptions() throws {
    let given = #"""
      {"options":[{"id":"approve","label":"Approve","style":"primary"},
      {"id":"reject","label":"Reject","style":"danger"}],"tool":"rm"}
      """#
    guard case .approval(let payload) = try PayloadSupport.open(.approval, given).body else {
      Issue.record("not an approval")
      return
    }
    #expect(payload.options == ApprovalPayload.defaultOptions)
    #expect(payload.toolCall?.tool == "rm")
    #expect(payload.toolCall?.arguments == .object([]))
  }
}
