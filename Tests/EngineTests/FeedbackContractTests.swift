import Interlock
import InterlockCore
import InterlockStore
import Testing

/// Feedback on every store.
@Suite struct FeedbackContractTests {
  @Test("S21, S22, S24: scores are kept, none replaces another", arguments: StoreKind.allCases)
  func keeps(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let given = try desk.ask(
        .putFeedback,
        #"{"run":"r","key":"correctness","score":0.25,"comment":"meh","actor":"ana"}"#)
      #expect(given.at("id").hasPrefix("fbk_") && given.at("run") == "r")
      #expect(given.at("thread") + given.at("review") == "nullnull")
      #expect(given.at("score") + given.at("comment") + given.at("actor/value") == "0.25mehana")
      // Who changes their mind says so again.
      _ = try desk.ask(
        .putFeedback, #"{"run":"r","key":"correctness","score":0.75,"comment":"","actor":"ana"}"#)
      _ = try desk.ask(.putFeedback, #"{"thread":"r","score":1}"#)
      func scores(_ request: String) throws -> String {
        let page = try desk.ask(.listFeedback, request)
        return page.items("feedback").map { $0.at("score") }.joined(separator: " ") + " | "
          + page.at("next")
      }
      #expect(try scores(#"{"run":"r"}"#) == "0.25 0.75 | null")
      #expect(try scores(#"{"thread":"r"}"#) == "1.0 | null")
      #expect(try scores("{}") == "0.25 0.75 1.0 | null")
      #expect(try scores(#"{"limit":2}"#) == "0.25 0.75 | 2")
      #expect(try scores(#"{"limit":2,"after":2}"#) == "1.0 | null")
      #expect(desk.status(.listFeedback, #"{"run":"r","thread":"t"}"#) == "INVALID_ARGUMENT")
      for score in ["-0.1", "1.1", "2", #""1""#] {
        #expect(
          desk.status(.putFeedback, #"{"run":"r","score":\#(score)}"#) == "INVALID_ARGUMENT")
      }
      #expect(desk.status(.putFeedback, #"{"run":"r","score":NaN}"#) == "INVALID_JSON")
      #expect(desk.status(.putFeedback, #"{"review":"rev_0","score":1}"#) == "UNKNOWN_REVIEW")
      #expect(try desk.ask(.listFeedback, "{}").items("feedback").count == 3)
    }
  }

  @Test("Averages per key", arguments: StoreKind.allCases)
  func sums(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      for (run, key, score) in [
        ("a", "safety", "0"), ("a", "safety", "0.5"), ("a", "helpfulness", "1"),
        ("b", "safety", "1"),
      ] {
        _ = try desk.ask(
          .putFeedback, #"{"run":"\#(run)","key":"\#(key)","score":\#(score)}"#)
      }
      func sums(_ request: String) throws -> [String] {
        try desk.ask(.sumFeedback, request).items("keys").map {
          "\($0.at("key")) \($0.at("count")) \($0.at("average")) \($0.at("min")) \($0.at("max"))"
        }
      }
      #expect(try sums(#"{"run":"a"}"#) == ["helpfulness 1 1.0 1.0 1.0", "safety 2 0.25 0.0 0.5"])
      #expect(try sums("{}") == ["helpfulness 1 1.0 1.0 1.0", "safety 3 0.5 0.0 1.0"])
      #expect(try sums(#"{"thread":"a"}"#).isEmpty)
      #expect(try desk.ask(.sumFeedback, #"{"limit":1}"#).at("next") == "helpfulness")
      #expect(try sums(#"{"limit":1,"after":"helpfulness"}"#) == ["safety 3 0.5 0.0 1.0"])
    }
  }

  @Test("A rating that is answered is feedback", arguments: StoreKind.allCases)
  func ratings(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      func rate(_ response: String, more: String = "") throws -> String {
        let id = try desk.ask(
          .open, #"{"kind":"rating","payload":{"key":"helpfulness"\#(more)}}"#
        ).at("review/id")
        let answer = #"{"id":"\#(id)","actor":"ana","response":\#(response)}"#
        #expect(desk.status(.respond, answer) == "OK")
        #expect(desk.status(.respond, answer) == "OK")
        return id
      }
      let id = try rate(#"{"score":0.5,"comment":"fine"}"#)
      let given = try desk.ask(.listFeedback, #"{"review":"\#(id)"}"#).items("feedback")
      #expect(given.count == 1)
      #expect(
        given.map { $0.at("key") + $0.at("score") + $0.at("comment") + $0.at("actor/value") }
          == ["helpfulness0.5fineana"])
      // Of a quorum it is the answer that ends it; what time decides is none.
      let two =
        #"{"kind":"rating","payload":{"key":"k"},"expires_in":10,"#
        + #""on_expiry":{"resume_with":{"score":1,"comment":null}},"#
        + #""policy":{"stages":[{"approvers":["ana","ben","eve"],"quorum":2}]}}"#
      for last in ["ben", "timer"] {
        let id = try desk.ask(.open, two).at("review/id")
        for actor in ["ana", last] where actor != "timer" {
          _ = desk.status(.respond, #"{"id":"\#(id)","actor":"\#(actor)","response":{"score":0}}"#)
        }
        try desk.engine.setTime(Desk.start + (last == "timer" ? 10 : 0))
        _ = try desk.engine.tick()
        let given = try desk.ask(.listFeedback, #"{"review":"\#(id)"}"#).items("feedback")
        #expect(given.map { $0.at("actor/value") } == (last == "timer" ? [] : [last]))
        #expect(given.map { $0.at("score") } == (last == "timer" ? [] : ["0.0"]))
      }
      _ = try rate(#"{"_dismissed":true}"#, more: #","dismissLabel":"no""#)
      _ = try desk.open()
      #expect(try desk.ask(.listFeedback, "{}").items("feedback").count == 2)
    }
  }
}
