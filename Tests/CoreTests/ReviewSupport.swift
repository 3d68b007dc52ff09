import InterlockCore
import Testing

/// Tests of reviews say who does what when, in words: what is asked is a JSON text, an actor is
/// `ana`, `boss@manager` or `agent/bot`, and what came of it is a word too.
enum ReviewSupport {
  static func json(_ text: String) throws -> JSONValue {
    try JSONReader.read(Array(text.utf8))
  }

  static func definition(_ request: String, now: Instant = 0) throws -> ReviewDefinition {
    try ReviewDefinition(request: try json(request), now: now)
  }

  static func machine(_ request: String, at now: Instant = 0) throws -> ReviewMachine {
    ReviewMachine(opening: try definition(request, now: now), at: now)
  }

  /// An approval with these stages; `more` are further members of the request, with a comma first.
  static func chain(_ stages: String..., more: String = "") throws -> ReviewMachine {
    try machine(request(stages, order: "chain", more: more))
  }

  static func ladder(_ stages: String..., more: String = "") throws -> ReviewMachine {
    try machine(request(stages, order: "ladder", more: more))
  }

  static func request(_ stages: [String], order: String, more: String) -> String {
    let policy = #"{"order":"\#(order)","stages":[\#(stages.joined(separator: ","))]}"#
    return #"{"kind":"approval","payload":{"dismissLabel":"x"},"policy":\#(policy)\#(more)}"#
  }

  /// The code, and `code path` of every problem; empty when the review can be opened.
  static func refusals(_ request: String, now: Instant = 0) throws -> [String] {
    let document = try json(request)
    do throws(Refusal) {
      _ = try ReviewDefinition(request: document, now: now)
      return []
    } catch {
      return [error.code.rawValue] + PayloadSupport.lines(error.problems)
    }
  }

  static func actor(_ text: String) -> Actor {
    let halves = text.split(separator: "@", maxSplits: 1)
    let names = halves[0].split(separator: "/")
    let kind = names.count > 1 ? Identity.Kind(rawValue: String(names[0])) : .userID
    let roles = halves.dropFirst().flatMap { $0.split(separator: ",") }.map { Text(String($0)) }
    return Actor(Identity(kind ?? .userID, Text(String(names[names.count - 1]))), roles: roles)
  }

  static func given(
    _ actor: String, _ response: JSONValue, to payload: ReviewPayload, stage: Text? = nil,
    key: Text? = nil, decision: Text
  ) -> GivenAnswer {
    let check = payload.check(response)
    var (substance, whole) = (response, response)
    if case .valid(let answer) = check { (substance, whole) = (answer.substance, answer.response) }
    return GivenAnswer(
      decision: decision, actor: Self.actor(actor), check: check, substance: digest(substance),
      fingerprint: digest(whole), stage: stage, key: key)
  }

  static func digest(_ value: JSONValue) -> Text {
    Text(trusted: CanonicalJSON.write(value))
  }

  static let approve = #"{"selectedOption":"approve"}"#
  static let reject = #"{"selectedOption":"reject"}"#
  static let dismiss = #"{"_dismissed":true}"#
}

extension ReviewMachine {
  /// Somebody answers; the decision is called `who@when`.
  @discardableResult mutating func say(
    _ actor: String, _ response: String, stage: Text? = nil, key: Text? = nil, at now: Instant
  ) throws -> String {
    let given = ReviewSupport.given(
      actor, try ReviewSupport.json(response), to: definition.payload, stage: stage, key: key,
      decision: Text("\(actor)@\(now)"))
    return answer(given, at: now).word
  }

  @discardableResult mutating func approve(
    _ actor: String, stage: Text? = nil, key: Text? = nil, at now: Instant
  ) throws -> String {
    try say(actor, ReviewSupport.approve, stage: stage, key: key, at: now)
  }

  @discardableResult mutating func reject(
    _ actor: String, stage: Text? = nil, key: Text? = nil, at now: Instant
  ) throws -> String {
    try say(actor, ReviewSupport.reject, stage: stage, key: key, at: now)
  }

  /// Applies everything that is due, as a caller does before any other event.
  @discardableResult mutating func settle(at now: Instant) -> [String] {
    var words: [String] = []
    // Every step up, every deadline and every reminder at most once.
    for _ in 0..<(4 * progress.stages.count + 4) {
      let action = advance(to: now)
      if action == .idle { return words }
      words.append(action.word)
    }
    return words + ["endless"]
  }

  var snapshot: ReviewSnapshot {
    ReviewSnapshot(status: status, outcome: outcome, successor: successor, progress: progress)
  }

  var statuses: [String] { progress.stages.map(\.status.rawValue) }
}

/// All that can change about a review.
struct ReviewSnapshot: Equatable {
  let status: ReviewStatus
  let outcome: ReviewOutcome?
  let successor: Text?
  let progress: ReviewProgress
}

extension ReviewAction {
  var word: String {
    switch self {
    case .counted: "counted"
    case .advanced(let stage): "advanced \(stage)"
    case .resolved(let outcome): outcome.rawValue
    case .expired: "expired"
    case .cancelled: "cancelled"
    case .superseded: "superseded"
    case .escalated(let step): "\(step.from)>\(step.to) \(step.reason.rawValue) \(step.at)"
    case .atTop: "top"
    case .stayed: "stayed"
    case .attempted: "attempted"
    case .reminded: "reminded"
    case .claimed: "claimed"
    case .released: "released"
    case .reassigned: "reassigned"
    case .idle: "idle"
    case .replayed(let decision): "replayed \(decision)"
    case .rejected(let refusal): refusal.code.rawValue
    }
  }

  /// Whether it says that nothing changed.
  var changesNothing: Bool {
    switch self {
    case .atTop, .stayed, .idle, .replayed, .rejected: true
    case .counted, .advanced, .resolved, .expired, .cancelled, .superseded, .escalated, .attempted,
      .reminded, .claimed, .released, .reassigned:
      false
    }
  }
}
