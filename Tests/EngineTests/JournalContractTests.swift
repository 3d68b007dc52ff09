import InterlockCore
import InterlockStore
import Testing

/// What every store must do with events, cursors, audit records, policies and settings.
@Suite struct JournalContractTests {
  private static func event(_ type: Text, _ review: Text? = nil) -> EventRecord {
    EventRecord(
      type: type, at: 5, review: review, thread: "t\u{0}", channel: nil, body: bytes(#"{"é":1}"#))
  }

  private static func fail() -> StoreError { StoreError(.invalidArgument, "on purpose") }

  @Test("Events have no gaps, whatever was rolled back", arguments: StoreKind.allCases)
  func eventsAreGapFree(_ kind: StoreKind) throws {
    try withStore(kind) { (store: any Store) throws in
      var kept: [Int64] = []
      for round in 0..<30 {
        let sequence = try? store.change { (transaction: any StoreTransaction) throws in
          let sequence = try transaction.insertEvent(Self.event(Text("\(round)")))
          _ = try transaction.insertEvent(Self.event("second"))
          if round % 3 == 1 { throw Self.fail() }
          return sequence
        }
        if let sequence { kept.append(sequence) }
      }
      #expect(kept == (0..<20).map { Int64(2 * $0 + 1) })
      try Self.expectGapFree(store, count: 40)
    }
  }

  @Test("Nor if many write at once and some fail", arguments: StoreKind.allCases)
  func eventsAreGapFreeInGroups(_ kind: StoreKind) throws {
    try withStore(kind) { (store: any Store) throws in
      concurrently(8) { thread in
        for round in 0..<40 {
          _ = try? store.change { (transaction: any StoreTransaction) throws in
            _ = try transaction.insertEvent(Self.event(Text("\(thread)-\(round)")))
            if (thread + round) % 4 == 0 { throw Self.fail() }
          }
        }
      }
      try Self.expectGapFree(store, count: 240)
    }
  }

  private static func expectGapFree(_ store: any Store, count: Int) throws {
    try store.look { (transaction: any StoreTransaction) throws in
      #expect(try transaction.lastEvent() == Int64(count))
      #expect(try transaction.eventCount() == Int64(count))
      let all = try transaction.events(after: 0, limit: 1000)
      #expect(all.map(\.sequence) == (1...count).map { Int64($0) })
    }
  }

  @Test(arguments: StoreKind.allCases)
  func eventsAreReadInPages(_ kind: StoreKind) throws {
    try withStore(kind) { (store: any Store) throws in
      try store.look { (transaction: any StoreTransaction) throws in
        #expect(try transaction.lastEvent() == 0)
        #expect(try transaction.events(after: 0, limit: 5).isEmpty)
      }
      try store.change { (transaction: any StoreTransaction) throws in
        for number in 1...5 {
          _ = try transaction.insertEvent(Self.event(Text("\(number)"), number == 2 ? "r" : nil))
        }
      }
      try store.look { (transaction: any StoreTransaction) throws in
        for (after, limit, expected) in [
          (0, 2, "1 2"), (2, 2, "3 4"), (4, 2, "5"), (5, 2, ""), (Int.max, 2, ""),
          (Int.min, 2, "1 2"), (-1, 9, "1 2 3 4 5"),
        ] {
          let page = try transaction.events(after: Int64(after), limit: limit)
          #expect(page.map(\.type.string).joined(separator: " ") == expected, "\(after)")
        }
        var expected = Self.event("2", "r")
        expected.sequence = 2
        #expect("\(try transaction.events(after: 1, limit: 1))" == "\([expected])")
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func cursors(_ kind: StoreKind) throws {
    try withStore(kind) { (store: any Store) throws in
      func cursor(_ name: Text) throws -> Int64? {
        try store.look { transaction in try transaction.cursor(name) }
      }
      func set(_ name: Text, _ sequence: Int64) throws {
        try store.change { (transaction: any StoreTransaction) throws in
          try transaction.setCursor(name, to: sequence)
        }
      }
      #expect(try cursor("a") == nil)
      try set("a", 3)
      try set("\u{e9}", 7)
      #expect(try cursor("a") == 3)
      #expect(try cursor("e\u{301}") == nil)
      try set("a", 1)
      #expect(try cursor("a") == 1)
      #expect(try cursor("\u{e9}") == 7)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func auditRecords(_ kind: StoreKind) throws {
    try withStore(kind) { (store: any Store) throws in
      let records = (1...5).map { number in
        AuditRecord(
          sequence: Int64(number), review: number == 3 ? nil : "r",
          body: bytes(#"{"n":\#(number)}"#), hash: [UInt8](repeating: UInt8(number), count: 32))
      }
      try store.change { (transaction: any StoreTransaction) throws in
        #expect(try transaction.lastAudit() == nil)
        for record in records {
          try transaction.insertAudit(record)
          // What this request has written, it reads.
          #expect(try transaction.lastAudit()?.sequence == record.sequence)
        }
      }
      try store.look { (transaction: any StoreTransaction) throws in
        #expect("\(try transaction.audit(after: 0, limit: 9))" == "\(records)")
        #expect("\(try transaction.audit(after: 1, limit: 2))" == "\(Array(records[1...2]))")
        #expect(try transaction.audit(after: 5, limit: 2).isEmpty)
        #expect(try transaction.lastAudit()?.body == records[4].body)
      }
    }
  }

  @Test("The newest version of a policy is the highest number", arguments: StoreKind.allCases)
  func policies(_ kind: StoreKind) throws {
    try withStore(kind) { (store: any Store) throws in
      try store.change { (transaction: any StoreTransaction) throws in
        for version in 1...11 {
          for name in ["b", "a", "B", "\u{e9}", "e\u{301}"] as [Text] where version <= name.weight {
            try transaction.insertPolicy(
              PolicyRecord(name: name, version: version, body: bytes("\(name) \(version)")))
          }
        }
      }
      try store.look { (transaction: any StoreTransaction) throws in
        func line(_ record: PolicyRecord?) -> String {
          record.map { "\(String(decoding: $0.body, as: UTF8.self))=\($0.version)" } ?? "-"
        }
        #expect(line(try transaction.policy("b", version: nil)) == "b 11=11")
        #expect(line(try transaction.policy("b", version: 2)) == "b 2=2")
        #expect(line(try transaction.policy("b", version: 12)) == "-")
        #expect(line(try transaction.policy("c", version: nil)) == "-")
        let all = try transaction.policies(after: "", limit: 9).map { line($0) }
        #expect(all == ["B 1=1", "a 2=2", "b 11=11", "e\u{301} 1=1", "\u{e9} 1=1"])
        #expect(try transaction.policies(after: "B", limit: 1).map { line($0) } == ["a 2=2"])
        #expect(try transaction.policies(after: "\u{e9}", limit: 1).isEmpty)
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func settings(_ kind: StoreKind) throws {
    try withStore(kind) { (store: any Store) throws in
      try store.change { (transaction: any StoreTransaction) throws in
        #expect(try transaction.setting("seed") == nil)
        try transaction.insertSetting("seed", [0, 255, 0])
        try transaction.insertSetting("none", [])
      }
      try store.look { (transaction: any StoreTransaction) throws in
        #expect(try transaction.setting("seed") == [0, 255, 0])
        #expect(try transaction.setting("none") == [])
      }
    }
  }

  @Test("A request that fails leaves nothing of anything", arguments: StoreKind.allCases)
  func rollback(_ kind: StoreKind) throws {
    try withStore(kind) { (store: any Store) throws in
      let kept = try store.insert([.row("kept", key: "k")])[0]
      #expect(throws: Self.fail()) {
        try store.change { (transaction: any StoreTransaction) throws in
          var changed = kept
          changed.status = .resolved
          try transaction.updateReview(changed)
          let sequence = try transaction.insertReview(.row("gone", due: 1))
          try transaction.insertNote(
            .decision, review: sequence, number: 1, body: bytes("{}"))
          try transaction.insertNote(
            .comment, review: kept.sequence, number: 1, body: bytes("{}"))
          _ = try transaction.insertEvent(Self.event("gone"))
          try transaction.setCursor("c", to: 1)
          try transaction.insertAudit(
            AuditRecord(sequence: 1, review: nil, body: bytes("{}"), hash: [1]))
          try transaction.insertPolicy(PolicyRecord(name: "p", version: 1, body: bytes("{}")))
          try transaction.insertSetting("s", [1])
          throw Self.fail()
        }
      }
      try store.look { (transaction: any StoreTransaction) throws in
        #expect(try transaction.reviews(after: 0, limit: 9).map(\.line) == [kept.line])
        #expect(try transaction.nextDue() == nil)
        #expect(try transaction.nextNote(.decision, review: kept.sequence + 1) == 1)
        #expect(try transaction.notes(.comment, review: kept.sequence, limit: 9).isEmpty)
        #expect(try transaction.lastEvent() == 0)
        #expect(try transaction.cursor("c") == nil)
        #expect(try transaction.lastAudit() == nil)
        #expect(try transaction.policy("p", version: nil) == nil)
        #expect(try transaction.setting("s") == nil)
      }
    }
  }
}

extension Text {
  /// How many versions the policy of this name has.
  fileprivate var weight: Int {
    switch self {
    case "a": 2
    case "b": 11
    default: 1
    }
  }
}
