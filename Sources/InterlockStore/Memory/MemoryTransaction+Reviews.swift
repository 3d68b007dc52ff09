import InterlockCore

extension MemoryContent {
  /// Reviews and what belongs to them.
  struct Reviews {
    var records: [Int64: ReviewRecord] = [:]
    var byID: [Text: Int64] = [:]
    var decisions: [Int64: [[UInt8]]] = [:]
    var comments: [Int64: [[UInt8]]] = [:]
    var events: [EventRecord] = []
    var cursors: [Text: Int64] = [:]
    var audit: [AuditRecord] = []
    var policies: [Text: [PolicyRecord]] = [:]
    var settings: [Text: [UInt8]] = [:]
  }
}

extension MemoryTransaction {
  // MARK: Reviews

  func reviews(_ selector: ReviewSelector, limit: Int) throws(StoreError) -> [ReviewRecord] {
    if case .id(let id) = selector {
      let record = content.reviews.byID[id].flatMap { content.reviews.records[$0] }
      return record.map { [$0] } ?? []
    }
    let found = content.reviews.records.values.filter { selector.selects($0) }
    let ordered = found.sorted { left, right in
      (left.status == .pending ? 0 : 1, -left.sequence)
        < (right.status == .pending ? 0 : 1, -right.sequence)
    }
    return Array(ordered.prefix(limit))
  }

  func insertReview(_ record: ReviewRecord) throws(StoreError) -> Int64 {
    var stored = record
    stored.sequence = content.takeKey()
    content.reviews.records[stored.sequence] = stored
    content.reviews.byID[stored.id] = stored.sequence
    return stored.sequence
  }

  func updateReview(_ record: ReviewRecord) throws(StoreError) {
    guard var stored = content.reviews.records[record.sequence] else { return }
    stored.status = record.status
    stored.outcome = record.outcome
    stored.successor = record.successor
    stored.assignee = record.assignee
    stored.due = record.due
    stored.revision = record.revision
    stored.progress = record.progress
    stored.head = record.head
    content.reviews.records[record.sequence] = stored
  }

  func reviews(_ scan: ReviewScan) throws(StoreError) -> [ReviewRecord] {
    let found = content.reviews.records.values.filter { scan.includes($0) }
    let ordered = found.sorted { scan.isBefore($0, $1) }
    return Array(ordered.prefix(scan.limit))
  }

  func nextDue() throws(StoreError) -> Instant? {
    content.reviews.records.values.compactMap(\.due).min()
  }

  func reviews(after sequence: Int64, limit: Int) throws(StoreError) -> [ReviewRecord] {
    let found = content.reviews.records.values.filter { $0.sequence > sequence }
    return Array(found.sorted { $0.sequence < $1.sequence }.prefix(limit))
  }

  // MARK: Decisions and comments

  func insertNote(
    _ note: ReviewNote, review: Int64, number: Int64, body: [UInt8]
  ) throws(StoreError) {
    guard number == (try nextNote(note, review: review)) else {
      throw StoreError(.internalDefect, "a note has the number \(number)")
    }
    content.reviews[note][review, default: []].append(body)
  }

  func note(_ note: ReviewNote, review: Int64, number: Int64) throws(StoreError) -> [UInt8]? {
    let notes = content.reviews[note][review] ?? []
    guard number >= 1, number <= Int64(notes.count) else { return nil }
    return notes[Int(number) - 1]
  }

  func notes(_ note: ReviewNote, review: Int64, limit: Int) throws(StoreError) -> [[UInt8]] {
    (content.reviews[note][review] ?? []).suffix(limit)
  }

  func nextNote(_ note: ReviewNote, review: Int64) throws(StoreError) -> Int64 {
    Int64(content.reviews[note][review]?.count ?? 0) + 1
  }
}

extension MemoryContent.Reviews {
  fileprivate subscript(note: ReviewNote) -> [Int64: [[UInt8]]] {
    get {
      switch note {
      case .decision: decisions
      case .comment: comments
      }
    }
    set {
      switch note {
      case .decision: decisions = newValue
      case .comment: comments = newValue
      }
    }
  }
}

extension ReviewSelector {
  fileprivate func selects(_ record: ReviewRecord) -> Bool {
    switch self {
    case .id(let id): record.id == id
    case .key(let key): record.key == key
    case .interrupt(let interrupt): record.interrupt == interrupt
    case .externalID(let id): record.externalID == id
    case .thread(let thread): record.thread == thread && record.status == .pending
    }
  }
}

extension ReviewScan {
  fileprivate func includes(_ record: ReviewRecord) -> Bool {
    if let status, record.status != status { return false }
    if let kind, record.kind != kind { return false }
    if let channel, record.channel != channel { return false }
    if let thread, record.thread != thread { return false }
    if let assignee, record.assignee != assignee { return false }
    if let dueBefore, (record.due ?? .max) >= dueBefore { return false }
    switch order {
    case .newest: return after.map { record.sequence < $0.sequence } ?? true
    case .oldest: return after.map { record.sequence > $0.sequence } ?? true
    case .mostUrgent:
      guard let due = record.due else { return false }
      return after.map { ($0.due, $0.sequence) < (due, record.sequence) } ?? true
    }
  }

  fileprivate func isBefore(_ left: ReviewRecord, _ right: ReviewRecord) -> Bool {
    switch order {
    case .newest: left.sequence > right.sequence
    case .oldest: left.sequence < right.sequence
    case .mostUrgent: (left.due ?? .max, left.sequence) < (right.due ?? .max, right.sequence)
    }
  }
}
