extension GraphQuestion {
  /// `{"action_requests":[{"name","args","description"?}],"review_configs":[{"action_name","allowed_decisions"}]}`.
  static func toolCalls(_ value: JSONValue, _ checksArguments: Bool) -> GraphQuestion? {
    guard case .array(let requests)? = value.member("action_requests"), !requests.isEmpty,
      case .array(let configs)? = value.member("review_configs")
    else { return nil }
    var items: [JSONValue] = []
    for (index, request) in requests.enumerated() {
      guard let name = request.member("name"), let args = request.member("args"),
        let config = configs.first(where: { $0.member("action_name") == name })
      else { return nil }
      // An edit may name another tool of the agent, as in LangChain.
      var more = [JSONMember(name: "allowRename", value: .bool(true))]
      if let allowed = config.member("allowed_decisions") {
        more.append(JSONMember(name: "allowed", value: allowed))
      }
      if checksArguments, let schema = config.member("args_schema"), case .object = schema {
        more.append(JSONMember(name: "schema", value: schema))
      }
      items.append(
        item(Text("\(index)"), name, args, request.member("description"), more))
    }
    return GraphQuestion(.decisions, .actions, nil, .object(["items": .array(items)]))
  }

  /// `{"type":"tool_approval","tool_call_id","name","args","description"?}`, with a schema of the answer
  /// that says which decisions are allowed and what an edit may be.
  static func toolCall(
    _ value: JSONValue, _ schema: JSONValue?, _ checksArguments: Bool
  ) -> GraphQuestion? {
    guard value.member("type") == .text("tool_approval"), let name = value.member("name"),
      let args = value.member("args"), let id = value.member("tool_call_id")?.text, !id.isEmpty
    else { return nil }
    var more: [JSONMember] = []
    if let schema {
      let branches = DecisionBranches(schema)
      if !branches.allowed.isEmpty {
        more.append(JSONMember(name: "allowed", value: .array(branches.allowed)))
      }
      if checksArguments, let arguments = branches.arguments {
        more.append(JSONMember(name: "schema", value: arguments))
      }
    }
    let item = item(id, name, args, value.member("description"), more)
    return GraphQuestion(.decision, .actions, nil, .object(["items": .array([item])]))
  }

  /// `{"action_request":{"action","args"},"config":{"allow_accept",...},"description"?}`, or a list of it.
  static func inbox(_ value: JSONValue) -> GraphQuestion? {
    if case .array(let requests) = value, !requests.isEmpty {
      var items: [JSONValue] = []
      for (index, request) in requests.enumerated() {
        guard let item = inboxItem(Text("\(index)"), request) else { return nil }
        items.append(item)
      }
      return GraphQuestion(.inbox, .actions, nil, .object(["items": .array(items)]))
    }
    return inboxItem("0", value).map {
      GraphQuestion(.inboxItem, .actions, nil, .object(["items": .array([$0])]))
    }
  }

  private static func inboxItem(_ id: Text, _ request: JSONValue) -> JSONValue? {
    guard let call = request.member("action_request"), let name = call.member("action"),
      let config = request.member("config")
    else { return nil }
    let names: KeyValuePairs<Text, StaticString> = [
      "allow_accept": "approve", "allow_edit": "edit", "allow_ignore": "reject",
      "allow_respond": "respond",
    ]
    let allowed = names.filter { config.member($0.key) == .bool(true) }
      .map { JSONValue.string(Text(stringLiteral: $0.value)) }
    guard !allowed.isEmpty else { return nil }
    return item(
      id, name, call.member("args") ?? .object([]), request.member("description"),
      [JSONMember(name: "allowed", value: .array(allowed))])
  }

  private static func item(
    _ id: Text, _ name: JSONValue, _ args: JSONValue, _ description: JSONValue?,
    _ more: [JSONMember]
  ) -> JSONValue {
    var members = [
      JSONMember(name: "id", value: .string(id)), JSONMember(name: "name", value: name),
      JSONMember(name: "args", value: args),
    ]
    if let description, description.text != nil {
      members.append(JSONMember(name: "description", value: description))
    }
    return .object(members + more)
  }
}

/// The decisions that the answer schema of a tool approval allows: a union of objects that are told
/// apart by their `type`.
struct DecisionBranches {
  private(set) var allowed: [JSONValue] = []
  /// What the arguments must be after an edit.
  private(set) var arguments: JSONValue?

  init(_ schema: JSONValue) {
    let definitions = schema.member("$defs")
    guard case .array(let branches)? = schema.member("oneOf") ?? schema.member("anyOf") else {
      add(schema, definitions)
      return
    }
    for branch in branches { add(branch, definitions) }
  }

  private mutating func add(_ branch: JSONValue, _ definitions: JSONValue?) {
    let properties = Self.resolved(branch, definitions).member("properties")
    guard let type = properties?.member("type")?.member("const") else { return }
    allowed.append(type)
    guard type == .text("edit"), let action = properties?.member("edited_action"),
      let args = Self.resolved(action, definitions).member("properties")?.member("args"),
      case .object(let members) = Self.resolved(args, definitions)
    else { return }
    // References inside lead to the definitions of the whole.
    let own = members.filter { $0.name != "$defs" }
    arguments = .object(
      own + (definitions.map { [JSONMember(name: "$defs", value: $0)] } ?? []))
  }

  /// One step: a definition that only leads to another one is no decision.
  private static func resolved(_ schema: JSONValue, _ definitions: JSONValue?) -> JSONValue {
    guard let reference = schema.member("$ref")?.text else { return schema }
    let prefix = Array("#/$defs/".utf8)
    guard reference.utf8.starts(with: prefix) else { return schema }
    return definitions?.member(Text(trusted: Array(reference.utf8.dropFirst(prefix.count))))
      ?? schema
  }
}
