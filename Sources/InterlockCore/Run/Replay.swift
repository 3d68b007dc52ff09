/// One entry of the journal of a run, in the order in which the program came to it.
package struct JournalEntry: Sendable, Equatable {
  package enum Content: Sendable, Equatable {
    /// The recorded result of a step, as JSON.
    case step([UInt8])
    /// A question; the answer, once there is one.
    case interrupt(id: Text, answer: JSONValue?)
  }

  package let key: Text
  package var content: Content

  package init(key: Text, content: Content) {
    self.key = key
    self.content = content
  }

  package var kind: StaticString {
    switch content {
    case .step: "step"
    case .interrupt: "interrupt"
    }
  }
}

/// What the program is told about the place it has come to.
package enum ReplayAction: Sendable, Equatable {
  /// The step was done before: this is its result, as JSON.
  case recorded([UInt8])
  /// Do the work, then record it.
  case work
  /// People have answered.
  case answered(JSONValue)
  /// The question was asked and nobody has answered yet.
  case waiting(interrupt: Text)
  /// Ask it.
  case ask
  case rejected(RunRefusal)
}

/// Walks a program through what it did before: DESIGN section 4.
///
/// Entries match by key and order. A program that has changed since is told which key was recorded and
/// which came; it is never matched silently to something else.
package struct Replay: Sendable, Equatable {
  package private(set) var journal: [JournalEntry]
  package private(set) var position = 0
  private var keys: Set<Text>

  package init(_ journal: [JournalEntry]) {
    self.journal = journal
    keys = Set(journal.map(\.key))
  }

  /// The program has come to a step.
  package mutating func step(_ key: Text) -> ReplayAction {
    guard let entry = next else { return isNew(key) ?? .work }
    guard case .step(let result) = entry.content, entry.key == key else {
      return .rejected(divergence(entry, came: "step", key))
    }
    position += 1
    return .recorded(result)
  }

  /// The program has come to a question.
  package mutating func interrupt(_ key: Text) -> ReplayAction {
    // A program may look again at what it waits for.
    if let passed, passed.key == key, case .interrupt(let id, nil) = passed.content {
      return .waiting(interrupt: id)
    }
    guard let entry = next else { return isNew(key) ?? .ask }
    guard case .interrupt(let id, let answer) = entry.content, entry.key == key else {
      return .rejected(divergence(entry, came: "interrupt", key))
    }
    position += 1
    return answer.map { .answered($0) } ?? .waiting(interrupt: id)
  }

  /// What the program was told to do is done. Nil if it was not at the end of the journal.
  package mutating func append(_ entry: JournalEntry) -> RunRefusal? {
    if let refusal = refusal(ofNew: entry.key) { return refusal }
    journal.append(entry)
    keys.insert(entry.key)
    position += 1
    return nil
  }

  /// Why nothing with this key can be appended.
  package func refusal(ofNew key: Text) -> RunRefusal? {
    guard position == journal.count else {
      return RunRefusal(.diverged, "Something recorded stands at this place already.")
    }
    guard case .rejected(let refusal)? = isNew(key) else { return nil }
    return refusal
  }

  /// The program says that it is done. What was recorded and not reached is divergence too.
  package func finish() -> RunRefusal? {
    guard let entry = next else { return nil }
    return RunRefusal(
      .diverged, "The program has ended before \(entry.kind) \(entry.key), which was recorded.",
      details: .object([
        "position": .integer(position), "recorded": Self.place("\(entry.kind)", entry.key),
        "came": .object(["kind": .text("end")]),
      ]))
  }

  /// The key of the entry that was passed last.
  package var last: Text? { passed?.key }

  private var passed: JournalEntry? {
    position > 0 && position <= journal.count ? journal[position - 1] : nil
  }

  private var next: JournalEntry? {
    position < journal.count ? journal[position] : nil
  }

  private func isNew(_ key: Text) -> ReplayAction? {
    guard keys.contains(key) else { return nil }
    return .rejected(RunRefusal(.duplicateKey, "The key \(key) was used before in this run."))
  }

  private func divergence(_ entry: JournalEntry, came kind: String, _ key: Text) -> RunRefusal {
    RunRefusal(
      .diverged,
      "The program has changed: \(entry.kind) \(entry.key) was recorded, \(kind) \(key) came.",
      details: .object([
        "position": .integer(position), "recorded": Self.place("\(entry.kind)", entry.key),
        "came": Self.place(kind, key),
      ]))
  }

  private static func place(_ kind: String, _ key: Text) -> JSONValue {
    .object(["kind": .text(kind), "key": .string(key)])
  }
}
