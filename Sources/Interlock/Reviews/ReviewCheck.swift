import InterlockCore
import InterlockStore

extension Engine {
  /// Verifies reviews, events and audit, a page at a time.
  func checkReviews(_ report: inout CheckReport) throws(StoreError) {
    var last: Int64 = 0
    while true {
      let after = last
      let records = try store.read { (transaction) throws(StoreError) in
        try transaction.reviews(after: after, limit: 500)
      }
      guard let newest = records.last else { break }
      last = newest.sequence
      for record in records { check(record, &report) }
    }
    try checkEvents(&report)
    try checkAudit(&report)
  }

  private func check(_ record: ReviewRecord, _ report: inout CheckReport) {
    report.reviews += 1
    do throws(StoreError) {
      let machine = try LoadedReview(record, definitions).machine
      for defect in machine.defects { report.add("review", record.id.string, defect) }
      if machine.nextDeadline?.at != record.due {
        report.add("review", record.id.string, "it is filed under another due time")
      }
    } catch {
      report.add("review", record.id.string, error.message)
    }
  }

  private func checkEvents(_ report: inout CheckReport) throws(StoreError) {
    let (count, last) = try store.read { (transaction) throws(StoreError) in
      (try transaction.eventCount(), try transaction.lastEvent())
    }
    report.events = Int(clamping: count)
    if count != last { report.add("events", "", "\(last) events were written, \(count) are there") }
  }

  private func checkAudit(_ report: inout CheckReport) throws(StoreError) {
    var check = AuditCheck()
    do throws(EngineError) {
      try verifyAudit(&check)
    } catch {
      report.add("audit", "", error.message)
    }
    report.audit = check.count
    for problem in check.problems { report.add("audit", "\(problem.sequence)", problem.message) }
  }
}
