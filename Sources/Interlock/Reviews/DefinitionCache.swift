import InterlockCore
import InterlockStore

/// What the newest reviews ask, read and compiled, by id. A definition never changes, so none is ever
/// stale. The oldest go one by one: freeing thousands at once would be a pause.
final class DefinitionCache: Sendable {
  private struct State {
    var definitions: [Text: (definition: ReviewDefinition, bytes: Int)] = [:]
    var order: [Text] = []
    var next = 0
    var bytes = 0
  }

  private static let most = 2048
  private static let mostBytes = 32 << 20

  private let state = Locked(State())

  func definition(of review: Text) -> ReviewDefinition? {
    state.withLock { $0.definitions[review]?.definition }
  }

  func keep(_ definition: ReviewDefinition, of review: Text, bytes: Int) {
    guard bytes < Self.mostBytes / 16 else { return }
    // What is dropped is destroyed outside of the lock.
    let dropped = state.withLock { state -> [ReviewDefinition] in
      guard state.definitions.updateValue((definition, bytes), forKey: review) == nil else {
        return []
      }
      state.bytes += bytes
      state.order.append(review)
      return Self.evict(&state)
    }
    withExtendedLifetime(dropped) {}
  }

  private static func evict(_ state: inout State) -> [ReviewDefinition] {
    var dropped: [ReviewDefinition] = []
    while state.definitions.count > most || state.bytes > mostBytes,
      state.next < state.order.count
    {
      if let old = state.definitions.removeValue(forKey: state.order[state.next]) {
        state.bytes -= old.bytes
        dropped.append(old.definition)
      }
      state.next += 1
    }
    if state.next > most {
      state.order.removeFirst(state.next)
      state.next = 0
    }
    return dropped
  }
}
