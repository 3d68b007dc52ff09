import InterlockCore
import Testing

/// A table in words: columns are states, rows are events, a cell is what the event does in the state.
/// Events that do the same share a row, with `;` between them.
struct WordTable {
  struct Pair: Hashable {
    let state: String
    let event: String
  }

  let cells: [(pair: Pair, expected: String)]

  init(_ text: String) throws {
    let lines = text.split(separator: "\n").map { line in
      line.split(separator: "|").map { Self.word($0) }
    }
    let head = try #require(lines.first)
    cells = try lines.dropFirst().flatMap { line in
      try #require(line.count == head.count, "\(line)")
      return line[0].split(separator: ";").flatMap { event in
        zip(head, line).dropFirst().map { (Pair(state: $0, event: Self.word(event)), $1) }
      }
    }
  }

  private static func word(_ text: Substring) -> String {
    text.split(separator: " ").joined(separator: " ")
  }

  /// Every pair has one row, and no row is of anything else.
  func covers(states: [String], events: [String]) {
    let pairs = Set(cells.map(\.pair))
    #expect(pairs.count == cells.count, "A pair has two rows.")
    let product = Set(states.flatMap { state in events.map { Pair(state: state, event: $0) } })
    #expect(product.count == states.count * events.count, "A name is used twice.")
    #expect(product.subtracting(pairs).isEmpty, "No row for these.")
    #expect(pairs.subtracting(product).isEmpty, "Rows of nothing.")
  }
}

/// Repeatable randomness.
struct RunDice: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  mutating func roll(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  mutating func chance(_ percent: Int) -> Bool { roll(1...100) <= percent }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[roll(0...(elements.count - 1))]
  }
}

extension RunAction {
  var word: String {
    switch self {
    case .started: "started"
    case .resumed: "resumed"
    case .tookOver: "took over"
    case .extended: "extended"
    case .suspended: "suspended"
    case .completed: "completed"
    case .failed: "failed"
    case .cancelled: "cancelled"
    case .rejected(let refusal): refusal.code.rawValue
    }
  }

  /// Where the thread stands afterwards. Nil if nothing has changed.
  var status: ThreadStatus? {
    switch self {
    case .started, .resumed, .tookOver, .extended: .busy
    case .suspended: .interrupted
    case .completed, .cancelled: .idle
    case .failed: .error
    case .rejected: nil
    }
  }

  /// The lease that was granted or extended.
  var lease: Lease? {
    switch self {
    case .started(let lease), .resumed(let lease), .tookOver(let lease), .extended(let lease): lease
    case .suspended, .completed, .failed, .cancelled, .rejected: nil
    }
  }
}
