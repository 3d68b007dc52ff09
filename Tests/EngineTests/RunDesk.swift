import Interlock
import InterlockCore
import InterlockStore
import Testing

extension Desk {
  enum RunVerb {
    case resume, cancel, get, list, interrupts
    case consume, report, permit, permits
  }

  private func result(_ verb: RunVerb, _ request: String) throws(EngineError) -> JSONValue {
    let request = bytes(request)
    let json =
      switch verb {
      case .resume: try engine.runs.resume(request)
      case .cancel: try engine.runs.cancel(request)
      case .get: try engine.runs.get(request)
      case .list: try engine.runs.list(request)
      case .interrupts: try engine.runs.interrupts(request)
      case .consume: try engine.permits.consume(request)
      case .report: try engine.permits.report(request)
      case .permit: try engine.permits.get(request)
      case .permits: try engine.permits.list(request)
      }
    return (try? JSONReader.read(json)) ?? .null
  }

  /// What a call about runs or permits returns; a refusal is recorded as an issue.
  func work(_ verb: RunVerb, _ request: String) throws -> JSONValue {
    do throws(EngineError) {
      return try result(verb, request)
    } catch {
      Issue.record("\(verb) \(request): \(error.status.name) \(error.message)")
      throw error
    }
  }

  /// The status of a call about runs or permits, `OK` if it was done.
  @discardableResult func tried(_ verb: RunVerb, _ request: String) -> String {
    RunWorker.word { () throws(EngineError) in
      _ = try result(verb, request)
      return "OK"
    }
  }

  /// Resumes the only interrupt that waits on a thread `t`, or the one that `more` names.
  @discardableResult func resume(_ value: String, _ more: String = "") -> String {
    tried(.resume, #"{"thread":"t","value":\#(value)\#(more)}"#)
  }

  /// A worker on the thread `t`. `more` are members of the request with a comma first.
  func begin(_ more: String = "", thread: String = "t") throws -> RunWorker {
    let (session, json) = try engine.runs.begin(bytes(#"{"thread":"\#(thread)"\#(more)}"#))
    return RunWorker(session, begun: try JSONReader.read(json))
  }

  /// How a begin ends: what it did, or why not.
  func beginning(_ more: String = "", thread: String = "t") -> String {
    RunWorker.word { () throws(EngineError) in
      let (_, json) = try engine.runs.begin(bytes(#"{"thread":"\#(thread)"\#(more)}"#))
      return (try? JSONReader.read(json))?.at("action") ?? "?"
    }
  }

  /// Where the thread `t` stands.
  func run(_ thread: String = "t") throws -> JSONValue {
    try work(.get, #"{"thread":"\#(thread)"}"#)
  }

  /// The ids of the reviews that wait on the thread `t`, in the order of asking.
  func waitingReviews() throws -> [String] {
    try run().items("interrupts").map { $0.at("review") }
  }

  func set(_ now: Instant) throws { try engine.setTime(Desk.start + now) }
}

/// A worker on a run, asked in words: what came is the state and, after a blank, its value; a refusal is
/// the name of its status.
struct RunWorker {
  let session: RunSession
  let begun: JSONValue

  init(_ session: RunSession, begun: JSONValue) {
    self.session = session
    self.begun = begun
  }

  static func word(_ body: () throws(EngineError) -> String) -> String {
    do throws(EngineError) {
      return try body()
    } catch {
      return "\(error.status.name)"
    }
  }

  private static func state(_ json: [UInt8]) -> String {
    guard let document = try? JSONReader.read(json) else { return "?" }
    let value = document.find("result") ?? document.find("value/outcome") ?? document.find("value")
    let text = value.map { " " + JSONValue.array([$0]).at("0") } ?? ""
    return document.at("state") + text
  }

  @discardableResult func step(_ key: String) -> String {
    Self.word { () throws(EngineError) in Self.state(try session.step(named: Text(key))) }
  }

  @discardableResult func record(_ key: String, _ result: String = "1") -> String {
    let request = bytes(#"{"key":"\#(key)","result":\#(result)}"#)
    return Self.word { () throws(EngineError) in Self.state(try session.record(request)) }
  }

  /// Asks for a value.
  @discardableResult func ask(_ key: String, _ value: String = "null") -> String {
    let request = bytes(#"{"key":"\#(key)","value":\#(value)}"#)
    return Self.word { () throws(EngineError) in Self.state(try session.interrupt(request)) }
  }

  /// Asks by a review. `more` are members with a comma first.
  @discardableResult func review(_ key: String, _ more: String = "") -> String {
    let request = bytes(
      #"{"key":"\#(key)","review":{"kind":"approval","payload":{}\#(more)}}"#)
    return Self.word { () throws(EngineError) in Self.state(try session.interrupt(request)) }
  }

  @discardableResult func suspend() -> String {
    Self.word { () throws(EngineError) in Self.status(try session.suspend()) }
  }

  @discardableResult func complete(_ result: String = "null") -> String {
    let request = bytes(#"{"result":\#(result)}"#)
    return Self.word { () throws(EngineError) in Self.status(try session.complete(request)) }
  }

  @discardableResult func fail(_ error: String = "null") -> String {
    let request = bytes(#"{"error":\#(error)}"#)
    return Self.word { () throws(EngineError) in Self.status(try session.fail(request)) }
  }

  @discardableResult func heartbeat() -> String {
    Self.word { () throws(EngineError) in Self.status(try session.heartbeat()) }
  }

  private static func status(_ json: [UInt8]) -> String {
    (try? JSONReader.read(json))?.at("status") ?? "?"
  }

  /// Does a step unless it is recorded; says what was run.
  func perform(_ key: String, _ log: inout [String]) -> String {
    let state = step(key)
    guard state == "work" else { return state }
    log.append(key)
    return record(key, "\"\(key)\"")
  }

  /// The details of a refused step.
  func refusal(_ key: String) -> JSONValue {
    do throws(EngineError) {
      _ = try session.step(named: Text(key))
      return .null
    } catch {
      return (try? JSONReader.read(error.details)) ?? .null
    }
  }
}
