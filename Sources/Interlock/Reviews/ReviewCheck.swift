import InterlockCore
import InterlockStore

extension Engine {
  /// Verifies reviews, events and audit, a page at a time.
  func checkReviews(_ report: inout CheckReport) throws(StoreError) {
    do throws(StoreError) {
      try checkPages(ofReviews: &report)
      try checkEvents(&report)
    } catch {
      // A row that cannot be read ends the walk; that it is there is what counts.
      guard error.code == .corrupt else { throw error }
      report.add("review", "", error.message)
    }
    try checkAudit(&report)
  }

  private func checkPages(ofReviews report: inout CheckReport) throws(StoreError) {
    var last: Int64 = 0
    while true {
      let after = last
      let (records, defects) = try store.read { (transaction) throws(StoreError) in
        let records = try transaction.reviews(after: after, limit: 500)
        return (
          records,
          try records.map { (record) throws(StoreError) in try Self.defects(record, transaction) }
        )
      }
      guard let newest = records.last else { break }
      last = newest.sequence
      report.reviews += records.count
      for (record, defects) in zip(records, defects) {
        for defect in defects { report.add("review", record.id.string, defect) }
      }
    }
  }

  /// What is stored counts, not what this engine remembers of it.
  private static func defects(
    _ record: ReviewRecord, _ transaction: any StoreTransaction
  ) throws(StoreError) -> [String] {
    let review: LoadedReview
    let written: Int64
    do throws(StoreError) {
      review = try LoadedReview(record, DefinitionCache())
      written = try transaction.nextNote(.decision, review: record.sequence) - 1
    } catch {
      guard error.code == .corrupt || error.code == .tooLarge else { throw error }
      return [error.message]
    }
    let notes = try transaction.notes(.decision, review: record.sequence, limit: 1000)
    var decisions: [Text: [UInt8]] = [:]
    for vote in review.votes.map(\.vote) {
      guard let number = Response.number(of: vote.decision) else { continue }
      decisions[vote.decision] = try transaction.note(
        .decision, review: record.sequence, number: number)
    }
    return review.machine.defects + review.filingDefects + review.defects(of: decisions)
      + review.defects(of: notes, written: written)
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

extension LoadedReview {
  /// The accepted answers, with the stage of each.
  fileprivate var votes: [(vote: Vote, stage: Text)] {
    zip(definition.policy.stages, machine.progress.stages).flatMap { stage, progress in
      progress.votes.map { ($0, stage.name) }
    }
  }

  /// Where columns and documents do not agree.
  fileprivate var filingDefects: [String] {
    var defects: [String] = []
    if machine.nextDeadline?.at != record.due {
      defects.append("it is filed under another due time")
    }
    if !isFiledAsShown {
      defects.append("its document says something else")
    }
    if machine.progress.assignee?.column != record.assignee {
      defects.append("it is filed under another assignee")
    }
    if definition.kind != record.kind || definition.thread != record.thread
      || definition.channel != record.channel || definition.interrupt != record.interrupt
      || definition.externalID != record.externalID || definition.key != record.key
    {
      defects.append("it is filed under other names than it was opened with")
    }
    return defects
  }

  /// Votes whose decision was not made like that.
  fileprivate func defects(of decisions: [Text: [UInt8]]) -> [String] {
    votes.compactMap { vote, stage in
      let decision = decisions[vote.decision].flatMap { try? JSONReader.readStored($0) }
      let isMade =
        decision?.member("accepted") == .bool(true) && decision?.member("stage") == .string(stage)
        && decision?.member("verdict") == .text(vote.verdict.rawValue)
        && decision?.member("actor")?.member("type") == vote.identity.json.member("type")
        && decision?.member("actor")?.member("value") == .string(vote.identity.value)
      return isMade ? nil : "decision \(vote.decision) is not the one that was counted"
    }
  }

  /// Decisions that are missing, or count although nobody counted them.
  fileprivate func defects(of notes: [[UInt8]], written: Int64) -> [String] {
    var defects: [String] = []
    if notes.count != Int(min(written, 1000)) {
      defects.append("\(written) decisions were written, \(notes.count) are there")
    }
    let counted = Set(votes.map(\.vote.decision))
    let accepted = notes.filter { note in
      guard let decision = try? JSONReader.readStored(note), let id = decision.member("id")?.text
      else {
        return true
      }
      return decision.member("accepted") == .bool(true) && !counted.contains(id)
    }
    // The last wrong phrase ends a review and is no vote.
    if accepted.count > (machine.progress.attempts > 0 && !machine.isPending ? 1 : 0) {
      defects.append("a decision counts that is no vote of any stage")
    }
    return defects
  }
}
