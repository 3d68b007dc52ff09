import InterlockCore

/// What a graph asks on the first line, the schema of the answer on the second (nothing: none), and
/// then what people say, one answer a line.
enum GraphQuestionTarget {
  static func run(_ input: [UInt8]) throws(Finding) {
    var lines = FuzzLines(input)
    guard let value = lines.json() else { return }
    let schema = lines.json()
    var responses: [JSONValue] = [.object(["decisions": .array([])]), .null]
    while let response = lines.json() { responses.append(response) }
    let question = GraphQuestion(value: value, responseSchema: schema)
    let again = GraphQuestion(
      value: try value.reread(),
      responseSchema: try schema.map { (schema) throws(Finding) in
        try schema.reread()
      })
    try require(
      again.shape == question.shape && again.payload == question.payload, "another question")
    try answers(question, responses)
    // What cannot be asked as it looks is asked as any question, at last without its schema.
    try answers(GraphQuestion(freeform: schema), responses)
    let plain = GraphQuestion(freeform: nil)
    try require(try payload(plain) != nil, "nothing can be asked")
    try answers(plain, responses)
  }

  private static func payload(_ question: GraphQuestion) throws(Finding) -> ReviewPayload? {
    do throws(InvalidPayload) {
      return try ReviewPayload(kind: question.kind, question.payload, mode: .strict)
    } catch {
      try requireUseful(error.problems)
      return nil
    }
  }

  private static func answers(
    _ question: GraphQuestion, _ responses: [JSONValue]
  ) throws(Finding) {
    guard let payload = try payload(question) else { return }
    let stored = try? ReviewPayload(
      kind: question.kind, try question.payload.reread(), mode: .stored)
    guard let stored else { throw Finding("a question that cannot be stored") }
    for outcome in ReviewOutcome.allCases {
      try silence(question.shape, stored, outcome)
      for response in responses {
        // A damaged row, or what a host has said to resume with: no answer, and no harm.
        _ = try GraphAnswer(question.shape, stored, outcome: outcome, response: response)
          .value?.reread()
        guard case .valid(let answer) = payload.check(response) else { continue }
        try spoken(question.shape, stored, outcome, answer)
      }
    }
    for word in OutcomeWord.allCases {
      let expanded = ReviewPayload.expand(
        outcomeWord: Text(word.rawValue), for: payload, message: nil)
      guard case .success(let response) = expanded,
        case .valid(let answer) = payload.check(response)
      else { continue }
      let outcome: ReviewOutcome = word == .approved ? .approved : .rejected
      try spoken(question.shape, stored, outcome, answer)
    }
  }

  /// People have said something that the review takes: so the graph is told, in its own words.
  private static func spoken(
    _ shape: GraphShape, _ payload: ReviewPayload, _ outcome: ReviewOutcome, _ answer: Answer
  ) throws(Finding) {
    let told = GraphAnswer(shape, payload, outcome: outcome, response: answer.response)
    guard let value = told.value else { throw Finding("an answer that is not told") }
    try require(value == (try value.reread()), "told as something else")
    try form(value, shape, payload)
    if shape == .freeform {
      try require(value == answer.response, "not what was said")
    }
    let isYes = [.approved, .edited, .acknowledged].contains(outcome)
    if shape == .flag { try require(value == .bool(isYes), "a no for a yes") }
    if shape == .word { try require((value == .text("approve")) == isYes, "a no for a yes") }
  }

  /// Nobody has said anything: the graph is told so in its own words, or somebody must look.
  private static func silence(
    _ shape: GraphShape, _ payload: ReviewPayload, _ outcome: ReviewOutcome
  ) throws(Finding) {
    let told = GraphAnswer(shape, payload, outcome: outcome, response: nil)
    guard let value = told.value else { return }
    _ = try value.reread()
    try form(value, shape, payload)
    guard shape == .freeform, case .freeform(let body) = payload.body else { return }
    try require(!body.hasSchema && value == .bool(false), "silence is an answer")
  }

  private static func form(
    _ value: JSONValue, _ shape: GraphShape, _ payload: ReviewPayload
  ) throws(Finding) {
    switch shape {
    case .decisions:
      try count(value.member("decisions"), payload)
    case .inbox:
      try count(value, payload)
      guard case .array(let answers) = value else { return }
      for answer in answers { try inbox(answer) }
    case .decision:
      try require(payload.itemCount == 1, "one decision for \(payload.itemCount)")
      let types: [Text] = ["approve", "edit", "reject", "respond"]
      try require(types.contains(value.member("type")?.text ?? .empty), "no decision")
    case .inboxItem:
      try require(payload.itemCount == 1, "one decision for \(payload.itemCount)")
      try inbox(value)
    case .word:
      let words: [Text] = ["approve", "reject", "timeout_reject"]
      try require(value.text.map(words.contains) ?? false, "no word")
    case .flag:
      try require(value == .bool(true) || value == .bool(false), "neither yes nor no")
    case .freeform, .pause:
      break
    }
  }

  /// LangChain stops with an error if there is one decision more, or less, than calls.
  private static func count(_ decisions: JSONValue?, _ payload: ReviewPayload) throws(Finding) {
    guard case .array(let decisions)? = decisions else { throw Finding("no decisions") }
    try require(
      decisions.count == payload.itemCount,
      "\(decisions.count) decisions for \(payload.itemCount) calls")
  }

  private static func inbox(_ value: JSONValue) throws(Finding) {
    let types: [Text] = ["accept", "edit", "response", "ignore"]
    try require(types.contains(value.member("type")?.text ?? .empty), "no word of the inbox")
    try require(value.member("args") != nil, "without what it is about")
  }
}
