import CSQLite
import Glibc
import InterlockCore
import Testing

@testable import InterlockSQLite
@testable import InterlockStore

extension Folder {
  fileprivate func open(readOnly: Bool = false) throws -> SQLiteStore {
    var options = SQLiteOptions()
    options.isReadOnly = readOnly
    return try SQLiteStore(path: file, options: options)
  }
}

/// What the writing connection remembers, and an index that is only there for those who need it.
@Suite struct RecollectionTests {
  private func ensure(_ store: SQLiteStore) throws -> ThreadRecord {
    try store.write { (transaction) throws(StoreError) in
      try transaction.ensureThread(named: "t")
    }
  }

  @Test func anotherConnectionDeletesTheThread() throws {
    let folder = Folder()
    let (here, there) = (try folder.open(), try folder.open())
    let first = try ensure(here)
    #expect(try ensure(here).key == first.key)
    try there.write { (transaction) throws(StoreError) in try transaction.deleteThread(first.key) }
    let second = try ensure(here)
    #expect(second.key != first.key)
    try there.write { (transaction) throws(StoreError) in
      try transaction.advanceEpoch(of: second.key)
    }
    #expect(try ensure(here).epoch == 1)
    try here.close()
    try there.close()
  }

  /// What a request found out that was undone is not true.
  @Test func aFailedRequestLeavesNothing() throws {
    let folder = Folder()
    let store = try folder.open()
    #expect(throws: StoreError.self) {
      try store.write { (transaction) throws(StoreError) in
        _ = try transaction.ensureThread(named: "t")
        throw StoreError(.invalidArgument, "undone")
      }
    }
    let names = try store.read { (transaction) throws(StoreError) in
      try transaction.threadNames(after: "", limit: 9)
    }
    #expect(names.isEmpty)
    let made = try ensure(store)
    let found = try store.read { (transaction) throws(StoreError) in
      try transaction.thread(named: "t")
    }
    #expect(found?.key == made.key)
    try store.close()
  }

  @Test func anInterruptOfAnotherConnectionIsSeen() throws {
    let folder = Folder()
    let (here, there) = (try folder.open(), try folder.open())
    func open(_ store: SQLiteStore) throws -> Int {
      try store.write { (transaction) throws(StoreError) in
        try transaction.openGraphInterrupts(ofThread: "t").count
      }
    }
    let record = GraphInterruptRecord(
      thread: "t", id: "i", namespace: "", checkpoint: "1", task: "k", graph: "", shape: .inbox,
      review: "r", status: .waiting, request: "{}", updatedAt: 0)
    #expect(try open(here) == 0 && open(here) == 0)
    try there.write { (transaction) throws(StoreError) in try transaction.putGraphInterrupt(record)
    }
    #expect(try open(here) == 1)
    try here.write { (transaction) throws(StoreError) in
      try transaction.deleteGraphInterrupts(ofThread: "t")
    }
    #expect(try open(here) == 0)
    try here.write { (transaction) throws(StoreError) in try transaction.putGraphInterrupt(record) }
    #expect(try open(here) == 1)
    try here.close()
    try there.close()
  }

  // MARK: The order across threads

  private func hasOrder(_ store: SQLiteStore) throws -> Bool {
    try store.read { (transaction) throws(StoreError) in
      try (transaction as? SQLiteTransaction)?.hasOrderAcrossThreads() ?? false
    }
  }

  private func ids(_ store: SQLiteStore) throws -> [String] {
    try store.read { (transaction) throws(StoreError) in
      var ids: [String] = []
      try transaction.visitCheckpoints(CheckpointScan()) { record in
        ids.append(record.id.string)
        return true
      }
      return ids
    }
  }

  @Test func theOrderIsMadeOnceAndNotNeeded() throws {
    let folder = Folder()
    let store = try folder.open()
    for number in [3, 1, 2] {
      try store.write { (transaction) throws(StoreError) in
        let thread = try transaction.ensureThread(named: Text("t\(number)"))
        let place = Place(thread: thread.key, namespace: "")
        _ = try transaction.insertCheckpoint(
          CheckpointRecord(
            place: place, id: Text("\(number)"), parent: nil, type: "t", body: [],
            metadata: Array("{}".utf8), run: nil, versions: []), at: place)
      }
    }
    let reader = try folder.open(readOnly: true)
    reader.orderAcrossThreads()
    #expect(try !hasOrder(store))
    #expect(try ids(store) == ["3", "2", "1"] && ids(reader) == ["3", "2", "1"])
    store.orderAcrossThreads()
    store.orderAcrossThreads()
    #expect(try hasOrder(store))
    #expect(try ids(store) == ["3", "2", "1"] && ids(reader) == ["3", "2", "1"])
    try reader.close()
    try store.close()
    let again = try folder.open()
    #expect(try hasOrder(again))
    again.orderAcrossThreads()
    try again.close()
  }
}
