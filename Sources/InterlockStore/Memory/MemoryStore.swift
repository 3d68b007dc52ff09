import InterlockCore

/// The reference store: dictionaries, one lock, nothing clever. It says what a driver must do.
package final class MemoryStore: Store {
  private struct State {
    var content = MemoryContent()
    var isClosed = false
  }

  private let state = Locked(State())

  package let changes = ChangeSignal()

  package init() {}

  package var information: StoreInformation {
    StoreInformation(
      kind: "memory", path: nil, isReadOnly: false, durability: .normal, schema: 1,
      mediumVersion: nil)
  }

  package func write<Result>(
    _ lasting: Lasting, _ body: @escaping (any StoreTransaction) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try run(keepingChanges: true, body)
  }

  package func read<Result>(
    _ body: @escaping (any StoreTransaction) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try run(keepingChanges: false, body)
  }

  package func orderAcrossThreads() {}

  package func reclaim() {}

  package func verifyMedium() throws(StoreError) -> [String] { [] }

  package func close() throws(StoreError) {
    state.withLock { $0.isClosed = true }
  }

  private func run<Value>(
    keepingChanges: Bool, _ body: (any StoreTransaction) throws(StoreError) -> Value
  ) throws(StoreError) -> Value {
    var outcome: Result<Value, StoreError>?
    state.withLock { state in
      guard !state.isClosed else { return }
      let transaction = MemoryTransaction(state.content)
      do throws(StoreError) {
        let value = try body(transaction)
        if keepingChanges { state.content = transaction.content }
        outcome = .success(value)
      } catch {
        outcome = .failure(error)
      }
    }
    guard let outcome else { throw StoreError(.closed, "the store is closed") }
    return try outcome.get()
  }
}
