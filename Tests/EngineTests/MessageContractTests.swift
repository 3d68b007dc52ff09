import Interlock
import InterlockCore
import InterlockStore
import Testing

/// Messages on every store.
@Suite struct MessageContractTests {
  @Test("P8, P10: a posted message is stored, and asks nothing", arguments: StoreKind.allCases)
  func posts(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let posted = try desk.ask(
        .post,
        #"{"channel":"c","sender":"agent","actor":{"type":"agent","value":"bot"},"#
          + #""text":"**done**","level":"success","metadata":{"n":1}}"#)
      #expect(posted.at("id").hasPrefix("msg_") && posted.at("text") == "**done**")
      #expect(posted.at("level") + posted.at("sender") == "successagent")
      #expect(posted.at("review") + posted.at("group") + posted.at("iteration") == "nullnull1")
      #expect(posted.at("delivery_status") == "queued" && posted.at("acked_at") == "null")
      #expect(posted.at("actor/value") + posted.at("metadata/n") == "bot1")
      #expect(try desk.ask(.getMessage, desk.message(posted)) == posted)
      #expect(try desk.ask(.list, "{}").items("reviews").isEmpty)
      #expect(desk.status(.getMessage, #"{"message":"msg_0"}"#) == "UNKNOWN_MESSAGE")
      #expect(desk.status(.post, #"{"channel":"c","sender":"agent"}"#) == "INVALID_ARGUMENT")
    }
  }

