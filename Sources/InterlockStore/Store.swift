/// A store is transaction-shaped: a request is a closure that reads what it needs, decides, and
/// writes, all inside one transaction. Drivers know no rules.
///
/// A closure may run on another thread, and more than once (a batch that fails is tried again request
/// by request), so it must not leave effects outside of the transaction.
package protocol Store: AnyObject, Sendable {
  /// Runs a request that may write. Returns after the commit is as durable as asked for.
  func write<Result>(
    _ lasting: Lasting, _ body: @escaping (any StoreTransaction) throws(StoreError) -> Result
  ) throws(StoreError) -> Result

  /// Runs a request that only reads, on one consistent snapshot.
  func read<Result>(
    _ body: @escaping (any StoreTransaction) throws(StoreError) -> Result
  ) throws(StoreError) -> Result

  /// Rings for everybody who waits on this store. The caller announces what it has committed.
  var changes: ChangeSignal { get }

  /// Sees to it that the checkpoints of all threads can be walked in the order of their ids. A hint, which
  /// never fails a request: without it they are sorted.
  func orderAcrossThreads()

  /// Gives space that deletions freed back to the file system. A hint; never fails a request.
  func reclaim()

  /// What the medium itself has to say about its soundness: an empty list is sound.
  func verifyMedium() throws(StoreError) -> [String]

  /// Refuses new requests, waits for those that have begun, and lets go of the medium.
  func close() throws(StoreError)

  var information: StoreInformation { get }
}

/// How durable a commit must be when its request returns.
package enum Lasting: Sendable {
  /// As the store was opened.
  case asOpened
  /// It survives power loss: what somebody was told was decided.
  case always
}

extension Store {
  package func write<Result>(
    _ body: @escaping (any StoreTransaction) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try write(.asOpened, body)
  }
}

package struct StoreInformation: Sendable {
  package let kind: String
  package let path: String?
  package let isReadOnly: Bool
  package let durability: Durability
  package let schema: Int
  package let mediumVersion: String?

  package init(
    kind: String, path: String?, isReadOnly: Bool, durability: Durability, schema: Int,
    mediumVersion: String?
  ) {
    self.kind = kind
    self.path = path
    self.isReadOnly = isReadOnly
    self.durability = durability
    self.schema = schema
    self.mediumVersion = mediumVersion
  }
}

/// How far an acknowledged commit has gone: `full` survives power loss, `normal` a killed process.
public enum Durability: String, Sendable {
  case full
  case normal
}
