/// Writes the program of a parsed pattern: Thompson's construction, repetitions written out.
struct PatternCompiler {
  private let limit: Int
  private(set) var program: [PatternInstruction] = []
  private(set) var sets: [ScalarSet] = []

  init(limit: Int) {
    self.limit = limit
  }

  mutating func compile(_ tree: PatternTree) throws(PatternError) {
    try emit(tree)
    try append(.match)
  }

  private mutating func append(_ instruction: PatternInstruction) throws(PatternError) {
    guard program.count < limit else {
      throw PatternError(reason: .tooLarge, offset: 0)
    }
    program.append(instruction)
  }

  /// A place for an instruction whose targets are known later.
  private mutating func reserve() throws(PatternError) -> Int {
    try append(.match)
    return program.count - 1
  }

  private mutating func emit(_ tree: PatternTree) throws(PatternError) {
    switch tree {
    case .empty: break
    case .scalar(let scalar): try append(.scalar(scalar))
    case .set(let set):
      // A repeated class adds its set once more each time: an array shared by the copies.
      sets.append(set)
      try append(.set(sets.count - 1))
    case .assertion(let assertion): try append(.assertion(assertion))
    case .sequence(let terms):
      for term in terms { try emit(term) }
    case .alternatives(let branches): try emit(alternatives: branches)
    case .repetition(let body, let min, let max): try emit(body, min: min, max: max)
    }
  }

  private mutating func emit(alternatives branches: [PatternTree]) throws(PatternError) {
    var ends: [Int] = []
    for branch in branches.dropLast() {
      let split = try reserve()
      try emit(branch)
      ends.append(try reserve())
      program[split] = .split(split + 1, program.count)
    }
    if let last = branches.last { try emit(last) }
    for end in ends { program[end] = .jump(program.count) }
  }

  private mutating func emit(_ body: PatternTree, min: Int, max: Int?) throws(PatternError) {
    for _ in 0..<min {
      let start = program.count
      try emit(body)
      // What has no instructions has none a thousand times: counts nested in counts stay cheap.
      if program.count == start { return }
    }
    guard let max else { return try emit(loop: body) }
    var splits: [Int] = []
    for _ in min..<max {
      splits.append(try reserve())
      try emit(body)
    }
    for split in splits { program[split] = .split(split + 1, program.count) }
  }

  private mutating func emit(loop body: PatternTree) throws(PatternError) {
    let split = try reserve()
    try emit(body)
    try append(.jump(split))
    program[split] = .split(split + 1, program.count)
  }
}
