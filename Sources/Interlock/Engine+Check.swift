package import InterlockCore
package import InterlockStore

extension Engine {
  /// Verifies the store, thread by thread. No lock is held between threads.
  package func check() throws(StoreError) -> CheckReport {
    var report = CheckReport()
    for finding in try store.verifyMedium() { report.add("medium", "", finding) }
    try checkReviews(&report)
    try checkRuns(&report)
    var last: Text = ""
    while true {
      let names = try threads(after: last, limit: Limits.pageCheckpoints)
      guard let next = names.last else { return report }
      last = next
      for name in names {
        let before = report
        report = try store.read { (transaction) throws(StoreError) in
          guard let thread = try transaction.thread(named: name) else { return before }
          var check = ThreadCheck(transaction, name: name, report: before)
          try check.run(thread.key)
          return check.report
        }
      }
    }
  }
}

/// What `Engine.check` found.
package struct CheckReport: Sendable {
  package struct Problem: Sendable {
    package let kind: String
    package let place: String
    package let message: String
  }

  package static let mostProblems = 100

  package var threads = 0
  package var checkpoints = 0
  package var values = 0
  package var writes = 0
  package var chunks = 0
  package var reviews = 0
  package var events = 0
  package var audit = 0
  package var runs = 0
  package private(set) var problems: [Problem] = []

  package var isSound: Bool { problems.isEmpty }

  mutating func add(_ kind: String, _ place: String, _ message: String) {
    guard problems.count < Self.mostProblems else { return }
    problems.append(Problem(kind: kind, place: place, message: message))
  }

  package var json: JSONValue {
    .object([
      "ok": .bool(isSound), "threads": .integer(threads), "checkpoints": .integer(checkpoints),
      "values": .integer(values), "writes": .integer(writes), "chunks": .integer(chunks),
      "reviews": .integer(reviews), "events": .integer(events), "audit": .integer(audit),
      "runs": .integer(runs),
      "problems": .array(
        problems.map {
          .object([
            "kind": .text($0.kind), "where": .text($0.place), "message": .text($0.message),
          ])
        }),
    ])
  }
}
