import Interlock
import InterlockCore
import InterlockStore
import Testing

/// The calls of a graph's saver and of those who resume it, in words.
extension Desk {
  enum GraphVerb { case claim, enter, heartbeat, release, interrupts }

  func graph(_ verb: GraphVerb, _ request: String) throws -> JSONValue {
    let request = bytes(request)
    let json =
      switch verb {
      case .claim: try engine.graphs.claim(request)
      case .enter: try engine.graphs.enter(request)
      case .heartbeat: try engine.graphs.heartbeat(request)
      case .release: try engine.graphs.release(request)
      case .interrupts: try engine.graphs.interrupts(request)
      }
    return try JSONReader.read(json)
  }

  /// The status of such a call, `OK` if it was done.
  func graphStatus(_ verb: GraphVerb, _ request: String) -> String {
    do {
      _ = try graph(verb, request)
      return "OK"
    } catch let error as EngineError {
      return "\(error.status.name)"
    } catch {
      return "\(error)"
    }
  }

  /// A claim: its fence, and what is to be given; nil if there is none.
  func claim(_ more: String = "") throws -> (fence: Int64, repair: Bool, answers: String)? {
    let found = try graph(.claim, "{\(more)}")
    guard let fence = Int64(found.at("claim/fence")) else { return nil }
    let answers = found.items("claim/answers").map { "\($0.at("interrupt"))=\($0.at("value"))" }
    return (fence, found.at("claim/repair") == "true", answers.joined(separator: " "))
  }

  /// `id status` of the interrupts of a thread.
  func states(_ thread: String = "t") throws -> String {
    try graph(.interrupts, #"{"thread":"\#(thread)"}"#).items("interrupts")
      .map { "\($0.at("interrupt")) \($0.at("status"))" }.joined(separator: ", ")
  }

  func review(of interrupt: String, thread: String = "t") throws -> String {
    try graph(.interrupts, #"{"thread":"\#(thread)"}"#).items("interrupts")
      .first { $0.at("interrupt") == interrupt }?.at("review") ?? "-"
  }

  /// The status of a saver's call, `OK` if it was done.
  private static func word(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "OK"
    } catch let error as EngineError {
      return "\(error.status.name)"
    } catch {
      return "\(error)"
    }
  }

  /// A task writes to its channels; with `asks`, `__interrupt__` is of these questions.
  @discardableResult func write(
    _ channels: String..., at checkpoint: Text = "1", task: Text = "T", ns: Text = "",
    thread: Text = "t", asks questions: String? = nil, fence: Int64? = nil, exclusive: Bool = false
  ) -> String {
    let input = WriteInput(
      thread: thread, namespace: ns, checkpoint: checkpoint, task: task,
      values: channels.map { WriteInput.Value(channel: Text($0), type: "json", data: [1]) })
    let mirror = GraphMirror(
      fence: fence, isExclusive: exclusive, questions: questions.map { bytes($0) } ?? [])
    return Self.word { try engine.putWrites(input, mirror) }
  }

  /// A task asks: `id` is the interrupt, `value` what is asked.
  @discardableResult func ask(
    _ id: String, value: String = #""go?""#, more: String = "", graph: String = "",
    at checkpoint: Text = "1", task: Text = "T", ns: Text = "", thread: Text = "t",
    fence: Int64? = nil
  ) -> String {
    write(
      "__interrupt__", at: checkpoint, task: task, ns: ns, thread: thread,
      asks:
        #"{"interrupts":[{"id":"\#(id)","value":\#(value)\#(more)}],"graph":"\#(graph)","node":"n"}"#,
      fence: fence)
  }

  /// The graph has a new checkpoint.
  @discardableResult func step(
    _ id: Text, after parent: Text? = nil, source: String = "loop", ns: Text = "",
    thread: Text = "t", fence: Int64? = nil, exclusive: Bool = false
  ) -> String {
    let input = CheckpointInput(
      thread: thread, namespace: ns, id: id, parent: parent,
      metadata: bytes(#"{"source":"\#(source)","run_id":"r\#(id)"}"#))
    return Self.word {
      try engine.put(input, GraphMirror(fence: fence, isExclusive: exclusive))
    }
  }

  /// A person answers the review of an interrupt.
  @discardableResult func reply(
    _ interrupt: String, _ response: String = #""yes""#, thread: String = "t"
  ) throws -> String {
    let id = try review(of: interrupt, thread: thread)
    return status(.respond, #"{"id":"\#(id)","actor":"ana","response":\#(response)}"#)
  }
}
