import Interlock
import InterlockCore
import InterlockStore
import Testing

/// Interrupts that a review decides: its end is the value, in the same transaction.
@Suite struct RunEngineTestsReviews {
  /// Asks by a review and suspends. Returns the id of the review.
  private func asked(_ desk: Desk, _ more: String = "") throws -> String {
    let worker = try desk.begin()
    #expect(worker.review("q", more) == "waiting" && worker.suspend() == "interrupted")
    return try #require(try desk.waitingReviews().last)
  }

  private func value(_ desk: Desk) throws -> String {
    let worker = try desk.begin()
    let word = worker.review("q")
    if word == "waiting" { worker.suspend() }
    return word
  }

  @Test("The answer of the review is the value", arguments: StoreKind.allCases)
  func answer(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let id = try asked(desk, #","thread":"forged","interrupt":"forged""#)
      let review = try desk.ask(.get, Desk.named(id))
      #expect(review.at("thread") == "t")
      #expect(review.at("interrupt") == (try desk.run().at("interrupts/0/id")))
      #expect(try value(desk) == "waiting")
      try desk.set(7)
      #expect(desk.answer(id, "ana") == "OK")
      #expect(try desk.run().items("interrupts").isEmpty)
      #expect(try value(desk) == "answered approved")
      let resumed = try desk.ask(.readEvents, "{}").items("events").filter {
        $0.at("type") == "review.opened"
      }
      #expect(resumed.count == 1, "It was asked once.")
    }
  }

