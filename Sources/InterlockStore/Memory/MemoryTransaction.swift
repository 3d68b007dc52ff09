import InterlockCore

final class MemoryTransaction: StoreTransaction {
  var content: MemoryContent

  init(_ content: MemoryContent) {
    self.content = content
  }

  // MARK: Threads

  func thread(named name: Text) throws(StoreError) -> ThreadRecord? {
    guard let key = content.threadKeys[name], let thread = content.threads[key] else { return nil }
    return ThreadRecord(key: key, epoch: thread.epoch)
  }

  func threadName(_ thread: ThreadKey) throws(StoreError) -> Text? {
    content.threads[thread]?.name
  }

  func insertThread(named name: Text) throws(StoreError) -> ThreadRecord {
    let key = content.takeKey()
    content.threads[key] = MemoryContent.Thread(name: name)
    content.threadKeys[name] = key
    return ThreadRecord(key: key, epoch: 0)
  }

  func advanceEpoch(of thread: ThreadKey) throws(StoreError) {
    content.threads[thread]?.epoch &+= 1
  }

  func deleteThread(_ thread: ThreadKey) throws(StoreError) {
    content.checkpoints = content.checkpoints.filter { $0.key.place.thread != thread }
    content.checkpointKeys = content.checkpointKeys.filter { $0.value.place.thread != thread }
    content.values = content.values.filter { $0.value.place.thread != thread }
    content.valueKeys = content.valueKeys.filter { $0.key.place.thread != thread }
    content.writes = content.writes.filter { $0.key.place.thread != thread }
    content.chunks = content.chunks.filter { $0.value.thread != thread }
    if let name = content.threads.removeValue(forKey: thread)?.name {
      content.threadKeys.removeValue(forKey: name)
    }
  }

  func threadNames(after name: Text, limit: Int) throws(StoreError) -> [Text] {
    Array(content.threadKeys.keys.filter { $0 > name }.sorted().prefix(limit))
  }

  // MARK: Checkpoints

  func checkpoint(_ place: Place, id: Text) throws(StoreError) -> CheckpointRecord? {
    content.checkpoints[MemoryContent.CheckpointKey(place: place, id: id)]
  }

  func latestCheckpoint(_ place: Place) throws(StoreError) -> CheckpointRecord? {
    content.checkpoints.values.filter { $0.place == place }.max { $0.id < $1.id }
  }

  func carrier(_ sequence: Int64) throws(StoreError) -> Carrier? {
    content.checkpointKeys[sequence].flatMap { content.checkpoints[$0] }.map { $0.carrier }
  }

  func insertCheckpoint(
    _ record: CheckpointRecord, at place: Place
  ) throws(StoreError) -> Int64? {
    let key = MemoryContent.CheckpointKey(place: place, id: record.id)
    guard content.checkpoints[key] == nil else { return nil }
    var stored = record
    stored.place = place
    stored.sequence = content.takeKey()
    content.checkpoints[key] = stored
    content.checkpointKeys[stored.sequence] = key
    return stored.sequence
  }

  func replaceCheckpoint(_ record: CheckpointRecord) throws(StoreError) {
    guard let key = content.checkpointKeys[record.sequence] else { return }
    content.checkpoints[key] = record
  }

  func visitCheckpoints(
    _ scan: CheckpointScan, _ visit: (CheckpointRecord) throws(StoreError) -> Bool
  ) throws(StoreError) {
    let found = content.checkpoints.values.filter { scan.includes($0) }
    let ordered = found.sorted { ($1.id, $1.sequence) < ($0.id, $0.sequence) }
    for record in ordered {
      guard try visit(record) else { return }
    }
  }

  func deleteCheckpoint(sequence: Int64) throws(StoreError) {
    guard let key = content.checkpointKeys.removeValue(forKey: sequence) else { return }
    content.checkpoints.removeValue(forKey: key)
  }

  func threads(withRun run: Text) throws(StoreError) -> [ThreadKey] {
    Set(content.checkpoints.values.filter { $0.run == run }.map(\.place.thread)).sorted()
  }
}

extension CheckpointScan {
  fileprivate func includes(_ record: CheckpointRecord) -> Bool {
    if let thread, record.place.thread != thread { return false }
    if let namespace, record.place.namespace != namespace { return false }
    if let id, record.id != id { return false }
    if let before, record.id >= before { return false }
    if let after, (record.id, record.sequence) >= (after.id, after.sequence) { return false }
    return true
  }
}
