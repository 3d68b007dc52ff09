import Interlock
import InterlockCore
import InterlockStore
import Testing

/// A run that asks before it uses a tool: the value and the permit come of the same decision.
@Suite struct RunPermitTests {
  private static let tool = #"{"tool":"drop","arguments":{"table":"t"}}"#

  /// Asks for the tool and suspends. Returns the id of the review.
  private func asked(_ desk: Desk, _ more: String = "") throws -> String {
    let worker = try desk.begin()
    #expect(Self.ask(worker, more) == "waiting" && worker.suspend() == "interrupted")
    return try #require(try desk.waitingReviews().first)
  }

  private static func ask(_ worker: RunWorker, _ more: String = "") -> String {
    RunWorker.word { () throws(EngineError) in
      let json = try worker.session.interrupt(
        bytes(#"{"key":"q","review":{"kind":"approval","payload":\#(tool)\#(more)}}"#))
      let document = (try? JSONReader.read(json)) ?? .null
      return document.at(document.find("value") == nil ? "state" : "value/outcome")
    }
  }

  private func permits(_ desk: Desk, _ review: String) throws -> [String] {
    try desk.work(.permits, #"{"review":"\#(review)"}"#).items("permits").map { $0.at("id") }
  }

  @Test("An approved tool runs once, whoever dies in between", arguments: StoreKind.allCases)
  func once(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let id = try asked(desk)
      #expect(desk.answer(id, "ana") == "OK")
      let permit = try #require(try permits(desk, id).first)
      let use = #"{"permit":"\#(permit)","tool":"drop","arguments":{"table":"t"},"lease_ms":20}"#
      let first = try desk.begin(#","lease_ms":10"#)
      #expect(Self.ask(first) == "approved" && first.step("drop") == "work")
      #expect(desk.tried(.consume, use) == "OK")
      try desk.set(10)
      let second = try desk.begin(#","lease_ms":50"#)
      #expect(Self.ask(second) == "approved" && second.step("drop") == "work")
      #expect(desk.tried(.consume, use) == "ALREADY_USED")
      try desk.set(20)
      #expect(desk.tried(.consume, use) == "UNKNOWN_EFFECT")
      #expect(try desk.work(.permits, "{}").at("permits/0/id") == permit)
      let found = #"{"permit":"\#(permit)","outcome":"done","result":5,"actor":"ana"}"#
      #expect(desk.tried(.report, found) == "OK")
      #expect(second.record("drop", "5") == "recorded 5" && second.complete() == "idle")
    }
  }

  @Test("Nothing but an approval issues a permit", arguments: StoreKind.allCases)
  func none(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let ends: [(String, (String) throws -> Void)] = [
        ("rejected", { #expect(desk.answer($0, "ana", "reject") == "OK") }),
        ("cancelled", { _ = try desk.ask(.cancel, Desk.named($0)) }),
        ("rejected", { _ in try desk.set(10) }),
        ("state", { _ in #expect(desk.resume("true", #","force":true,"actor":"eve""#) == "OK") }),
      ]
      for (outcome, end) in ends {
        let id = try asked(desk, #","expires_in":10"#)
        try end(id)
        let worker = try desk.begin()
        #expect(Self.ask(worker) == (outcome == "state" ? "-" : outcome))
        #expect(worker.complete() == "idle")
        #expect(try permits(desk, id).isEmpty, "\(outcome)")
      }
    }
  }

  @Test("More calls than nine keep their order", arguments: StoreKind.allCases)
  func order(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let items = (0..<12).map { #"{"id":"\#($0)","name":"n","args":{}}"# }
      let list = items.joined(separator: ",")
      let id = try desk.ask(.open, #"{"kind":"actions","payload":{"items":[\#(list)]}}"#)
        .at("review/id")
      let yes = Array(repeating: #"{"type":"approve"}"#, count: 12).joined(separator: ",")
      let answer = #"{"id":"\#(id)","actor":"ana","response":{"decisions":[\#(yes)]}}"#
      #expect(desk.status(.respond, answer) == "OK")
      let permits = try desk.work(.permits, #"{"review":"\#(id)"}"#).items("permits")
      #expect(permits.map { $0.at("item") } == (0..<12).map(String.init))
    }
  }
}
