import InterlockCore
import InterlockStore

extension Graphs {
  /// Asks whether a graph that has paused before or after a node may go on.
  public func pause(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    let asked = try PausedGraph(request, engine)
    let now = engine.clock.now
    let document = try engine.change { [engine] (transaction) throws(StoreError) in
      try asked.run(engine, at: now, transaction).document()
    }
    return JSONWriter.write(document)
  }
}

/// A graph that has paused by itself: LangGraph gives that no id, so the checkpoint is it.
private struct PausedGraph {
  private let record: GraphInterruptRecord
  private let opening: Opening

  init(_ request: [UInt8], _ engine: Engine) throws(EngineError) {
    var reader = try RequestReader(request)
    let givenThread = reader.members.id("thread", .required)
    let givenCheckpoint = reader.members.id("checkpoint_id", .required)
    let namespace = reader.members.text("checkpoint_ns") ?? .empty
    let graph = reader.members.text("graph") ?? .empty
    let details = reader.members.value("details")
    let title = reader.members.text("title")
    let template = reader.members.object("review")
    try reader.finish()
    let thread = try RequestReader.required(givenThread, "thread")
    let checkpoint = try RequestReader.required(givenCheckpoint, "checkpoint_id")
    let place = JSONValue.object([
      "id": .string(checkpoint), "graph": .string(graph), "checkpoint_ns": .string(namespace),
      "checkpoint_id": .string(checkpoint),
    ])
    var members = [
      JSONMember(name: "kind", value: .text(ReviewKind.approval.rawValue)),
      JSONMember(name: "payload", value: .object([])),
      JSONMember(name: "interrupt", value: place),
      JSONMember(name: "thread", value: .string(thread)),
    ]
    if let details { members.append(JSONMember(name: "details", value: details)) }
    if let title { members.append(JSONMember(name: "title", value: .string(title))) }
    if case .object(let more)? = template {
      let taken = Set(members.map(\.name))
      members += more.filter { !taken.contains($0.name) && $0.name != "key" }
    }
    opening = try Opening(.object(members), engine)
    record = GraphInterruptRecord(
      thread: thread, id: checkpoint, namespace: namespace, checkpoint: checkpoint, task: .empty,
      graph: graph, shape: .pause, review: .empty, status: .waiting,
      request: Fingerprint.of(place), updatedAt: opening.now)
  }

  /// Pausing again at the same checkpoint is the same pause.
  func run(
    _ engine: Engine, at now: Instant, _ transaction: any StoreTransaction
  ) throws(StoreError) -> GraphInterruptRecord {
    if let known = try transaction.graphInterrupt(ofThread: record.thread, id: record.id) {
      return known
    }
    var record = record
    record.review = try opening.insert(engine, transaction).record.id
    try transaction.putGraphInterrupt(record)
    return record
  }
}
