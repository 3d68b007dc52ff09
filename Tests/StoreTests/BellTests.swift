import Glibc
import InterlockStore
import Testing

@testable import InterlockSQLite

@Suite struct BellTests {
  /// Each who is woken wakes others: nobody may be forgotten, whether he comes before the bell or after.
  @Test(.timeLimit(.minutes(1))) func wakesAllWhoWait() {
    for round in 0..<200 {
      let bell = Bell()
      let woken = Locked(0)
      let threads = (0..<(round % 20)).compactMap { _ in
        OwnThread("waits") {
          ForkGate.outside { bell.wait() }
          woken.withLock { $0 += 1 }
        }
      }
      if round % 2 == 0 { usleep(UInt32(round) * 10) }
      bell.ring()
      for thread in threads { thread.join() }
      #expect(woken.withLock { $0 } == round % 20)
    }
  }

  @Test func waitsNoLongerThanItIsTold() {
    let bell = Bell()
    #expect(!bell.wait(nanoseconds: 1_000_000))
    bell.ring()
    #expect(bell.wait(nanoseconds: .max))
    bell.wait()
  }
}
