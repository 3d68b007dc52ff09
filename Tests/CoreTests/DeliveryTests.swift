import InterlockCore
import Testing

@Suite struct DeliveryTests {
  private static let end: Instant = 100
  private static let limit = 3
  private static let backoff = Backoff(first: 10, longest: 1000)

  /// The state that a word names; a lease lasts until 100. `last` has no attempt left.
  private static func machine(_ state: String) throws -> DeliveryMachine {
    typealias Stored = DeliveryMachine.Stored
    typealias Report = DeliveryMachine.Report
    let failed = Report(claim: "old", outcome: .failed)
    let (stored, attempts, report): (Stored, Int, Report?) =
      switch state {
      case "new": (Stored(.pending, at: 0), 0, nil)
      case "waiting": (Stored(.pending, at: end), 1, failed)
      case "due": (Stored(.pending, at: 0), 1, failed)
      case "claimed", "lost": (Stored(.claimed, at: end, claim: "mine"), 1, failed)
      case "last", "last lost": (Stored(.claimed, at: end, claim: "mine"), limit, failed)
      case "delivered": (Stored(.delivered), 1, Report(claim: "mine", outcome: .delivered))
      default: (Stored(.dead), limit, Report(claim: "mine", outcome: .failed))
      }
    return try #require(DeliveryMachine(stored, attempts: attempts, report: report))
  }

  private static func now(_ state: String) -> Instant { state.hasSuffix("lost") ? end : end - 1 }

  private static func word(_ action: DeliveryMachine.Action) -> String {
    if case .rejected(let refusal) = action { return refusal.code.rawValue }
    return String("\(action)".prefix { $0 != "(" })
  }

