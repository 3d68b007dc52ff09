import InterlockCore

/// The digit of a kind and a payload on the first line, answers on those after it.
enum PayloadTarget {
  static func run(_ input: [UInt8]) throws(Finding) {
    guard let first = input.first else { return }
    let kinds = ReviewKind.allCases
    let kind = kinds[Int(first &- UInt8(ascii: "0")) % kinds.count]
    var lines = FuzzLines(Array(input.dropFirst()))
    guard let document = lines.json() else { return }
    let payload: ReviewPayload
    do throws(InvalidPayload) {
      payload = try ReviewPayload(kind: kind, document, mode: .strict)
    } catch {
      try requireUseful(error.problems)
      return
    }
    guard let stored = try? ReviewPayload(kind: kind, try document.reread(), mode: .stored) else {
      throw Finding("a payload that was accepted cannot be read again")
    }
    var earlier: JSONValue?
    while let response = lines.json() {
      try PayloadPromises.check(payload, response, after: earlier)
      try require(
        stored.check(response) == payload.check(response), "a stored payload checks otherwise")
      earlier = response
    }
    try PayloadPromises.words(payload)
  }
}

/// What every payload promises about every answer.
enum PayloadPromises {
  static func check(
    _ payload: ReviewPayload, _ response: JSONValue, after earlier: JSONValue?
  ) throws(Finding) {
    switch payload.check(response) {
    case .valid(let answer):
      try require(
        payload.check(answer.response) == .valid(answer), "an accepted answer is refused")
      try require(
        payload.check(try answer.response.reread()) == .valid(answer), "refused after storing")
      try require(
        answer.items.count
          == (payload.kind == .actions && answer.verdict != .dismiss
            ? payload.itemCount : 0),
        "a decision is missing")
      let merged = payload.merge(answer, onto: earlier)
      _ = try merged.response.reread()
      try require(
        payload.merge(answer, onto: nil).response == answer.response, "merged with nothing")
    case .invalid(let problems), .mismatch(let problems):
      try requireUseful(problems)
    }
    try redaction(payload, response)
  }

  private static func redaction(
    _ payload: ReviewPayload, _ response: JSONValue
  ) throws(Finding) {
    let redacted = payload.redacted(response)
    for name in payload.secretFields {
      let value = redacted.member(name) ?? .null
      try require(value == .null || value == .text("***REDACTED***"), "a secret is shown")
    }
    try require(payload.redacted(redacted) == redacted, "redacted twice")
  }

  /// What a word stands for is an answer that is accepted, and that says what the word says.
  static func words(_ payload: ReviewPayload) throws(Finding) {
    for word in OutcomeWord.allCases {
      let expanded = ReviewPayload.expand(
        outcomeWord: Text(word.rawValue), for: payload, message: nil)
      switch expanded {
      case .success(let response):
        guard case .valid(let answer) = payload.check(response) else {
          throw Finding("the answer of a word is refused")
        }
        try require(
          (answer.verdict == .approve) == (word == .approved), "\(word) is \(answer.verdict)")
      case .failure(let error):
        try requireUseful(error.problems)
      }
    }
  }
}
