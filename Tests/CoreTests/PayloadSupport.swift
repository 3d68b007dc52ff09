import InterlockCore
import Testing

/// Tests of payloads are tables of JSON texts: what is asked, what is answered, what comes of it.
enum PayloadSupport {
  static func json(_ text: String) throws -> JSONValue {
    try JSONReader.read(Array(text.utf8))
  }

  static func open(
    _ kind: ReviewKind, _ payload: String, _ mode: ReadMode = .strict
  ) throws -> ReviewPayload {
    try ReviewPayload(kind: kind, try json(payload), mode: mode)
  }

  /// `code path` of every problem of a definition; empty when it can be asked.
  static func refusals(
    _ kind: ReviewKind, _ payload: String, _ mode: ReadMode = .strict
  ) throws -> [String] {
    let document = try json(payload)
    do throws(InvalidPayload) {
      _ = try ReviewPayload(kind: kind, document, mode: mode)
      return []
    } catch {
      return lines(error.problems)
    }
  }

  /// The verdict of an answer, or `code path` of every problem with it.
  static func outcome(_ kind: ReviewKind, _ payload: String, _ answer: String) throws -> [String] {
    switch try open(kind, payload).check(try json(answer)) {
    case .valid(let answer): [answer.verdict.rawValue]
    case .mismatch(let problems): ["attempt"] + lines(problems)
    case .invalid(let problems): lines(problems)
    }
  }

  static func answer(_ kind: ReviewKind, _ payload: String, _ answer: String) throws -> Answer {
    let check = try open(kind, payload).check(try json(answer))
    guard case .valid(let valid) = check else {
      throw Refused(problems: lines(problems(of: check)))
    }
    return valid
  }

  static func problems(
    _ kind: ReviewKind, _ payload: String, _ answer: String
  ) throws -> [Problem] {
    problems(of: try open(kind, payload).check(try json(answer)))
  }

  static func problems(of check: AnswerCheck) -> [Problem] {
    switch check {
    case .valid: []
    case .mismatch(let problems), .invalid(let problems): problems
    }
  }

  static func lines(_ problems: [Problem]) -> [String] {
    problems.map { "\($0.code.rawValue) \($0.path.text)" }
  }

  static func text(_ value: JSONValue) -> String {
    String(decoding: JSONWriter.write(value), as: UTF8.self)
  }

  struct Refused: Error { let problems: [String] }
}
