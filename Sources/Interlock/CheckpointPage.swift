public import InterlockCore
public import InterlockStore

/// Which checkpoints to read. Nil is no condition. Since 0.1.
public struct CheckpointQuery: Sendable {
  public var thread: Text?
  public var namespace: Text?
  public var id: Text?
  /// Only ids less than this one, in byte order.
  public var before: Text?
  /// A JSON object that the metadata must contain; empty is no filter.
  public var filter: [UInt8] = []
  /// The cursor of the page before.
  public var cursor: [UInt8] = []
  /// At most this many in a page, 1 to 1000; nil is 100.
  public var limit: Int?
  public var includesValues = true
  public var includesWrites = true

  public init(thread: Text? = nil, namespace: Text? = nil, id: Text? = nil) {
    self.thread = thread
    self.namespace = namespace
    self.id = id
  }
}

/// Checkpoints, newest first. Those of one page share their values. Since 0.1.
public struct CheckpointPage: Sendable {
  public var checkpoints: [StoredCheckpoint] = []
  public var values: [ChannelValue] = []
  /// Continues the list; empty if this was the last page.
  public var cursor: [UInt8] = []
}

/// A checkpoint as it was stored. Since 0.1.
public struct StoredCheckpoint: Sendable {
  public let thread: Text
  public let namespace: Text
  public let id: Text
  public let parent: Text?
  public let type: Text
  public let body: [UInt8]
  public let metadata: [UInt8]
  public let versions: [ChannelVersion]
  /// Positions in the values of the page; only channels that have a value.
  public let valueIndexes: [Int]
  /// Ordered by task path, task and index.
  public let writes: [StoredWrite]
}

/// A pending write as it was stored. Since 0.1.
public struct StoredWrite: Sendable {
  public let task: Text
  public let taskPath: Text
  public let index: Int32
  public let channel: Text
  public let type: Text
  public let data: [UInt8]
}

/// What a channel that is stored as writes is rebuilt from. Since 0.1.
public struct ChannelHistory: Sendable {
  public let channel: Text
  /// The value at the nearest ancestor that has one.
  public let seed: ChannelValue?
  /// Oldest first.
  public let writes: [StoredWrite]
}
