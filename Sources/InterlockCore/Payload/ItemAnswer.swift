/// What was decided about one tool call.
enum ItemAnswer: Sendable {
  case approve
  case edit(name: Text, args: JSONValue)
  case reject(message: Text?)
  case respond(message: Text)

  var decision: ItemDecision {
    switch self {
    case .approve: .approve
    case .edit: .edit
    case .reject: .reject
    case .respond: .respond
    }
  }

  /// As LangChain writes it.
  var json: JSONValue {
    switch self {
    case .approve, .reject(message: nil):
      return .object(["type": .text(decision.rawValue)])
    case .reject(let message?), .respond(let message):
      return .object(["type": .text(decision.rawValue), "message": .string(message)])
    case .edit(let name, let args):
      let action = JSONValue.object(["name": .string(name), "args": args])
      return .object(["type": .text(decision.rawValue), "edited_action": action])
    }
  }

  /// Two people who reject for different reasons both reject; a reply is what it says.
  var substance: JSONValue {
    switch self {
    case .reject: ItemAnswer.reject(message: nil).json
    case .approve, .edit, .respond: json
    }
  }
}

extension ActionsPayload.Item {
  /// Reads one decision. Nil when it says none that is allowed; otherwise see the reader's problems.
  func decide(_ reader: inout MemberReader) -> ItemAnswer? {
    guard let decision: ItemDecision = reader.choice("type", .required) else { return nil }
    guard allowed.contains(decision) else {
      let flaw = Flaw(
        .notAllowed, "This item does not allow \(decision.rawValue).",
        expected: .array(allowed.map { .text($0.rawValue) }), got: .text(decision.rawValue))
      reader.report(flaw, at: "type")
      return nil
    }
    let answer: ItemAnswer? =
      switch decision {
      case .approve: .approve
      case .edit: edit(&reader)
      case .reject: .reject(message: reader.text("message"))
      case .respond: reader.text("message", .required).map { .respond(message: $0) }
      }
    reader.finish()
    return answer
  }

  private func edit(_ reader: inout MemberReader) -> ItemAnswer? {
    guard let action = reader.value("edited_action", .required) else { return nil }
    var edited = MemberReader(action, at: reader.pointer("edited_action"))
    let newName = edited.text("name", .required, nonEmpty: true)
    if let newName, newName != name, !newName.isEmpty, !allowsRename {
      let flaw = Flaw(
        .mismatch, "This item does not allow another tool.", expected: Flaw.excerpt(name),
        got: Flaw.excerpt(newName))
      edited.report(flaw, at: "name")
    }
    let args = edited.object("args", .required)
    // The schema is of this tool's arguments; another tool has others.
    if let args, let schema, newName == name {
      edited.add(schema.problems(in: args, at: edited.pointer("args")))
    }
    edited.finish()
    reader.add(edited.problems)
    guard let newName, let args else { return nil }
    return .edit(name: newName, args: args)
  }
}
