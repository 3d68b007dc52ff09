private import CFutex

/// Tells waiters, in this process and in others, that something was committed.
///
/// A 32-bit sequence and a futex, in a small file beside the database that every process maps. No lock
/// is held, so a process that dies leaves nothing locked. It is a hint: the database is the truth, and
/// who waits looks there again after a while whether or not the hint came.
package final class ChangeSignal: @unchecked Sendable {
  private let word: UnsafeMutablePointer<UInt32>
  private let isMapped: Bool
  private let isWritable: Bool

  /// A signal within this process.
  package init() {
    word = .allocate(capacity: 1)
    word.initialize(to: 0)
    isMapped = false
    isWritable = true
  }

  /// A signal between all who use the database at `path`. One within this process, if the file cannot
  /// be made or mapped.
  package convenience init(besideDatabase path: String) {
    var isWritable: Int32 = 0
    guard let word = cfutex_map(path + "-wake", path, &isWritable) else {
      self.init()
      return
    }
    self.init(mapped: word, isWritable: isWritable != 0)
  }

  private init(mapped word: UnsafeMutablePointer<UInt32>, isWritable: Bool) {
    self.word = word
    isMapped = true
    self.isWritable = isWritable
  }

  deinit {
    if isMapped { cfutex_unmap(word) } else { word.deallocate() }
  }

  /// Where the sequence stands. Read it before looking at the database, then wait from there.
  package var sequence: UInt32 { cfutex_load(word) }

  /// Something was committed.
  package func announce() {
    guard isWritable else { return }
    cfutex_advance(word)
    cfutex_wake(word)
  }

  /// Waits until the sequence has moved, or the time has passed. No fork waits for this.
  package func wait(from sequence: UInt32, nanoseconds: Int64) {
    guard cfutex_load(word) == sequence, nanoseconds > 0 else { return }
    ForkGate.outside { _ = cfutex_wait(word, sequence, nanoseconds) }
  }
}
