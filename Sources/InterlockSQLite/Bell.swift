import CFutex

/// Rings once; whoever waits for it goes on.
final class Bell: @unchecked Sendable {
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
    cfutex_wake(word)
  }

  /// False if the time passed first.
  func wait(nanoseconds: Int64) -> Bool {
    while cfutex_load(word) == 0 {
      if cfutex_wait(word, 0, nanoseconds) != 0 { return cfutex_load(word) != 0 }
    }
    return true
  }
}
