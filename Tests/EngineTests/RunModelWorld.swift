import Interlock
import InterlockCore
import InterlockStore
import Testing

/// The engine as a world: workers fail and crash, clocks go on, and people answer when they like.
struct EngineWorld: ModelWorld {
  private static let lease = 100

  let people: ModelPeople
  private let open: (Instant) throws -> Desk
  private(set) var desks: [Desk]
  private var dice: Dice
  private var worker: RunWorker?
  /// Workers that crashed, and may wake any time.
  private var ghosts: [RunWorker] = []
  private var failures: [String: Int] = [:]
  private var now: Instant = 0
  /// The work that was done, and how often it was done and not recorded.
  private(set) var log: [String] = []
  private(set) var lost: [String: Int] = [:]
  private(set) var crashes = 0

  /// `open` makes an engine on the store; it is called again after each crash if that is another one.
  init(_ seed: UInt64, _ people: ModelPeople, open: @escaping (Instant) throws -> Desk) throws {
    dice = Dice(seed)
    self.people = people
    self.open = open
    desks = [try open(Desk.start)]
  }

  private var desk: Desk { desks[desks.count - 1] }

  /// Runs a program until it is done, over any number of workers. Returns its result.
  mutating func finish(_ program: ModelProgram) throws -> String {
    for _ in 0..<400 {
      worker = try begin()
      haunt()
      do throws(ModelProgram.Stop) {
        let result = try program.run(&self)
        try crash(2)
        guard worker?.complete("\(result)") == "idle" else { throw .defect("no completion") }
      } catch {
        try recover(from: error)
        continue
      }
      haunt()
      return try desk.run().at("outcome/result")
    }
    return "endless"
  }

  private mutating func begin() throws -> RunWorker {
    let lease = #","lease_ms":\#(Self.lease)"#
    if try desk.beginsBusy() {
      #expect(desk.beginning(lease) == "THREAD_BUSY")
      now += Instant(Self.lease)
      try desk.set(now)
    }
    return try desk.begin(lease)
  }

  private mutating func recover(from stop: ModelProgram.Stop) throws {
    switch stop {
    case .crashed:
      crashes += 1
      if let worker { ghosts.append(worker) }
      let next = try open(Desk.start + now)
      if next !== desk { desks.append(next) }
    case .failed: #expect(worker?.fail(#""broke""#) == "error")
    case .waiting:
      if dice.chance(20) { return try recover(from: .crashed) }
      if dice.chance(30) { try answer() }
      #expect(worker?.suspend() == "interrupted")
    case .defect(let what): Issue.record("\(what), seed \(people.seed)")
    }
    worker = nil
    if dice.chance(85) { try answer() }
  }

  /// Some of those who are asked answer, in any order.
  private mutating func answer() throws {
    for interrupt in try desk.run().items("interrupts").shuffled(using: &dice) {
      guard dice.chance(70) else { continue }
      let key = interrupt.at("key")
      let review = interrupt.at("review")
      if review == "null" {
        let named = #","interrupt":"\#(interrupt.at("id"))""#
        for _ in 0..<dice.roll(1...2) {
          #expect(desk.resume("\(people.value(key))", named) == "OK")
        }
      } else {
        #expect(desk.answer(review, "ana", people.approves(key) ? "approve" : "reject") == "OK")
      }
    }
  }

  /// A worker that has lost its lease wakes, and changes nothing.
  private mutating func haunt() {
    guard !ghosts.isEmpty, dice.chance(40) else { return }
    let ghost = dice.pick(ghosts)
    let words = [ghost.record("ghost"), ghost.ask("ghost"), ghost.heartbeat(), ghost.suspend()]
    #expect(words.allSatisfy { ["FENCED", "DIVERGED"].contains($0) }, "\(words)")
    #expect(words[2] == "FENCED" && words[3] == "FENCED")
  }

  private mutating func crash(_ percent: Int) throws(ModelProgram.Stop) {
    if dice.chance(percent) { throw .crashed }
  }

  // MARK: What a program does

  mutating func step(
    _ key: String, input: Int, failures: Int
  ) throws(ModelProgram.Stop) -> Int {
    try crash(3)
    guard let state = worker?.step(key) else { throw .defect("no worker") }
    if state != "work" { return try number(state, "recorded ") }
    let failed = self.failures[key, default: 0]
    if failed < failures {
      self.failures[key] = failed + 1
      throw .failed
    }
    log.append(key)
    let result = people.work(key, input)
    if dice.chance(6) {
      lost[key, default: 0] += 1
      throw .crashed
    }
    let kept = worker?.record(key, "\(result)")
    try crash(3)
    return try number(kept ?? "", "recorded ")
  }

  mutating func ask(_ keys: [String]) throws(ModelProgram.Stop) -> [Int] {
    var words: [String] = []
    for key in keys {
      try crash(2)
      words.append(worker?.ask(key, "\"\(key)\"") ?? "")
    }
    var values: [Int] = []
    for word in words where word != "waiting" { values.append(try number(word, "answered ")) }
    guard values.count == keys.count else { throw .waiting }
    return values
  }

  mutating func review(_ key: String) throws(ModelProgram.Stop) -> Bool {
    try crash(2)
    switch worker?.review(key) {
    case "waiting": throw .waiting
    case "answered approved": return true
    case "answered rejected": return false
    case let word: throw .defect("review \(key): \(word ?? "-")")
    }
  }

  private func number(_ word: String, _ prefix: String) throws(ModelProgram.Stop) -> Int {
    guard word.hasPrefix(prefix), let number = Int(word.dropFirst(prefix.count)) else {
      throw .defect("\(prefix)was expected, \(word) came")
    }
    return number
  }
}

extension Desk {
  /// Whether somebody has the lease of the thread `t`.
  fileprivate func beginsBusy() throws -> Bool {
    try work(.list, #"{"status":"busy"}"#).items("runs").contains { $0.at("thread") == "t" }
  }
}
