import InterlockCore
import InterlockStore

/// What happened, in order and without gaps. Since 0.1.
public struct Events: Sendable {
  let engine: Engine

  /// Reads events after a place.
  public func read(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    let page = try EventQuery(request).page(engine)
    return JSONWriter.write(page.json)
  }

  /// Reads events, and waits for one if there is none.
  package func wait(
    _ request: [UInt8], milliseconds: UInt64, cancel: CancelFlag?
  ) throws(EngineError) -> [UInt8] {
    var query = try EventQuery(request)
    return try engine.wait(milliseconds: milliseconds, cancel: cancel) {
      () throws(EngineError) in
      let page = try query.page(engine)
      // What the filter refused need not be read again.
      query.skip(to: page.next)
      return (page.events.isEmpty ? nil : JSONWriter.write(page.json), nil)
    }
  }

  /// Acknowledges events: a reader of this name goes on after them.
  public func acknowledge(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let cursor = reader.members.id("cursor", .required)
    let given = reader.members.integer("seq", .required, in: 0...Int.max)
    try reader.finish()
    let name = try RequestReader.required(cursor, "cursor")
    let sequence = Int64(try RequestReader.required(given, "seq"))
    let kept = try engine.change { (transaction) throws(StoreError) in
      let before = try transaction.cursor(name) ?? 0
      let last = try transaction.lastEvent()
      guard sequence <= last else { return Int64(-1) }
      guard sequence > before else { return before }
      try transaction.setCursor(name, to: sequence)
      return sequence
    }
    guard kept >= 0 else {
      throw EngineError(.invalidArgument, "seq: there is no such event yet", path: "/seq")
    }
    return JSONWriter.write(
      .object(["cursor": .string(name), "seq": .number(.integer(kept))]))
  }
}

extension Engine {
  public var events: Events { Events(engine: self) }
}

/// Which events are asked for.
struct EventQuery {
  struct Page {
    let events: [JSONValue]
    let next: Int64
    let last: Int64

    var json: JSONValue {
      .object([
        "events": .array(events), "next": .number(.integer(next)),
        "last": .number(.integer(last)),
      ])
    }
  }

  /// How many events are looked at for one page.
  private static let mostScanned = 20_000
  private static let batch = 1000

  private var after: Int64
  private let cursor: Text?
  private let filter: EventFilter
  private let limit: Int

  init(_ request: [UInt8]) throws(EngineError) {
    var reader = try RequestReader(request)
    let given = reader.members.integer("after", in: 0...Int.max)
    cursor = reader.members.id("cursor")
    if given != nil, cursor != nil {
      reader.members.add([
        Problem(.unexpected, at: JSONPointer.root.appending("after"), "Either after or cursor.")
      ])
    }
    filter = EventFilter(&reader.members)
    limit = reader.limit(100)
    try reader.finish()
    after = Int64(given ?? 0)
  }

  mutating func skip(to sequence: Int64) {
    after = max(after, sequence)
  }

  func page(_ engine: Engine) throws(EngineError) -> Page {
    try engine.look { (transaction) throws(StoreError) in
      let last = try transaction.lastEvent()
      var next = after
      if let cursor { next = max(next, try transaction.cursor(cursor) ?? 0) }
      var events: [JSONValue] = []
      var scanned = 0
      while next < last, scanned < Self.mostScanned {
        let batch = try transaction.events(
          after: next, limit: !filter.isEmpty ? Self.batch : limit)
        guard !batch.isEmpty else { break }
        for event in batch where events.count < limit {
          next = event.sequence
          scanned += 1
          if filter.includes(event) { events.append(try event.document()) }
        }
        if events.count >= limit || filter.isEmpty { break }
      }
      return Page(events: events, next: next, last: last)
    }
  }
}

extension EventFilter {
  func includes(_ event: EventRecord) -> Bool {
    includes(
      type: event.type, review: event.review, thread: event.thread, channel: event.channel)
  }
}

extension EventRecord {
  /// The document `event` of interlock.h.
  func document() throws(StoreError) -> JSONValue {
    guard let body = try? JSONReader.readStored(body) else {
      throw StoreError(.corrupt, "event \(sequence) cannot be read")
    }
    return .object([
      "seq": .number(.integer(sequence)), "type": .string(type),
      "at": .number(.integer(at)), "review": review.map { .string($0) } ?? .null,
      "thread": thread.map { .string($0) } ?? .null,
      "channel": channel.map { .string($0) } ?? .null, "body": body,
    ])
  }
}
