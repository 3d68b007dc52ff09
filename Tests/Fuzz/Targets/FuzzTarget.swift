import InterlockCore

/// What is fuzzed. An input is a text of lines: documents first, then what is done with them.
///
/// A target may refuse anything, but must not trap, hang or break a promise. The same functions run
/// under libFuzzer (`make fuzz`) and over the kept inputs (`FuzzCorpusTests`).
package enum FuzzTarget: String, CaseIterable, Sendable {
  case jsonReader = "json_reader"
  case jsonCanonical = "json_canonical"
  case schema
  case pattern
  case policy
  case payload
  case response
  case reviewRequest = "review_request"
  case reviewStored = "review_stored"
  case runReplay = "run_replay"
  case runStored = "run_stored"
  case graphQuestion = "graph_question"
  case token
  case webhook
  case delivery

  /// Whether the lines are JSON, so that a mutation may keep them so.
  package var isMadeOfJSON: Bool {
    switch self {
    case .jsonReader, .pattern: false
    case .jsonCanonical, .schema, .policy, .payload, .response, .reviewRequest, .reviewStored,
      .runReplay, .runStored, .graphQuestion, .token, .webhook, .delivery:
      true
    }
  }

  package func run(_ input: [UInt8]) throws(Finding) {
    switch self {
    case .jsonReader: try JSONReaderTarget.run(input)
    case .jsonCanonical: try JSONCanonicalTarget.run(input)
    case .schema: try SchemaTarget.run(input)
    case .pattern: try PatternTarget.run(input)
    case .policy: try PolicyTarget.run(input)
    case .payload: try PayloadTarget.run(input)
    case .response: try ResponseTarget.run(input)
    case .reviewRequest: try ReviewRequestTarget.run(input)
    case .reviewStored: try ReviewStoredTarget.run(input)
    case .runReplay: try RunReplayTarget.run(input)
    case .runStored: try RunStoredTarget.run(input)
    case .graphQuestion: try GraphQuestionTarget.run(input)
    case .token: try TokenTarget.run(input)
    case .webhook: try WebhookTarget.run(input)
    case .delivery: try DeliveryTarget.run(input)
    }
  }
}

/// A promise that was not kept.
package struct Finding: Error, CustomStringConvertible {
  package let description: String

  init(_ description: String) {
    self.description = description
  }
}

func require(_ condition: Bool, _ promise: @autoclosure () -> String) throws(Finding) {
  guard condition else { throw Finding(promise()) }
}

/// The lines of an input; the last one keeps whatever follows it.
struct FuzzLines {
  private var rest: ArraySlice<UInt8>

  init(_ input: [UInt8]) {
    rest = input[...]
  }

  mutating func next() -> [UInt8] {
    let line = rest.prefix { $0 != UInt8(ascii: "\n") }
    rest = rest.dropFirst(line.count + 1)
    return Array(line)
  }

  mutating func json() -> JSONValue? {
    try? JSONReader.read(next())
  }

  mutating func remainder() -> [UInt8] {
    defer { rest = [] }
    return Array(rest)
  }
}

extension JSONValue {
  /// What comes back after it was written and read.
  func reread() throws(Finding) -> JSONValue {
    let bytes = JSONWriter.write(self)
    do {
      return try JSONReader.read(bytes)
    } catch {
      throw Finding("what was written cannot be read: \(error.message)")
    }
  }

  /// A member of a stored row.
  func integer(_ name: Text) -> Int64? {
    guard case .number(.integer(let value))? = member(name) else { return nil }
    return value
  }

  var line: String { String(decoding: JSONWriter.write(self), as: UTF8.self) }
}

extension Instant {
  /// On, back, to the ends of time; `unit` in milliseconds.
  func moved(by byte: UInt8, unit: Instant) -> Instant {
    let step = Instant(byte) * Instant(byte) * unit
    return switch byte {
    case 0..<220: addingReportingOverflow(step).partialValue
    case 220..<250: subtractingReportingOverflow(step).partialValue
    case 250..<253: .min
    default: .max
    }
  }
}

/// Problems are only of use if there are any, not too many, and if they can be sent.
func requireUseful(_ problems: [Problem], atMost count: Int = 100_000) throws(Finding) {
  try require(!problems.isEmpty, "refused without a reason")
  try require(problems.count <= count, "\(problems.count) problems")
  for problem in problems.prefix(200) {
    let path = problem.path.text.utf8
    try require(path.isEmpty || path.first == UInt8(ascii: "/"), "no pointer: \(problem.path)")
    try require(!problem.message.isEmpty, "a problem without a message")
    _ = try problem.json.reread()
  }
}
