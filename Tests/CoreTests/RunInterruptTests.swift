import InterlockCore
import Testing

/// What every event does to a pause, in every state.
@Suite struct RunInterruptTests {
  private static let one = JSONValue.integer(1)
  private static let more = JSONValue.object(["a": .integer(2)])

  /// Without a review, and with one: `r.` before the name.
  private static let states: [(name: String, machine: InterruptMachine)] =
    [false, true].flatMap { hasReview in
      let prefix = hasReview ? "r." : ""
      return [
        (prefix + "pending", make(hasReview)), (prefix + "1", make(hasReview, one)),
        (prefix + "null", make(hasReview, .null)), (prefix + "1+", make(hasReview, one, more)),
        (prefix + "dropped", make(hasReview, nil, nil, true)),
      ]
    }

  private static func make(
    _ hasReview: Bool, _ value: JSONValue? = nil, _ update: JSONValue? = nil, _ isOver: Bool = false
  ) -> InterruptMachine {
    InterruptMachine(storedValue: value, update: update, isCancelled: isOver, hasReview: hasReview)
  }

  /// A resume with a value and perhaps an update; nil cancels.
  private struct Event {
    let name: String
    var resume: (value: JSONValue, update: JSONValue?, isForced: Bool)?

    func happen(_ machine: inout InterruptMachine) -> InterruptMachine.Action {
      guard let resume else { return machine.cancel() }
      return machine.resume(resume.value, update: resume.update, past: resume.isForced)
    }
  }

  private static let events: [Event] =
    [Event(name: "cancel")]
    + [false, true].flatMap { isForced in
      let prefix = isForced ? "force " : ""
      return [
        Event(name: prefix + "1", resume: (one, nil, isForced)),
        Event(name: prefix + "2", resume: (.integer(2), nil, isForced)),
        Event(name: prefix + "null", resume: (.null, nil, isForced)),
        Event(name: prefix + "1+", resume: (one, more, isForced)),
      ]
    }

  private static let table = """
    event      | pending   | 1    | null | 1+   | dropped   | r.pending | r.1  | r.null | r.1+ | r.dropped
    1          | resumed   | same | OVER | OVER | CANCELLED | REVIEW    | same | OVER   | OVER | CANCELLED
    2          | resumed   | OVER | OVER | OVER | CANCELLED | REVIEW    | OVER | OVER   | OVER | CANCELLED
    null       | resumed   | OVER | same | OVER | CANCELLED | REVIEW    | OVER | same   | OVER | CANCELLED
    1+         | resumed   | OVER | OVER | same | CANCELLED | REVIEW    | OVER | OVER   | same | CANCELLED
    force 1    | resumed   | same | OVER | OVER | CANCELLED | resumed   | same | OVER   | OVER | CANCELLED
    force 2    | resumed   | OVER | OVER | OVER | CANCELLED | resumed   | OVER | OVER   | OVER | CANCELLED
    force null | resumed   | OVER | same | OVER | CANCELLED | resumed   | OVER | same   | OVER | CANCELLED
    force 1+   | resumed   | OVER | OVER | same | CANCELLED | resumed   | OVER | OVER   | same | CANCELLED
    cancel     | cancelled | OVER | OVER | OVER | CANCELLED | cancelled | OVER | OVER   | OVER | CANCELLED
    """

  private static func word(_ action: InterruptMachine.Action) -> String {
    switch action {
    case .resumed: "resumed"
    case .cancelled: "cancelled"
    case .replayed: "same"
    case .rejected(let refusal):
      switch refusal.code {
      case .alreadyResolved: "OVER"
      case .reviewRequired: "REVIEW"
      default: refusal.code.rawValue
      }
    }
  }

  @Test func everyPair() throws {
    let table = try WordTable(Self.table)
    table.covers(states: Self.states.map(\.name), events: Self.events.map(\.name))
    for (pair, expected) in table.cells {
      let before = try #require(Self.states.first { $0.name == pair.state }).machine
      let event = try #require(Self.events.first { $0.name == pair.event })
      var machine = before
      let word = Self.word(event.happen(&machine))
      #expect(word == expected, "\(pair.event) when \(pair.state)")
      let hasChanged = word == "resumed" || word == "cancelled"
      #expect((machine != before) == hasChanged, "\(pair.event) when \(pair.state)")
      #expect(machine.isPending == (before.isPending && !hasChanged))
      #expect(machine.isCancelled == (before.isCancelled || word == "cancelled"))
    }
  }

  @Test("An explicit null is a value; no value is none")
  func null() {
    var machine = InterruptMachine(hasReview: false)
    #expect(machine.value == nil)
    #expect(machine.resume(.null, update: nil, past: false) == .resumed)
    #expect(machine.value == .null)
  }

  @Test(
    "Which interrupt a resume means",
    arguments: [
      (nil, [], "NOT_INTERRUPTED"), (nil, ["a"], "a"), (nil, ["a", "b"], "AMBIGUOUS_INTERRUPT"),
      ("a", [], "a"), ("a", ["a"], "a"), ("a", ["b"], "a"), ("a", ["a", "b"], "a"),
      ("x", [], "UNKNOWN_INTERRUPT"), ("x", ["a"], "UNKNOWN_INTERRUPT"),
      ("x", ["a", "b"], "UNKNOWN_INTERRUPT"), ("", ["a"], "UNKNOWN_INTERRUPT"),
    ] as [(String?, [String], String)])
  func choice(_ named: String?, _ pending: [String], _ expected: String) {
    let choice = InterruptMachine.choose(
      named.map { Text($0) }, pending: pending.map { Text($0) }, known: { ["a", "b"].contains($0) })
    switch choice {
    case .success(let id): #expect(id.string == expected)
    case .failure(let refusal): #expect(refusal.code.rawValue == expected)
    }
  }
}
