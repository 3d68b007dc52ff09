import InterlockCore
import InterlockStore

/// What a graph's saver says along with what it stores. Since 0.1.
public struct GraphMirror: Sendable {
  /// The fence of the claim that its caller has on the thread; nil without one.
  public var fence: Int64?
  /// Refuses what others store while somebody has a claim on the thread.
  public var isExclusive: Bool
  /// The JSON document `questions` of interlock.h; empty if nothing is asked.
  public var questions: [UInt8]

  public init(fence: Int64? = nil, isExclusive: Bool = false, questions: [UInt8] = []) {
    self.fence = fence
    self.isExclusive = isExclusive
    self.questions = questions
  }
}

extension Engine {
  /// Runs what a graph's saver stores, unless somebody else has the thread.
  func mirrored<Value>(
    _ thread: Text, _ mirror: GraphMirror, isLasting: Bool,
    _ body: @escaping (GraphThread, any StoreTransaction) throws(StoreError) -> Value
  ) throws(EngineError) -> Value {
    let now = clock.now
    let outcome: Result<Value, RunRefusal>
    var news: GraphThread.News?
    do throws(StoreError) {
      outcome = try store.write(isLasting ? .always : .asOpened) {
        [self] (transaction) throws(StoreError) in
        let graph = GraphThread(
          engine: self, thread: thread, now: now, fence: mirror.fence, transaction: transaction)
        news = graph.news
        if let refusal = try graph.admit(mirror) { return .failure(refusal) }
        return .success(try body(graph, transaction))
      }
    } catch {
      throw EngineError(error)
    }
    if news?.isThere == true { store.changes.announce() }
    switch outcome {
    case .success(let value): return value
    case .failure(let refusal): throw EngineError(refusal)
    }
  }
}

/// One question of a task, ready to be opened as a review.
struct AskedInterrupt {
  let id: Text
  let graph: Text
  let shape: GraphShape
  let request: Text
  let opening: Opening
}

extension AskedInterrupt {
  /// Reads `{"interrupts":[{"id","value","response_schema"?,"review"?}],"graph"?,"node"?,"review"?}`.
  static func read(
    _ json: [UInt8], _ input: WriteInput, _ engine: Engine
  ) throws(EngineError) -> [AskedInterrupt] {
    guard !json.isEmpty else { return [] }
    var reader = try RequestReader(json)
    let graph = reader.members.text("graph") ?? .empty
    let node = reader.members.text("node")
    let template = reader.members.object("review")
    let given = reader.members.array("interrupts", .required) ?? []
    try reader.finish()
    var asked: [AskedInterrupt] = []
    for (index, value) in given.enumerated() {
      guard let id = value.member("id")?.text, 1...Limits.idBytes ~= id.utf8.count else {
        throw EngineError(
          .invalidArgument, "an interrupt has no id", path: "questions/interrupts/\(index)/id")
      }
      let place = JSONValue.object([
        "id": .string(id), "graph": .string(graph), "node": node.map { .string($0) } ?? .null,
        "checkpoint_ns": .string(input.namespace), "checkpoint_id": .string(input.checkpoint),
        "task": .string(input.task),
      ])
      let shown = value.member("value") ?? .null
      let schema = value.member("response_schema")
      let maker = Maker(
        place: place, thread: input.thread, node: node,
        template: merged(value.member("review"), over: template))
      let (question, opening) = try maker.open(shown, schema, engine)
      asked.append(
        AskedInterrupt(
          id: id, graph: graph, shape: question.shape,
          request: Fingerprint.of(
            .object(["node": node.map { .string($0) } ?? .null, "value": shown])),
          opening: opening))
    }
    return asked
  }
}

/// What holds for all reviews, with what one of them says otherwise.
private func merged(_ own: JSONValue?, over common: JSONValue?) -> JSONValue? {
  guard case .object(let members)? = own else { return common }
  guard case .object(let others)? = common else { return own }
  let names = Set(members.map(\.name))
  return .object(members + others.filter { !names.contains($0.name) })
}

/// Makes a request to open a review of what a graph asks.
private struct Maker {
  let place: JSONValue
  let thread: Text
  let node: Text?
  let template: JSONValue?

  /// A graph that asks must not fail because its question has another shape than it looked like, or a
  /// schema that cannot be enforced: then any answer is taken, and the review says why.
  func open(
    _ value: JSONValue, _ schema: JSONValue?, _ engine: Engine
  ) throws(EngineError) -> (GraphQuestion, Opening) {
    let question = GraphQuestion(value: value, responseSchema: schema)
    var flaw: EngineError
    do throws(EngineError) {
      return (question, try Opening(request(question, value), engine))
    } catch {
      flaw = error
    }
    let candidates = [
      GraphQuestion(value: value, responseSchema: schema, checksArguments: false),
      GraphQuestion(freeform: schema), GraphQuestion(freeform: nil),
    ]
    for candidate in candidates where flaw.status == .invalidPayload {
      do throws(EngineError) {
        let noted = request(candidate, value, note: Self.reason(flaw))
        return (candidate, try Opening(noted, engine))
      } catch {
        flaw = error
      }
    }
    throw flaw
  }

  /// The first thing that is wrong.
  private static func reason(_ flaw: EngineError) -> String {
    let details = try? JSONReader.read(flaw.details)
    guard case .array(let problems)? = details?.member("problems"),
      let reason = problems.first?.member("message")?.text
    else { return flaw.message }
    return reason.string
  }

  private func request(
    _ question: GraphQuestion, _ value: JSONValue, note: String? = nil
  ) -> JSONValue {
    let title =
      question.title ?? value.member("title")?.text ?? value.member("message")?.text
      ?? value.member("question")?.text ?? value.text ?? node
    var members = [
      JSONMember(name: "kind", value: .text(question.kind.rawValue)),
      JSONMember(name: "payload", value: question.payload),
      JSONMember(name: "interrupt", value: place),
      JSONMember(name: "thread", value: .string(thread)),
      JSONMember(name: "details", value: value),
    ]
    if let note { members.append(JSONMember(name: "x-not-enforced", value: .text(note))) }
    if case .object(let more)? = template {
      let taken = Set(members.map(\.name))
      members += more.filter { !taken.contains($0.name) && $0.name != "key" }
    }
    if let title, !members.contains(where: { $0.name == "title" }),
      title.utf8.count <= ReviewDefinition.maxTextBytes
    {
      members.append(JSONMember(name: "title", value: .string(title)))
    }
    return .object(members)
  }
}