  @Test("Each end of a review is a value of its own", arguments: StoreKind.allCases)
  func ends(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let ends: [(String, (String) throws -> Void)] = [
        ("approved", { #expect(desk.answer($0, "ana") == "OK") }),
        ("rejected", { #expect(desk.answer($0, "ana", "reject") == "OK") }),
        ("cancelled", { _ = try desk.ask(.cancel, Desk.named($0)) }),
      ]
      for (outcome, end) in ends {
        let id = try asked(desk)
        try end(id)
        let worker = try desk.begin()
        let json = try worker.session.interrupt(
          bytes(#"{"key":"q","review":{"kind":"approval","payload":{}}}"#))
        let answer = try JSONReader.read(json)
        #expect(answer.at("value/outcome") == outcome && answer.at("value/review") == id)
        #expect(answer.at("value/status") == (outcome == "cancelled" ? "cancelled" : "resolved"))
        #expect((answer.at("value/response") == "null") == (outcome == "cancelled"))
        #expect(worker.complete() == "idle")
      }
    }
  }

  @Test(
    "A deadline that has passed rejects what backs an interrupt, though nobody swept",
    arguments: StoreKind.allCases)
  func expiry(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let id = try asked(desk, #","expires_in":100"#)
      try desk.set(99)
      #expect(try value(desk) == "waiting")
      try desk.set(100)
      #expect(desk.answer(id, "ana") != "OK", "Too late.")
      #expect(try value(desk) == "answered rejected")
      let words = try desk.audit()
      #expect(words.contains("expiry"), "\(words)")
    }
  }

  @Test(
    "A deadline that passes while the program is on its way, whether or not somebody swept",
    arguments: StoreKind.allCases, [true, false])
  func expiryOnTheWay(_ kind: StoreKind, _ isSwept: Bool) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let id = try asked(desk, #","expires_in":100"#)
      let worker = try desk.begin()
      try desk.set(100)
      if isSwept { _ = try desk.engine.tick() }
      #expect(worker.review("q") == "answered rejected")
      #expect(try desk.ask(.get, Desk.named(id)).at("outcome") == "rejected")
      #expect(try desk.audit() == "expiry/timer")
      #expect(try JSONReader.read(try desk.engine.tick()).at("fired") == "0", "It is on record.")
      #expect(try desk.waitingReviews().isEmpty && worker.complete() == "idle")
    }
  }

  @Test("A superseded review goes on in its successor", arguments: StoreKind.allCases)
  func supersede(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      for names in [false, true] {
        let old = try asked(desk)
        let interrupt = try desk.run().at("interrupts/0/id")
        let more = names ? #","thread":"t","interrupt":"\#(interrupt)""# : ""
        let successor = #"{"kind":"approval","payload":{}\#(more)}"#
        let request = #"{"id":"\#(old)","successor":\#(successor)}"#
        let new = try desk.ask(.supersede, request).at("review/id")
        #expect(try desk.ask(.supersede, request).at("review/id") == new, "A repeat.")
        #expect(try desk.waitingReviews() == [new])
        #expect(try desk.ask(.get, Desk.named(new)).at("thread") == "t")
        #expect(desk.answer(old, "ana") == "SUPERSEDED")
        #expect(try value(desk) == "waiting")
        #expect(desk.answer(new, "ana") == "OK")
        let worker = try desk.begin()
        #expect(worker.review("q") == "answered approved", "names: \(names)")
        #expect(worker.complete() == "idle")
      }
    }
  }

  @Test("A review of somebody else takes no interrupt over", arguments: StoreKind.allCases)
  func foreign(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let worker = try desk.begin()
      #expect(worker.ask("q") == "waiting" && worker.suspend() == "interrupted")
      let interrupt = try desk.run().at("interrupts/0/id")
      let old = try desk.open(#","interrupt":"\#(interrupt)""#)
      let successor = #"{"kind":"approval","payload":{},"interrupt":"\#(interrupt)"}"#
      let new = try desk.ask(.supersede, #"{"id":"\#(old)","successor":\#(successor)}"#)
        .at("review/id")
      #expect(try desk.waitingReviews() == ["null"])
      #expect(desk.answer(new, "ana") == "OK")
      #expect(try desk.waitingReviews() == ["null"])
      #expect(desk.resume("4") == "OK")
      #expect(try desk.begin().ask("q") == "answered 4")
    }
  }

  @Test(
    "X53: a direct resume past a review is refused, or forced and on record",
    arguments: StoreKind.allCases)
  func forced(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let id = try asked(desk)
      let before = try desk.heads()
      #expect(desk.resume("1") == "REVIEW_REQUIRED")
      #expect(desk.resume("1", #","force":false,"actor":"eve""#) == "REVIEW_REQUIRED")
      #expect(desk.resume("1", #","force":true"#) == "INVALID_ARGUMENT")
      #expect(try desk.status(of: id) == "pending")
      #expect(desk.resume("1", #","force":true,"actor":"eve""#) == "OK")
      #expect(try desk.audit(after: before.audit) == "decision/eve cancellation/host")
      let record = try desk.ask(.readAudit, #"{"after":\#(before.audit)}"#)
      #expect(record.at("records/0/detail/forced") == "true")
      #expect(try desk.status(of: id) == "cancelled")
      #expect(desk.answer(id, "ana") == "CANCELLED")
      #expect(try value(desk) == "answered 1")
      let opened = try desk.ask(.readEvents, #"{"types":["review.opened"]}"#)
      #expect(opened.items("events").count == 1, "The prompt was sent again.")
    }
  }

  @Test("X50: two questions one after the other have a review each", arguments: StoreKind.allCases)
  func twoQuestions(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      var ids: [String] = []
      for round in 0..<3 {
        let worker = try desk.begin()
        for key in ["first", "second"].prefix(round) {
          #expect(worker.review(key) == "answered approved")
        }
        guard round < 2 else { break }
        #expect(worker.review(["first", "second"][round]) == "waiting")
        #expect(worker.suspend() == "interrupted")
        ids += try desk.waitingReviews()
        #expect(desk.answer(ids[round], "ana") == "OK")
      }
      #expect(Set(ids).count == 2)
    }
  }

  @Test(
    "X51: a wrong actor consumes nothing, the right one is heard after",
    arguments: StoreKind.allCases)
  func wrongActor(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let id = try asked(desk, #","policy":{"stages":[{"approvers":["ana"]}]}"#)
      #expect(desk.answer(id, "eve") == "NOT_AUTHORIZED")
      #expect(try value(desk) == "waiting")
      #expect(desk.answer(id, "ana") == "OK")
      #expect(try value(desk) == "answered approved")
    }
  }

  @Test(
    "X54: an answer that does not fit is not saved, and poisons nothing",
    arguments: StoreKind.allCases)
  func invalid(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let id = try asked(desk)
      for _ in 0..<3 { #expect(desk.answer(id, "ana", "edit") == "INVALID_RESPONSE") }
      #expect(try value(desk) == "waiting")
      #expect(desk.answer(id, "ana") == "OK")
      #expect(try value(desk) == "answered approved")
    }
  }

  @Test("X55: a decision survives the worker that dies on it", arguments: StoreKind.allCases)
  func diesAfterTheAnswer(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let id = try asked(desk)
      #expect(desk.answer(id, "ana") == "OK")
      let lease = #","lease_ms":10"#
      #expect(try desk.begin(lease).review("q") == "answered approved")
      for round in 1...3 {
        try desk.set(Instant(round * 10))
        let worker = try desk.begin(lease)
        #expect(worker.begun.at("action") == "took_over")
        #expect(worker.review("q") == "answered approved")
      }
      #expect(try desk.ask(.list, "{}").items("reviews").count == 1)
    }
  }

  @Test("A review that cannot be opened leaves no interrupt behind", arguments: StoreKind.allCases)
  func refusedReview(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let other = try desk.open(#","key":"k""#)
      let worker = try desk.begin()
      #expect(worker.review("q", #","policy":"nobody""#) == "UNKNOWN_POLICY")
      #expect(worker.review("q", #","policy":{"stages":[]}"#) == "INVALID_POLICY")
      #expect(worker.review("q", #","key":"k""#) == "IDEMPOTENCY_MISMATCH")
      #expect(try desk.waitingReviews().isEmpty)
      #expect(worker.review("q") == "waiting")
      #expect(try desk.status(of: other) == "pending")
    }
  }
}
