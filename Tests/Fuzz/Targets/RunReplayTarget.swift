import InterlockCore

/// A journal as it is stored, an array of entries; then what the program comes to, two bytes each.
///
/// The journal may be damaged: keys twice, questions without an id of their own. A program must still
/// get nothing but what stands at its place.
enum RunReplayTarget {
  private static let maxEvents = 64

  static func run(_ input: [UInt8]) throws(Finding) {
    var lines = FuzzLines(input)
    guard case .array(let stored)? = lines.json(), let journal = entries(stored) else { return }
    var replay = Replay(journal)
    try straight(journal)
    // Keys of the journal, and some that are new to it.
    let keys = journal.prefix(120).map(\.key) + ["new", "newer", ""]
    let events = lines.remainder().prefix(2 * maxEvents)
    for index in stride(from: events.startIndex, to: events.endIndex - 1, by: 2) {
      try event(events[index], keys[Int(events[index + 1]) % keys.count], &replay)
    }
    try again(replay, after: journal)
  }

  /// `[{"key","result"} or {"key","interrupt","answer"?},...]`, as the rows of a run say it.
  private static func entries(_ stored: [JSONValue]) -> [JournalEntry]? {
    var journal: [JournalEntry] = []
    for entry in stored {
      guard let key = entry.member("key")?.text else { return nil }
      if let id = entry.member("interrupt")?.text {
        journal.append(
          JournalEntry(key: key, content: .interrupt(id: id, answer: entry.member("answer"))))
      } else {
        let result = JSONWriter.write(entry.member("result") ?? .null)
        journal.append(JournalEntry(key: key, content: .step(result)))
      }
    }
    return journal
  }

  /// A program that has not changed gets everything back, and is at its end then.
  private static func straight(_ journal: [JournalEntry]) throws(Finding) {
    var replay = Replay(journal)
    for (entry, before) in zip(journal, [nil] + journal) {
      // Damage: a question that stands there twice in a row is looked at again.
      if let before, isLook(again: before, entry.key) { return }
      try require(replay.finish() != nil, "at the end before the end")
      let action = come(to: entry, &replay)
      try require(action == told(entry), "told something else than \(entry.key)")
      try require(replay.last == entry.key, "another place")
    }
    try require(replay.finish() == nil, "not at the end")
  }

  private static func isLook(again entry: JournalEntry, _ key: Text) -> Bool {
    if case .interrupt(_, nil) = entry.content { entry.key == key } else { false }
  }

  private static func come(to entry: JournalEntry, _ replay: inout Replay) -> ReplayAction {
    switch entry.content {
    case .step: replay.step(entry.key)
    case .interrupt: replay.interrupt(entry.key)
    }
  }

  private static func told(_ entry: JournalEntry) -> ReplayAction {
    switch entry.content {
    case .step(let result): .recorded(result)
    case .interrupt(_, let answer?): .answered(answer)
    case .interrupt(let id, nil): .waiting(interrupt: id)
    }
  }

  private static func event(
    _ byte: UInt8, _ key: Text, _ replay: inout Replay
  ) throws(Finding) {
    let before = replay
    switch byte % 8 {
    case 0, 1, 2:
      try check(replay.step(key), of: key, before, replay, isStep: true)
    case 3, 4:
      try check(replay.interrupt(key), of: key, before, replay, isStep: false)
    case 5:
      try append(
        JournalEntry(key: key, content: .step(JSONWriter.write(.integer(Int(byte))))), &replay)
    case 6:
      let answer: JSONValue? = byte < 128 ? nil : .null
      try append(JournalEntry(key: key, content: .interrupt(id: "i", answer: answer)), &replay)
    default:
      let refusal = replay.finish()
      try require(
        (refusal == nil) == (replay.position == replay.journal.count), "at an end that is none")
      try useful(refusal)
    }
    try require(replay.position <= replay.journal.count, "past the end")
    try require(replay.position >= before.position, "went back")
    try require(replay.journal.starts(with: before.journal), "what was recorded has changed")
  }

  private static func check(
    _ action: ReplayAction, of key: Text, _ before: Replay, _ after: Replay, isStep: Bool
  ) throws(Finding) {
    let isAtEnd = before.position == before.journal.count
    // A program may look again at what it waits for.
    if !isStep, before.position > 0, isLook(again: before.journal[before.position - 1], key) {
      let passed = before.journal[before.position - 1]
      try require(action == told(passed) && after == before, "another look, another answer")
      return
    }
    switch action {
    case .recorded, .answered, .waiting:
      try require(!isAtEnd && after.position == before.position + 1, "not one place further")
      let entry = before.journal[before.position]
      try require(entry.key == key && action == told(entry), "matched to something else")
    case .work, .ask:
      try require(isAtEnd && after == before, "work in the middle of what was done")
      try require((action == .work) == isStep, "a step for a question")
      try require(!before.journal.contains { $0.key == key }, "a key for two things")
    case .rejected(let refusal):
      try require(after == before, "refused, and it went on")
      try require(
        (refusal.code == .duplicateKey) == isAtEnd, "refused as \(refusal.code.rawValue)")
      try useful(refusal)
    }
  }

  private static func append(
    _ entry: JournalEntry, _ replay: inout Replay
  ) throws(Finding) {
    let before = replay
    if let refusal = replay.append(entry) {
      try require(replay == before, "refused, and written")
      try useful(refusal)
    } else {
      try require(before.position == before.journal.count, "written in the middle")
      try require(!before.journal.contains { $0.key == entry.key }, "a key twice")
      try require(replay.journal.last == entry, "something else was written")
    }
  }

  /// The next process finds what this one has left.
  private static func again(
    _ replay: Replay, after journal: [JournalEntry]
  ) throws(Finding) {
    try require(replay.journal.count >= journal.count, "something was lost")
    try straight(replay.journal)
  }

  private static func useful(_ refusal: RunRefusal?) throws(Finding) {
    guard let refusal else { return }
    try require(!refusal.message.isEmpty, "refused without a reason")
    let again = try refusal.json.reread()
    try require(again.member("code") == .text(refusal.code.rawValue), "another code")
  }
}
