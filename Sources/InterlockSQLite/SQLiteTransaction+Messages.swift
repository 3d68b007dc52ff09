import InterlockCore
import InterlockStore

extension SQLiteTransaction {
  func message(_ id: Text) throws(StoreError) -> MessageRecord? {
    try first(.message, bind: { $0.bind(id) }, read: Self.message)
  }

  func message(inChannel channel: Text, key: Text) throws(StoreError) -> MessageRecord? {
    try first(.messageByKey, bind: { $0.bind(channel).bind(key) }, read: Self.message)
  }

  func insertMessage(_ record: MessageRecord) throws(StoreError) -> Int64 {
    try run(.insertMessage) {
      $0.bind(record.id).bind(record.channel).bind(Text(record.sender.rawValue)).bind(record.key)
        .bind(record.request).bind(record.review).bind(record.root).bind(record.iteration)
        .bind(Text(record.status.rawValue)).bind(record.ackedAt)
        .bind(record.ackedBy.map { Text(trusted: $0) }).bind(Text(trusted: record.body))
        .bind(record.createdAt)
    }
    return connection.lastInsertedRow
  }

  func updateMessage(_ record: MessageRecord) throws(StoreError) {
    try run(.updateMessage) {
      $0.bind(record.root).bind(Text(record.status.rawValue)).bind(record.ackedAt)
        .bind(record.ackedBy.map { Text(trusted: $0) }).bind(record.id)
    }
  }

  func deleteMessage(_ id: Text) throws(StoreError) {
    try run(.deleteMessage) { $0.bind(id) }
  }

  func messages(_ scan: MessageScan) throws(StoreError) -> [MessageRecord] {
    guard let sender = scan.sender else {
      return try all(
        .messages,
        bind: { $0.bind(scan.channel).bind(scan.after).bind(Int64(scan.limit)) },
        read: Self.message)
    }
    return try all(
      .messagesFromSender,
      bind: {
        $0.bind(scan.channel).bind(Text(sender.rawValue)).bind(scan.after)
          .bind(Int64(scan.limit))
      }, read: Self.message)
  }

  func lastIteration(ofRoot root: Text) throws(StoreError) -> Int64 {
    try first(.lastIteration, bind: { $0.bind(root) }, read: Self.firstInteger) ?? 0
  }

  private static func message(_ row: SQLiteStatement) throws(StoreError) -> MessageRecord {
    guard let sender = try MessageDraft.Sender(rawValue: row.text(3).string),
      let status = try DeliveryStatus(rawValue: row.text(9).string)
    else { throw try StoreError(.corrupt, "message \(row.text(1)) cannot be read") }
    return try MessageRecord(
      sequence: row.integer(0), id: row.text(1), channel: row.text(2), sender: sender,
      key: row.optionalText(4), request: row.text(5), review: row.optionalText(6),
      root: row.optionalText(7), iteration: row.integer(8), status: status,
      ackedAt: row.optionalInteger(10), ackedBy: row.optionalJSON(11),
      body: row.bytes(12), createdAt: row.integer(13))
  }

  // MARK: Feedback

  func insertFeedback(_ record: FeedbackRecord) throws(StoreError) -> Int64 {
    try run(.insertFeedback) {
      $0.bind(record.id).bind(Text(record.target.kind.rawValue)).bind(record.target.id)
        .bind(record.key).bind(record.score).bind(record.comment)
        .bind(record.actor.map { Text(trusted: $0) }).bind(record.at)
    }
    return connection.lastInsertedRow
  }

  func feedback(
    about target: FeedbackTarget?, after sequence: Int64, limit: Int
  ) throws(StoreError) -> [FeedbackRecord] {
    guard let target else {
      return try all(
        .feedback, bind: { $0.bind(sequence).bind(Int64(limit)) }, read: Self.feedback)
    }
    return try all(
      .feedbackAbout,
      bind: {
        $0.bind(Text(target.kind.rawValue)).bind(target.id).bind(sequence).bind(Int64(limit))
      }, read: Self.feedback)
  }

  func feedbackSummaries(
    about target: FeedbackTarget?, after key: Text, limit: Int
  ) throws(StoreError) -> [FeedbackSummary] {
    guard let target else {
      return try all(
        .feedbackSummaries, bind: { $0.bind(key).bind(Int64(limit)) }, read: Self.summary)
    }
    return try all(
      .feedbackSummariesAbout,
      bind: { $0.bind(Text(target.kind.rawValue)).bind(target.id).bind(key).bind(Int64(limit)) },
      read: Self.summary)
  }

  private static func feedback(_ row: SQLiteStatement) throws(StoreError) -> FeedbackRecord {
    guard let kind = try FeedbackTarget.Kind(rawValue: row.text(2).string) else {
      throw try StoreError(.corrupt, "feedback \(row.text(1)) cannot be read")
    }
    return try FeedbackRecord(
      sequence: row.integer(0), id: row.text(1), target: FeedbackTarget(kind, row.text(3)),
      key: row.text(4), score: row.real(5), comment: row.optionalText(6),
      actor: row.optionalJSON(7), at: row.integer(8))
  }

  private static func summary(_ row: SQLiteStatement) throws(StoreError) -> FeedbackSummary {
    try FeedbackSummary(
      key: row.text(0), count: row.integer(1), sum: row.real(2), min: row.real(3),
      max: row.real(4))
  }
}
