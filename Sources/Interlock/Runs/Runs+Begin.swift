import InterlockCore
import InterlockStore

extension Runs {
  static let usualLease = 60_000

  /// Begins the work of a thread, goes on with it after a pause or an error, or takes it over from a
  /// worker whose lease has run out.
  package func begin(_ request: [UInt8]) throws(EngineError) -> (RunSession, [UInt8]) {
    let opening = try RunOpening(request)
    let now = engine.clock.now
    let outcome = try engine.change { [engine] (transaction) throws(StoreError) in
      try opening.run(engine, at: now, transaction)
    }
    switch outcome {
    case .failure(let refusal): throw EngineError(refusal)
    case .success(let begun):
      let session = RunSession(engine, opening, begun)
      return (session, JSONWriter.write(begun.document))
    }
  }
}

/// What a worker asks for when it begins.
struct RunOpening {
  struct Begun {
    let thread: Text
    let run: Text
    let fence: Int64
    let action: StaticString
    let journal: [JournalEntry]
    let updates: [JSONValue]

    var document: JSONValue {
      .object([
        "thread": .string(thread), "run": .string(run), "fence": .number(.integer(fence)),
        "action": .string(Text(stringLiteral: action)), "recorded": .integer(journal.count),
        "updates": .array(updates),
      ])
    }
  }

  let thread: Text
  let worker: Text
  let patience: Int
  let gates: Gates
  private let parent: Text?

  init(_ request: [UInt8]) throws(EngineError) {
    var reader = try RequestReader(request)
    let given = reader.members.id("thread", .required)
    worker = reader.members.id("worker") ?? "worker"
    patience = reader.members.integer("lease_ms", in: 1...Deadline.longest) ?? Runs.usualLease
    parent = reader.members.id("parent")
    gates = Gates(&reader)
    try reader.finish()
    thread = try RequestReader.required(given, "thread")
  }

  func run(
    _ engine: Engine, at now: Instant, _ transaction: any StoreTransaction
  ) throws(StoreError) -> Result<Begun, RunRefusal> {
    var run = try LoadedRun(thread, transaction)
    let newRun = RunID.make(at: now)
    let ended = run.machine.run
    let action = run.machine.begin(
      worker: worker, newRun: newRun, patience: Int64(patience), at: now)
    let (word, event): (StaticString, StaticString)
    switch action {
    case .started:
      (word, event) = ("started", "run.started")
      run.setParent(parent)
      // Nobody comes back to a run that has ended: its journal would stay for ever.
      if let ended { try transaction.deleteSteps(of: ended) }
    case .resumed: (word, event) = ("resumed", "run.resumed")
    case .tookOver: (word, event) = ("took_over", "run.taken_over")
    case .rejected(let refusal): return .failure(refusal)
    case .extended, .suspended, .completed, .failed, .cancelled:
      throw StoreError(.internalDefect, "a run has begun in no known way")
    }
    try run.save(at: now, transaction)
    try RunJournal(transaction: transaction, at: now).event(event, run)
    return .success(try begun(run, word, engine, at: now, transaction))
  }

  private func begun(
    _ run: LoadedRun, _ action: StaticString, _ engine: Engine, at now: Instant,
    _ transaction: any StoreTransaction
  ) throws(StoreError) -> Begun {
    let id = run.machine.run ?? .empty
    var interrupts: [Text: InterruptRecord] = [:]
    for known in try transaction.interrupts(ofRun: id) {
      // A deadline that has passed meanwhile is an answer too.
      if known.status == .pending, let review = known.review {
        _ = try engine.load(review, at: now, transaction)
        interrupts[known.id] = try transaction.interrupt(known.id) ?? known
      } else {
        interrupts[known.id] = known
      }
    }
    let journal = try transaction.steps(of: id).map { (step) throws(StoreError) in
      try JournalEntry(step, interrupts)
    }
    let updates = journal.compactMap { entry -> JSONValue? in
      guard case .interrupt(let id, _) = entry.content else { return nil }
      return interrupts[id]?.update.flatMap { try? JSONReader.readStored($0) }
    }
    return Begun(
      thread: thread, run: id, fence: run.machine.fence, action: action, journal: journal,
      updates: updates)
  }
}

enum RunID {
  static func make(at now: Instant) -> Text {
    let id = ReviewID.make(at: now)
    return Text(trusted: Array("run".utf8) + id.utf8.dropFirst(3))
  }

  /// The interrupt at a place of a run: asking again is asking the same. Ids of one run sort by place.
  static func interrupt(of run: Text, at position: Int) -> Text {
    Text(trusted: Array("int".utf8) + run.utf8.dropFirst(3) + place(position))
  }

  /// `_000042`.
  static func place(_ number: Int) -> [UInt8] {
    let digits = Array("\(number)".utf8)
    let zeros = [UInt8](repeating: UInt8(ascii: "0"), count: max(0, 6 - digits.count))
    return [UInt8(ascii: "_")] + zeros + digits
  }
}

extension JournalEntry {
  init(_ step: StepRecord, _ interrupts: [Text: InterruptRecord]) throws(StoreError) {
    if let id = step.interrupt {
      let answer = try interrupts[id]?.answer()
      self.init(key: step.key, content: .interrupt(id: id, answer: answer))
      return
    }
    guard let result = step.result, (try? JSONReader.readStored(result)) != nil else {
      throw StoreError(.corrupt, "step \(step.key) of run \(step.run) cannot be read")
    }
    self.init(key: step.key, content: .step(result))
  }
}

/// Which steps pause by themselves, before or after (S2, S10).
struct Gates: Sendable {
  enum Steps: Sendable {
    case all
    case named(Set<Text>)

    func include(_ key: Text) -> Bool {
      switch self {
      case .all: true
      case .named(let names): names.contains(key)
      }
    }
  }

  let before: Steps
  let after: Steps
  /// The review that a gate opens.
  let review: JSONValue

  init(_ reader: inout RequestReader) {
    before = Self.steps(&reader, "interrupt_before")
    after = Self.steps(&reader, "interrupt_after")
    review =
      reader.members.object("gate_review")
      ?? .object(["kind": "approval", "payload": .object([])])
  }

  private static func steps(_ reader: inout RequestReader, _ name: StaticString) -> Steps {
    guard let value = reader.document.member(Text(stringLiteral: name)) else { return .named([]) }
    if value == .text("*") {
      _ = reader.members.value(name)
      return .all
    }
    if value == .array([]) {
      _ = reader.members.value(name)
      return .named([])
    }
    return .named(Set(reader.members.ids(name, .required, most: 1000)))
  }
}
