package import InterlockCore
public import InterlockStore

/// Interlock over one store. Every request reads, decides and writes in one transaction.
///
/// May be used from any thread. Not across `fork()`. Since 0.1.
public final class Engine: Sendable {
  let store: any Store
  let cache: ValueCache
  let lineages = LineageCache()
  let maximumValueBytes: Int
  let clock: EngineClock
  let definitions = DefinitionCache()
  let watch = ChangeWatch()
  let keys: EngineKeys
  let thread: EngineThread

  /// Takes over an open store.
  ///
  /// - Parameters:
  ///   - store: a store of any kind, used by this engine alone.
  ///   - cacheBytes: memory for the newest values of each channel.
  ///   - maximumValueBytes: the limit of one value, body or write; at most 1 GiB.
  public convenience init(
    _ store: AnyStore, cacheBytes: Int = 64 << 20, maximumValueBytes: Int = 1 << 30
  ) {
    self.init(
      store, cacheBytes: cacheBytes, maximumValueBytes: maximumValueBytes, clock: .system,
      keys: EngineKeys(), hasTimer: false)
  }

  /// The same with a clock for reviews, keys that sign receipts, and perhaps a thread that fires what is
  /// due.
  package init(
    _ store: AnyStore, cacheBytes: Int, maximumValueBytes: Int, clock: EngineClock,
    keys: EngineKeys, hasTimer: Bool
  ) {
    self.store = store.driver
    cache = ValueCache(capacity: cacheBytes)
    self.maximumValueBytes = min(max(0, maximumValueBytes), Limits.valueBytes)
    self.clock = clock
    self.keys = keys
    thread = EngineThread()
    if hasTimer { thread.startTimer(self) }
  }

  /// Closes the store. Requests that have begun finish first; later ones, and those that wait, fail
  /// with `closed`.
  public func close() throws(StoreError) {
    thread.stop(store.changes)
    try store.close()
    store.changes.announce()
  }

  /// What the engine is and how it was opened, as the JSON that interlock.h documents.
  package var information: JSONValue {
    let information = store.information
    return .object([
      "store": .text(information.kind),
      "path": information.path.map { .text($0) } ?? .null,
      "read_only": .bool(information.isReadOnly),
      "durability": .text(information.durability.rawValue),
      "schema": .integer(information.schema),
      "library": .text(Self.version),
      "sqlite": information.mediumVersion.map { .text($0) } ?? .null,
      "public_key": publicKey,
    ])
  }

  /// The release of this library.
  public static var version: String { "\(versionText)" }

  package static let versionText: StaticString = "0.1.0"
}
