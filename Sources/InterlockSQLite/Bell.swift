import CFutex

/// Rings once; all who wait for it go on.
///
/// Who rings wakes a few, and each of these a few more: to wake many takes time, which the one who rings
/// may need for better things.
final class Bell: @unchecked Sendable {
  private static let few: Int32 = 3

  private let word: UnsafeMutablePointer<UInt32>

  init() {
    word = .allocate(capacity: 1)
    word.initialize(to: 0)
  }

  deinit {
    word.deallocate()
  }

  func ring() {
    cfutex_advance(word)
    cfutex_wake_some(word, Self.few)
  }

  func wait() {
    while !wait(nanoseconds: .max) {}
    cfutex_wake_some(word, Self.few)
  }

  /// For one who waits alone. False if the time passed first.
  func wait(nanoseconds: Int64) -> Bool {
    while cfutex_load(word) == 0 {
      if cfutex_wait(word, 0, nanoseconds) != 0 { return cfutex_load(word) != 0 }
    }
    return true
  }
}
