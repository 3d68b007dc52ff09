import InterlockCore
import InterlockStore
import Testing

/// The cache holds what was used last, within its bytes, and nothing of an epoch that is over.
@Suite struct ValueCacheTests {
  private func key(_ name: Int) -> ValueCache.Key {
    ValueCache.Key(place: Place(thread: 1, namespace: ""), channel: Text("\(name)"))
  }

  private func entry(_ size: Int, epoch: Int64 = 0, version: Text = "1") -> ValueCache.Entry {
    ValueCache.Entry(
      epoch: epoch, value: 1, version: version, type: "t", depth: 0,
      content: ChunkedBytes(bytes: [UInt8](repeating: 7, count: size), ends: [], chunks: []))
  }

  /// What one entry takes beside its bytes.
  private let overhead = 512

  private func found(_ cache: ValueCache, _ names: ClosedRange<Int>) -> [Int] {
    names.filter { cache.entry(key($0), epoch: 0) != nil }
  }

  @Test func whatWasUsedLongestAgoGoesFirst() {
    let cache = ValueCache(capacity: 3 * (1000 + overhead))
    for name in 1...3 { cache.store(entry(1000), for: key(name)) }
    #expect(cache.entry(key(1), epoch: 0) != nil)
    cache.store(entry(1000), for: key(4))
    #expect(found(cache, 1...4) == [1, 3, 4])
    // Two small ones go for one that is large.
    cache.store(entry(2000), for: key(5))
    #expect(found(cache, 1...5) == [4, 5])
  }

  @Test func aNewVersionTakesThePlaceOfTheOld() {
    let cache = ValueCache(capacity: 2 * (1000 + overhead))
    cache.store(entry(1000), for: key(1))
    cache.store(entry(1000), for: key(2))
    cache.store(entry(1000, version: "2"), for: key(1))
    #expect(cache.entry(key(1), epoch: 0)?.version == "2")
    #expect(found(cache, 1...2) == [1, 2])
    // One that does not fit leaves none: the old one is no guide any more.
    cache.store(entry(4000, version: "3"), for: key(1))
    #expect(found(cache, 1...2) == [2])
  }

  @Test func anotherEpochIsAnotherThread() {
    let cache = ValueCache(capacity: 1 << 20)
    cache.store(entry(1, epoch: 4), for: key(1))
    #expect(cache.entry(key(1), epoch: 3) == nil && cache.entry(key(1), epoch: 5) == nil)
    #expect(cache.entry(key(1), epoch: 4) != nil)
    let elsewhere = ValueCache.Key(place: Place(thread: 2, namespace: ""), channel: "1")
    #expect(cache.entry(elsewhere, epoch: 4) == nil)
  }

  /// Against a list in the order of use.
  @Test(arguments: 1...20 as ClosedRange<UInt64>) func neverHoldsMoreThanItMay(_ seed: UInt64) {
    var generator = SplitMix(seed: seed)
    let capacity = 20_000
    let cache = ValueCache(capacity: capacity)
    var model: [(name: Int, cost: Int)] = []
    for _ in 0..<300 {
      let name = Int.random(in: 1...12, using: &generator)
      let known = model.firstIndex { $0.name == name }
      let cost = known.map { model.remove(at: $0).cost }
      if Bool.random(using: &generator) {
        #expect((cache.entry(key(name), epoch: 0) != nil) == (cost != nil))
        if let cost { model.append((name, cost)) }
        continue
      }
      let size = Int.random(in: 0...(capacity / 3), using: &generator)
      cache.store(entry(size), for: key(name))
      model.append((name, size + overhead))
      while model.reduce(0, { $0 + $1.cost }) > capacity { model.removeFirst() }
    }
    #expect(found(cache, 1...12) == model.map(\.name).sorted())
  }
}
