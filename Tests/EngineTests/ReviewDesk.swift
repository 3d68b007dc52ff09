import CSQLite
import Interlock
import InterlockCore
import InterlockSQLite
import InterlockStore
import Testing

/// An engine whose time stands still until it is set, asked and answered in words: a request is a
/// JSON text, a result is read by paths, and a refusal is the name of its status.
final class Desk {
  enum Verb {
    case open, get, list, respond, cancel, claim, release, reassign, escalate, supersede
    case comment, history, explain, receipt, putPolicy, getPolicy, listPolicies
    case readEvents, acknowledge, readAudit
    case post, getMessage, listMessages, ackMessage, deleteMessage
    case putFeedback, listFeedback, sumFeedback
    case issueToken, inspectToken, redeemToken, revokeToken, rotateTokenKey
    case signWebhook, verifyWebhook, receiveWebhook
    case putEndpoint, getEndpoint, listEndpoints, disableEndpoint, removeEndpoint
    case due, report, retry, getDelivery, listDeliveries
  }

  static let start: Instant = 1_000_000
  let engine: Engine

  init(_ store: AnyStore, at now: Instant = Desk.start) {
    engine = Engine(
      store, cacheBytes: 1 << 20, maximumValueBytes: 1 << 20, clock: EngineClock(startingAt: now),
      keys: EngineKeys(), hasTimer: false)
  }

  func result(_ verb: Verb, _ request: String) throws(EngineError) -> JSONValue {
    let request = bytes(request)
    let json =
      switch verb {
      case .open: try engine.reviews.open(request)
      case .get: try engine.reviews.get(request)
      case .list: try engine.reviews.list(request)
      case .respond: try engine.reviews.respond(request)
      case .cancel: try engine.reviews.cancel(request)
      case .claim: try engine.reviews.claim(request)
      case .release: try engine.reviews.release(request)
      case .reassign: try engine.reviews.reassign(request)
      case .escalate: try engine.reviews.escalate(request)
      case .supersede: try engine.reviews.supersede(request)
      case .comment: try engine.reviews.comment(request)
      case .history: try engine.reviews.history(request)
      case .explain: try engine.reviews.explain(request)
      case .receipt: try engine.reviews.receipt(request)
      case .putPolicy: try engine.policies.put(request)
      case .getPolicy: try engine.policies.get(request)
      case .listPolicies: try engine.policies.list(request)
      case .readEvents: try engine.events.read(request)
      case .acknowledge: try engine.events.acknowledge(request)
      case .readAudit: try engine.audit.read(request)
      case .post: try engine.messages.post(request)
      case .getMessage: try engine.messages.get(request)
      case .listMessages: try engine.messages.list(request)
      case .ackMessage: try engine.messages.acknowledge(request)
      case .deleteMessage: try engine.messages.delete(request)
      case .putFeedback: try engine.feedback.put(request)
      case .listFeedback: try engine.feedback.list(request)
      case .sumFeedback: try engine.feedback.summary(request)
      case .issueToken: try engine.tokens.issue(request)
      case .inspectToken: try engine.tokens.inspect(request)
      case .redeemToken: try engine.tokens.redeem(request)
      case .revokeToken: try engine.tokens.revoke(request)
      case .rotateTokenKey: try engine.tokens.rotate(request)
      case .signWebhook: try engine.webhooks.sign(request)
      case .verifyWebhook: try engine.webhooks.verify(request)
      case .receiveWebhook: try engine.webhooks.receive(request)
      case .putEndpoint: try engine.endpoints.put(request)
      case .getEndpoint: try engine.endpoints.get(request)
      case .listEndpoints: try engine.endpoints.list(request)
      case .disableEndpoint: try engine.endpoints.disable(request)
      case .removeEndpoint: try engine.endpoints.remove(request)
      case .due: try engine.deliveries.due(request)
      case .report: try engine.deliveries.report(request)
      case .retry: try engine.deliveries.retry(request)
      case .getDelivery: try engine.deliveries.get(request)
      case .listDeliveries: try engine.deliveries.list(request)
      }
    return (try? JSONReader.read(json)) ?? .null
  }

  func ask(_ verb: Verb, _ request: String) throws -> JSONValue {
    do throws(EngineError) {
      return try result(verb, request)
    } catch {
      Issue.record("\(verb) \(request): \(error.status.name) \(error.message)")
      throw error
    }
  }

  /// The status of a call, `OK` if it was done.
  func status(_ verb: Verb, _ request: String) -> String {
    do throws(EngineError) {
      _ = try result(verb, request)
      return "OK"
    } catch {
      return "\(error.status.name)"
    }
  }

