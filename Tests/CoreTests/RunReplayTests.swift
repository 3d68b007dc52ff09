import InterlockCore
import Testing

/// What a program is told wherever it comes, whatever is recorded there.
@Suite struct RunReplayTests {
  private static let seven = JSONValue.integer(7)

  private static func step(_ key: Text) -> JournalEntry {
    JournalEntry(key: key, content: .step([UInt8(ascii: "7")]))
  }

  private static func interrupt(_ key: Text, _ answer: JSONValue?) -> JournalEntry {
    JournalEntry(key: key, content: .interrupt(id: "i", answer: answer))
  }

  /// What stands next in the journal. `used`: nothing, and the key was used before.
  private static let states: [(name: String, journal: [JournalEntry], position: Int)] = [
    ("end", [], 0), ("used step", [step("k")], 1), ("used int", [interrupt("k", nil)], 1),
    ("step", [step("k")], 0), ("other step", [step("x"), step("k")], 0),
    ("asked", [interrupt("k", nil)], 0), ("answered", [interrupt("k", seven)], 0),
    ("null", [interrupt("k", .null)], 0), ("other int", [interrupt("x", seven)], 0),
  ]

  private typealias Call = @Sendable (inout Replay) -> String

  private static let calls: [(name: String, make: Call)] = [
    ("step", { word($0.step("k")) }),
    ("interrupt", { word($0.interrupt("k")) }),
    ("record", { $0.append(step("k")).map(\.code.rawValue) ?? "kept" }),
    ("ask", { $0.append(interrupt("k", nil)).map(\.code.rawValue) ?? "kept" }),
    ("finish", { $0.finish().map(\.code.rawValue) ?? "over" }),
  ]

  private static let table = """
    call      | end  | used step | used int | step     | other step | asked    | answered | null     | other int
    step      | work | USED      | USED     | recorded | DIVERGED   | DIVERGED | DIVERGED | DIVERGED | DIVERGED
    interrupt | ask  | USED      | again    | DIVERGED | DIVERGED   | waiting  | answered | answered | DIVERGED
    record    | kept | USED      | USED     | DIVERGED | DIVERGED   | DIVERGED | DIVERGED | DIVERGED | DIVERGED
    ask       | kept | USED      | USED     | DIVERGED | DIVERGED   | DIVERGED | DIVERGED | DIVERGED | DIVERGED
    finish    | over | over      | over     | DIVERGED | DIVERGED   | DIVERGED | DIVERGED | DIVERGED | DIVERGED
    """

  private static func word(_ action: ReplayAction) -> String {
    switch action {
    case .recorded: "recorded"
    case .work: "work"
    case .answered: "answered"
    case .waiting: "waiting"
    case .ask: "ask"
    case .rejected(let refusal): refusal.code.rawValue
    }
  }

  private static func replay(_ state: String) throws -> Replay {
    let found = try #require(states.first { $0.name == state })
    var replay = Replay(found.journal)
    if found.position == 1 {
      if word(replay.step("k")) == "DIVERGED" { _ = replay.interrupt("k") }
    }
    try #require(replay.position == found.position)
    return replay
  }

  @Test func everyPair() throws {
    let table = try WordTable(Self.table)
    table.covers(states: Self.states.map(\.name), events: Self.calls.map(\.name))
    for (pair, expected) in table.cells {
      let before = try Self.replay(pair.state)
      let call = try #require(Self.calls.first { $0.name == pair.event }).make
      var replay = before
      let word = call(&replay)
      // Looking again at what waits moves nothing.
      let isAgain = word == "waiting" && replay.position == before.position
      let short = word == "DUPLICATE_KEY" ? "USED" : isAgain ? "again" : word
      #expect(short == expected, "\(pair.event) at \(pair.state)")
      let moves = ["recorded", "answered", "waiting", "kept"].contains(short)
      #expect(replay.position == before.position + (moves ? 1 : 0), "\(pair)")
      #expect((replay == before) == !moves, "\(pair)")
      #expect(replay.journal.count == before.journal.count + (word == "kept" ? 1 : 0), "\(pair)")
    }
  }

  @Test("A divergence says what was recorded, what came, and where")
  func divergence() throws {
    var replay = Replay([Self.step("a"), Self.interrupt("b", nil)])
    #expect(replay.step("a") == .recorded([UInt8(ascii: "7")]))
    let expected: [(RunRefusal?, String)] = [
      (refusal(replay.step("c")), #"{"kind":"step","key":"c"}"#),
      (refusal(replay.step("b")), #"{"kind":"step","key":"b"}"#),
      (refusal(replay.interrupt("c")), #"{"kind":"interrupt","key":"c"}"#),
      (replay.finish(), #"{"kind":"end"}"#),
    ]
    for (refusal, came) in expected {
      let details = try #require(refusal?.details)
      #expect(details.member("position") == .integer(1))
      #expect(text(details.member("recorded")) == #"{"kind":"interrupt","key":"b"}"#)
      #expect(text(details.member("came")) == came)
    }
    #expect(replay.position == 1)
  }

  private func refusal(_ action: ReplayAction) -> RunRefusal? {
    if case .rejected(let refusal) = action { refusal } else { nil }
  }

  private func text(_ value: JSONValue?) -> String {
    String(decoding: JSONWriter.write(value ?? .null), as: UTF8.self)
  }

  @Test("Keys compare as bytes")
  func keysAreBytes() {
    var replay = Replay([Self.step("\u{e9}")])
    #expect(Self.word(replay.step("e\u{301}")) == "DIVERGED")
    #expect(Self.word(replay.step("\u{e9}")) == "recorded")
    #expect(Self.word(replay.step("e\u{301}")) == "work")
  }

  @Test("Whatever a program did, the same program is told the same again", arguments: 1...100)
  func walk(_ seed: Int) {
    var dice = RunDice(UInt64(seed))
    var first = Replay([])
    var told: [(key: Text, isStep: Bool, answer: JSONValue?)] = []
    for index in 0..<dice.roll(1...30) {
      let (key, isStep) = (Text("k\(index)"), dice.chance(60))
      let answer: JSONValue? = isStep || dice.chance(70) ? .integer(index) : nil
      #expect((isStep ? first.step(key) : first.interrupt(key)) == (isStep ? .work : .ask))
      let content: JournalEntry.Content =
        isStep ? .step(JSONWriter.write(answer ?? .null)) : .interrupt(id: key, answer: answer)
      #expect(first.append(JournalEntry(key: key, content: content)) == nil)
      told.append((key, isStep, answer))
    }
    #expect(first.finish() == nil)
    var again = Replay(first.journal)
    for (key, isStep, answer) in told {
      #expect(again.finish() != nil)
      let expected: ReplayAction =
        isStep
        ? .recorded(JSONWriter.write(answer ?? .null))
        : answer.map { .answered($0) } ?? .waiting(interrupt: key)
      #expect((isStep ? again.step(key) : again.interrupt(key)) == expected)
    }
    #expect(again == first)
  }
}
