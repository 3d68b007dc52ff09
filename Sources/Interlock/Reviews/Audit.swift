import InterlockCore
import InterlockCrypto
import InterlockStore

/// Who decided what, in a chain that shows every change made to it later. Since 0.1.
public struct Audit: Sendable {
  let engine: Engine

  private static let mostScanned = 20_000

  /// Reads audit records in order.
  public func read(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let after = Int64(reader.members.integer("after", in: 0...Int.max) ?? 0)
    let review = reader.members.id("review")
    let limit = reader.limit(100)
    try reader.finish()
    let page = try engine.look { (transaction) throws(StoreError) in
      var next = after
      var found: [AuditRecord] = []
      var scanned = 0
      while found.count < limit, scanned < Self.mostScanned {
        let batch = try transaction.audit(after: next, limit: review == nil ? limit : 1000)
        guard !batch.isEmpty else { break }
        for record in batch where found.count < limit {
          next = record.sequence
          scanned += 1
          if review == nil || record.review == review { found.append(record) }
        }
      }
      let last = try transaction.lastAudit()?.sequence ?? 0
      return (found, next, last)
    }
    return JSONWriter.write(
      .object([
        "records": .array(
          try page.0.map { (record) throws(EngineError) in try record.document() }),
        "next": .number(.integer(page.1)), "last": .number(.integer(page.2)),
      ]))
  }

  /// Records as JSON lines, one canonical record a line.
  public func export(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let after = Int64(reader.members.integer("after", in: 0...Int.max) ?? 0)
    let limit = reader.limit(1000, most: 10_000)
    try reader.finish()
    let records = try engine.look { (transaction) throws(StoreError) in
      try transaction.audit(after: after, limit: limit)
    }
    var lines: [UInt8] = []
    for record in records {
      lines += CanonicalJSON.write(try record.document())
      lines.append(UInt8(ascii: "\n"))
    }
    return lines
  }

  /// Verifies the chain; `isSound` says how it went.
  public func verify(_ request: [UInt8]) throws(EngineError) -> (json: [UInt8], isSound: Bool) {
    var reader = try RequestReader(request)
    let head = try Self.head(&reader)
    try reader.finish()
    var check = AuditCheck(knownHead: head)
    try engine.verifyAudit(&check)
    return (JSONWriter.write(check.json), check.problems.isEmpty)
  }

  private static func head(
    _ reader: inout RequestReader
  ) throws(EngineError) -> (sequence: Int64, hash: Text)? {
    guard let value = reader.members.object("head") else { return nil }
    var head = MemberReader(value, at: reader.members.pointer("head"))
    let sequence = head.integer("seq", .required, in: 1...Int.max)
    let hash = head.text("hash", .required)
    head.finish()
    reader.members.add(head.problems)
    guard let sequence, let hash else { return nil }
    return (Int64(sequence), hash)
  }
}

extension Engine {
  public var audit: Audit { Audit(engine: self) }

  /// Walks the chain in steps, so that writers go on.
  func verifyAudit(_ check: inout AuditCheck) throws(EngineError) {
    while true {
      let after = check.sequence
      let records = try look { (transaction) throws(StoreError) in
        try transaction.audit(after: after, limit: 1000)
      }
      guard !records.isEmpty else { break }
      for record in records { check.visit(record) }
    }
    check.finish()
  }
}

extension AuditRecord {
  /// The record with its hash.
  func document() throws(EngineError) -> JSONValue {
    guard case .object(let members)? = try? JSONReader.readStored(body) else {
      throw EngineError(.corrupt, "audit record \(sequence) cannot be read")
    }
    let hash = JSONValue.string(Text(trusted: Hex.encode(hash)))
    return .object(members + [JSONMember(name: "hash", value: hash)])
  }
}

/// Follows the chain of the audit record by record.
struct AuditCheck {
  private static let mostProblems = 100

  private let knownHead: (sequence: Int64, hash: Text)?
  private var sawKnownHead = false
  private var hash = AuditChain.start
  private(set) var sequence: Int64 = 0
  private(set) var count = 0
  private(set) var problems: [(sequence: Int64, message: String)] = []

  init(knownHead: (sequence: Int64, hash: Text)? = nil) {
    self.knownHead = knownHead
  }

  mutating func visit(_ record: AuditRecord) {
    if record.sequence != sequence + 1 {
      report(record.sequence, "records are missing before this one")
    }
    let body = try? JSONReader.readStored(record.body)
    if record.hash != SHA256.digest(of: record.body) {
      report(record.sequence, "the record was changed: its hash differs")
    } else if body?.member("prev") != .string(Text(trusted: Hex.encode(hash))) {
      report(record.sequence, "the record does not follow the one before it")
    } else if body?.member("seq") != .number(.integer(record.sequence))
      || body?.member("review") != record.review.map({ .string($0) }) ?? .null
    {
      report(record.sequence, "the record was moved")
    }
    if let knownHead, knownHead.sequence == record.sequence {
      sawKnownHead = true
      if knownHead.hash != Text(trusted: Hex.encode(record.hash)) {
        report(record.sequence, "this is not the head that was known")
      }
    }
    sequence = record.sequence
    hash = record.hash
    count += 1
  }

  mutating func finish() {
    if let knownHead, !sawKnownHead {
      report(knownHead.sequence, "the head that was known is missing")
    }
  }

  private mutating func report(_ sequence: Int64, _ message: String) {
    guard problems.count < Self.mostProblems else { return }
    problems.append((sequence, message))
  }

  var json: JSONValue {
    let head = JSONValue.object([
      "seq": .number(.integer(sequence)), "hash": .string(Text(trusted: Hex.encode(hash))),
    ])
    return .object([
      "ok": .bool(problems.isEmpty), "records": .integer(count), "head": count == 0 ? .null : head,
      "problems": .array(
        problems.map {
          .object(["seq": .number(.integer($0.sequence)), "message": .text($0.message)])
        }),
    ])
  }
}
