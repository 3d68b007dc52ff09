import InterlockStore

/// One of the threads that wait on an engine looks at the store every 100 ms, for hints that got
/// lost; the others rely on it, so that a thousand waits cost no more than one.
final class ChangeWatch: Sendable {
  static let shortest: Int64 = 100_000_000
  static let longest: Int64 = 1_000_000_000

  private let isTaken = Locked(false)

  /// Whether the caller is the one that looks.
  func take() -> Bool {
    isTaken.withLock { isTaken in
      defer { isTaken = true }
      return !isTaken
    }
  }

  func leave() {
    isTaken.withLock { $0 = false }
  }
}

/// Ends waits from another thread.
package final class CancelFlag: Sendable {
  private let isSet = Locked(false)
  private let signals = Locked<[ObjectIdentifier: ChangeSignal]>([:])

  package init() {}

  package var isCancelled: Bool { isSet.withLock { $0 } }

  package func cancel() {
    isSet.withLock { $0 = true }
    let all = signals.withLock { Array($0.values) }
    for signal in all { signal.announce() }
  }

  /// A wait on this signal is to be woken. Signals live as long as their stores, and are few.
  func join(_ signal: ChangeSignal) {
    signals.withLock { $0[ObjectIdentifier(signal)] = signal }
  }
}
