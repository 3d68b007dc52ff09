import InterlockCore
import InterlockStore
import Testing

/// What every store must do with the interrupts of graphs.
@Suite struct GraphContractTests {
  private static func row(
    _ id: Text, _ status: GraphInterruptMachine.State = .waiting, thread: Text = "t",
    at now: Instant = 1, review: Text? = nil
  ) -> GraphInterruptRecord {
    GraphInterruptRecord(
      thread: thread, id: id, namespace: "a:1|b:2", checkpoint: "c\u{0}", task: "k", graph: "é",
      shape: .inboxItem, review: review ?? id, status: status, value: bytes("[1]"), request: "d",
      attempts: 3, updatedAt: now)
  }

  private static func put(_ store: any Store, _ rows: [GraphInterruptRecord]) throws {
    try store.change { (transaction: any StoreTransaction) throws in
      for row in rows { try transaction.putGraphInterrupt(row) }
    }
  }

  @Test("What is put is found, as it was", arguments: StoreKind.allCases)
  func roundTrip(_ kind: StoreKind) throws {
    try withStore(kind) { store in
      var bare = Self.row("bare", thread: "other")
      bare.value = nil
      try Self.put(store, [Self.row("i"), bare])
      try store.look { (transaction: any StoreTransaction) throws in
        let found = try #require(try transaction.graphInterrupt(ofThread: "t", id: "i"))
        #expect(found.namespace == "a:1|b:2" && found.checkpoint == "c\u{0}" && found.task == "k")
        #expect(found.graph == "é" && found.shape == .inboxItem && found.review == "i")
        #expect(found.status == .waiting && found.value == bytes("[1]") && found.request == "d")
        #expect(found.attempts == 3 && found.updatedAt == 1)
        #expect(try transaction.graphInterrupt(ofThread: "other", id: "bare")?.value == nil)
        #expect(try transaction.graphInterrupt(ofThread: "other", id: "i") == nil)
      }
      try Self.put(store, [Self.row("i", .moved, at: 9)])
      try store.look { (transaction: any StoreTransaction) throws in
        #expect(try transaction.graphInterrupt(ofThread: "t", id: "i")?.status == .moved)
        #expect(try transaction.graphInterrupts(ofThread: "t", after: "", limit: 9).count == 1)
      }
    }
  }

  @Test("Open and due are what the machine says", arguments: StoreKind.allCases)
  func states(_ kind: StoreKind) throws {
    try withStore(kind) { store in
      let all = GraphInterruptMachine.State.allCases
      try Self.put(store, all.map { Self.row(Text($0.rawValue), $0) })
      try store.look { (transaction: any StoreTransaction) throws in
        let open = try transaction.openGraphInterrupts(ofThread: "t").map(\.id.string)
        #expect(open == all.filter(\.isOpen).map(\.rawValue).sorted())
        let due = try transaction.dueGraphInterrupts(after: nil, limit: 99).map(\.id.string)
        #expect(due == all.filter(\.isDue).map(\.rawValue).sorted())
        #expect(try transaction.openGraphInterrupts(ofThread: "u").isEmpty)
      }
    }
  }

  @Test("Due ones come the oldest change first, in pages", arguments: StoreKind.allCases)
  func pages(_ kind: StoreKind) throws {
    try withStore(kind) { store in
      let rows = [
        Self.row("b", .answered, thread: "y", at: 5), Self.row("a", .failed, thread: "y", at: 5),
        Self.row("z", .applying, thread: "x", at: 5), Self.row("q", .answered, at: -7),
        Self.row("w", .waiting, at: 0),
      ]
      try Self.put(store, rows)
      try store.look { (transaction: any StoreTransaction) throws in
        var found: [String] = []
        var last: GraphInterruptRecord?
        repeat {
          let page = try transaction.dueGraphInterrupts(after: last, limit: 1)
          found += page.map(\.id.string)
          last = page.last
        } while last != nil
        #expect(found == ["q", "z", "a", "b"])
        let after = try transaction.graphInterrupts(ofThread: "y", after: "a", limit: 5)
        #expect(after.map(\.id.string) == ["b"])
      }
    }
  }

  @Test("By review, the newest first; deleted by thread", arguments: StoreKind.allCases)
  func reviews(_ kind: StoreKind) throws {
    try withStore(kind) { store in
      try Self.put(
        store,
        [
          Self.row("old", .moved, at: 1, review: "r"), Self.row("new", at: 2, review: "r"),
          Self.row("i", thread: "u", review: "s"),
        ])
      try store.look { (transaction: any StoreTransaction) throws in
        let found = try transaction.graphInterrupts(ofReview: "r").map(\.id.string)
        #expect(found == ["new", "old"])
      }
      try store.change { (transaction: any StoreTransaction) throws in
        try transaction.deleteGraphInterrupts(ofThread: "t")
      }
      try store.look { (transaction: any StoreTransaction) throws in
        #expect(try transaction.graphInterrupts(ofReview: "r").isEmpty)
        #expect(try transaction.graphInterrupts(ofReview: "s").count == 1)
      }
    }
  }
}
