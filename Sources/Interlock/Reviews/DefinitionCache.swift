import InterlockCore
import InterlockStore

/// What reviews ask, read and compiled, by id. A definition never changes, so none is ever stale.
final class DefinitionCache: Sendable {
  private struct State {
    var definitions: [Text: ReviewDefinition] = [:]
    var bytes = 0
  }

  private static let most = 4096
  private static let mostBytes = 32 << 20

  private let state = Locked(State())

  func definition(of review: Text) -> ReviewDefinition? {
    state.withLock { $0.definitions[review] }
  }

  func keep(_ definition: ReviewDefinition, of review: Text, bytes: Int) {
    guard bytes < Self.mostBytes / 16 else { return }
    // What is dropped is destroyed outside of the lock.
    let dropped = state.withLock { state -> [Text: ReviewDefinition] in
      var dropped: [Text: ReviewDefinition] = [:]
      if state.definitions.count >= Self.most || state.bytes > Self.mostBytes - bytes {
        swap(&dropped, &state.definitions)
        state.bytes = 0
      }
      if state.definitions.updateValue(definition, forKey: review) == nil { state.bytes += bytes }
      return dropped
    }
    withExtendedLifetime(dropped) {}
  }
}
