extension Policy {
  package static let maxStages = 32
  package static let maxApprovers = 256

  /// Reads a policy document; what is wrong goes into `problems`.
  package init?(_ document: JSONValue, at path: JSONPointer, problems: inout [Problem]) {
    var reader = MemberReader(document, at: path)
    let name = reader.id("name")
    let version = reader.integer("version", in: 1...Int(Int32.max))
    let order: Order = reader.choice("order") ?? .chain
    let triggers = reader.value("triggers").flatMap { value in
      EscalationTriggers(value, at: path.appending("triggers"), problems: &problems)
    }
    let stages = Self.stages(&reader, order)
    reader.finishDefinition()
    problems += reader.problems
    guard reader.problems.isEmpty, problems.isEmpty else { return nil }
    self.init(
      name: name, version: version, order: order, stages: stages,
      triggers: triggers ?? EscalationTriggers())
  }

  /// A ladder without stages is the one of S25.
  private static func stages(_ reader: inout MemberReader, _ order: Order) -> [Stage] {
    let need: MemberReader.Need = order == .ladder ? .optional : .required
    guard let values = reader.array("stages", need, count: 1...maxStages) else {
      return order == .ladder ? Stage.defaultLadder : []
    }
    let path = reader.pointer("stages")
    var names: Set<Text> = []
    var stages: [Stage] = []
    for (index, value) in values.enumerated() {
      var stage = MemberReader(value, at: path.appending(index))
      let read = Stage(&stage, index: index)
      if !names.insert(read.name).inserted {
        stage.add([
          Problem(.duplicate, at: stage.pointer("name"), "Another stage has this name.")
        ])
      }
      if read.onExpiry == .escalate, index == values.count - 1, order == .chain {
        stage.add([
          Problem(
            .notAllowed, at: stage.pointer("on_expiry"), "There is no stage to escalate to.")
        ])
      }
      reader.add(stage.problems)
      stages.append(read)
    }
    return stages
  }
}

extension Stage {
  /// S25: agents first, then people.
  static let defaultLadder: [Stage] = [
    rung("agent", .kind(.agent)), rung("senior_agent", .kind(.agent)), rung("human", .anyone),
    rung("manager", .role("manager")),
  ]

  private static func rung(_ name: Text, _ approver: Approver) -> Stage {
    Stage(
      name: name, approvers: [approver], quorum: .any, hasVeto: true, forbidsRequester: false,
      isDistinctFromEarlier: false, patience: nil, onExpiry: nil, reminders: [])
  }

  fileprivate init(_ reader: inout MemberReader, index: Int) {
    name = reader.id("name") ?? Text("stage \(index + 1)")
    approvers = Self.approvers(&reader)
    hasVeto = reader.bool("veto") ?? true
    forbidsRequester = reader.bool("forbid_requester") ?? false
    isDistinctFromEarlier = reader.bool("distinct_from_earlier") ?? false
    patience = reader.integer("deadline_in", in: 1...Deadline.longest)
    onExpiry = reader.expiryAction("on_expiry")
    reminders = reader.reminders()
    let electorate =
      approvers.allSatisfy(\.isOnePerson) && !approvers.isEmpty ? Set(approvers).count : nil
    quorum = Self.quorum(&reader, electorate)
    reader.finishDefinition()
  }

  /// A stage that nobody may decide could never pass.
  private static func approvers(_ reader: inout MemberReader) -> [Approver] {
    let count = 1...Policy.maxApprovers
    if let value = reader.array("approvers", .required, count: count) {
      let path = reader.pointer("approvers")
      var problems: [Problem] = []
      let approvers = value.enumerated().compactMap { index, value in
        Approver(value, at: path.appending(index), problems: &problems)
      }
      reader.add(problems)
      return approvers
    }
    return []
  }

  private static func quorum(_ reader: inout MemberReader, _ electorate: Int?) -> Quorum {
    guard let value = reader.value("quorum") else { return .any }
    if value == .text("any") { return .any }
    if value == .text("all") {
      if electorate == nil {
        reader.add([
          Problem(
            .notAllowed, at: reader.pointer("quorum"),
            "All of whom? Every approver must be named for this.")
        ])
      }
      return .all
    }
    guard case .number(let number) = value, let count = NumberRule.integer(number), count >= 1,
      let count = Int(exactly: count), count <= Policy.maxApprovers
    else {
      reader.add([
        Problem(
          .notAnOption, at: reader.pointer("quorum"),
          "A quorum is any, all, or a number from 1 to \(Policy.maxApprovers).")
      ])
      return .any
    }
    if let electorate, count > electorate {
      reader.add([
        Problem(
          .max, at: reader.pointer("quorum"), "There are fewer approvers than this.",
          expected: .integer(electorate), got: value)
      ])
    }
    return .count(count)
  }
}

extension EscalationTriggers {
  init?(_ document: JSONValue, at path: JSONPointer, problems: inout [Problem]) {
    var reader = MemberReader(document, at: path)
    let below = reader.number("confidence_below")
    if let below, !(0...1 ~= below.double) {
      reader.add([
        Problem(
          below.double < 0 ? .min : .max, at: reader.pointer("confidence_below"),
          "A confidence is from 0 to 1.")
      ])
    }
    let onError = reader.bool("on_error") ?? true
    let onSensitive = reader.bool("on_sensitive") ?? true
    reader.finish()
    problems += reader.problems
    self.init(
      confidenceBelow: below?.double ?? 0.7, onError: onError, onSensitive: onSensitive)
  }
}

extension JSONNumber {
  /// The nearest double.
  package var double: Double {
    switch self {
    case .integer(let integer): Double(integer)
    case .bigInteger(let digits): Double(digits.string) ?? .infinity
    case .double(let double): double
    }
  }
}
