import InterlockCore
import InterlockStore
import Testing

/// What every store must do with reviews, their notes, and what belongs to no review.
@Suite struct ReviewContractTests {
  private static let everything = ReviewRecord(
    id: "a\u{0}é'\"", kind: .form, status: .superseded, outcome: .cancelled, successor: "next",
    thread: "t", channel: "c", interrupt: "i", externalID: "x", key: "k", assignee: "user_id:ana",
    due: 1 << 53, revision: 1 << 53, createdAt: 0, request: "r",
    definition: bytes(#"{"a":"\u0000é"}"#), progress: bytes("[1]"))

  @Test(arguments: StoreKind.allCases)
  func whatIsStoredIsReadBack(_ kind: StoreKind) throws {
    try withStore(kind) { (store: any Store) throws in
      let stored = try store.insert([Self.everything, .row("bare")])
      #expect(stored[0].sequence > 0 && stored[1].sequence > stored[0].sequence)
      for record in stored {
        let read = try store.look { (transaction: any StoreTransaction) throws in
          try transaction.reviews(.id(record.id), limit: 1)
        }
        #expect(read.map(\.line) == [record.line])
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func anUpdateChangesWhatMayChangeAndNothingElse(_ kind: StoreKind) throws {
    try withStore(kind) { (store: any Store) throws in
      let stored = try store.insert([.row("a", thread: "t", key: "k", due: 5), .row("b")])
      var changed = Self.everything
      changed.sequence = stored[0].sequence
      changed.due = nil
      var expected = stored[0]
      (expected.status, expected.outcome) = (changed.status, changed.outcome)
      (expected.successor, expected.assignee) = (changed.successor, changed.assignee)
      (expected.due, expected.revision, expected.progress) = (
        nil, changed.revision, changed.progress
      )
      try store.change { [changed] (transaction: any StoreTransaction) throws in
        try transaction.updateReview(changed)
      }
      let all = try store.look { (transaction: any StoreTransaction) throws in
        try transaction.reviews(after: 0, limit: 10)
      }
      #expect(all.map(\.line) == [expected.line, stored[1].line])
      #expect(try store.ids(.key("k")) == "a")
    }
  }

  @Test(
    "A selector finds what is pending first, then the newest",
    arguments: StoreKind.allCases)
  func selectors(_ kind: StoreKind) throws {
    try withStore(kind) { (store: any Store) throws in
      try store.insert([
        .row("1", .resolved, thread: "t", interrupt: "i", externalID: "x"),
        .row("2", .pending, thread: "t", interrupt: "i", externalID: "x", key: "k2"),
        .row("3", .pending, thread: "t", interrupt: "i", externalID: "x", key: "k3"),
        .row("4", .expired, thread: "t", interrupt: "i", externalID: "x"),
        .row("5", .superseded, thread: "u", interrupt: "\u{e9}", externalID: "\u{e9}"),
        .row("6", .cancelled, thread: "u", interrupt: "e\u{301}", externalID: "e\u{301}"),
      ])
      let expected: [(ReviewSelector, String)] = [
        (.id("3"), "3"), (.id("7"), ""), (.id(""), ""), (.key("k2"), "2"), (.key("k"), ""),
        (.interrupt("i"), "3 2 4 1"), (.externalID("x"), "3 2 4 1"), (.thread("t"), "3 2"),
        (.thread("u"), ""), (.interrupt("\u{e9}"), "5"), (.interrupt("e\u{301}"), "6"),
        (.externalID("\u{e9}"), "5"), (.externalID("e\u{301}"), "6"),
      ]
      for (selector, ids) in expected {
        #expect(try store.ids(selector) == ids, "\(selector)")
      }
      #expect(try store.ids(.interrupt("i"), limit: 2) == "3 2")
      #expect(try store.ids(.thread("t"), limit: 1) == "3")
    }
  }

  @Test(arguments: StoreKind.allCases)
  func theEarliestDueTime(_ kind: StoreKind) throws {
    try withStore(kind) { (store: any Store) throws in
      func next() throws -> Instant? {
        try store.look { transaction in try transaction.nextDue() }
      }
      #expect(try next() == nil)
      try store.insert([.row("a")])
      #expect(try next() == nil)
      let stored = try store.insert([.row("b", due: 20), .row("c", due: -3), .row("d", due: 20)])
      #expect(try next() == -3)
      try store.change { (transaction: any StoreTransaction) throws in
        var record = stored[1]
        record.due = nil
        try transaction.updateReview(record)
      }
      #expect(try next() == 20)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func reviewsInTheOrderOfOpening(_ kind: StoreKind) throws {
    try withStore(kind) { (store: any Store) throws in
      let stored = try store.insert((0..<25).map { .row(Text("\(99 - $0)")) })
      var (read, last) = ([Text](), Int64(0))
      while true {
        let page = try store.look { [last] (transaction: any StoreTransaction) throws in
          try transaction.reviews(after: last, limit: 10)
        }
        guard let newest = page.last else { break }
        read += page.map(\.id)
        last = newest.sequence
      }
      #expect(read == stored.map(\.id))
    }
  }

  @Test("Notes are numbered from 1, for each review and each sort", arguments: StoreKind.allCases)
  func notes(_ kind: StoreKind) throws {
    try withStore(kind) { (store: any Store) throws in
      let numbers = try store.change { (transaction: any StoreTransaction) throws in
        var numbers: [Int64] = []
        for review in [7, 8] as [Int64] {
          for note in [ReviewNote.decision, .comment] {
            for round in 1...3 {
              let number = try transaction.nextNote(note, review: review)
              numbers.append(number)
              let body = bytes("\(review) \(note) \(round)")
              try transaction.insertNote(note, review: review, number: number, body: body)
            }
          }
        }
        return numbers
      }
      #expect(numbers == Array(repeating: [1, 2, 3], count: 4).flatMap { $0 })
      try store.look { (transaction: any StoreTransaction) throws in
        func text(_ bodies: [[UInt8]]) -> [String] {
          bodies.map { String(decoding: $0, as: UTF8.self) }
        }
        let newest = try transaction.notes(.comment, review: 8, limit: 2)
        #expect(text(newest) == ["8 comment 2", "8 comment 3"])
        #expect(try transaction.notes(.decision, review: 7, limit: 9).count == 3)
        #expect(try transaction.notes(.decision, review: 9, limit: 9).isEmpty)
        #expect(try transaction.nextNote(.comment, review: 9) == 1)
        let second = try transaction.note(.decision, review: 7, number: 2)
        #expect(text([second ?? []]) == ["7 decision 2"])
        for number in [Int64.min, -1, 0, 4, .max] {
          #expect(try transaction.note(.decision, review: 7, number: number) == nil)
        }
      }
    }
  }
}
