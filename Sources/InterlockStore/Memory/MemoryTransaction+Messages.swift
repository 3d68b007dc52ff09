import InterlockCore

extension MemoryContent {
  /// Messages and feedback, in order.
  struct Messages {
    var records: [MessageRecord] = []
    var last: Int64 = 0
    var feedback: [FeedbackRecord] = []
  }
}

extension MemoryTransaction {
  func message(_ id: Text) throws(StoreError) -> MessageRecord? {
    content.messages.records.first { $0.id == id }
  }

  func message(inChannel channel: Text, key: Text) throws(StoreError) -> MessageRecord? {
    content.messages.records.first { $0.channel == channel && $0.key == key }
  }

  func insertMessage(_ record: MessageRecord) throws(StoreError) -> Int64 {
    content.messages.last += 1
    var stored = record
    stored.sequence = content.messages.last
    content.messages.records.append(stored)
    return stored.sequence
  }

  func updateMessage(_ record: MessageRecord) throws(StoreError) {
    content.messages.records = content.messages.records.map { $0.id == record.id ? record : $0 }
  }

  func deleteMessage(_ id: Text) throws(StoreError) {
    content.messages.records.removeAll { $0.id == id }
  }

  func messages(_ scan: MessageScan) throws(StoreError) -> [MessageRecord] {
    let found = content.messages.records.lazy.filter { record in
      record.channel == scan.channel && record.sequence > scan.after
        && (scan.sender == nil || record.sender == scan.sender)
    }
    return Array(found.prefix(scan.limit))
  }

  func lastIteration(ofRoot root: Text) throws(StoreError) -> Int64 {
    content.messages.records.lazy.filter { $0.root == root }.map(\.iteration).max() ?? 0
  }

  // MARK: Feedback

  func insertFeedback(_ record: FeedbackRecord) throws(StoreError) -> Int64 {
    var stored = record
    stored.sequence = Int64(content.messages.feedback.count) + 1
    content.messages.feedback.append(stored)
    return stored.sequence
  }

  func feedback(
    about target: FeedbackTarget?, after sequence: Int64, limit: Int
  ) throws(StoreError) -> [FeedbackRecord] {
    let found = content.messages.feedback.lazy.filter { record in
      record.sequence > sequence && (target == nil || record.target == target)
    }
    return Array(found.prefix(limit))
  }

  func feedbackSummaries(
    about target: FeedbackTarget?, after key: Text, limit: Int
  ) throws(StoreError) -> [FeedbackSummary] {
    let found = content.messages.feedback.filter { record in
      record.key > key && (target == nil || record.target == target)
    }
    let groups = Dictionary(grouping: found, by: \.key).sorted { $0.key < $1.key }
    return groups.prefix(limit).map { key, records in
      let scores = records.map(\.score)
      return FeedbackSummary(
        key: key, count: Int64(scores.count), sum: scores.reduce(0, +), min: scores.min() ?? 0,
        max: scores.max() ?? 0)
    }
  }
}
