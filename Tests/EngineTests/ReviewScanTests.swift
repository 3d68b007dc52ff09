import InterlockCore
import InterlockStore
import Testing

/// Lists in every combination of filters, page by page, against a plain filter over the same data.
@Suite struct ReviewScanTests {
  private static let kinds: [ReviewKind] = [.approval, .form]
  private static let names: [Text] = ["a", "b"]

  private static func rows(_ count: Int, seed: UInt64) -> [ReviewRecord] {
    var dice = Dice(seed)
    return (0..<count).map { number in
      .row(
        Text("\(number)"), dice.pick(ReviewStatus.allCases), kind: dice.pick(kinds),
        thread: dice.chance(70) ? dice.pick(names) : nil,
        channel: dice.chance(70) ? dice.pick(names) : nil,
        assignee: dice.chance(70) ? dice.pick(names) : nil,
        due: dice.chance(60) ? Instant(dice.roll(-3...9)) : nil)
    }
  }

  private static func optional<Value>(_ values: [Value]) -> [Value?] { [nil] + values.map { $0 } }

  /// Every combination of filters with every order.
  static let scans: [ReviewScan] = {
    var scans: [ReviewScan] = []
    for order in [ReviewScan.Order.newest, .oldest, .mostUrgent] {
      for status in optional(ReviewStatus.allCases) {
        for kind in optional(kinds) {
          for channel in optional(names) {
            for thread in optional(["a"] as [Text]) {
              for assignee in optional(["b"] as [Text]) {
                for due in optional([4] as [Instant]) {
                  var scan = ReviewScan(order: order, limit: 0)
                  (scan.status, scan.kind, scan.channel) = (status, kind, channel)
                  (scan.thread, scan.assignee, scan.dueBefore) = (thread, assignee, due)
                  scans.append(scan)
                }
              }
            }
          }
        }
      }
    }
    return scans
  }()

  private static func expected(_ scan: ReviewScan, _ all: [ReviewRecord]) -> [Int64] {
    var found = all.filter { scan.status == nil || $0.status == scan.status }
    found = found.filter { scan.kind == nil || $0.kind == scan.kind }
    found = found.filter { scan.channel == nil || $0.channel == scan.channel }
    found = found.filter { scan.thread == nil || $0.thread == scan.thread }
    found = found.filter { scan.assignee == nil || $0.assignee == scan.assignee }
    if let before = scan.dueBefore { found = found.filter { $0.due.map { $0 < before } ?? false } }
    switch scan.order {
    case .newest: return found.map(\.sequence).sorted(by: >)
    case .oldest: return found.map(\.sequence).sorted()
    case .mostUrgent:
      let dated = found.compactMap { record in record.due.map { ($0, record.sequence) } }
      return dated.sorted { $0 < $1 }.map(\.1)
    }
  }

  private static func paged(_ scan: ReviewScan, by limit: Int, _ store: any Store) throws -> [Int64]
  {
    var (scan, read) = (scan, [Int64]())
    scan.limit = limit
    while true {
      let page = try store.look { [scan] transaction in try transaction.reviews(scan) }
      read += page.map(\.sequence)
      guard page.count == limit, let last = page.last else { return read }
      scan.after = ReviewPosition(due: last.due ?? 0, sequence: last.sequence)
    }
  }

  @Test(
    "Every combination of filters, in every order, page by page",
    arguments: StoreKind.allCases, [1, 2] as [UInt64])
  func everyCombination(_ kind: StoreKind, _ seed: UInt64) throws {
    try withStore(kind) { (store: any Store) throws in
      let all = try store.insert(Self.rows(150, seed: seed))
      var dice = Dice(seed)
      var wrong: [String] = []
      for scan in Self.scans {
        let limit = dice.pick([7, 20, 50, 150])
        let read = try Self.paged(scan, by: limit, store)
        if read != Self.expected(scan, all) { wrong.append("\(scan) \(limit): \(read)") }
      }
      #expect(wrong.isEmpty, "\(wrong.count): \(wrong.prefix(3))")
    }
  }

  @Test("A page of one, of many that are due at once", arguments: StoreKind.allCases)
  func ties(_ kind: StoreKind) throws {
    try withStore(kind) { (store: any Store) throws in
      let all = try store.insert((0..<20).map { .row(Text("\($0)"), due: Instant($0 % 3)) })
      for order in [ReviewScan.Order.newest, .oldest, .mostUrgent] {
        let scan = ReviewScan(order: order, limit: 1)
        #expect(try Self.paged(scan, by: 1, store) == Self.expected(scan, all))
      }
    }
  }
}
