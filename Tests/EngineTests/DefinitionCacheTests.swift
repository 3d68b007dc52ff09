import InterlockCore
import InterlockStore
import Testing

@testable import Interlock

/// The definitions of the newest reviews are kept, in number and in bytes; the others are read again.
@Suite struct DefinitionCacheTests {
  private static let most = 2048
  private static let mostBytes = 32 << 20

  private func definition(_ name: Int) throws -> ReviewDefinition {
    let request = try JSONReader.read(bytes(#"{"kind":"approval","title":"\#(name)"}"#))
    return try ReviewDefinition(request: request, now: 0)
  }

  /// The names that are found, of a range.
  private func found(_ cache: DefinitionCache, _ names: Range<Int>) -> [Int] {
    names.filter { cache.definition(of: Text("\($0)")) != nil }
  }

  @Test func theOldestGoWhenThereAreTooMany() throws {
    let cache = DefinitionCache()
    let some = try definition(0)
    for name in 0..<(3 * Self.most) {
      cache.keep(some, of: Text("\(name)"), bytes: 1)
      // Keeping the same again makes it neither younger nor two.
      cache.keep(some, of: Text("\(name)"), bytes: 1)
      guard name % 1000 == 999 else { continue }
      let oldest = max(0, name + 1 - Self.most)
      #expect(found(cache, 0..<(name + 1)) == Array(oldest...name))
    }
  }

  @Test func theOldestGoWhenTheyAreTooLarge() throws {
    let cache = DefinitionCache()
    let some = try definition(0)
    let largest = Self.mostBytes / 16 - 1
    for name in 0..<40 {
      cache.keep(some, of: Text("\(name)"), bytes: largest)
      #expect(found(cache, 0..<40) == Array(max(0, name - 15)...name))
    }
    // A small one has room; the next large one takes that of one large one.
    cache.keep(some, of: "40", bytes: 16)
    #expect(found(cache, 0..<41) == Array(24...40))
    cache.keep(some, of: "41", bytes: 17)
    #expect(found(cache, 0..<42) == Array(25...41))
    cache.keep(some, of: "42", bytes: largest + 1)
    #expect(found(cache, 0..<43) == Array(25...41), "One that is too large pushes nobody out.")
  }

  @Test func whatIsKeptIsWhatWasAsked() throws {
    let cache = DefinitionCache()
    for name in 0..<5 { cache.keep(try definition(name), of: Text("\(name)"), bytes: 100) }
    for name in 0..<5 {
      let document = cache.definition(of: Text("\(name)"))?.document
      #expect(document?.member("title") == .text("\(name)"))
    }
  }

  @Test("A review whose definition was put out is answered by its own rules")
  func isReadAgain() throws {
    try withDesk(.sqliteInMemory) { desk in
      let first = try desk.open(#","title":"first""#, stages: #"{"approvers":["ana"]}"#)
      for _ in 0..<Self.most { _ = try desk.open(stages: #"{"approvers":["bob"]}"#) }
      #expect(desk.answer(first, "bob") == "NOT_AUTHORIZED")
      #expect(try desk.ask(.get, Desk.named(first)).at("title") == "first")
      #expect(desk.answer(first, "ana") == "OK")
    }
  }
}
