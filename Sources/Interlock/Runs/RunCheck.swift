import InterlockCore
import InterlockStore

extension Engine {
  /// Verifies runs and their journals.
  func checkRuns(_ report: inout CheckReport) throws(StoreError) {
    do throws(StoreError) {
      try checkPages(&report)
    } catch {
      // A row that cannot be read ends the walk; that it is there is what counts.
      guard error.code == .corrupt else { throw error }
      report.add("run", "", error.message)
    }
  }

  /// A page of threads at a time.
  private func checkPages(_ report: inout CheckReport) throws(StoreError) {
    var last: Text = .empty
    while true {
      let after = last
      let found = try store.read { (transaction) throws(StoreError) in
        try transaction.runs(status: nil, after: after, limit: 100)
          .map { (record) throws(StoreError) in
            (thread: record.thread, defects: try Self.defects(of: record, transaction))
          }
      }
      guard let newest = found.last else { return }
      last = newest.thread
      report.runs += found.count
      for run in found {
        for defect in run.defects { report.add("run", run.thread.string, defect) }
      }
    }
  }

  private static func defects(
    of record: RunRecord, _ transaction: any StoreTransaction
  ) throws(StoreError) -> [String] {
    do throws(StoreError) {
      _ = try LoadedRun(record.thread, transaction)
      guard let run = record.run else { return [] }
      let interrupts = try transaction.interrupts(ofRun: run)
      for interrupt in interrupts { _ = try interrupt.answer() }
      return defects(of: try transaction.steps(of: run), asked: Set(interrupts.map(\.id)))
    } catch {
      guard error.code == .corrupt else { throw error }
      return [error.message]
    }
  }

  private static func defects(of journal: [StepRecord], asked: Set<Text>) -> [String] {
    var keys: Set<Text> = []
    var defects: [String] = []
    for (index, step) in journal.enumerated() {
      if step.position != index { defects.append("step \(step.key) is not at place \(index)") }
      if !keys.insert(step.key).inserted { defects.append("step \(step.key) is there twice") }
      switch (step.interrupt, step.result) {
      case (let id?, nil):
        if !asked.contains(id) { defects.append("the question of step \(step.key) is missing") }
      case (nil, let result?):
        if (try? JSONReader.readStored(result)) == nil {
          defects.append("the result of step \(step.key) cannot be read")
        }
      case (nil, nil), (_?, _?):
        defects.append("step \(step.key) is neither a result nor a question")
      }
    }
    return defects
  }
}
