import InterlockCore
import InterlockStore

/// The interrupts of one graph thread inside a transaction.
struct GraphThread {
  let engine: Engine
  let thread: Text
  let now: Instant
  /// Of the claim that the caller has on the thread, which was admitted.
  var fence: Int64?
  let transaction: any StoreTransaction
  let news = News()

  /// Whether those who wait for something are to look: most steps of a graph change nothing for them.
  final class News {
    fileprivate(set) var isThere = false
  }

  /// Refuses a worker whose claim is lost and, if asked to, everybody else while there is one.
  func admit(_ mirror: GraphMirror) throws(StoreError) -> RunRefusal? {
    guard mirror.fence != nil || mirror.isExclusive,
      try transaction.run(ofThread: thread) != nil
    else { return nil }
    let run = try LoadedRun(thread, transaction)
    if let fence = mirror.fence {
      guard case .failure(let refusal) = run.machine.admit(fence) else { return nil }
      return refusal
    }
    guard let lease = run.machine.lease, lease.until > now else { return nil }
    return RunRefusal(.threadBusy, "Worker \(lease.worker) works on this thread.")
  }

  // MARK: What is asked

  func ask(_ asked: [AskedInterrupt], at input: WriteInput) throws(StoreError) {
    guard !asked.isEmpty else { return }
    news.isThere = true
    let open = try transaction.openGraphInterrupts(ofThread: thread)
    for question in asked { try ask(question, open, input) }
  }

  private func ask(
    _ question: AskedInterrupt, _ open: [GraphInterruptRecord], _ input: WriteInput
  ) throws(StoreError) {
    if let known = open.first(where: { $0.id == question.id }) {
      if known.status == .failed { return try change(known) { $0.ask() } }
      // A nested graph asks in its own namespace and in those around it.
      guard input.namespace.utf8.count > known.namespace.utf8.count else { return }
      var inner = known
      inner.namespace = input.namespace
      inner.checkpoint = input.checkpoint
      inner.task = input.task
      return try transaction.putGraphInterrupt(inner)
    }
    let review = try question.opening.insert(engine, transaction)
    try transaction.putGraphInterrupt(
      GraphInterruptRecord(
        thread: thread, id: question.id, namespace: input.namespace, checkpoint: input.checkpoint,
        task: input.task, graph: question.graph, shape: question.shape, review: review.record.id,
        status: .waiting, request: question.request, updatedAt: now))
  }

  // MARK: What is made of answers

  /// A task has written: what it had asked before is settled.
  func wrote(_ input: WriteInput, asking ids: Set<Text>) throws(StoreError) {
    let channels = Set(input.values.map(\.channel))
    let isError = channels.contains("__error__")
    let hasAnswer = channels.contains("__resume__")
    let isDone = channels.contains { !WriteRule.isSpecial($0) }
    // A question of the same task with another id is the next one.
    guard isDone || isError || !ids.isEmpty else { return }
    for record in try transaction.openGraphInterrupts(ofThread: thread)
    where !ids.contains(record.id) && Self.belongs(record, to: input, including: isDone) {
      try change(record) { machine in
        isError && !isDone
          ? machine.fail(hadAnswer: hasAnswer) : machine.finish(byClaim: fence != nil)
      }
    }
  }

  /// The thread has a new checkpoint: what older ones of it asked is over.
  ///
  /// The writes of a step may be stored after the checkpoint that it leads to.
  func moved(to new: CheckpointRecord) throws(StoreError) {
    let open = try transaction.openGraphInterrupts(ofThread: thread)
    guard !open.isEmpty else { return }
    let metadata = try? JSONReader.read(new.metadata)
    let isStep = metadata?.member("source")?.text == "loop"
    for record in open
    where record.checkpoint < new.id && Self.isInside(record.namespace, new.place.namespace) {
      if isStep && record.checkpoint == new.parent && record.namespace == new.place.namespace {
        try change(record) { $0.finish(byClaim: fence != nil) }
      } else if record.status != .applying || fence == nil {
        try change(record) { $0.pass() }
      }
    }
  }

  /// The worker that has had the thread is through.
  func released() throws(StoreError) {
    for record in try transaction.openGraphInterrupts(ofThread: thread) {
      try change(record) { $0.release() }
    }
  }

  /// Withdraws what is open, if its checkpoint is gone. `all`: whether it is or not.
  func drop(all: Bool) throws(StoreError) {
    guard let key = try transaction.thread(named: thread)?.key else { return }
    for record in try transaction.openGraphInterrupts(ofThread: thread) {
      let place = Place(thread: key, namespace: record.namespace)
      let isThere = try transaction.checkpoint(place, id: record.checkpoint) != nil
      if !all && isThere { continue }
      try change(record) { $0.pass() }
    }
    if all { try transaction.deleteGraphInterrupts(ofThread: thread) }
  }

  func change(
    _ old: GraphInterruptRecord,
    _ event: (inout GraphInterruptMachine) -> GraphInterruptMachine.Action
  ) throws(StoreError) {
    var machine = GraphInterruptMachine(old.status)
    let action = event(&machine)
    guard action != .kept else { return }
    news.isThere = true
    var record = old
    record.status = machine.state
    record.updatedAt = now
    try transaction.putGraphInterrupt(record)
    if action == .withdrawn {
      try engine.supersedeReview(record.review, at: now, transaction)
    }
    try note(record)
  }

  // MARK: The end of a review

  /// What the graph is to be told.
  static func value(of review: LoadedReview, _ shape: GraphShape) -> JSONValue? {
    guard let outcome = review.machine.outcome, review.machine.status != .cancelled,
      review.machine.status != .superseded
    else { return nil }
    return GraphAnswer(
      shape, review.definition.payload, outcome: outcome,
      response: review.machine.isRejectedBySilence ? nil : review.machine.progress.response
    ).value
  }

  private func note(_ record: GraphInterruptRecord) throws(StoreError) {
    let body = JSONValue.object([
      "interrupt": .string(record.id), "status": .text(record.status.rawValue),
      "graph": .string(record.graph),
    ])
    _ = try transaction.insertEvent(
      EventRecord(
        type: "interrupt.changed", at: now, review: record.review, thread: thread, channel: nil,
        body: JSONWriter.write(body)))
  }

  /// Whether a task asked this, or a graph inside it did.
  private static func belongs(
    _ record: GraphInterruptRecord, to input: WriteInput, including nested: Bool
  ) -> Bool {
    if record.namespace == input.namespace {
      return record.checkpoint == input.checkpoint && record.task == input.task
    }
    guard nested, isInside(record.namespace, input.namespace) else { return false }
    let name = Array(":\(input.task)".utf8)
    return record.namespace.utf8.split(separator: UInt8(ascii: "|"))
      .contains { $0.suffix(name.count).elementsEqual(name) }
  }

  /// Whether a namespace is another one, or nested in it.
  private static func isInside(_ inner: Text, _ outer: Text) -> Bool {
    if outer.isEmpty || inner == outer { return true }
    return inner.utf8.starts(with: outer.utf8 + [UInt8(ascii: "|")])
  }
}
