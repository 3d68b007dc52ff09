import InterlockCore
import InterlockStore

/// Questions to people, and their answers. Requests and results are the JSON documents of interlock.h.
/// Since 0.1.
public struct Reviews: Sendable {
  let engine: Engine
}

extension Engine {
  public var reviews: Reviews { Reviews(engine: self) }
}

extension Reviews {
  /// Opens a review, or finds the one that was opened for the same key or interrupt.
  public func open(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    let reader = try RequestReader(request)
    let opening = try Opening(reader.document, engine)
    let outcome = try engine.change { [engine] (transaction) throws(StoreError) in
      try opening.run(engine, transaction)
    }
    let (review, isCreated) = try outcome.orRefused()
    let shown = isCreated ? review : review.settled(at: engine.clock.now)
    return JSONPieces.object(["created": JSONPieces.bool(isCreated), "review": shown.shown])
  }

  /// Reads a review as it is now.
  public func get(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let named = reader.selector()
    try reader.finish()
    let selector = try RequestReader.required(named, "id")
    let now = engine.clock.now
    let found = try engine.look { [engine] (transaction) throws(StoreError) in
      try engine.find(selector, transaction).flatMapStore { (record) throws(StoreError) in
        // Forms may have secrets, which a listing leaves out.
        if record.isCurrent(at: now), record.kind != .form { return .success(try record.written()) }
        return .success(try LoadedReview(record, engine.definitions).settled(at: now).shown)
      }
    }
    return try found.orRefused()
  }

  /// Retracts a pending review.
  public func cancel(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let selector = reader.selector()
    let actor = reader.members.actor("actor") ?? .host
    let reason = reader.members.text("reason")
    try reader.finish()
    let id = try engine.resolve(selector)
    let detail = JSONValue.object(["reason": reason.map { .string($0) } ?? .null])
    let (review, _) = try engine.apply(
      to: id, actor: actor, "cancellation", detail: detail
    ) { machine, now in machine.cancel(reason: reason, at: now) }
    return review.shown
  }

  /// Takes a review: until it is released nobody else can answer it.
  public func claim(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    try changeByActor(request) { machine, actor, now in machine.claim(by: actor, at: now) }
  }

  /// Gives a claimed review back.
  public func release(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    try changeByActor(request) { machine, actor, now in machine.release(by: actor, at: now) }
  }

  /// Asks somebody else, and ends a claim.
  public func reassign(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let selector = reader.selector()
    let actor = reader.members.actor("actor") ?? .host
    let isNamed = reader.document.member("assignee") != nil
    let assignee = reader.members.actor("assignee")
    if !isNamed { _ = reader.members.value("assignee", .required) }
    try reader.finish()
    let id = try engine.resolve(selector)
    let (review, _) = try engine.apply(to: id, actor: actor, nil) { machine, now in
      machine.reassign(to: assignee, at: now)
    }
    return review.shown
  }

  /// Goes up the ladder, because the work was judged or because somebody says so.
  public func escalate(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let selector = reader.selector()
    let actor = reader.members.actor("actor")
    var signal = EscalationSignal()
    signal.confidence = reader.confidence()
    signal.hasError = reader.members.bool("error") ?? false
    signal.isSensitive = reader.members.bool("sensitive") ?? false
    if actor != nil, signal != EscalationSignal() {
      reader.members.add([
        Problem(.unexpected, at: .root, "Either somebody says so, or the work was judged.")
      ])
    }
    try reader.finish()
    let id = try engine.resolve(selector)
    let judged = signal
    let (review, action) = try engine.apply(to: id, actor: actor ?? .host, "escalation") {
      machine, now in
      guard let actor else { return machine.assess(judged, at: now) }
      return machine.escalate(by: actor, at: now)
    }
    return JSONPieces.object([
      "action": JSONWriter.write(.text(action.word)), "review": review.shown,
    ])
  }

  // MARK: What these share

  private func changeByActor(
    _ request: [UInt8],
    _ event: @escaping (inout ReviewMachine, Actor, Instant) -> ReviewAction
  ) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let selector = reader.selector()
    let given = reader.members.actor("actor", .required)
    try reader.finish()
    let actor = try RequestReader.required(given, "actor")
    let id = try engine.resolve(selector)
    let (review, _) = try engine.apply(to: id, actor: actor, nil) { machine, now in
      event(&machine, actor, now)
    }
    return review.shown
  }
}

extension RequestReader {
  fileprivate mutating func confidence() -> Double? {
    guard let confidence = members.number("confidence")?.double else { return nil }
    if !(0...1 ~= confidence) {
      members.add([
        Problem(
          confidence < 0 ? .min : .max, at: members.pointer("confidence"),
          "A confidence is from 0 to 1.")
      ])
    }
    return confidence
  }
}

extension Engine {
  /// The id of the review that is named.
  func resolve(_ selector: ReviewSelector?) throws(EngineError) -> Text {
    let selector = try RequestReader.required(selector, "id")
    if case .id(let id) = selector { return id }
    return try look { [self] (transaction) throws(StoreError) in
      try find(selector, transaction)
    }.orRefused().id
  }

  func settled(_ selector: ReviewSelector?) throws(EngineError) -> LoadedReview {
    let selector = try RequestReader.required(selector, "id")
    let now = clock.now
    return try look { [self] (transaction) throws(StoreError) in
      try find(selector, transaction).flatMapStore { (record) throws(StoreError) in
        .success(try LoadedReview(record, definitions).settled(at: now))
      }
    }.orRefused()
  }
}

extension Actor {
  /// Who acts when nobody is named: the program itself.
  static let host = Actor(Identity(.system, "host"))
}
