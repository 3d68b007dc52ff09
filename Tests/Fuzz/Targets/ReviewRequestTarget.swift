import InterlockCore

/// A request, two responses, and then events byte by byte.
enum ReviewRequestTarget {
  static let now: Instant = 1_786_000_000_000

  static func run(_ input: [UInt8]) throws(Finding) {
    var lines = FuzzLines(input)
    guard let request = lines.json() else { return }
    let definition: ReviewDefinition
    do throws(Refusal) {
      definition = try ReviewDefinition(request: request, now: now)
    } catch {
      try require(!error.message.isEmpty, "refused without a reason")
      _ = try error.json.reread()
      return
    }
    try require(definition.deadline.map { $0 > now } ?? true, "it has ended before it begins")
    try storedTwin(of: definition)
    var ride = ReviewRide(
      ReviewMachine(opening: definition, at: now), responses: [lines.json(), lines.json()])
    try ride.follow(lines.remainder())
  }

  private static func storedTwin(of definition: ReviewDefinition) throws(Finding) {
    let twin: ReviewDefinition
    do throws(Refusal) {
      twin = try ReviewDefinition(stored: definition.document)
    } catch {
      throw Finding("what was accepted cannot be stored: \(error.json.line)")
    }
    try require(
      JSONWriter.write(twin.document) == JSONWriter.write(definition.document),
      "stored once more it differs")
    try require(twin.policy == definition.policy, "another policy")
    try require(twin.deadline == definition.deadline, "another deadline")
    try require(twin.onExpiry == definition.onExpiry, "another end")
    try require(twin.reminders == definition.reminders, "other reminders")
    try require(twin.requester == definition.requester, "another requester")
    try require(twin.assignee == definition.assignee, "another assignee")
    try require(twin.interrupt == definition.interrupt, "another interrupt")
    try require(twin.key == definition.key && twin.kind == definition.kind, "another key or kind")
  }
}

/// A stored definition, a stored progress, two responses and events: a damaged row must do no harm.
enum ReviewStoredTarget {
  static func run(_ input: [UInt8]) throws(Finding) {
    var lines = FuzzLines(input)
    guard let document = lines.json(), let stored = lines.json(),
      let definition = try? ReviewDefinition(stored: document)
    else { return }
    guard let progress = ReviewProgress(stored) else { return }
    let again = (try? JSONReader.readStored(progress.json)).flatMap(ReviewProgress.init(_:))
    try require(again == progress, "another progress")
    for status in ReviewStatus.allCases {
      for outcome in ReviewOutcome.allCases.map(Optional.init) + [nil] {
        let machine = ReviewMachine(
          stored: definition, status: status, outcome: outcome,
          successor: status == .superseded ? "next" : nil, progress: progress)
        guard let machine else { continue }
        try require(machine.status == status && machine.outcome == outcome, "another status")
        var ride = ReviewRide(machine, responses: [lines.json(), lines.json()])
        ride.isTrusted = false
        try ride.follow(lines.remainder())
      }
    }
  }
}
