import Glibc
import InterlockCore
import InterlockSQLite
import InterlockStore
import Testing

/// Runs a test on a store of a kind, without an engine before it.
func withStore(_ kind: StoreKind, _ body: (any Store) throws -> Void) throws {
  let folder = TemporaryFolder()
  let store: any Store =
    switch kind {
    case .memory: MemoryStore()
    case .sqliteInMemory: try SQLiteStore(path: ":memory:")
    case .sqliteFile: try SQLiteStore(path: folder.path + "/test.db")
    }
  try body(store)
  #expect(try store.verifyMedium().isEmpty)
  try store.close()
  withExtendedLifetime(folder) {}
}

extension ReviewRecord {
  /// A review whose documents nobody reads.
  static func row(
    _ id: Text, _ status: ReviewStatus = .pending, kind: ReviewKind = .approval,
    thread: Text? = nil, channel: Text? = nil, interrupt: Text? = nil, externalID: Text? = nil,
    key: Text? = nil, assignee: Text? = nil, due: Instant? = nil
  ) -> ReviewRecord {
    ReviewRecord(
      id: id, kind: kind, status: status, outcome: status == .pending ? nil : .cancelled,
      successor: status == .superseded ? "other" : nil, thread: thread, channel: channel,
      interrupt: interrupt, externalID: externalID, key: key, assignee: assignee, due: due,
      revision: 1, createdAt: 1000, request: "digest", definition: bytes(#"{"what":"é"}"#),
      progress: bytes("{}"))
  }

  /// All that was stored, to compare by.
  var line: String { "\(self)" }
}

extension Store {
  /// `read` for bodies that expect something.
  func look<Value>(_ body: @escaping (any StoreTransaction) throws -> Value) throws -> Value {
    try read { (transaction) throws(StoreError) in try Self.typed { try body(transaction) } }
  }

  /// `write` for bodies that expect something.
  @discardableResult func change<Value>(
    _ body: @escaping (any StoreTransaction) throws -> Value
  ) throws -> Value {
    try write { (transaction) throws(StoreError) in try Self.typed { try body(transaction) } }
  }

  private static func typed<Value>(_ body: () throws -> Value) throws(StoreError) -> Value {
    do {
      return try body()
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError(.internalDefect, "\(error)")
    }
  }

  /// Stores reviews in one request and returns them with their sequences.
  @discardableResult func insert(_ records: [ReviewRecord]) throws -> [ReviewRecord] {
    try change { transaction in
      var stored: [ReviewRecord] = []
      for var record in records {
        record.sequence = try transaction.insertReview(record)
        stored.append(record)
      }
      return stored
    }
  }

  func ids(_ selector: ReviewSelector, limit: Int = 100) throws -> String {
    try look { transaction in
      try transaction.reviews(selector, limit: limit).map(\.id.string).joined(separator: " ")
    }
  }
}

/// Repeatable randomness.
struct Dice: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  mutating func roll(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  mutating func chance(_ percent: Int) -> Bool { roll(1...100) <= percent }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[roll(0...(elements.count - 1))]
  }
}
