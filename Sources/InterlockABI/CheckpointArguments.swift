import CInterlock
import Interlock
import InterlockCore
import InterlockStore

extension CheckpointInput {
  init(_ pointer: UnsafePointer<interlock_checkpoint_input>?) throws(Failure) {
    let input = try Argument.structure(
      pointer, "input", empty: interlock_checkpoint_input())
    self.init(
      thread: try Argument.text(input.thread_id, "thread_id"),
      namespace: try Argument.text(
        input.checkpoint_ns, "checkpoint_ns", limit: Limits.namespaceBytes),
      id: try Argument.text(input.checkpoint_id, "checkpoint_id"),
      parent: try Argument.optionalText(input.parent_id, "parent_id"),
      type: try Argument.text(input.type, "type", limit: Limits.typeBytes),
      body: try Argument.bytes(input.body, "body", limit: Limits.valueBytes),
      metadata: try Argument.bytes(input.metadata, "metadata", limit: JSONReader.maxBytes),
      versions: try Argument.array(input.versions, input.version_count, "versions") {
        (version) throws(Failure) in
        ChannelVersion(
          channel: try Argument.text(version.channel, "versions.channel"),
          version: try Argument.text(version.version, "versions.version"))
      },
      values: try Argument.array(input.values, input.value_count, "values") {
        (value) throws(Failure) in try ChannelValue(value)
      })
  }
}

extension ChannelValue {
  fileprivate init(_ value: interlock_channel_value) throws(Failure) {
    try Argument.flags(value.flags, known: INTERLOCK_VALUE_EMPTY, "values.flags")
    try Argument.reserved(value.reserved, "values.reserved")
    let isEmpty = value.flags & INTERLOCK_VALUE_EMPTY != 0
    self.init(
      channel: try Argument.text(value.channel, "values.channel"),
      version: try Argument.text(value.version, "values.version"),
      type: isEmpty
        ? nil : try Argument.text(value.type, "values.type", limit: Limits.typeBytes),
      data: isEmpty
        ? [] : try Argument.bytes(value.data, "values.data", limit: Limits.valueBytes))
  }
}

extension WriteInput {
  init(_ pointer: UnsafePointer<interlock_write_input>?) throws(Failure) {
    let input = try Argument.structure(
      pointer, "input", empty: interlock_write_input())
    self.init(
      thread: try Argument.text(input.thread_id, "thread_id"),
      namespace: try Argument.text(
        input.checkpoint_ns, "checkpoint_ns", limit: Limits.namespaceBytes),
      checkpoint: try Argument.text(input.checkpoint_id, "checkpoint_id"),
      task: try Argument.text(input.task_id, "task_id"),
      taskPath: try Argument.text(input.task_path, "task_path", limit: Limits.taskPathBytes),
      values: try Argument.array(input.values, input.value_count, "values") {
        (value) throws(Failure) in
        WriteInput.Value(
          channel: try Argument.text(value.channel, "values.channel"),
          type: try Argument.text(value.type, "values.type", limit: Limits.typeBytes),
          data: try Argument.bytes(value.data, "values.data", limit: Limits.valueBytes))
      })
  }
}

extension GraphMirror? {
  private static let known = INTERLOCK_PUT_GRAPH | INTERLOCK_PUT_EXCLUSIVE

  init(_ pointer: UnsafePointer<interlock_checkpoint_input>?) throws(Failure) {
    let input = try Argument.structure(pointer, "input", empty: interlock_checkpoint_input())
    try self.init(flags: input.flags, fence: input.fence, questions: interlock_bytes())
  }

  init(_ pointer: UnsafePointer<interlock_write_input>?) throws(Failure) {
    let input = try Argument.structure(pointer, "input", empty: interlock_write_input())
    try self.init(flags: input.flags, fence: input.fence, questions: input.questions)
  }

  private init(flags: UInt32, fence: Int64, questions: interlock_bytes) throws(Failure) {
    try Argument.flags(flags, known: Self.known, "flags")
    let questions = try Argument.bytes(questions, "questions", limit: JSONReader.maxBytes)
    guard flags & INTERLOCK_PUT_GRAPH != 0 else {
      guard flags == 0, fence == 0, questions.isEmpty else {
        throw Failure(
          .invalidArgument, "flags, fence and questions need INTERLOCK_PUT_GRAPH", path: "flags")
      }
      self = nil
      return
    }
    guard fence >= 0 else {
      throw Failure(.invalidArgument, "fence is negative", path: "fence")
    }
    self = GraphMirror(
      fence: fence == 0 ? nil : fence, isExclusive: flags & INTERLOCK_PUT_EXCLUSIVE != 0,
      questions: questions)
  }
}

extension CheckpointQuery {
  /// `isList` allows the ANY flags; a single checkpoint is always of one thread and namespace.
  init(
    _ pointer: UnsafePointer<interlock_checkpoint_query>?, isList: Bool
  ) throws(Failure) {
    let query = try Argument.structure(
      pointer, "query", empty: interlock_checkpoint_query())
    let any = INTERLOCK_QUERY_ANY_THREAD | INTERLOCK_QUERY_ANY_NAMESPACE
    let leaveOut = INTERLOCK_QUERY_NO_VALUES | INTERLOCK_QUERY_NO_WRITES
    try Argument.flags(query.flags, known: isList ? any | leaveOut : leaveOut, "flags")
    try Argument.reserved(query.reserved, "reserved")
    let thread = try Argument.text(query.thread_id, "thread_id")
    let namespace = try Argument.text(
      query.checkpoint_ns, "checkpoint_ns", limit: Limits.namespaceBytes)
    let anyThread = query.flags & INTERLOCK_QUERY_ANY_THREAD != 0
    let anyNamespace = query.flags & INTERLOCK_QUERY_ANY_NAMESPACE != 0
    try Self.refuse(anyThread && !thread.isEmpty, "thread_id")
    try Self.refuse(anyNamespace && !namespace.isEmpty, "checkpoint_ns")
    self.init(
      thread: anyThread ? nil : thread, namespace: anyNamespace ? nil : namespace,
      id: try Argument.optionalText(query.checkpoint_id, "checkpoint_id"))
    before = try Argument.optionalText(query.before_id, "before_id")
    filter = try Argument.bytes(query.filter, "filter", limit: JSONReader.maxBytes)
    cursor = try Argument.bytes(query.cursor, "cursor", limit: Limits.pathBytes)
    if query.limit > 0 { limit = Int(query.limit) }
    includesValues = query.flags & INTERLOCK_QUERY_NO_VALUES == 0
    includesWrites = query.flags & INTERLOCK_QUERY_NO_WRITES == 0
  }

  private static func refuse(_ isGiven: Bool, _ name: StaticString) throws(Failure) {
    if isGiven {
      throw Failure(.invalidArgument, "\(name) must be empty with its ANY flag", path: "\(name)")
    }
  }
}
