extension ReviewDefinition {
  package static let maxTextBytes = 64 << 10

  /// Reads a request to open a review. The caller has put the policy document in the place of a
  /// policy's name.
  package convenience init(request: JSONValue, now: Instant) throws(Refusal) {
    var reader = MemberReader(request)
    let until = try Self.deadline(&reader, now)
    try self.init(&reader, request: request, deadline: until, mode: .strict)
  }

  /// Reads what `document` wrote.
  package convenience init(stored document: JSONValue) throws(Refusal) {
    var reader = MemberReader(document)
    let deadline = reader.integer("deadline").map { Instant($0) }
    try self.init(&reader, request: document, deadline: deadline, mode: .stored)
  }

  static func payload(
    _ kind: ReviewKind?, _ document: JSONValue, _ mode: ReadMode, _ problems: [Problem]
  ) throws(Refusal) -> ReviewPayload {
    var problems = problems
    do throws(InvalidPayload) {
      let payload = try kind.map { (kind) throws(InvalidPayload) in
        try ReviewPayload(kind: kind, document, mode: mode)
      }
      if let payload, problems.isEmpty { return payload }
    } catch {
      problems += error.problems.map { $0.beneath("payload") }
    }
    throw Refusal(.invalidPayload, "The review cannot be opened.", problems: problems)
  }

  /// What only people and the host read.
  static func skipTexts(_ reader: inout MemberReader) {
    for name in ["title", "summary", "group"] as [StaticString] {
      if let text = reader.text(name), text.utf8.count > maxTextBytes {
        reader.add([
          Problem(.tooLarge, at: reader.pointer(name), "This has at most \(maxTextBytes) bytes.")
        ])
      }
    }
    _ = reader.value("details")
    _ = reader.object("metadata")
  }

  /// `"id"`, or `{"id", ...}` with whatever the host wants to find again.
  static func interrupt(_ reader: inout MemberReader) -> Text? {
    guard let value = reader.value("interrupt") else { return nil }
    if case .object = value {
      var inner = MemberReader(value, at: reader.pointer("interrupt"))
      let id = inner.id("id", .required)
      reader.add(inner.problems)
      return id
    }
    guard case .string(let id) = value, 1...Limits.idBytes ~= id.utf8.count else {
      reader.add([
        Problem(.type, at: reader.pointer("interrupt"), "An interrupt is named by its id.")
      ])
      return nil
    }
    return id
  }

  static func policy(_ reader: inout MemberReader) throws(Refusal) -> Policy {
    guard let document = reader.value("policy") else { return .open }
    var problems: [Problem] = []
    let policy = Policy(document, at: reader.pointer("policy"), problems: &problems)
    guard let policy, problems.isEmpty else {
      throw Refusal(.invalidPolicy, "The policy cannot be kept.", problems: problems)
    }
    return policy
  }

  /// `deadline` is an instant, `expires_in` counts from now.
  private static func deadline(
    _ reader: inout MemberReader, _ now: Instant
  ) throws(Refusal) -> Instant? {
    let until = reader.value("deadline")
    let patience = reader.value("expires_in")
    guard until == nil || patience == nil else {
      throw Refusal(.invalidDeadline, "Either deadline or expires_in, not both.")
    }
    guard let value = until ?? patience else { return nil }
    guard case .number(let number) = value, let given = NumberRule.integer(number) else {
      throw Refusal(.invalidDeadline, "A deadline is a number of milliseconds.")
    }
    let (sum, overflow) = now.addingReportingOverflow(given)
    let deadline = until == nil ? sum : given
    guard !overflow || until != nil, deadline > now, deadline <= Deadline.last else {
      throw Refusal(
        .invalidDeadline, "The deadline must lie in the future, and not beyond the year 9999.")
    }
    return deadline
  }

  /// The request with an absolute deadline and the whole policy.
  static func normalized(
    _ request: JSONValue, _ deadline: Instant?, _ policy: Policy
  ) -> JSONValue {
    guard case .object(let given) = request else { return request }
    let replaced: Set<Text> = ["deadline", "expires_in", "policy", "supersedes"]
    var members = given.filter { !replaced.contains($0.name) }
    if let deadline {
      members.append(JSONMember(name: "deadline", value: .number(.integer(deadline))))
    }
    members.append(JSONMember(name: "policy", value: policy.json))
    return .object(members)
  }

  /// Whoever asks for an approval by silence must ask for something that can be approved so.
  func refuseImpossibleExpiry() throws(Refusal) {
    let actions = policy.stages.map(\.onExpiry) + [onExpiry]
    let approves = actions.contains { $0 == .approve }
    guard approves else { return }
    switch ReviewPayload.expand(outcomeWord: "approved", for: payload, message: nil) {
    case .success: return
    case .failure(let error):
      throw Refusal(
        .invalidPayload, "This cannot be approved by the passing of time.",
        problems: error.problems)
    }
  }

  /// A quorum that needs the requester, who must not decide, could never be reached.
  func refuseImpossibleQuorum() throws(Refusal) {
    guard let requester else { return try refuseUnknownRequester() }
    var problems: [Problem] = []
    for (index, stage) in policy.stages.enumerated() where stage.forbidsRequester {
      guard let people = stage.people?.subtracting([requester.identity]),
        people.count < stage.needed
      else { continue }
      let path = JSONPointer.root.appending("policy").appending("stages").appending(index)
      problems.append(
        Problem(
          .max, at: path.appending("quorum"), "Without the requester there are fewer approvers.",
          expected: .integer(people.count), got: .integer(stage.needed)))
    }
    guard problems.isEmpty else {
      throw Refusal(.invalidPolicy, "The policy cannot be kept.", problems: problems)
    }
  }
}

extension ReviewDefinition {
  /// A rule about the requester means nothing while nobody knows who that is.
  private func refuseUnknownRequester() throws(Refusal) {
    guard policy.stages.contains(where: \.forbidsRequester) else { return }
    throw Refusal(
      .invalidPolicy, "The policy forbids the requester to decide: say who that is.",
      problems: [
        Problem(.missing, at: JSONPointer.root.appending("requester"), "This is required.")
      ])
  }
}

extension Problem {
  /// The same one level further out.
  func beneath(_ name: Text) -> Problem {
    Problem(
      code, at: JSONPointer.root.appending(name).appending(path), message, expected: expected,
      got: got)
  }
}
