import InterlockCore
import InterlockStore

/// Graphs that wait for people: who resumes which thread, with what. Since 0.1.
public struct Graphs: Sendable {
  let engine: Engine
}

extension Engine {
  public var graphs: Graphs { Graphs(engine: self) }
}

extension Graphs {
  static let mostAttempts = 10

  /// Claims a thread that has answers, or one whose graph has failed with its answer.
  public func claim(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let worker = reader.members.id("worker") ?? "worker"
    let patience = reader.members.integer("lease_ms", in: 1...Deadline.longest) ?? Runs.usualLease
    let names =
      reader.document.member("graphs") == nil ? nil : reader.members.ids("graphs", most: 1000)
    let collects = reader.members.bool("collect") ?? false
    let most = reader.members.integer("attempts", in: 1...1000) ?? Self.mostAttempts
    let thread = reader.members.id("thread")
    try reader.finish()
    let search = ClaimSearch(
      worker: worker, patience: Int64(patience), graphs: names.map(Set.init),
      thread: thread, collects: collects, mostAttempts: Int64(most), now: engine.clock.now)
    // Most of the time nothing is due, and looking must not write.
    let isDue = try engine.look { (transaction) throws(StoreError) in
      try search.find(transaction) != nil
    }
    guard isDue else { return JSONWriter.write(.object(["claim": .null])) }
    let claim = try engine.change { (transaction) throws(StoreError) in
      try search.run(transaction)
    }
    return JSONWriter.write(.object(["claim": claim ?? .null]))
  }

  /// Claims a thread whose graph is about to go on, if it waits for anything or if that does not matter.
  public func enter(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let given = reader.members.id("thread", .required)
    let worker = reader.members.id("worker") ?? "worker"
    let patience = reader.members.integer("lease_ms", in: 1...Deadline.longest) ?? Runs.usualLease
    let always = reader.members.bool("always") ?? false
    try reader.finish()
    let thread = try RequestReader.required(given, "thread")
    let now = engine.clock.now
    let waits = try engine.look { (transaction) throws(StoreError) in
      if always { return true }
      guard try transaction.openGraphInterrupts(ofThread: thread).isEmpty else { return true }
      return try LoadedRun(thread, transaction).machine.lease != nil
    }
    guard waits else { return JSONWriter.write(.object(["fence": .null])) }
    let outcome = try engine.change { (transaction) throws(StoreError) in
      try ClaimSearch.begin(thread, worker, Int64(patience), at: now, transaction)
    }
    switch outcome {
    case .success(let run):
      return JSONWriter.write(.object(["fence": .number(.integer(run.machine.fence))]))
    case .failure(let refusal): throw EngineError(refusal)
    }
  }

  /// The worker of a claim is alive.
  public func heartbeat(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let (thread, fence) = try Self.claim(&reader)
    let patience = reader.members.integer("lease_ms", in: 1...Deadline.longest) ?? Runs.usualLease
    try reader.finish()
    return try leave(thread) { machine, _, now in
      machine.heartbeat(fence: fence, patience: Int64(patience), at: now)
    }
  }

  /// Gives a claim back: the graph has gone as far as it can.
  public func release(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let (thread, fence) = try Self.claim(&reader)
    let error = reader.members.value("error")
    try reader.finish()
    return try leave(thread) { machine, open, _ in
      if let error { return machine.fail(fence: fence, error) }
      let waits = open.contains { $0.status != .applying }
      return waits ? machine.suspend(fence: fence) : machine.complete(fence: fence, .null)
    } after: { (graph) throws(StoreError) in
      if error == nil { try graph.released() }
    }
  }

  /// The interrupts that a thread has had.
  public func interrupts(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let given = reader.members.id("thread", .required)
    let after = reader.members.text("after") ?? .empty
    let limit = reader.limit(100)
    try reader.finish()
    let thread = try RequestReader.required(given, "thread")
    let (found, last) = try engine.look { (transaction) throws(StoreError) in
      let found = try transaction.graphInterrupts(ofThread: thread, after: after, limit: limit)
      return (try found.map { (record) throws(StoreError) in try record.document() }, found.last)
    }
    let next = found.count == limit ? last.map { JSONValue.string($0.id) } : nil
    return JSONWriter.write(.object(["interrupts": .array(found), "next": next ?? .null]))
  }

  private static func claim(_ reader: inout RequestReader) throws(EngineError) -> (Text, Int64) {
    let thread = reader.members.id("thread", .required)
    let fence = reader.members.integer("fence", in: 1...Int.max)
    guard let thread, let fence else {
      try reader.finish()
      throw EngineError(.invalidArgument, "a claim has a thread and a fence", path: "/fence")
    }
    return (thread, Int64(fence))
  }

  private func leave(
    _ thread: Text,
    _ event: @escaping (inout RunMachine, [GraphInterruptRecord], Instant) -> RunAction,
    after: @escaping (GraphThread) throws(StoreError) -> Void = { (_) throws(StoreError) in }
  ) throws(EngineError) -> [UInt8] {
    let now = engine.clock.now
    let outcome = try engine.change { [engine] (transaction) throws(StoreError) in
      var run = try LoadedRun(thread, transaction)
      let open = try transaction.openGraphInterrupts(ofThread: thread)
      if case .rejected(let refusal) = event(&run.machine, open, now) {
        return Result<LoadedRun, RunRefusal>.failure(refusal)
      }
      try run.save(at: now, transaction)
      try after(
        GraphThread(engine: engine, thread: thread, now: now, transaction: transaction))
      return .success(run)
    }
    switch outcome {
    case .success(let run): return JSONWriter.write(run.document)
    case .failure(let refusal): throw EngineError(refusal)
    }
  }
}
