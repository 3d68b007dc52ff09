public import InterlockCore
package import InterlockCrypto

/// The number of a thread in its store; never used again after the thread was deleted.
package typealias ThreadKey = Int64

package struct ThreadRecord: Sendable {
  package let key: ThreadKey
  package let epoch: Int64

  package init(key: ThreadKey, epoch: Int64) {
    self.key = key
    self.epoch = epoch
  }
}

/// A namespace of a thread.
package struct Place: Hashable, Sendable {
  package let thread: ThreadKey
  package let namespace: Text

  package init(thread: ThreadKey, namespace: Text) {
    self.thread = thread
    self.namespace = namespace
  }
}

package struct CheckpointRecord: Sendable {
  /// The order of insertion; 0 in a record that is to be stored.
  package var sequence: Int64
  package var place: Place
  package var id: Text
  package var parent: Text?
  package var type: Text
  package var body: [UInt8]
  package var metadata: [UInt8]
  package var run: Text?
  package var versions: [ChannelVersion]
  /// Where the value of each version stands.
  package var homes: [ValueHome]
  /// Versions and homes as they are stored.
  package var versionCode: [UInt8]
  /// The values that stand here, as they are stored, in the order of the versions.
  package var carriedCode: [UInt8]
  /// Of everything but the place, so that damage is found.
  package var digest: RowDigest

  package init(
    sequence: Int64 = 0, place: Place, id: Text, parent: Text?, type: Text, body: [UInt8],
    metadata: [UInt8], run: Text?, versions: [ChannelVersion], homes: [ValueHome]? = nil,
    versionCode: [UInt8]? = nil, carriedCode: [UInt8] = [], digest: RowDigest? = nil
  ) {
    self.sequence = sequence
    self.place = place
    self.id = id
    self.parent = parent
    self.type = type
    self.body = body
    self.metadata = metadata
    self.run = run
    self.versions = versions
    let homes = homes ?? Array(repeating: .thread, count: versions.count)
    self.homes = homes
    self.versionCode = versionCode ?? ChannelVersion.encode(versions, homes)
    self.carriedCode = carriedCode
    self.digest = digest ?? .checksum(Checksum())
    if digest == nil { seal() }
  }
}

/// A channel of a checkpoint and the version its value has there.
public struct ChannelVersion: Hashable, Sendable {
  public let channel: Text
  public let version: Text

  public init(channel: Text, version: Text) {
    self.channel = channel
    self.version = version
  }
}

/// Which checkpoints to visit. Nil is no condition.
package struct CheckpointScan: Sendable {
  package var thread: ThreadKey?
  package var namespace: Text?
  package var id: Text?
  /// Only ids less than this one.
  package var before: Text?
  /// Only what comes after this position in the order of the scan.
  package var after: ScanPosition?

  package init(
    thread: ThreadKey? = nil, namespace: Text? = nil, id: Text? = nil, before: Text? = nil,
    after: ScanPosition? = nil
  ) {
    self.thread = thread
    self.namespace = namespace
    self.id = id
    self.before = before
    self.after = after
  }
}

package struct ScanPosition: Equatable, Sendable {
  package let id: Text
  package let sequence: Int64

  package init(id: Text, sequence: Int64) {
    self.id = id
    self.sequence = sequence
  }
}

/// The bytes of a value as they are stored: all inline, or chunks and an inline tail.
package struct StoredBody: Sendable, Equatable {
  /// The length of the whole value in bytes.
  package var size: Int
  /// Nil if the whole value is inline.
  package var manifest: ManifestRecord?
  package var inline: [UInt8]
  /// Of type, manifest and inline bytes, so that damage is found.
  package var digest: RowDigest

  package init(size: Int, manifest: ManifestRecord?, inline: [UInt8], digest: RowDigest) {
    self.size = size
    self.manifest = manifest
    self.inline = inline
    self.digest = digest
  }
}

/// The chunks of a value, whole or relative to another value of the same channel.
package struct ManifestRecord: Sendable, Equatable {
  /// The value this one is relative to, or nil.
  package var base: Int64?
  /// How many manifests must be read to resolve this one, less one.
  package var depth: Int
  package var code: [UInt8]

  package init(base: Int64?, depth: Int, code: [UInt8]) {
    self.base = base
    self.depth = depth
    self.code = code
  }
}

package struct ValueRecord: Sendable {
  /// 0 in a record that is to be stored.
  package var key: Int64
  package var place: Place
  package var channel: Text
  package var version: Text
  /// Nil if the channel is empty at this version.
  package var type: Text?
  package var body: StoredBody

  package init(
    key: Int64 = 0, place: Place, channel: Text, version: Text, type: Text?, body: StoredBody
  ) {
    self.key = key
    self.place = place
    self.channel = channel
    self.version = version
    self.type = type
    self.body = body
  }
}

package struct WriteRecord: Sendable {
  package var place: Place
  package var checkpoint: Text
  package var task: Text
  package var taskPath: Text
  package var index: Int32
  package var channel: Text
  package var type: Text
  package var body: StoredBody

  package init(
    place: Place, checkpoint: Text, task: Text, taskPath: Text, index: Int32, channel: Text,
    type: Text, body: StoredBody
  ) {
    self.place = place
    self.checkpoint = checkpoint
    self.task = task
    self.taskPath = taskPath
    self.index = index
    self.channel = channel
    self.type = type
    self.body = body
  }
}

package struct ChunkRecord: Sendable {
  package let key: Int64
  package let digest: Digest
  package let bytes: [UInt8]

  package init(key: Int64, digest: Digest, bytes: [UInt8]) {
    self.key = key
    self.digest = digest
    self.bytes = bytes
  }
}

/// Chunks with consecutive numbers.
package struct ChunkRun: Hashable, Sendable {
  package var first: Int64
  package var count: Int

  package init(first: Int64, count: Int) {
    self.first = first
    self.count = count
  }
}
