package import InterlockCore
import InterlockStore

/// One worker's work on a run, from begin to its end. Used by one thread at a time; others wait.
package final class RunSession: Sendable {
  let engine: Engine
  let thread: Text
  let run: Text
  let fence: Int64
  let patience: Int64
  let gates: Gates
  private let replay: Locked<Replay>

  init(_ engine: Engine, _ opening: RunOpening, _ begun: RunOpening.Begun) {
    self.engine = engine
    thread = begun.thread
    run = begun.run
    fence = begun.fence
    patience = Int64(opening.patience)
    gates = opening.gates
    replay = Locked(Replay(begun.journal))
  }

  /// The program has come to a step: its recorded result, or leave to do it.
  package func step(named key: Text) throws(EngineError) -> [UInt8] {
    try checkKey(key)
    return try replay.withLongLock { (replay) throws(EngineError) in
      try step(key, &replay)
    }
  }

  private func step(_ key: Text, _ replay: inout Replay) throws(EngineError) -> [UInt8] {
    if gates.before.include(key) {
      let before = gate("before", key)
      // A program that asks twice has passed the gate once.
      if replay.last != before.key, let pause = try pass(before, &replay) {
        return JSONWriter.write(pause)
      }
    }
    switch replay.step(key) {
    case .recorded(let result):
      return try recorded(result, key, &replay)
    case .work:
      return JSONWriter.write(.object(["state": "work"]))
    case .rejected(let refusal):
      throw EngineError(refusal)
    case .answered, .waiting, .ask:
      throw EngineError(.internalDefect, "a step was taken for an interrupt")
    }
  }

  /// What was recorded is given as it was written: a replay reads no result.
  private func recorded(
    _ result: [UInt8], _ key: Text, _ replay: inout Replay
  ) throws(EngineError) -> [UInt8] {
    if gates.after.include(key), let pause = try pass(gate("after", key), &replay) {
      return JSONWriter.write(pause)
    }
    return Array(#"{"state":"recorded","result":"#.utf8) + result + [UInt8(ascii: "}")]
  }

  /// The work of a step is done: its result is kept, and never asked for again.
  package func record(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let given = reader.members.id("key", .required)
    let result = reader.members.value("result", .required)
    try reader.finish()
    let key = try RequestReader.required(given, "key")
    let value = try RequestReader.required(result, "result")
    return try replay.withLongLock { (replay) throws(EngineError) in
      if let refusal = replay.refusal(ofNew: key) { throw EngineError(refusal) }
      let result = JSONWriter.write(value)
      let step = StepRecord(
        run: run, position: replay.position, key: key, result: result, interrupt: nil)
      try write { (_, transaction) throws(StoreError) in try transaction.insertStep(step) }
      _ = replay.append(JournalEntry(key: key, content: .step(result)))
      return try recorded(result, key, &replay)
    }
  }

  /// The program has come to a question: the answer, or that it waits.
  package func interrupt(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let given = reader.members.id("key", .required)
    let value = reader.members.value("value")
    let review = reader.members.object("review")
    if value != nil, review != nil {
      reader.members.add([
        Problem(.unexpected, at: .root, "An interrupt asks for a value or by a review.")
      ])
    }
    try reader.finish()
    let key = try RequestReader.required(given, "key")
    return try replay.withLongLock { (replay) throws(EngineError) in
      let question = Question(key: key, value: value ?? .null, review: review)
      return JSONWriter.write(try ask(question, &replay))
    }
  }

  // MARK: The end

  /// The run is done.
  package func complete(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    let result = try Self.member("result", of: request)
    return try replay.withLongLock { (replay) throws(EngineError) in
      if let refusal = replay.finish() { throw EngineError(refusal) }
      return try end("run.completed") { $0.complete(fence: $1, result) }
    }
  }

  private static func member(
    _ name: StaticString, of request: [UInt8]
  ) throws(EngineError) -> JSONValue {
    var reader = try RequestReader(request)
    let value = reader.members.value(name)
    try reader.finish()
    return value ?? .null
  }

  /// The program has failed; another `begin` tries again from what is recorded.
  package func fail(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    let error = try Self.member("error", of: request)
    return try end("run.failed") { $0.fail(fence: $1, error) }
  }

  /// The run waits for people.
  package func suspend() throws(EngineError) -> [UInt8] {
    try end("run.interrupted") { $0.suspend(fence: $1) }
  }

  /// The worker is alive.
  package func heartbeat() throws(EngineError) -> [UInt8] {
    let patience = patience
    let now = engine.clock.now
    return try end(nil) { $0.heartbeat(fence: $1, patience: patience, at: now) }
  }

  private func end(
    _ event: StaticString?,
    _ body: @escaping (inout RunMachine, Int64) -> RunAction
  ) throws(EngineError) -> [UInt8] {
    let (now, fence, thread, engine) = (engine.clock.now, fence, thread, engine)
    let outcome = try engine.change {
      (transaction) throws(StoreError) -> Result<JSONValue, RunRefusal> in
      var run = try LoadedRun(thread, transaction)
      if case .rejected(let refusal) = body(&run.machine, fence) { return .failure(refusal) }
      try run.save(at: now, transaction)
      if run.machine.status == .idle {
        try Runs.cancelQuestions(
          of: thread, reason: "The run has ended.", at: now, engine, transaction)
      }
      if let event { try RunJournal(transaction: transaction, at: now).event(event, run) }
      return .success(run.document)
    }
    switch outcome {
    case .success(let document): return JSONWriter.write(document)
    case .failure(let refusal): throw EngineError(refusal)
    }
  }

  /// Writes if the lease is still this worker's.
  func write<Value>(
    _ body: @escaping (LoadedRun, any StoreTransaction) throws(StoreError) -> Value
  ) throws(EngineError) -> Value {
    let (thread, fence) = (thread, fence)
    let outcome = try engine.change {
      (transaction) throws(StoreError) -> Result<Value, RunRefusal> in
      let run = try LoadedRun(thread, transaction)
      switch run.machine.admit(fence) {
      case .failure(let refusal): return .failure(refusal)
      case .success: return .success(try body(run, transaction))
      }
    }
    switch outcome {
    case .success(let value): return value
    case .failure(let refusal): throw EngineError(refusal)
    }
  }

  private func checkKey(_ key: Text) throws(EngineError) {
    guard 1...Limits.idBytes ~= key.utf8.count else {
      throw EngineError(
        key.isEmpty ? .invalidArgument : .tooLarge, "key has not 1 to 512 bytes", path: "key")
    }
  }
}
