import InterlockCore
import InterlockStore

/// A review inside a transaction: its record, and the machine that decides about it.
struct LoadedReview {
  private(set) var record: ReviewRecord
  var machine: ReviewMachine

  /// A review that is to be opened.
  init(opening definition: ReviewDefinition, id: Text, request: Text, at now: Instant) {
    machine = ReviewMachine(opening: definition, at: now)
    record = ReviewRecord(
      id: id, kind: definition.kind, status: machine.status, outcome: machine.outcome,
      successor: nil, thread: definition.thread, channel: definition.channel,
      interrupt: definition.interrupt, externalID: definition.externalID, key: definition.key,
      assignee: definition.assignee?.column, due: machine.nextDeadline?.at, revision: 1,
      createdAt: now, request: request, definition: JSONWriter.write(machine.fixedDocument),
      progress: machine.progress.json)
    record.head = head
  }

  init(_ record: ReviewRecord, _ definitions: DefinitionCache) throws(StoreError) {
    self.record = record
    let definition = try Self.definition(of: record, definitions)
    guard record.head.withUnsafeBytes(JSONSyntax.isMembers) else {
      throw StoreError(.corrupt, "the head of review \(record.id) cannot be read")
    }
    guard let value = try? JSONReader.readStored(record.progress),
      let progress = ReviewProgress(value),
      let machine = ReviewMachine(
        stored: definition, status: record.status, outcome: record.outcome,
        successor: record.successor, progress: progress)
    else { throw StoreError(.corrupt, "the progress of review \(record.id) cannot be read") }
    self.machine = machine
  }

  static func definition(
    of record: ReviewRecord, _ definitions: DefinitionCache
  ) throws(StoreError) -> ReviewDefinition {
    if let known = definitions.definition(of: record.id) { return known }
    guard let value = try? JSONReader.readStored(record.definition),
      let definition = try? ReviewDefinition(stored: value)
    else { throw StoreError(.corrupt, "the definition of review \(record.id) cannot be read") }
    definitions.keep(definition, of: record.id, bytes: record.definition.count)
    return definition
  }

  var definition: ReviewDefinition { machine.definition }

  /// What changes, without the values of secret fields: for everybody who has not asked for this review.
  private var head: [UInt8] {
    head(redacted: !definition.payload.secretFields.isEmpty)
  }

  private func head(redacted: Bool) -> [UInt8] {
    machine.head(
      id: record.id, revision: record.revision, createdAt: record.createdAt, redacted: redacted)
  }

  /// Whether the record shows what the machine says.
  var isFiledAsShown: Bool {
    record.head == head && record.definition == JSONWriter.write(machine.fixedDocument)
  }

  /// The document as JSON, for whoever has asked for this review.
  var shown: [UInt8] {
    guard !definition.payload.secretFields.isEmpty else { return record.document }
    var open = record
    open.head = head(redacted: false)
    return open.document
  }

  /// Never before the last event: a clock may go back, a review does not.
  func time(_ now: Instant) -> Instant { max(now, machine.progress.updatedAt) }

  /// The review as it is at this time, whether or not anybody applied what was due.
  func settled(at now: Instant) -> LoadedReview {
    var copy = self
    var steps = 0
    while steps < Self.mostSteps, copy.machine.advance(to: copy.time(now)) != .idle { steps += 1 }
    if steps > 0 { copy.record.head = copy.head }
    return copy
  }

  /// More than the stages and the reminders that one review can have.
  static let mostSteps = 1024

  mutating func insert(_ transaction: any StoreTransaction) throws(StoreError) {
    record.sequence = try transaction.insertReview(record)
  }

  /// Writes what the machine has become.
  mutating func save(_ transaction: any StoreTransaction) throws(StoreError) {
    let ends = record.status == .pending && !machine.isPending
    record.status = machine.status
    record.outcome = machine.outcome
    record.successor = machine.successor
    record.assignee = machine.progress.assignee?.column
    record.due = machine.nextDeadline?.at
    record.revision &+= 1
    record.progress = machine.progress.json
    record.head = head
    try transaction.updateReview(record)
    if ends, let rating = machine.rating(of: record.id) {
      try FeedbackRecord.insert(rating, at: machine.progress.updatedAt, transaction)
    }
    if ends { try InterruptLink.deliver(self, at: machine.progress.updatedAt, transaction) }
  }
}

extension Actor {
  /// How an identity is looked for.
  var column: Text {
    Text(trusted: Array(identity.kind.rawValue.utf8) + [UInt8(ascii: ":")] + identity.value.utf8)
  }
}

extension ReviewRecord {
  /// Whether nothing has happened by itself since it was written: then its document says how it is.
  func isCurrent(at now: Instant) -> Bool {
    status != .pending || (due ?? .max) > now
  }

  /// The document as it was written, if it still is one.
  func written() throws(StoreError) -> [UInt8] {
    guard head.withUnsafeBytes(JSONSyntax.isMembers),
      definition.withUnsafeBytes(JSONSyntax.isMembers)
    else { throw StoreError(.corrupt, "the document of review \(id) cannot be read") }
    return document
  }
}

/// Puts JSON together from pieces that are JSON already.
enum JSONPieces {
  static func object(_ members: KeyValuePairs<StaticString, [UInt8]>) -> [UInt8] {
    var output = [UInt8(ascii: "{")]
    output.reserveCapacity(members.reduce(2) { $0 + $1.value.count + $1.key.utf8CodeUnitCount + 4 })
    for (index, member) in members.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      output.append(UInt8(ascii: "\""))
      member.key.withUTF8Buffer { output.append(contentsOf: $0) }
      output.append(UInt8(ascii: "\""))
      output.append(UInt8(ascii: ":"))
      output += member.value
    }
    output.append(UInt8(ascii: "}"))
    return output
  }

  static func array(_ elements: [[UInt8]]) -> [UInt8] {
    var output = [UInt8(ascii: "[")]
    output.reserveCapacity(elements.reduce(2) { $0 + $1.count + 1 })
    for (index, element) in elements.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      output += element
    }
    output.append(UInt8(ascii: "]"))
    return output
  }

  static func bool(_ flag: Bool) -> [UInt8] { Array((flag ? "true" : "false").utf8) }
}
