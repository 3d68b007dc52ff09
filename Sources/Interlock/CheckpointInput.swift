public import InterlockCore
public import InterlockStore

/// A checkpoint to store. Since 0.1.
public struct CheckpointInput: Sendable {
  public var thread: Text
  public var namespace: Text
  public var id: Text
  /// The checkpoint before this one. It need not exist.
  public var parent: Text?
  /// The tag of the caller's serializer, and what it made of the checkpoint.
  public var type: Text
  public var body: [UInt8]
  /// A JSON object; empty stands for `{}`. A string member `run_id` is indexed.
  public var metadata: [UInt8]
  /// Every channel with its version.
  public var versions: [ChannelVersion]
  /// The channels whose version is new.
  public var values: [ChannelValue]

  public init(
    thread: Text, namespace: Text = "", id: Text, parent: Text? = nil, type: Text = "",
    body: [UInt8] = [], metadata: [UInt8] = [], versions: [ChannelVersion] = [],
    values: [ChannelValue] = []
  ) {
    self.thread = thread
    self.namespace = namespace
    self.id = id
    self.parent = parent
    self.type = type
    self.body = body
    self.metadata = metadata
    self.versions = versions
    self.values = values
  }
}

/// The value of a channel at a version. Since 0.1.
public struct ChannelValue: Sendable {
  public var channel: Text
  public var version: Text
  /// Nil if the channel has no value at this version.
  public var type: Text?
  public var data: [UInt8]

  public init(channel: Text, version: Text, type: Text?, data: [UInt8]) {
    self.channel = channel
    self.version = version
    self.type = type
    self.data = data
  }
}

/// The pending writes of a task. Since 0.1.
public struct WriteInput: Sendable {
  public struct Value: Sendable {
    public var channel: Text
    public var type: Text
    public var data: [UInt8]

    public init(channel: Text, type: Text, data: [UInt8]) {
      self.channel = channel
      self.type = type
      self.data = data
    }
  }

  public var thread: Text
  public var namespace: Text
  /// The checkpoint need not exist yet.
  public var checkpoint: Text
  public var task: Text
  public var taskPath: Text
  public var values: [Value]

  public init(
    thread: Text, namespace: Text = "", checkpoint: Text, task: Text, taskPath: Text = "",
    values: [Value]
  ) {
    self.thread = thread
    self.namespace = namespace
    self.checkpoint = checkpoint
    self.task = task
    self.taskPath = taskPath
    self.values = values
  }
}
