import InterlockCore
import Testing

/// Which requests to open a review are refused, with which codes, at which places.
@Suite struct ReviewDefinitionTests {
  @Test(
    arguments: [
      ("null", ["type "]), ("[]", ["type "]), ("{}", ["missing /kind"]),
      (#"{"kind":"Approval"}"#, ["not_an_option /kind"]), (#"{"kind":1}"#, ["type /kind"]),
      (#"{"kind":"approval"}"#, []), (#"{"kind":"approval","payload":null}"#, ["type /payload"]),
      (#"{"kind":"approval","payload":{"options":[]}}"#, ["too_few /payload/options"]),
      (#"{"kind":"approval","payload":{"x":1}}"#, ["unexpected /payload/x"]),
      (#"{"kind":"approval","x":1}"#, ["unexpected /x"]),
      (#"{"kind":"approval","x-mine":1}"#, []),
      (#"{"kind":"approval","supersedes":"r"}"#, ["unexpected /supersedes"]),
    ] as [(String, [String])])
  func requests(_ request: String, _ problems: [String]) throws {
    let expected = problems.isEmpty ? [] : ["INVALID_PAYLOAD"] + problems
    #expect(try ReviewSupport.refusals(request) == expected, "\(request)")
  }

  @Test(
    arguments: [
      (#""title":1"#, ["type /title"]), (#""summary":null"#, ["type /summary"]),
      (#""group":[]"#, ["type /group"]), (#""metadata":1"#, ["type /metadata"]),
      (#""title":"","summary":"","group":"g","details":[1],"metadata":{"a":1}"#, []),
      (#""key":"""#, ["empty /key"]), (#""key":1"#, ["type /key"]),
      (#""thread":"""#, ["empty /thread"]), (#""channel":{}"#, ["type /channel"]),
      (#""external_id":"""#, ["empty /external_id"]),
      (#""interrupt":"""#, ["type /interrupt"]), (#""interrupt":null"#, ["type /interrupt"]),
      (#""interrupt":{}"#, ["missing /interrupt/id"]),
      (#""interrupt":{"id":1}"#, ["type /interrupt/id"]),
      (#""interrupt":{"id":"i","ns":["a"]}"#, []), (#""interrupt":"i""#, []),
      (#""requester":null,"assignee":null"#, []), (#""requester":"ana""#, []),
      (#""requester":"""#, ["empty /requester"]), (#""requester":1"#, ["type /requester"]),
      (#""requester":{}"#, ["missing /requester/value"]),
      (#""requester":{"type":"user_id"}"#, ["missing /requester/value"]),
      (
        #""requester":{"value":"","type":"robot"}"#,
        ["not_an_option /requester/type", "empty /requester/value"]
      ),
      (#""requester":{"value":"a","role":"m"}"#, ["unexpected /requester/role"]),
      (
        #""requester":{"value":"a","roles":["m",1,""]}"#,
        ["type /requester/roles/1", "type /requester/roles/2"]
      ),
      (#""assignee":{"value":"a","roles":"m"}"#, ["type /assignee/roles"]),
      (#""assignee":{"type":"email","value":"a@b","roles":["m"]}"#, []),
      (#""on_expiry":"ignore""#, ["not_an_option /on_expiry"]),
      (#""on_expiry":{"resume_with":{"a":1}}"#, []), (#""on_expiry":"escalate""#, []),
      (#""reminders":[0]"#, ["type /reminders/0"]), (#""reminders":[1,3155760000000]"#, []),
      (#""reminders":[3155760000001]"#, ["type /reminders/0"]),
    ] as [(String, [String])])
  func members(_ members: String, _ problems: [String]) throws {
    let expected = problems.isEmpty ? [] : ["INVALID_PAYLOAD"] + problems
    let request = #"{"kind":"approval","payload":{},\#(members)}"#
    #expect(try ReviewSupport.refusals(request) == expected, "\(members)")
  }

  @Test(
    "A deadline lies in the future, and before the year 10000",
    arguments: [
      (#""deadline":1001"#, 1001), (#""deadline":1001.0"#, 1001), (#""expires_in":1"#, 1001),
      (#""deadline":253402300799999"#, 253_402_300_799_999),
      (#""expires_in":253402300798999"#, 253_402_300_799_999),
      (#""deadline":1000"#, nil), (#""deadline":999"#, nil), (#""deadline":-1"#, nil),
      (#""expires_in":0"#, nil), (#""expires_in":-1"#, nil), (#""expires_in":1.5"#, nil),
      (#""deadline":253402300800000"#, nil), (#""expires_in":253402300799000"#, nil),
      (#""expires_in":9223372036854775807"#, nil), (#""deadline":9223372036854775807"#, nil),
      (#""deadline":99999999999999999999"#, nil), (#""deadline":"2030-01-01""#, nil),
      (#""deadline":null"#, nil), (#""expires_in":null"#, nil), (#""expires_in":true"#, nil),
      (#""deadline":2000,"expires_in":5"#, nil),
    ] as [(String, Instant?)])
  func deadlines(_ member: String, _ deadline: Instant?) throws {
    let request = #"{"kind":"approval","payload":{},\#(member)}"#
    guard let deadline else {
      #expect(try ReviewSupport.refusals(request, now: 1000) == ["INVALID_DEADLINE"], "\(member)")
      return
    }
    let definition = try ReviewSupport.definition(request, now: 1000)
    #expect(definition.deadline == deadline)
    #expect(definition.document.member("deadline") == .number(.integer(deadline)))
    #expect(definition.document.member("expires_in") == nil)
  }

  @Test("A clock near the end of time does no harm", arguments: [Instant.max, .max - 1, .min, -1])
  func strangeClocks(_ now: Instant) throws {
    for member in [#""expires_in":9223372036854775807"#, #""expires_in":1"#, #""deadline":5"#] {
      let request = #"{"kind":"approval","payload":{},\#(member)}"#
      let document = try ReviewSupport.json(request)
      guard let definition = try? ReviewDefinition(request: document, now: now) else { continue }
      let deadline = try #require(definition.deadline)
      #expect(deadline > now && deadline <= Deadline.last)
    }
  }

  @Test func everythingWrongIsReportedAtOnce() throws {
    let request = #"{"kind":"verify","payload":{"phrase":""},"key":"","on_expiry":1,"y":1}"#
    #expect(
      Set(try ReviewSupport.refusals(request)) == [
        "INVALID_PAYLOAD", "empty /payload/phrase", "empty /key", "not_an_option /on_expiry",
        "unexpected /y",
      ])
  }

  @Test func longTextsAreRefused() throws {
    let id = String(repeating: "i", count: Limits.idBytes + 1)
    let text = String(repeating: "t", count: ReviewDefinition.maxTextBytes + 1)
    for (member, value) in [
      ("key", id), ("thread", id), ("channel", id), ("external_id", id), ("requester", id),
      ("title", text), ("summary", text), ("group", text),
    ] {
      let request = #"{"kind":"approval","payload":{},"\#(member)":"\#(value)"}"#
      #expect(try ReviewSupport.refusals(request) == ["INVALID_PAYLOAD", "too_large /\(member)"])
    }
    #expect(
      try ReviewSupport.refusals(#"{"kind":"approval","payload":{},"interrupt":"\#(id)"}"#)
        == ["INVALID_PAYLOAD", "type /interrupt"])
  }

  @Test func refusalsAreDocuments() throws {
    let request = try ReviewSupport.json(#"{"kind":"verify","payload":{}}"#)
    do throws(Refusal) {
      _ = try ReviewDefinition(request: request, now: 0)
      Issue.record("It was opened.")
    } catch {
      #expect(error.json.member("code") == .text("INVALID_PAYLOAD"))
      guard case .array(let problems)? = error.json.member("problems") else {
        Issue.record("It says no problems.")
        return
      }
      #expect(problems.map { $0.member("path") } == [.text("/payload/phrase")])
      #expect(error.json.member("successor") == nil)
    }
    var machine = try ReviewSupport.chain(#"{"approvers":["ana"]}"#)
    _ = machine.supersede(by: "next", at: 1)
    #expect(machine.finality?.json.member("successor") == .text("next"))
  }
}
