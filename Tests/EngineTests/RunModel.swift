import InterlockCore

/// A program as a random test draws it: what it does depends on what it was told before.
struct ModelProgram {
  indirect enum Operation {
    /// Does work, which fails so many times first.
    case step(String, failures: Int)
    /// Asks for values, all before it waits.
    case ask([String])
    case review(String)
    /// One of two ways, by what has come so far.
    case either([Operation], [Operation])
  }

  /// Why a program did not get to its end.
  enum Stop: Error {
    case waiting
    case failed
    case crashed
    /// What must not happen.
    case defect(String)
  }

  let operations: [Operation]

  init(_ dice: inout Dice) {
    var keys = 0
    operations = Self.draw(&dice, &keys, depth: 0)
  }

  private static func draw(_ dice: inout Dice, _ keys: inout Int, depth: Int) -> [Operation] {
    func key() -> String {
      keys += 1
      return "k\(keys)"
    }
    return (0..<dice.roll(depth == 0 ? 2...7 : 0...3)).map { _ in
      switch dice.roll(1...100) {
      case 1...50: .step(key(), failures: dice.chance(20) ? dice.roll(1...2) : 0)
      case 51...75: .ask((0..<dice.roll(1...3)).map { _ in key() })
      case 76...88 where depth < 3:
        .either(
          draw(&dice, &keys, depth: depth + 1), draw(&dice, &keys, depth: depth + 1))
      default: .review(key())
      }
    }
  }

  /// Runs from the start in a world, and returns what comes of it.
  func run(_ world: inout some ModelWorld) throws(Stop) -> Int {
    var sum = 1
    try Self.run(operations, &world, &sum)
    return sum
  }

  private static func run(
    _ operations: [Operation], _ world: inout some ModelWorld, _ sum: inout Int
  ) throws(Stop) {
    for operation in operations {
      switch operation {
      case .step(let key, let failures):
        add(try world.step(key, input: sum, failures: failures), &sum)
      case .ask(let keys):
        for value in try world.ask(keys) { add(value, &sum) }
      case .review(let key):
        add(try world.review(key) ? 1 : 2, &sum)
      case .either(let first, let second):
        try run(sum % 2 == 0 ? first : second, &world, &sum)
      }
    }
  }

  private static func add(_ value: Int, _ sum: inout Int) {
    sum = (sum * 31 + value) % 1_000_003
  }
}

/// Where a program runs.
protocol ModelWorld {
  mutating func step(
    _ key: String, input: Int, failures: Int
  ) throws(ModelProgram.Stop) -> Int
  mutating func ask(_ keys: [String]) throws(ModelProgram.Stop) -> [Int]
  mutating func review(_ key: String) throws(ModelProgram.Stop) -> Bool
}

/// What the work does and what people say: the same in every world.
struct ModelPeople {
  let seed: UInt64

  func work(_ key: String, _ input: Int) -> Int { (input * 7 + number(key)) % 1000 }

  func value(_ key: String) -> Int { number(key) }

  func approves(_ key: String) -> Bool { number(key) % 3 != 0 }

  private func number(_ key: String) -> Int {
    let mixed = key.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    return Int(mixed % 997)
  }
}

/// The plain interpreter: nothing fails, nothing crashes, everybody answers at once.
struct PlainWorld: ModelWorld {
  let people: ModelPeople
  private(set) var log: [String] = []

  init(_ people: ModelPeople) { self.people = people }

  mutating func step(_ key: String, input: Int, failures: Int) -> Int {
    log.append(key)
    return people.work(key, input)
  }

  func ask(_ keys: [String]) -> [Int] { keys.map(people.value) }

  func review(_ key: String) -> Bool { people.approves(key) }
}
