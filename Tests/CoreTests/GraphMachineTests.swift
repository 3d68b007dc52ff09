import InterlockCore
import Testing

/// What every event does to an interrupt of a graph, in every state.
@Suite struct GraphMachineTests {
  private typealias Event = @Sendable (inout GraphInterruptMachine) -> GraphInterruptMachine.Action

  private static let events: [(name: String, happen: Event)] = [
    ("resolve", { $0.resolve(hasValue: true) }),
    ("resolve without value", { $0.resolve(hasValue: false) }),
    ("ask", { $0.ask() }),
    ("finish", { $0.finish(byClaim: false) }),
    ("finish by claim", { $0.finish(byClaim: true) }),
    ("fail", { $0.fail(hadAnswer: true) }),
    ("fail without answer", { $0.fail(hadAnswer: false) }),
    ("pass", { $0.pass() }),
    ("release", { $0.release() }),
  ]

  private static let table = """
    event                 | waiting    | answered | unanswered | applying | applied | failed   | moved
    resolve               | answered   | same     | same       | same     | same    | same     | same
    resolve without value | unanswered | same     | same       | same     | same    | same     | same
    ask                   | same       | same     | same       | same     | same    | answered | same
    finish                | WITHDRAWN  | applied  | WITHDRAWN  | same     | same    | applied  | same
    finish by claim       | WITHDRAWN  | applying | WITHDRAWN  | same     | same    | applying | same
    fail                  | WITHDRAWN  | failed   | WITHDRAWN  | same     | same    | same     | same
    fail without answer   | same       | same     | same       | same     | same    | same     | same
    pass                  | WITHDRAWN  | moved    | moved      | applied  | same    | moved    | same
    release               | same       | same     | same       | applied  | same    | same     | same
    """

  @Test func everyPair() throws {
    let table = try WordTable(Self.table)
    table.covers(
      states: GraphInterruptMachine.State.allCases.map(\.rawValue), events: Self.events.map(\.name))
    for (pair, expected) in table.cells {
      let state = try #require(GraphInterruptMachine.State(rawValue: pair.state))
      let event = try #require(Self.events.first { $0.name == pair.event }).happen
      var machine = GraphInterruptMachine(state)
      let word: String
      switch event(&machine) {
      case .kept:
        word = "same"
        #expect(machine.state == state, "\(pair)")
      case .became(let new):
        word = new.rawValue
        #expect(machine.state == new && new != state, "\(pair)")
      case .withdrawn:
        word = "WITHDRAWN"
        #expect(machine.state == .moved, "\(pair)")
      }
      #expect(word == expected, "\(pair.event) when \(pair.state)")
    }
  }

  @Test("What is over stays over")
  func endings() {
    for state in [GraphInterruptMachine.State.applied, .moved] {
      #expect(!state.isOpen && !state.isDue)
      for event in Self.events {
        var machine = GraphInterruptMachine(state)
        #expect(event.happen(&machine) == .kept, "\(event.name) when \(state)")
      }
    }
  }

  @Test("A review ends once for an interrupt, and only an answer that nobody needs is withdrawn")
  func walks() {
    // Every walk of four events from the question.
    var machines: [([String], GraphInterruptMachine)] = [([], GraphInterruptMachine(.waiting))]
    for _ in 0..<4 {
      machines = machines.flatMap { path, machine in
        Self.events.map { event in
          var next = machine
          let action = event.happen(&next)
          if action == .withdrawn { #expect(!machine.state.isDue, "\(path) \(event.name)") }
          if case .became(.answered) = action, machine.state == .waiting {
            #expect(event.name == "resolve")
          }
          return (path + [event.name], next)
        }
      }
    }
    #expect(machines.count == 6561)
    for state in GraphInterruptMachine.State.allCases {
      #expect(machines.contains { $0.1.state == state }, "\(state) cannot be reached")
    }
  }

  @Test("Due is what the graph has to run for")
  func due() {
    let due = GraphInterruptMachine.State.allCases.filter(\.isDue)
    #expect(due == [.answered, .applying, .failed])
    #expect(due.filter(\.mustRunAgain) == [.applying, .failed])
    #expect(!due.contains { !$0.isOpen })
  }
}