  /// The details of a refusal.
  func refusal(_ verb: Verb, _ request: String) -> JSONValue {
    do throws(EngineError) {
      _ = try result(verb, request)
      return .null
    } catch {
      return (try? JSONReader.read(error.details)) ?? .null
    }
  }

  // MARK: Shorthand

  /// Opens a review that anybody may approve and returns its id. `more` are members with a comma
  /// first.
  func open(_ more: String = "", stages: String? = nil) throws -> String {
    let policy = stages.map { #","policy":{"stages":[\#($0)]}"# } ?? ""
    let request = #"{"kind":"approval","payload":{}\#(policy)\#(more)}"#
    return try ask(.open, request).at("review/id")
  }

  @discardableResult func answer(
    _ id: String, _ actor: String, _ option: String = "approve", more: String = ""
  ) -> String {
    status(.respond, Self.request(id, actor, option, more))
  }

  static func request(
    _ id: String, _ actor: String, _ option: String = "approve", _ more: String = ""
  ) -> String {
    let response = #"{"selectedOption":"\#(option)"}"#
    return #"{"id":"\#(id)","actor":"\#(actor)","response":\#(response)\#(more)}"#
  }

  func status(of id: String) throws -> String {
    try ask(.get, Self.named(id)).at("status")
  }

  static func named(_ id: String, _ more: String = "") -> String {
    #"{"id":"\#(id)"\#(more)}"#
  }

  /// The types of all events after one, without `review.`.
  func events(after sequence: Int = 0) throws -> String {
    let page = try ask(.readEvents, #"{"after":\#(sequence),"limit":1000}"#)
    return page.items("events").map { String($0.at("type").dropFirst(7)) }.joined(separator: " ")
  }

  /// The actions of all audit records after one, with who did it.
  func audit(after sequence: Int = 0) throws -> String {
    let page = try ask(.readAudit, #"{"after":\#(sequence),"limit":1000}"#)
    return page.items("records").map { "\($0.at("action"))/\($0.at("actor/value"))" }
      .joined(separator: " ")
  }

  func heads() throws -> (event: Int, audit: Int) {
    (
      Int(try ask(.readEvents, #"{"limit":1}"#).at("last")) ?? -1,
      Int(try ask(.readAudit, #"{"limit":1}"#).at("last")) ?? -1
    )
  }

  func expectSound() throws {
    let report = try engine.check()
    #expect(report.isSound, "\(report.problems)")
    let audit = try engine.audit.verify(bytes("{}"))
    #expect(audit.isSound, "\(String(decoding: audit.json, as: UTF8.self))")
  }
}

/// Runs a test on a desk of a kind, and finds everything sound afterwards.
func withDesk(_ kind: StoreKind, _ body: (Desk) throws -> Void) throws {
  let folder = TemporaryFolder()
  let store: AnyStore =
    switch kind {
    case .memory: .memory()
    case .sqliteInMemory: try .sqlite(path: ":memory:")
    case .sqliteFile: try .sqlite(path: folder.path + "/test.db")
    }
  let desk = Desk(store)
  try body(desk)
  try desk.expectSound()
  try desk.engine.close()
  withExtendedLifetime(folder) {}
}

/// Changes a database behind the library's back. Returns how many rows the last statement changed.
@discardableResult func meddle(_ path: String, _ sql: String) -> Int {
  var database: OpaquePointer?
  sqlite3_open(path, &database)
  defer { sqlite3_close(database) }
  guard sqlite3_exec(database, sql, nil, nil, nil) == SQLITE_OK else { return -1 }
  return Int(sqlite3_changes(database))
}

extension JSONValue {
  /// What is at a path of members and indexes: a text as it is, anything else as JSON, `-` if there
  /// is nothing.
  func at(_ path: String) -> String {
    guard let value = find(path) else { return "-" }
    if let text = value.text { return text.string }
    return String(decoding: JSONWriter.write(value), as: UTF8.self)
  }

  func find(_ path: String) -> JSONValue? {
    var value = self
    for step in path.split(separator: "/") {
      if let index = Int(step), case .array(let elements) = value {
        guard elements.indices.contains(index) else { return nil }
        value = elements[index]
      } else {
        guard let next = value.member(Text(String(step))) else { return nil }
        value = next
      }
    }
    return value
  }

  func items(_ path: String) -> [JSONValue] {
    guard case .array(let elements)? = find(path) else { return [] }
    return elements
  }
}
