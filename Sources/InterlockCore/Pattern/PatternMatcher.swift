/// Runs a program over a text, all its threads at once (Pike's machine without captures).
struct PatternMatcher {
  private let program: [PatternInstruction]
  private let sets: [ScalarSet]
  /// The consuming instructions to try on the next scalar, and those reached by it.
  private var now: ThreadList
  private var later: ThreadList
  private var pending: [Int] = []

  init(_ program: PatternProgram) {
    self.program = program.instructions
    sets = program.sets
    now = ThreadList(capacity: program.instructions.count)
    later = now
  }

  /// Whether the program matches anywhere in the text.
  mutating func search(_ text: String.UnicodeScalarView) -> Bool {
    var previous: Unicode.Scalar?
    var rest = text.makeIterator()
    var next = rest.next()
    let isAnchored = beginsAtStart
    while true {
      // A match may begin at every place.
      if previous == nil || !isAnchored,
        follow(0, after: previous, before: next, into: .now)
      {
        return true
      }
      guard let scalar = next, now.count > 0 else { return false }
      next = rest.next()
      if step(over: scalar, before: next) { return true }
      previous = scalar
      swap(&now, &later)
      later.removeAll()
    }
  }

  private enum Target {
    case now
    case later
  }

  /// Whether no match can begin beyond the start, so that a search may be over before the text is.
  private var beginsAtStart: Bool {
    guard case .assertion(.start) = program.first else { return false }
    return true
  }

  private mutating func step(over scalar: Unicode.Scalar, before next: Unicode.Scalar?) -> Bool {
    for place in 0..<now.count {
      let index = now[place]
      let consumes =
        switch program[index] {
        case .scalar(let wanted): wanted == scalar
        case .set(let set): sets[set].contains(scalar)
        case .assertion, .split, .jump, .match: false
        }
      if consumes, follow(index + 1, after: scalar, before: next, into: .later) { return true }
    }
    return false
  }

  /// Adds every instruction that is reached from `start` without a scalar. True if a match is.
  private mutating func follow(
    _ start: Int, after previous: Unicode.Scalar?, before next: Unicode.Scalar?, into target: Target
  ) -> Bool {
    pending.append(start)
    while let index = pending.popLast() {
      let isNew =
        switch target {
        case .now: now.insert(index)
        case .later: later.insert(index)
        }
      guard isNew else { continue }
      switch program[index] {
      case .scalar, .set: break
      case .assertion(let assertion):
        if assertion.holds(after: previous, before: next) { pending.append(index + 1) }
      case .split(let one, let other):
        pending.append(other)
        pending.append(one)
      case .jump(let destination): pending.append(destination)
      case .match:
        pending.removeAll(keepingCapacity: true)
        return true
      }
    }
    return false
  }
}

/// A sparse set of instruction indices: constant-time insertion, lookup and clearing.
private struct ThreadList {
  private var dense: [Int]
  private var sparse: [Int]
  private(set) var count = 0

  init(capacity: Int) {
    dense = Array(repeating: 0, count: capacity)
    sparse = dense
  }

  subscript(place: Int) -> Int { dense[place] }

  mutating func insert(_ index: Int) -> Bool {
    let place = sparse[index]
    if place < count, dense[place] == index { return false }
    dense[count] = index
    sparse[index] = count
    count += 1
    return true
  }

  mutating func removeAll() {
    count = 0
  }
}
