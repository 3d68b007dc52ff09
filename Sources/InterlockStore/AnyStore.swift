/// An open store of any kind, ready to be handed to an engine. Since 0.1.
public struct AnyStore: Sendable {
  package let driver: any Store

  package init(_ driver: any Store) {
    self.driver = driver
  }

  /// A store in plain memory, without SQLite: gone with the engine.
  public static func memory() -> AnyStore {
    AnyStore(MemoryStore())
  }
}
