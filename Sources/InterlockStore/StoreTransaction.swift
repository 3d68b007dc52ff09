package import InterlockCore
package import InterlockCrypto

/// What a request can do inside a transaction: plain reads and writes of records, no rules.
///
/// `visit` closures return whether to go on. A driver may be asked for other records inside one.
package protocol StoreTransaction: ReviewTransaction, RunTransaction, MessageTransaction,
  TokenTransaction, GraphTransaction, DeliveryTransaction
{
  // Threads
  func thread(named name: Text) throws(StoreError) -> ThreadRecord?
  func threadName(_ thread: ThreadKey) throws(StoreError) -> Text?
  func insertThread(named name: Text) throws(StoreError) -> ThreadRecord
  /// Marks that something of the thread was deleted: what was cached about it is void.
  func advanceEpoch(of thread: ThreadKey) throws(StoreError)
  func deleteThread(_ thread: ThreadKey) throws(StoreError)
  func threadNames(after name: Text, limit: Int) throws(StoreError) -> [Text]

  // Checkpoints
  func checkpoint(_ place: Place, id: Text) throws(StoreError) -> CheckpointRecord?
  func latestCheckpoint(_ place: Place) throws(StoreError) -> CheckpointRecord?
  func carrier(_ sequence: Int64) throws(StoreError) -> Carrier?
  /// Returns its sequence. Nil if there is one of this (thread, namespace, id); nothing changed then.
  /// The place and the sequence in the record do not count.
  func insertCheckpoint(
    _ record: CheckpointRecord, at place: Place
  ) throws(StoreError) -> Int64?
  /// Replaces the checkpoint of the same sequence.
  func replaceCheckpoint(_ record: CheckpointRecord) throws(StoreError)
  /// Newest first: by id descending, then by sequence descending.
  func visitCheckpoints(
    _ scan: CheckpointScan, _ visit: (CheckpointRecord) throws(StoreError) -> Bool
  ) throws(StoreError)
  func deleteCheckpoint(sequence: Int64) throws(StoreError)
  func threads(withRun run: Text) throws(StoreError) -> [ThreadKey]

  // Channel values
  func value(_ place: Place, channel: Text, version: Text) throws(StoreError) -> ValueRecord?
  func containsValue(_ place: Place, channel: Text, version: Text) throws(StoreError) -> Bool
  func manifest(of value: Int64) throws(StoreError) -> ManifestRecord?
  /// Nil if a value is stored under this version already; nothing changed then.
  func insertValue(_ record: ValueRecord) throws(StoreError) -> Int64?
  func replaceBody(of value: Int64, with body: StoredBody) throws(StoreError)
  func visitValues(
    of thread: ThreadKey, _ visit: (ValueRecord) throws(StoreError) -> Bool
  ) throws(StoreError)
  func deleteValue(_ value: Int64) throws(StoreError)

  // Writes
  /// Ordered by (task path, task id, index).
  func writes(_ place: Place, checkpoint: Text) throws(StoreError) -> [WriteRecord]
  func containsWrite(
    _ place: Place, checkpoint: Text, task: Text, index: Int32
  ) throws(StoreError) -> Bool
  /// Inserts or replaces by (thread, namespace, checkpoint, task, index).
  func putWrite(_ record: WriteRecord) throws(StoreError)
  func visitWrites(
    of thread: ThreadKey, _ visit: (WriteRecord) throws(StoreError) -> Bool
  ) throws(StoreError)
  func deleteWrites(_ place: Place, checkpoint: Text) throws(StoreError)

  // Chunks
  func chunks(
    _ run: ChunkRun, _ visit: (UnsafeRawBufferPointer) throws(StoreError) -> Void
  ) throws(StoreError)
  func chunks(of thread: ThreadKey, digest: Digest) throws(StoreError) -> [Int64]
  func insertChunk(
    _ bytes: some Collection<UInt8>, of thread: ThreadKey, digest: Digest
  ) throws(StoreError) -> Int64
  func visitChunks(
    of thread: ThreadKey, _ visit: (ChunkRecord) throws(StoreError) -> Bool
  ) throws(StoreError)
  func deleteChunk(_ chunk: Int64) throws(StoreError)
}

extension StoreTransaction {
  /// The thread of this name, made if there is none.
  package func ensureThread(named name: Text) throws(StoreError) -> ThreadRecord {
    if let thread = try thread(named: name) { return thread }
    return try insertThread(named: name)
  }
}
