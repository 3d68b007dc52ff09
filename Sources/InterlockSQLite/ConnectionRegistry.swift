import InterlockStore

/// The open connections of this process, so that a child can let go of those it inherited.
///
/// SQLite keeps its POSIX locks in a table per process. A child that opened the same file beside
/// inherited connections would believe that it holds locks which only its parent holds. Only used
/// inside of the fork gate.
enum ConnectionRegistry {
  private struct Entry {
    let connection: Unmanaged<SQLiteConnection>
    let generation: UInt32
  }

  private static let entries = Locked<[ObjectIdentifier: Entry]>([:])

  static func add(_ connection: SQLiteConnection) {
    let entry = Entry(
      connection: .passUnretained(connection), generation: ForkGate.generation)
    let key = ObjectIdentifier(connection)
    entries.withLock { $0[key] = entry }
  }

  static func remove(_ connection: SQLiteConnection) {
    let key = ObjectIdentifier(connection)
    _ = entries.withLock { $0.removeValue(forKey: key) }
  }

  /// Closes what this process inherited through `fork()`.
  static func abandonInherited() {
    let generation = ForkGate.generation
    let inherited = entries.withLock { entries in
      let inherited = entries.filter { $0.value.generation != generation }
      for key in inherited.keys { entries.removeValue(forKey: key) }
      return inherited
    }
    for entry in inherited.values { entry.connection.takeUnretainedValue().abandon() }
  }
}
