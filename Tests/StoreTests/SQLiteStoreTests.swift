import CSQLite
import Glibc
import InterlockCore
import Testing

@testable import InterlockSQLite
@testable import InterlockStore

@Suite struct SQLiteStoreTests {
  private func code(_ path: String, _ options: SQLiteOptions = SQLiteOptions()) -> StoreError.Code?
  {
    do throws(StoreError) {
      let store = try SQLiteStore(path: path, options: options)
      try store.close()
      return nil
    } catch {
      return error.code
    }
  }

  private func write(_ store: SQLiteStore, _ name: String) throws(StoreError) {
    _ = try store.write { (transaction) throws(StoreError) in
      try transaction.ensureThread(named: Text(name))
    }
  }

  private func names(_ store: SQLiteStore) throws(StoreError) -> [String] {
    try store.read { (transaction) throws(StoreError) in
      try transaction.threadNames(after: "", limit: 100_000).map(\.string)
    }
  }

  @Test func refusesWhatIsNotOurs() throws {
    let folder = Folder()
    #expect(code(folder.path) == .cannotOpen)
    #expect(code(folder.path + "/no/such.db") == .cannotOpen)
    var database: OpaquePointer?
    sqlite3_open(folder.file, &database)
    sqlite3_exec(database, "CREATE TABLE theirs (x)", nil, nil, nil)
    sqlite3_close(database)
    #expect(code(folder.file) == .foreignFile)
    unlink(folder.file)
    #expect(code(folder.file) == nil)
    sqlite3_open(folder.file, &database)
    sqlite3_exec(database, "PRAGMA user_version = 99", nil, nil, nil)
    sqlite3_close(database)
    #expect(code(folder.file) == .newerSchema)
  }

  @Test func takesAnEmptyFile() throws {
    let folder = Folder()
    fclose(fopen(folder.file, "w"))
    #expect(code(folder.file) == nil)
    var readOnly = SQLiteOptions()
    readOnly.isReadOnly = true
    #expect(code(folder.file, readOnly) == nil)
  }

  @Test func readOnlyRefusesToWriteAndToCreate() throws {
    let folder = Folder()
    var options = SQLiteOptions()
    options.isReadOnly = true
    options.mustExist = true
    #expect(code(folder.file, options) == .cannotOpen)
    let writer = try SQLiteStore(path: folder.file)
    try write(writer, "t")
    let reader = try SQLiteStore(path: folder.file, options: options)
    #expect(try names(reader) == ["t"])
    do throws(StoreError) {
      try write(reader, "u")
      Issue.record("a read-only store took a write")
    } catch {
      #expect(error.code == .readOnly)
    }
    try reader.close()
    try writer.close()
  }

  @Test func aFullDatabaseKeepsWhatItHas() throws {
    let folder = Folder()
    var options = SQLiteOptions()
    options.maximumBytes = 512 * 1024
    let store = try SQLiteStore(path: folder.file, options: options)
    var acknowledged: [String] = []
    var refusal: StoreError.Code?
    for number in 0..<2000 where refusal == nil {
      let name = "\(number)-" + String(repeating: "x", count: 480)
      do throws(StoreError) {
        try write(store, name)
        acknowledged.append(name)
      } catch {
        refusal = error.code
      }
    }
    #expect(refusal == .diskFull)
    #expect(try Set(names(store)) == Set(acknowledged))
    #expect(try store.verifyMedium().isEmpty)
    try store.close()
  }

  /// Requests of many threads share transactions; one that fails takes nobody with it.
  @Test func aFailedRequestSinksNoOther() throws {
    let folder = Folder()
    let store = try SQLiteStore(path: folder.file)
    let failures = Locked(0)
    concurrently(16) { thread in
      for round in 0..<100 {
        let name = "\(thread)-\(round)"
        do throws(StoreError) {
          try store.write { (transaction) throws(StoreError) in
            _ = try transaction.ensureThread(named: Text(name))
            if round % 3 == 0 { throw StoreError(.invalidArgument, "on purpose") }
          }
        } catch {
          failures.withLock { $0 += error.code == .invalidArgument ? 1 : 1_000_000 }
        }
      }
    }
    #expect(failures.withLock { $0 } == 16 * 34)
    #expect(try names(store).count == 16 * 66)
    try store.close()
  }

