import CInterlock
import Interlock
import InterlockCore
import InterlockStore

enum ErrorObject {
  /// Nil if there is no memory for it: the status alone tells then.
  static func make(_ failure: Failure) -> UnsafeMutablePointer<interlock_error>? {
    Arena.make(.error) { arena in
      interlock_error(
        struct_size: UInt32(MemoryLayout<interlock_error>.size), code: failure.status.rawValue,
        message: arena.bytes(Array(failure.message.utf8)),
        path: arena.bytes(Array(failure.path.utf8)), details: arena.bytes(failure.details))
    }
  }
}

extension Optional {
  /// What an `Arena` made, or the failure that there is no memory for it.
  func orNoMemory() throws(Failure) -> Wrapped {
    guard let self else { throw Failure(.noMemory, "there is no memory for the result") }
    return self
  }
}

enum BufferResult {
  static func make(_ json: JSONValue) throws(Failure) -> UnsafeMutablePointer<interlock_buffer> {
    try make(JSONWriter.write(json))
  }

  static func make(_ text: [UInt8]) throws(Failure) -> UnsafeMutablePointer<interlock_buffer> {
    try Arena.make(.buffer) { arena in
      interlock_buffer(
        struct_size: UInt32(MemoryLayout<interlock_buffer>.size), reserved: 0,
        content: arena.bytes(text))
    }.orNoMemory()
  }
}

enum PageResult {
  static func make(
    _ page: CheckpointPage
  ) throws(Failure) -> UnsafeMutablePointer<interlock_checkpoint_page> {
    try Arena.make(.page) { arena in
      interlock_checkpoint_page(
        struct_size: UInt32(MemoryLayout<interlock_checkpoint_page>.size), reserved: 0,
        checkpoints: arena.array(page.checkpoints.count) { checkpoint(page.checkpoints[$0], &$1) },
        checkpoint_count: page.checkpoints.count,
        values: arena.array(page.values.count) { value(page.values[$0], &$1) },
        value_count: page.values.count, cursor: arena.bytes(page.cursor))
    }.orNoMemory()
  }

  private static func checkpoint(
    _ stored: StoredCheckpoint, _ arena: inout Arena
  ) -> interlock_checkpoint {
    interlock_checkpoint(
      thread_id: arena.bytes(stored.thread.utf8),
      checkpoint_ns: arena.bytes(stored.namespace.utf8),
      checkpoint_id: arena.bytes(stored.id.utf8),
      parent_id: arena.bytes(stored.parent?.utf8 ?? []),
      type: arena.bytes(stored.type.utf8), body: arena.bytes(stored.body),
      metadata: arena.bytes(stored.metadata),
      versions: arena.array(stored.versions.count) { index, arena in
        interlock_channel_version(
          channel: arena.bytes(stored.versions[index].channel.utf8),
          version: arena.bytes(stored.versions[index].version.utf8))
      }, version_count: stored.versions.count,
      value_indexes: arena.array(stored.valueIndexes.count) { index, _ in
        UInt32(truncatingIfNeeded: stored.valueIndexes[index])
      }, value_count: stored.valueIndexes.count,
      writes: arena.array(stored.writes.count) { write(stored.writes[$0], &$1) },
      write_count: stored.writes.count)
  }

  static func value(_ value: ChannelValue, _ arena: inout Arena) -> interlock_channel_value {
    interlock_channel_value(
      channel: arena.bytes(value.channel.utf8), version: arena.bytes(value.version.utf8),
      type: arena.bytes(value.type?.utf8 ?? []), data: arena.value(value.data),
      flags: value.type == nil ? INTERLOCK_VALUE_EMPTY : 0, reserved: 0)
  }

  static func write(_ write: StoredWrite, _ arena: inout Arena) -> interlock_write {
    interlock_write(
      task_id: arena.bytes(write.task.utf8), task_path: arena.bytes(write.taskPath.utf8),
      channel: arena.bytes(write.channel.utf8), type: arena.bytes(write.type.utf8),
      data: arena.bytes(write.data), index: write.index, reserved: 0)
  }
}

enum HistoryResult {
  static func make(
    _ histories: [ChannelHistory]
  ) throws(Failure) -> UnsafeMutablePointer<interlock_history> {
    try Arena.make(.history) { arena in
      interlock_history(
        struct_size: UInt32(MemoryLayout<interlock_history>.size), reserved: 0,
        channels: arena.array(histories.count) { channel(histories[$0], &$1) },
        channel_count: histories.count)
    }.orNoMemory()
  }

  private static func channel(
    _ history: ChannelHistory, _ arena: inout Arena
  ) -> interlock_channel_history {
    let none = ChannelValue(channel: history.channel, version: "", type: nil, data: [])
    return interlock_channel_history(
      seed: PageResult.value(history.seed ?? none, &arena),
      writes: arena.array(history.writes.count) { PageResult.write(history.writes[$0], &$1) },
      write_count: history.writes.count)
  }
}
