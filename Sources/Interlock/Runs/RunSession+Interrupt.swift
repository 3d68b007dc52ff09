import InterlockCore
import InterlockStore

/// What a run asks people, or whoever resumes it.
struct Question {
  let key: Text
  let value: JSONValue
  /// A request to open a review.
  let review: JSONValue?
}

extension RunSession {
  /// Asks once: a program that comes here again finds its question, and the answer if there is one.
  func ask(_ question: Question, _ replay: inout Replay) throws(EngineError) -> JSONValue {
    var after = replay
    switch after.interrupt(question.key) {
    case .answered(let value):
      replay = after
      return .object(["state": "answered", "value": value])
    case .waiting(let id):
      return try look(at: id, after, &replay)
    case .ask:
      return try open(question, &replay)
    case .rejected(let refusal):
      throw EngineError(refusal)
    case .recorded, .work:
      throw EngineError(.internalDefect, "an interrupt was taken for a step")
    }
  }

  /// A gate before or after a step. Nil if the run may go on.
  func pass(_ question: Question, _ replay: inout Replay) throws(EngineError) -> JSONValue? {
    let state = try ask(question, &replay)
    guard let value = state.member("value") else { return state }
    guard !InterruptLink.isApproval(value) else { return nil }
    return .object(["state": "rejected", "value": value])
  }

  func gate(_ position: StaticString, _ key: Text) -> Question {
    let name = Text(trusted: Array("\(position) ".utf8) + key.utf8)
    var review = gates.review
    if case .object(let members) = review, review.member("title") == nil {
      review = .object(members + [JSONMember(name: "title", value: .string(name))])
    }
    return Question(key: name, value: .null, review: review)
  }

  /// Somebody may have answered since the run began.
  private func look(
    at id: Text, _ after: Replay, _ replay: inout Replay
  ) throws(EngineError) -> JSONValue {
    try engine.settleInterrupt(id)
    let (found, answer) = try engine.look { (transaction) throws(StoreError) in
      guard let found = try transaction.interrupt(id) else {
        throw StoreError(.corrupt, "interrupt \(id) is missing")
      }
      return (found, try found.answer())
    }
    if let value = answer {
      replay = after
      return .object(["state": "answered", "value": value])
    }
    if found.status == .cancelled {
      throw EngineError(RunRefusal(.cancelled, "The interrupt was cancelled."))
    }
    // As when it was asked first: what else is to be asked comes next.
    replay = after
    return Self.waiting(found.id, found.review)
  }

  private func open(
    _ question: Question, _ replay: inout Replay
  ) throws(EngineError) -> JSONValue {
    let (now, thread, run, engine) = (engine.clock.now, thread, run, engine)
    let id = RunID.interrupt(of: run, at: replay.position)
    let opening = try question.review.map { (review) throws(EngineError) in
      try Opening(InterruptLink.request(review, for: .string(id), of: thread), engine)
    }
    if let refusal = replay.refusal(ofNew: question.key) { throw EngineError(refusal) }
    let step = StepRecord(
      run: run, position: replay.position, key: question.key, result: nil, interrupt: id)
    typealias Asked = Result<(answer: JSONValue?, review: Text?), Refusal>
    let outcome = try write { (loaded, transaction) throws(StoreError) -> Asked in
      if let key = opening?.definition.key, try !transaction.reviews(.key(key), limit: 1).isEmpty {
        return .failure(Refusal(.idempotencyMismatch, "This key belongs to another review."))
      }
      let review = try opening.map { (opening) throws(StoreError) in
        try opening.insert(engine, transaction)
      }
      try transaction.insertStep(step)
      try transaction.insertInterrupt(
        InterruptRecord(
          id: id, thread: thread, run: run, key: question.key,
          request: JSONWriter.write(question.review ?? question.value),
          review: review?.record.id, createdAt: now))
      try RunJournal(transaction: transaction, at: now).event(
        "run.asked", loaded, [JSONMember(name: "interrupt", value: .string(id))])
      guard let review, !review.machine.isPending else {
        return .success((nil, review?.record.id))
      }
      try InterruptLink.deliver(review, at: now, transaction)
      return .success((InterruptLink.value(of: review), review.record.id))
    }
    let asked = try outcome.orRefused()
    _ = replay.append(
      JournalEntry(key: question.key, content: .interrupt(id: id, answer: nil)))
    guard let answer = asked.answer else { return Self.waiting(id, asked.review) }
    return .object(["state": "answered", "value": answer])
  }

  private static func waiting(_ id: Text, _ review: Text?) -> JSONValue {
    .object([
      "state": "waiting", "interrupt": .string(id),
      "review": review.map { .string($0) } ?? .null,
    ])
  }
}

extension Engine {
  /// A deadline that has passed is an answer too: it is put on record before anybody is told to wait.
  func settleInterrupt(_ id: Text) throws(EngineError) {
    let now = clock.now
    let due = try look { (transaction) throws(StoreError) -> Text? in
      guard let interrupt = try transaction.interrupt(id), interrupt.status == .pending,
        let review = interrupt.review,
        let record = try transaction.reviews(.id(review), limit: 1).first,
        !record.isCurrent(at: now)
      else { return nil }
      return review
    }
    guard let due else { return }
    _ = try change { [self] (transaction) throws(StoreError) in
      try load(due, at: now, transaction)
    }
  }
}
