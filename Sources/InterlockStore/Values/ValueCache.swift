package import InterlockCore

/// The newest chunked value of each channel, bounded in bytes: the guide for the next version.
///
/// An entry is valid for one epoch of its thread. Whoever deletes something of a thread, in whichever
/// process, advances the epoch in the same transaction.
package final class ValueCache: Sendable {
  package struct Key: Hashable, Sendable {
    package let place: Place
    package let channel: Text

    package init(place: Place, channel: Text) {
      self.place = place
      self.channel = channel
    }
  }

  package struct Entry: Sendable {
    package let epoch: Int64
    package let value: Int64
    package let version: Text
    package let type: Text
    package let depth: Int
    package let content: ChunkedBytes

    package init(
      epoch: Int64, value: Int64, version: Text, type: Text, depth: Int, content: ChunkedBytes
    ) {
      self.epoch = epoch
      self.value = value
      self.version = version
      self.type = type
      self.depth = depth
      self.content = content
    }
  }

  private struct State {
    var entries: [Key: (entry: Entry, used: UInt64)] = [:]
    var bytes = 0
    var clock: UInt64 = 0
  }

  private let capacity: Int
  private let state = Locked(State())

  package init(capacity: Int) {
    self.capacity = capacity
  }

  package func entry(_ key: Key, epoch: Int64) -> Entry? {
    state.withLock { state in
      guard let found = state.entries[key], found.entry.epoch == epoch else { return nil }
      state.clock &+= 1
      state.entries[key]?.used = state.clock
      return found.entry
    }
  }

  package func store(_ entry: Entry, for key: Key) {
    let size = Self.cost(of: entry)
    // What is replaced or evicted is destroyed outside of the lock.
    let released = state.withLock { state -> [Entry] in
      var released: [Entry] = []
      if let old = state.entries.removeValue(forKey: key) {
        state.bytes -= Self.cost(of: old.entry)
        released.append(old.entry)
      }
      guard size <= capacity else { return released }
      while state.bytes > capacity - size,
        let oldest = state.entries.min(by: { $0.value.used < $1.value.used })
      {
        state.entries.removeValue(forKey: oldest.key)
        state.bytes -= Self.cost(of: oldest.value.entry)
        released.append(oldest.value.entry)
      }
      state.clock &+= 1
      state.entries[key] = (entry, state.clock)
      state.bytes += size
      return released
    }
    withExtendedLifetime(released) {}
  }

  private static func cost(of entry: Entry) -> Int {
    entry.content.bytes.count + entry.content.ends.count * 16 + 512
  }
}