  @Test("A key posts once in its channel", arguments: StoreKind.allCases)
  func clientKeys(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      func post(_ channel: String, _ more: String) -> String {
        let request = #"{"channel":"\#(channel)","sender":"agent","client_key":"k",\#(more)}"#
        return (try? desk.result(.post, request))?.at("id") ?? desk.status(.post, request)
      }
      let first = post("c", #""text":"a""#)
      let events = try desk.heads().event
      #expect(post("c", #""text":"a""#) == first)
      #expect(post("c", #""text":"b""#) == "IDEMPOTENCY_MISMATCH")
      #expect(try desk.heads().event == events)
      #expect(post("d", #""text":"b""#) != first)
      // The first one as it is now.
      _ = try desk.ask(.ackMessage, #"{"message":"\#(first)"}"#)
      let again = try desk.ask(
        .post, #"{"sender":"agent","client_key":"k","text":"a","channel":"c"}"#)
      #expect(again.at("id") == first && again.at("delivery_status") == "acked")
      _ = try desk.ask(.deleteMessage, #"{"message":"\#(first)"}"#)
      #expect(post("c", #""text":"b""#).hasPrefix("msg_"))
    }
  }

  @Test("A message carries a review, opened with it", arguments: StoreKind.allCases)
  func carriesAReview(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let request =
        #"{"channel":"c","sender":"agent","client_key":"k","#
        + #""review":{"kind":"approval","payload":{},"thread":"t","expires_in":1000}}"#
      let posted = try desk.ask(.post, request)
      let review = try desk.ask(.get, Desk.named(posted.at("review")))
      #expect(review.at("channel") == "c" && review.at("external_id") == posted.at("id"))
      #expect(try desk.ask(.post, request) == posted)
      #expect(try desk.ask(.list, "{}").items("reviews").count == 1)
      #expect(try desk.types() == "review.opened message.created")
      let event = try #require(
        try desk.ask(.readEvents, #"{"types":["message.created"]}"#).items("events").first)
      #expect(event.at("review") == posted.at("review") && event.at("channel") == "c")
      // What cannot be asked posts nothing.
      let bad = #"{"channel":"c","sender":"agent","review":{"kind":"approval","payload":7}}"#
      #expect(desk.status(.post, bad) == "INVALID_PAYLOAD")
      let heads = try desk.heads()
      #expect(heads.event == 2)
      #expect(try desk.ask(.listMessages, #"{"channel":"c"}"#).items("messages").count == 1)
    }
  }

  @Test("A try follows one that was decided", arguments: StoreKind.allCases)
  func iterations(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      func post(_ before: String?, channel: String = "c", asks: Bool = true) -> JSONValue {
        let after = before.map { #","iteration_of":"\#($0)""# } ?? ""
        let review = asks ? #","review":{"kind":"approval","payload":{},"expires_in":50}"# : ""
        let request =
          #"{"channel":"\#(channel)","sender":"agent","text":"a"\#(after)\#(review)}"#
        return (try? desk.result(.post, request)) ?? .text(desk.status(.post, request))
      }
      let first = post(nil)
      let root = first.at("id")
      #expect(post(root).at("") == "INVALID_ITERATION")
      #expect(desk.answer(first.at("review"), "ana", "reject") == "OK")
      #expect(post(root, channel: "d").at("") == "INVALID_ITERATION")
      #expect(post("msg_0").at("") == "INVALID_ITERATION")
      let second = post(root)
      #expect(second.at("group") == root && second.at("iteration") == "2")
      #expect(try desk.ask(.getMessage, desk.message(first)).at("group") == root)
      #expect(post(second.at("id")).at("") == "INVALID_ITERATION")
      // At its deadline it is decided, whether or not anybody has swept.
      try desk.engine.setTime(Desk.start + 50)
      let third = post(second.at("id"), asks: false)
      #expect(third.at("group") == root && third.at("iteration") == "3")
      #expect(post(root, asks: false).at("iteration") == "4")
      for message in [first, second, third] {
        #expect(desk.status(.deleteMessage, desk.message(message)) == "IN_GROUP")
      }
    }
  }

  @Test("A channel is listed in order", arguments: StoreKind.allCases)
  func lists(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      for number in 0..<9 {
        let sender = number % 3 == 0 ? "user" : "agent"
        let channel = number == 8 ? "d" : "c"
        _ = try desk.ask(
          .post, #"{"channel":"\#(channel)","sender":"\#(sender)","text":"\#(number)"}"#)
      }
      func texts(_ more: String) throws -> String {
        let page = try desk.ask(.listMessages, #"{"channel":"c"\#(more)}"#)
        return page.items("messages").map { $0.at("text") }.joined() + " " + page.at("next")
      }
      #expect(try texts("") == "01234567 null")
      #expect(try texts(#","limit":3"#) == "012 3")
      #expect(try texts(#","limit":3,"after":3"#) == "345 6")
      #expect(try texts(#","sender":"user""#) == "036 null")
      #expect(try texts(#","sender":"agent","after":3"#) == "457 null")
      #expect(desk.status(.listMessages, "{}") == "INVALID_ARGUMENT")
      #expect(desk.status(.listMessages, #"{"channel":"c","after":-1}"#) == "INVALID_ARGUMENT")
    }
  }

  @Test("A page of long messages ends early, and none is missed", arguments: StoreKind.allCases)
  func longPages(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let text = String(repeating: "x", count: 300 << 10)
      for _ in 0..<20 {
        _ = try desk.ask(.post, #"{"channel":"c","sender":"agent","text":"\#(text)"}"#)
      }
      let first = try desk.ask(.listMessages, #"{"channel":"c","limit":1000}"#)
      #expect(first.items("messages").count == 16 && first.at("next") == "16")
      let rest = try desk.ask(.listMessages, #"{"channel":"c","limit":1000,"after":16}"#)
      #expect(rest.items("messages").count == 4 && rest.at("next") == "null")
    }
  }

  @Test("A message is acknowledged once", arguments: StoreKind.allCases)
  func acknowledges(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let posted = try desk.ask(.post, #"{"channel":"c","sender":"user","text":"hi"}"#)
      let id = posted.at("id")
      try desk.engine.setTime(Desk.start + 7)
      let acked = try desk.ask(.ackMessage, #"{"message":"\#(id)","actor":"ana"}"#)
      #expect(acked.at("delivery_status") == "acked" && acked.at("acked_by/value") == "ana")
      #expect(acked.at("acked_at") == "\(Desk.start + 7)")
      #expect(try desk.ask(.ackMessage, #"{"message":"\#(id)","actor":"bob"}"#) == acked)
      #expect(try desk.ask(.getMessage, desk.message(posted)) == acked)
      #expect(try desk.types() == "message.created message.acked")
      #expect(desk.status(.ackMessage, #"{"message":"msg_0"}"#) == "UNKNOWN_MESSAGE")
    }
  }

  @Test("What is deleted is gone, and its question with it", arguments: StoreKind.allCases)
  func deletes(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let posted = try desk.ask(
        .post,
        #"{"channel":"c","sender":"agent","text":"a secret","review":{"kind":"text","payload":{}}}"#
      )
      #expect(try desk.ask(.deleteMessage, desk.message(posted, #","actor":"ana""#)) == posted)
      #expect(desk.status(.getMessage, desk.message(posted)) == "UNKNOWN_MESSAGE")
      #expect(desk.status(.deleteMessage, desk.message(posted)) == "UNKNOWN_MESSAGE")
      #expect(try desk.status(of: posted.at("review")) == "cancelled")
      #expect(
        try desk.types() == "review.opened message.created review.cancelled message.deleted")
      #expect(try desk.audit() == "cancellation/ana")
      #expect(!(try desk.ask(.readEvents, "{}")).at("events").contains("a secret"))
      // Its place is not taken by the next, and what was decided stays.
      let next = try desk.ask(
        .post, #"{"channel":"c","sender":"agent","review":{"kind":"approval","payload":{}}}"#)
      #expect(next.at("seq") == "2")
      #expect(desk.answer(next.at("review"), "ana") == "OK")
      _ = try desk.ask(.deleteMessage, desk.message(next))
      #expect(try desk.status(of: next.at("review")) == "resolved")
    }
  }
}

extension Desk {
  fileprivate func message(_ message: JSONValue, _ more: String = "") -> String {
    #"{"message":"\#(message.at("id"))"\#(more)}"#
  }

  fileprivate func types() throws -> String {
    try ask(.readEvents, "{}").items("events").map { $0.at("type") }.joined(separator: " ")
  }
}