  /// A batch has a most. Who waits beyond it comes into the next one, after those who were there before.
  @Test func manyMoreThanABatchAreServed() throws {
    let folder = Folder()
    let store = try SQLiteStore(path: folder.file)
    let other = try SQLiteStore(path: folder.file)
    let (early, late) = (Batch.most + 44, 20)
    let come = Locked(0)
    let isLed = Locked(false)
    let served = Locked<[(thread: Int, committed: Int)]>([])
    concurrently(1 + early + late) { thread in
      if thread > 0 {
        while !isLed.withLock({ $0 }) { usleep(1000) }
        if thread > early {
          while come.withLock({ $0 }) < early { usleep(1000) }
          usleep(300_000)
        }
        come.withLock { $0 += 1 }
      }
      try? store.write { (transaction) throws(StoreError) in
        _ = try transaction.ensureThread(named: Text("\(thread)"))
        isLed.withLock { $0 = true }
        if thread == 0 {
          while come.withLock({ $0 }) < early + late { usleep(1000) }
          usleep(300_000)
        }
        // The same for all of a batch.
        let committed = try names(other).count
        served.withLock { $0.append((thread, committed)) }
      }
    }
    let all = served.withLock { $0 }
    #expect(all.map(\.thread).sorted() == Array(0...(early + late)))
    let batches = Dictionary(grouping: all, by: \.committed)
    #expect(batches.values.allSatisfy { $0.count <= Batch.most })
    #expect(batches.keys.sorted().prefix(2) == [0, 1] && batches[0]?.count == 1)
    #expect(batches[1]?.contains { $0.thread > early } == false)
    #expect(try names(store).count == 1 + early + late)
    try other.close()
    try store.close()
  }

  /// A store that was only read has no connection to write with yet.
  @Test func theFirstWriteMayFindNoFile() throws {
    let folder = Folder()
    let first = try SQLiteStore(path: folder.file)
    try write(first, "t")
    try first.close()
    var options = SQLiteOptions()
    options.mustExist = true
    let store = try SQLiteStore(path: folder.file, options: options)
    #expect(try names(store) == ["t"])
    rename(folder.file, folder.path + "/b.db")
    for _ in 0..<2 {
      do throws(StoreError) {
        try write(store, "u")
        Issue.record("a file that is not there was written")
      } catch {
        #expect(error.code == .cannotOpen)
      }
    }
    rename(folder.path + "/b.db", folder.file)
    try write(store, "u")
    #expect(try names(store) == ["t", "u"])
    try store.close()
  }

  @Test func closingWaitsForThoseInside() throws {
    let folder = Folder()
    let store = try SQLiteStore(path: folder.file)
    let outcomes = Locked<[StoreError.Code?]>([])
    concurrently(8) { thread in
      if thread == 0 {
        usleep(5_000)
        try? store.close()
        return
      }
      for round in 0..<2000 {
        do throws(StoreError) {
          try write(store, "\(thread)-\(round)")
        } catch {
          outcomes.withLock { $0.append(error.code) }
          return
        }
      }
    }
    #expect(outcomes.withLock { $0.allSatisfy { $0 == .closed } })
  }

  @Test func readersSeeOneSnapshot() throws {
    let folder = Folder()
    let store = try SQLiteStore(path: folder.file)
    try write(store, "a")
    let counts = try store.read { (transaction) throws(StoreError) in
      let before = try transaction.threadNames(after: "", limit: 10).count
      let other = try SQLiteStore(path: folder.file)
      _ = try other.write { (inner) throws(StoreError) in try inner.ensureThread(named: "b") }
      try other.close()
      return (before, try transaction.threadNames(after: "", limit: 10).count)
    }
    #expect(counts == (1, 1))
    #expect(try names(store) == ["a", "b"])
    try store.close()
  }

  @Test func theFileShrinksAfterADeletion() throws {
    let folder = Folder()
    let store = try SQLiteStore(path: folder.file)
    _ = try store.write { (transaction) throws(StoreError) in
      let thread = try transaction.ensureThread(named: "big")
      for number in 0..<2000 {
        let body = StoredBody.inline([UInt8](repeating: 7, count: 4000), type: "t")
        _ = try transaction.insertValue(
          ValueRecord(
            place: Place(thread: thread.key, namespace: ""), channel: "c",
            version: Text("\(number)"), type: "t", body: body))
      }
    }
    try store.writer.maintain { (connection) throws(SQLiteError) in
      try connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    }
    let before = size(folder.file)
    try store.write { (transaction) throws(StoreError) in
      guard let thread = try transaction.thread(named: "big") else { return }
      try transaction.deleteThread(thread.key)
    }
    // More than is given back at once.
    store.reclaim()
    #expect(before > 8_000_000 && size(folder.file) < before / 5)
    try store.close()
  }

  private func size(_ path: String) -> Int {
    var information = stat()
    stat(path, &information)
    return Int(information.st_size)
  }

  /// Runs a body on threads of its own; the library itself starts none.
  private func concurrently(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let threads = (0..<count).map { index -> pthread_t in
      var thread = pthread_t()
      let box = Unmanaged.passRetained(Work { body(index) })
      pthread_create(&thread, nil, runWork, box.toOpaque())
      return thread
    }
    for thread in threads { pthread_join(thread, nil) }
  }
}

private final class Work: Sendable {
  let body: @Sendable () -> Void

  init(_ body: @escaping @Sendable () -> Void) {
    self.body = body
  }
}

private func runWork(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context else { return nil }
  Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
  return nil
}
