/// Milliseconds since 1970-01-01T00:00:00Z. The clock is the caller's.
package typealias Instant = Int64

/// When something about a review happens by itself.
package struct Deadline: Sendable, Equatable {
  package enum Event: Sendable, Equatable {
    case reminder
    case stageDeadline
    case reviewDeadline
  }

  package let at: Instant
  package let event: Event

  package init(at: Instant, event: Event) {
    self.at = at
    self.event = event
  }

  /// The longest time from now, in milliseconds: a hundred years.
  package static let longest = 3_155_760_000_000
  /// The last instant: 9999-12-31T23:59:59.999Z.
  package static let last: Instant = 253_402_300_799_999
}

extension MemberReader {
  package static let maxReminders = 16

  /// Milliseconds before the deadline, returned with the longest first.
  mutating func reminders() -> [Int] {
    guard let values = array("reminders", count: 0...Self.maxReminders) else { return [] }
    var reminders: Set<Int> = []
    for (index, value) in values.enumerated() {
      guard case .number(let number) = value, let before = NumberRule.integer(number),
        1...Int64(Deadline.longest) ~= before, let before = Int(exactly: before)
      else {
        add([
          Problem(
            .type, at: pointer("reminders").appending(index),
            "A reminder is a positive number of milliseconds before the deadline.")
        ])
        continue
      }
      reminders.insert(before)
    }
    return reminders.sorted(by: >)
  }
}
