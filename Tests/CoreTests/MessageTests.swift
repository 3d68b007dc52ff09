import InterlockCore
import Testing

/// What a message must be, and what may happen to one.
@Suite struct MessageTests {
  /// `code path` of every problem of a request; empty when it can be posted.
  private static func problems(_ request: String) throws -> [String] {
    var reader = MemberReader(try JSONReader.read(Array(request.utf8)))
    let draft = MessageDraft(&reader)
    reader.finish()
    let lines = reader.problems.map { "\($0.code.rawValue) \($0.path.text)" }
    #expect((draft == nil) == !lines.isEmpty || lines.contains { $0.hasPrefix("unexpected /") })
    return lines
  }

  private static func draft(_ more: String) throws -> MessageDraft {
    let request = #"{"channel":"c","sender":"agent"\#(more)}"#
    var reader = MemberReader(try JSONReader.read(Array(request.utf8)))
    return try #require(MessageDraft(&reader))
  }

  @Test(
    arguments: [
      (#"{}"#, ["missing /channel", "missing /sender"]),
      (#"{"channel":"","sender":"agent","text":"a"}"#, ["empty /channel"]),
      (#"{"channel":"c","sender":"Agent","text":"a"}"#, ["not_an_option /sender"]),
      (#"{"channel":"c","sender":"agent"}"#, ["missing "]),
      (#"{"channel":"c","sender":"agent","text":""}"#, ["missing "]),
      (#"{"channel":"c","sender":"agent","attachments":[]}"#, ["missing "]),
      (#"{"channel":"c","sender":"agent","metadata":{}}"#, ["missing "]),
      (#"{"channel":"c","sender":"agent","text":7}"#, ["type /text"]),
      (#"{"channel":"c","sender":"user","text":"a","level":"loud"}"#, ["not_an_option /level"]),
      (#"{"channel":"c","sender":"user","text":"a","color":1}"#, ["unexpected /color"]),
      (#"{"channel":"c","sender":"user","text":"a","actor":""}"#, ["empty /actor"]),
      (#"{"channel":"c","sender":"user","text":"a","metadata":[]}"#, ["type /metadata"]),
      (#"{"channel":"c","sender":"user","text":"a","review":"r"}"#, ["type /review"]),
      (
        #"{"channel":"c","sender":"user","review":{"key":"k","channel":"c","external_id":"e"}}"#,
        ["unexpected /review/channel", "unexpected /review/external_id", "unexpected /review/key"]
      ),
      (#"{"channel":"c","sender":"user","attachments":[7]}"#, ["type /attachments/0"]),
      (#"{"channel":"c","sender":"user","attachments":[{}]}"#, ["missing /attachments/0"]),
      (
        #"{"channel":"c","sender":"user","attachments":[{"id":"a","content":""}]}"#,
        ["unexpected /attachments/0"]
      ),
      (
        #"{"channel":"c","sender":"user","attachments":[{"id":"a","size":1}]}"#,
        ["unexpected /attachments/0/size"]
      ),
    ] as [(String, [String])])
  func refused(_ request: String, _ problems: [String]) throws {
    #expect(try Self.problems(request) == problems, "\(request)")
  }

  @Test(arguments: [
    #""text":"a""#, #""level":"success""#, #""review":{"kind":"approval"}"#,
    #""attachments":[{"content":""}]"#, #""attachments":[{"id":"f1"}]"#,
  ])
  func oneOfFourIsEnough(_ member: String) throws {
    #expect(try Self.problems(#"{"channel":"c","sender":"agent",\#(member)}"#).isEmpty)
  }

  @Test("P12: the levels, and the usual one", arguments: ["info", "success", "warning", "error"])
  func levels(_ level: String) throws {
    #expect(try Self.draft(#","level":"\#(level)""#).level.rawValue == level)
    #expect(try Self.draft(#","text":"a""#).level == .info)
  }

  @Test func theTextHasALimit() throws {
    let most = String(repeating: "x", count: MessageDraft.maxTextBytes)
    #expect(try Self.draft(#","text":"\#(most)""#).text?.utf8.count == 1 << 20)
    #expect(
      try Self.problems(#"{"channel":"c","sender":"agent","text":"\#(most)x"}"#)
        == ["too_large /text"])
    #expect(
      try Self.problems(
        #"{"channel":"c","sender":"agent","attachments":[{"content":"\#(most)x"}]}"#)
        == ["too_large /attachments/0/content"])
  }

  @Test func usualNamesOfAttachments() throws {
    let draft = try Self.draft(
      #","attachments":[{"content":"a"},{"id":"f","mime_type":"image/png"}]"#)
    #expect(
      String(decoding: JSONWriter.write(.array(draft.attachments)), as: UTF8.self)
        == #"[{"content":"a","filename":"content.md","mime_type":"text/markdown"},"#
        + #"{"id":"f","filename":null,"mime_type":"image/png"}]"#)
  }

  @Test func theReviewIsToldWhereItIs() throws {
    let request = try Self.draft(#","review":{"kind":"text"}"#).reviewRequest(message: "m")
    #expect(request?.member("channel") == .string("c"))
    #expect(request?.member("external_id") == .string("m"))
    #expect(try Self.draft(#","text":"a""#).reviewRequest(message: "m") == nil)
  }

  // MARK: The machine, every state and event

  private static let states: [(DeliveryStatus, Text?)] = [
    (.queued, nil), (.queued, "r"), (.acked, nil), (.acked, "r"),
  ]

  private static func machine(_ status: DeliveryStatus, _ root: Text?) -> MessageMachine {
    MessageMachine(id: "m", channel: "c", root: root, status: status)
  }

  @Test func acknowledging() {
    for (status, root) in Self.states {
      var machine = Self.machine(status, root)
      #expect(machine.acknowledge() == (status == .queued ? .acked : .replayed))
      #expect(machine.status == .acked)
      #expect(machine.acknowledge() == .replayed)
    }
  }

  @Test func deleting() {
    for (status, root) in Self.states {
      let action = Self.machine(status, root).delete()
      guard root != nil else {
        #expect(action == .deleted)
        continue
      }
      #expect(Self.code(action) == .inGroup)
    }
  }

  @Test(
    arguments: [
      (nil, true), (.resolved, true), (.expired, true), (.pending, false), (.cancelled, false),
      (.superseded, false),
    ] as [(ReviewStatus?, Bool)])
  func following(_ review: ReviewStatus?, _ isAllowed: Bool) {
    for (status, root) in Self.states {
      let machine = Self.machine(status, root)
      let action = machine.follow(in: "c", review: review)
      if isAllowed {
        #expect(action == .followed(root: root ?? "m"))
      } else {
        #expect(Self.code(action) == .invalidIteration)
      }
      #expect(Self.code(machine.follow(in: "d", review: review)) == .invalidIteration)
    }
  }

  private static func code(_ action: MessageMachine.Action) -> MessageRefusal.Code? {
    guard case .rejected(let refusal) = action else { return nil }
    return refusal.code
  }
}