  @Test(arguments: [
    // state, claim, report delivered / failed by the holder, failed by an older one, retry
    ["new", "claimed", "FENCED", "FENCED", "FENCED", "replayed"],
    ["waiting", "CONFLICT", "FENCED", "FENCED", "replayed", "CONFLICT"],
    ["due", "claimed", "FENCED", "FENCED", "replayed", "CONFLICT"],
    ["claimed", "CONFLICT", "delivered", "postponed", "replayed", "CONFLICT"],
    ["lost", "claimed", "delivered", "postponed", "replayed", "CONFLICT"],
    ["last", "CONFLICT", "delivered", "died", "replayed", "CONFLICT"],
    ["last lost", "died", "delivered", "died", "replayed", "CONFLICT"],
    ["delivered", "CONFLICT", "replayed", "CONFLICT", "FENCED", "CONFLICT"],
    ["dead", "CONFLICT", "CONFLICT", "replayed", "FENCED", "revived"],
  ])
  func everyStateTimesEveryEvent(_ row: [String]) throws {
    let state = row[0]
    let (limit, now, backoff) = (Self.limit, Self.now(state), Self.backoff)
    let events: [(inout DeliveryMachine) -> DeliveryMachine.Action] = [
      { $0.claim("next", patience: 50, limit: limit, at: now) },
      {
        $0.report(.delivered, by: "mine", limit: limit, backoff: backoff, random: 0, at: now)
      },
      { $0.report(.failed, by: "mine", limit: limit, backoff: backoff, random: 0, at: now) },
      { $0.report(.failed, by: "old", limit: limit, backoff: backoff, random: 0, at: now) },
      { $0.retry(at: now) },
    ]
    for (index, event) in events.enumerated() {
      var machine = try Self.machine(state)
      let word = Self.word(event(&machine))
      #expect(word == row[index + 1], "\(state), event \(index)")
      let isChanged = try machine != Self.machine(state)
      #expect(isChanged == !["FENCED", "CONFLICT", "replayed"].contains(word))
      #expect(
        DeliveryMachine(machine.stored, attempts: machine.attempts, report: machine.report)
          == machine)
    }
  }

  @Test func aLateReportIsRefusedWhenSomebodyHasTakenOver() throws {
    var machine = try Self.machine("lost")
    #expect(
      machine.claim("next", patience: 50, limit: 3, at: 100) == .claimed(until: 150))
    let late = machine.report(.delivered, by: "mine", limit: 3, random: 0, at: 101)
    #expect(Self.word(late) == "FENCED")
    #expect(machine.report(.delivered, by: "next", limit: 3, random: 0, at: 200) == .delivered)
    #expect(machine.attempts == 2)
  }

  @Test func allAttemptsAreUsedAndThenNone() {
    var machine = DeliveryMachine(dueAt: 0)
    var now: Instant = 0
    for attempt in 1...3 {
      let claim = Text("c\(attempt)")
      #expect(
        machine.claim(claim, patience: 5, limit: 3, at: now) == .claimed(until: now + 5))
      let action = machine.report(
        .failed, by: claim, limit: 3, backoff: Self.backoff, random: 0, at: now)
      if case .postponed(let at) = action { now = at }
      #expect(Self.word(action) == (attempt < 3 ? "postponed" : "died"))
    }
    #expect(now == 5 + 10)
    #expect(machine.retry(at: 7) == .revived && machine.attempts == 0)
    #expect(machine.stored == DeliveryMachine.Stored(.pending, at: 7))
    #expect(machine.retry(at: 9) == .replayed)
  }

  @Test func noMachineWasEverInTheseStates() {
    typealias Stored = DeliveryMachine.Stored
    for stored in [
      Stored(.pending), Stored(.pending, at: 1, claim: "c"), Stored(.claimed),
      Stored(.claimed, at: 1), Stored(.claimed, claim: "c"), Stored(.delivered, at: 1),
      Stored(.dead, at: 1), Stored(.dead, claim: "c"),
    ] {
      #expect(DeliveryMachine(stored, attempts: 1, report: nil) == nil)
    }
    #expect(DeliveryMachine(Stored(.dead), attempts: -1, report: nil) == nil)
  }

  @Test func timeHasAnEnd() {
    var machine = DeliveryMachine(dueAt: 0)
    #expect(machine.claim("c", patience: .max, limit: 9, at: 9) == .claimed(until: .max))
    let action = machine.report(.failed, by: "c", limit: 9, random: .max, at: .max)
    #expect(action == .postponed(until: .max))
  }

  private static let waits: [(Int, Int64)] = [
    (1, 10), (2, 20), (3, 40), (4, 80), (7, 640), (8, 1000), (99, 1000), (0, 10), (-1, 10),
    (.max, 1000),
  ]

  @Test(arguments: waits)
  func theWaitDoublesUpToALimit(_ attempts: Int, _ whole: Int64) {
    for random: UInt64 in [0, 1, 2, 3, 499, 500, 501, 0xFFFF, .max] {
      let delay = Self.backoff.delay(after: attempts, random: random)
      #expect(whole / 2...whole ~= delay)
    }
    let all = Set((0..<2000).map { Self.backoff.delay(after: attempts, random: $0) })
    #expect(all.min() == whole / 2 && all.max() == whole)
  }

  @Test func aBackoffOfAnythingWaits() {
    for (first, longest): (Int64, Int64) in [
      (0, 0), (-5, 3), (.max, 1), (1, .max), (.max, .max),
    ] {
      let backoff = Backoff(first: first, longest: longest)
      for attempts in [0, 1, 70, 100_000] {
        #expect(backoff.delay(after: attempts, random: UInt64.max) >= 0)
      }
    }
  }

  @Test(arguments: [
    (#"{"name":"a","url":"https://x.example/h?q=1"}"#, ""),
    (#"{"name":"a","url":"HTTP://[::1]:80","attempts":100,"enabled":false,"after":0}"#, ""),
    (#"{"name":"","url":"https://x"}"#, "/name"), (#"{"url":"https://x"}"#, "/name"),
    (#"{"name":"a"}"#, "/url"), (#"{"name":"a","url":"ftp://x"}"#, "/url"),
    (#"{"name":"a","url":"https://x/a b"}"#, "/url"), (#"{"name":"a","url":"https://"}"#, "/url"),
    (#"{"name":"a","url":"https://x/\r\nHost: y"}"#, "/url"),
    (#"{"name":"a","url":"https://é"}"#, "/url"),
    (#"{"name":"a","url":"https://user:pw@x/"}"#, "/url"),
    (#"{"name":"a","url":"https://x/@y"}"#, ""),
    (#"{"name":"a","url":"https://x","attempts":0}"#, "/attempts"),
    (#"{"name":"a","url":"https://x","attempts":101}"#, "/attempts"),
    (#"{"name":"a","url":"https://x","types":[]}"#, "/types"),
    (#"{"name":"a","url":"https://x","types":["a",1]}"#, "/types/1"),
    (#"{"name":"a","url":"https://x","after":-1}"#, "/after"),
  ])
  func endpointsAreRead(_ json: String, _ path: String) throws {
    var reader = MemberReader(try JSONReader.read(Array(json.utf8)))
    let draft = EndpointDraft(&reader)
    #expect((draft == nil) == !path.isEmpty)
    #expect((reader.problems.first?.path.text.string ?? "") == path)
  }

  @Test("What is too long says so, and what has another shape says that")
  func lengths() throws {
    func text(_ count: Int) -> String { String(repeating: "a", count: count) }
    func ids(_ count: Int) -> String { (0..<count).map { #""\#($0)""# }.joined(separator: ",") }
    let most = ReviewDefinition.maxTextBytes
    let rows: [(member: String, flaw: String?)] = [
      (#""url":"https://x/\#(text(EndpointDraft.maxURLBytes - 10))""#, nil),
      (#""url":"https://x/\#(text(EndpointDraft.maxURLBytes - 9))""#, "too_large /url"),
      (#""description":"\#(text(most))""#, nil),
      (#""description":"\#(text(most + 1))""#, "too_large /description"),
      (#""description":1"#, "type /description"),
      (#""types":[\#(ids(EventFilter.maxTypes))]"#, nil),
      (#""types":[\#(ids(EventFilter.maxTypes + 1))]"#, "too_large /types"),
      (#""types":["\#(text(512))"]"#, nil),
      (#""types":["a","\#(text(513))"]"#, "too_large /types/1"),
      (#""types":["a",""]"#, "type /types/1"), (#""types":[null]"#, "type /types/0"),
    ]
    for (member, flaw) in rows {
      let url = member.hasPrefix(#""url""#) ? "" : #""url":"https://x","#
      var reader = MemberReader(try JSONReader.read(Array(#"{"name":"a",\#(url)\#(member)}"#.utf8)))
      let draft = EndpointDraft(&reader)
      #expect((draft == nil) == (flaw != nil), "\(member.prefix(40))")
      let found = reader.problems.map { "\($0.code.rawValue) \($0.path.text)" }
      #expect(found == [flaw].compactMap { $0 }, "\(member.prefix(40))")
    }
  }

  @Test func aFilterSurvivesItsJSON() throws {
    let filters = [
      EventFilter(), EventFilter(types: ["b", "a", "b"], thread: "t"),
      EventFilter(review: "r", channel: "c"),
    ]
    for filter in filters {
      #expect(EventFilter(stored: .object(filter.members)) == filter)
    }
    #expect(EventFilter(stored: .null) == nil)
    #expect(EventFilter(stored: .object(["types": .array([.null])])) == nil)
    let some = filters[1]
    #expect(some.includes(type: "a", review: nil, thread: "t", channel: nil))
    #expect(!some.includes(type: "c", review: nil, thread: "t", channel: nil))
    #expect(!some.includes(type: "a", review: nil, thread: nil, channel: nil))
    #expect(filters[0].isEmpty && !some.isEmpty)
    #expect(filters[0].includes(type: "x", review: "r", thread: nil, channel: nil))
  }
}
