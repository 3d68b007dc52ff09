import InterlockCore
import InterlockStore

extension Runs {
  /// Gives an interrupt its value. The run itself goes on with the next `begin`.
  public func resume(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    let resumption = try Resumption(request)
    let now = engine.clock.now
    let outcome = try engine.change { [engine] (transaction) throws(StoreError) in
      try resumption.run(engine, at: now, transaction)
    }
    switch outcome {
    case .success(let done):
      return JSONWriter.write(
        .object(["interrupt": done.interrupt.document, "replayed": .bool(done.isReplay)]))
    case .failure(let refusal):
      throw EngineError(refusal)
    }
  }
}

/// A value on its way to an interrupt.
private struct Resumption {
  struct Done {
    let interrupt: InterruptRecord
    let isReplay: Bool
  }

  let thread: Text
  let named: Text?
  let value: JSONValue
  let update: JSONValue?
  let actor: Actor?
  let isForced: Bool

  init(_ request: [UInt8]) throws(EngineError) {
    var reader = try RequestReader(request)
    let given = reader.members.id("thread", .required)
    named = reader.members.id("interrupt")
    // A value that is left out is no value; an explicit null is one.
    let value = reader.members.value("value")
    update = reader.members.object("update")
    actor = reader.members.actor("actor")
    isForced = reader.members.bool("force") ?? false
    if value == nil, update == nil {
      reader.members.add([
        Problem(.missing, at: .root, "A resume brings a value, an update, or both.")
      ])
    }
    if isForced, actor == nil {
      reader.members.add([
        Problem(
          .missing, at: JSONPointer.root.appending("actor"),
          "Who goes past a review must say who that is.")
      ])
    }
    try reader.finish()
    thread = try RequestReader.required(given, "thread")
    self.value = value ?? .null
  }

  func run(
    _ engine: Engine, at now: Instant, _ transaction: any StoreTransaction
  ) throws(StoreError) -> Result<Done, RunRefusal> {
    let loaded = try LoadedRun(thread, transaction)
    guard let run = loaded.machine.run else {
      return .failure(RunRefusal(.notInterrupted, "Nothing has run on this thread."))
    }
    let known = try transaction.interrupts(ofRun: run)
    let pending = known.filter { $0.status == .pending }.map(\.id)
    let chosen = InterruptMachine.choose(named, pending: pending) { id in
      known.contains { $0.id == id }
    }
    switch chosen {
    case .failure(let refusal): return .failure(refusal)
    case .success(let id):
      guard let interrupt = known.first(where: { $0.id == id }) else {
        return .failure(RunRefusal(.unknownInterrupt, "There is no interrupt \(id) here."))
      }
      return try resume(interrupt, loaded, engine, at: now, transaction)
    }
  }

  private func resume(
    _ record: InterruptRecord, _ run: LoadedRun, _ engine: Engine, at now: Instant,
    _ transaction: any StoreTransaction
  ) throws(StoreError) -> Result<Done, RunRefusal> {
    var machine = try record.machine()
    switch machine.resume(value, update: update, past: isForced) {
    case .rejected(let refusal):
      return .failure(refusal)
    case .replayed:
      return .success(Done(interrupt: record, isReplay: true))
    case .cancelled:
      throw StoreError(.internalDefect, "a resume has cancelled")
    case .resumed:
      var interrupt = record
      interrupt.status = .resumed
      interrupt.value = JSONWriter.write(value)
      interrupt.update = update.map { JSONWriter.write($0) }
      interrupt.resolvedAt = now
      try transaction.updateInterrupt(interrupt)
      try settleReview(of: interrupt, engine, at: now, transaction)
      try RunJournal(transaction: transaction, at: now).event(
        "run.answered", run, [JSONMember(name: "interrupt", value: .string(interrupt.id))])
      return .success(Done(interrupt: interrupt, isReplay: false))
    }
  }

  /// Whoever goes past a review is on record as the one who decided.
  private func settleReview(
    of interrupt: InterruptRecord, _ engine: Engine, at now: Instant,
    _ transaction: any StoreTransaction
  ) throws(StoreError) {
    guard let id = interrupt.review, let actor,
      case .success(let review) = try engine.load(id, at: now, transaction),
      review.machine.isPending
    else { return }
    let journal = ReviewJournal(transaction: transaction, at: review.time(now))
    try journal.audit(
      "decision", review, actor: actor,
      .object([
        "forced": .bool(true), "response_digest": .string(Fingerprint.of(value)),
        "result": "resumed past the review",
      ]))
    try engine.cancelReview(id, reason: "The interrupt was resumed directly.", at: now, transaction)
  }
}
