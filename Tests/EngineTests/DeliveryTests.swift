import Interlock
import InterlockCore
import InterlockStore
import Testing

@Suite struct DeliveryTests {
  private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

  private static func endpoint(_ name: String = "a", _ more: String = "") -> String {
    #"{"name":"\#(name)","url":"https://x.example/\#(name)","secret":"\#(secret)"\#(more)}"#
  }

  @Test("An event is delivered, signed, once", arguments: StoreKind.allCases)
  func delivers(_ kind: StoreKind) throws {
    try withDesk(kind) { desk in
      _ = try desk.open()
      let kept = try desk.ask(.putEndpoint, Self.endpoint())
      #expect(kept.at("status") == "enabled" && kept.at("attempts") == "16")
      #expect(kept.at("seq") == "1", "it begins with what happens from now on")
      #expect(try desk.due().isEmpty)
      let id = try desk.open()
      let sending = try #require(try desk.due().first)
      #expect(sending.at("url") == "https://x.example/a" && sending.at("attempt") == "1")
      #expect(sending.at("until") == "\(Desk.start + 60_000)")
      #expect(sending.at("headers/content-type") == "application/json")
      #expect(sending.at("headers/webhook-id") == sending.at("id"))
      let body = sending.at("body")
      let events = try desk.ask(.readEvents, #"{"after":1}"#)
      #expect(try JSONReader.read(bytes(body)) == events.items("events").first)
      #expect(body.contains(id))
      let members: [(Text, JSONValue?)] = [
        ("secrets", .array([.text(Self.secret)])), ("body", sending.member("body")),
        ("headers", sending.member("headers")),
      ]
      let verify = JSONValue.object(
        members.map { JSONMember(name: $0.0, value: $0.1 ?? .null) })
      let verified = try desk.ask(
        .verifyWebhook, String(decoding: JSONWriter.write(verify), as: UTF8.self))
      #expect(verified.at("id") == sending.at("id"))
      #expect(try desk.due().isEmpty, "somebody is sending it")
      let reported = try desk.ask(
        .report, desk.said(sending, "delivered", #","http_status":204"#))
      #expect(reported.at("status") == "delivered" && reported.at("http_status") == "204")
      let again = try desk.ask(.report, desk.said(sending, "delivered", #","http_status":200"#))
      #expect(again == reported)
      #expect(try desk.ask(.getDelivery, #"{"delivery":"\#(sending.at("id"))"}"#) == reported)
      #expect(desk.status(.report, desk.said(sending, "failed")) == "CONFLICT")
      try desk.engine.setTime(Deadline.last)
      #expect(try desk.due().isEmpty)
    }
  }

  @Test("What fails is tried again, later and later, then dead", arguments: StoreKind.allCases)
  func backsOff(_ kind: StoreKind) throws {
    try withDesk(kind) { desk in
      _ = try desk.ask(.putEndpoint, Self.endpoint("a", #","attempts":3"#))
      _ = try desk.open()
      var (ids, bodies, now) = (Set<String>(), Set<String>(), Desk.start)
      for attempt in 1...3 {
        let sending = try #require(try desk.due().first)
        ids.insert(sending.at("id"))
        bodies.insert(sending.at("body"))
        #expect(sending.at("attempt") == "\(attempt)")
        let failed = try desk.ask(
          .report, desk.said(sending, "failed", #","http_status":503,"error":"busy""#))
        #expect(failed.at("error") == "busy" && failed.at("http_status") == "503")
        guard attempt < 3 else {
          #expect(failed.at("status") == "dead" && failed.at("next_at") == "null")
          continue
        }
        let next = try #require(Int64(failed.at("next_at")))
        #expect((2500...5000).contains((next - now) / Int64(attempt)))
        #expect(try desk.ask(.due, "{}").at("next_at") == "\(next)")
        try desk.engine.setTime(next - 1)
        #expect(try desk.due().isEmpty)
        now = next
        try desk.engine.setTime(now)
      }
      #expect(ids.count == 1 && bodies.count == 1)
      #expect(try desk.ask(.due, "{}").at("next_at") == "null")
      let dead = #"{"delivery":"\#(ids.first ?? "")"}"#
      #expect(try desk.ask(.retry, dead).at("status") == "pending")
      #expect(try desk.ask(.retry, dead).at("attempt") == "0", "the same again")
      let sending = try #require(try desk.due().first)
      #expect(sending.at("attempt") == "1" && ids.contains(sending.at("id")))
      #expect(desk.status(.retry, dead) == "CONFLICT")
    }
  }

  @Test("A claim that has run out goes to the next", arguments: StoreKind.allCases)
  func leases(_ kind: StoreKind) throws {
    try withDesk(kind) { desk in
      _ = try desk.ask(.putEndpoint, Self.endpoint("a", #","attempts":2"#))
      _ = try desk.open()
      let first = try #require(try desk.due(#","lease_ms":10"#).first)
      try desk.engine.setTime(Desk.start + 10)
      let second = try #require(try desk.due(#","lease_ms":10"#).first)
      #expect(second.at("claim") != first.at("claim") && second.at("id") == first.at("id"))
      #expect(desk.status(.report, desk.said(first, "delivered")) == "FENCED")
      #expect(desk.refusal(.report, desk.said(first, "failed")).at("code") == "FENCED")
      try desk.engine.setTime(Desk.start + 20)
      // Nobody has reported the last attempt either.
      #expect(try desk.due().isEmpty)
      let found = try desk.ask(.getDelivery, #"{"delivery":"\#(first.at("id"))"}"#)
      #expect(found.at("status") == "dead" && found.at("error") == "The claim was lost.")
      #expect(desk.status(.report, desk.said(second, "delivered")) == "FENCED")
    }
  }

  @Test("A late report counts while nobody has taken over", arguments: StoreKind.allCases)
  func lateReports(_ kind: StoreKind) throws {
    try withDesk(kind) { desk in
      _ = try desk.ask(.putEndpoint, Self.endpoint())
      _ = try desk.open()
      let sending = try #require(try desk.due(#","lease_ms":10"#).first)
      try desk.engine.setTime(Desk.start + 1000)
      #expect(try desk.ask(.report, desk.said(sending, "delivered")).at("status") == "delivered")
      #expect(try desk.due().isEmpty)
    }
  }

  @Test("Each endpoint gets what it asks for", arguments: StoreKind.allCases)
  func filters(_ kind: StoreKind) throws {
    try withDesk(kind) { desk in
      for (name, more) in [
        ("all", ""), ("t", #","thread":"t""#), ("c", #","channel":"c""#),
        ("types", #","types":["review.resolved"]"#),
      ] {
        _ = try desk.ask(.putEndpoint, Self.endpoint(name, more))
      }
      let id = try desk.open(#","thread":"t""#)
      _ = try desk.open(#","channel":"c""#)
      desk.answer(id, "ana")
      _ = try desk.ask(.due, #"{"limit":100}"#)
      var seen: [String: String] = [:]
      for record in try desk.ask(.listDeliveries, "{}").items("deliveries") {
        seen[record.at("endpoint"), default: ""] += record.at("event")
      }
      #expect(seen["t"] == "134" && seen["c"] == "2" && seen["types"] == "4")
      #expect(seen["all"] == "1234")
      let page = try desk.ask(.listDeliveries, #"{"endpoint":"all","limit":3}"#)
      let next = page.at("next")
      #expect(page.items("deliveries").count == 3)
      let rest = try desk.ask(.listDeliveries, #"{"endpoint":"all","after":\#(next)}"#)
      #expect(rest.items("deliveries").map { $0.at("event") } == ["4"])
      #expect(rest.at("next") == "null")
      let claimed = #"{"endpoint":"all","status":"claimed"}"#
      #expect(try desk.ask(.listDeliveries, claimed).items("deliveries").count == 4)
      #expect(
        try desk.ask(.listDeliveries, #"{"status":"dead"}"#).items("deliveries").isEmpty)
    }
  }

  @Test("A disabled endpoint gets nothing, and nothing is lost", arguments: StoreKind.allCases)
  func disables(_ kind: StoreKind) throws {
    try withDesk(kind) { desk in
      _ = try desk.ask(.putEndpoint, Self.endpoint())
      _ = try desk.open()
      let sending = try #require(try desk.due().first)
      #expect(try desk.ask(.disableEndpoint, #"{"name":"a"}"#).at("status") == "disabled")
      #expect(try desk.ask(.disableEndpoint, #"{"name":"a"}"#).at("status") == "disabled")
      // What is on its way ends, and is held.
      let failed = try desk.ask(.report, desk.said(sending, "failed"))
      #expect(failed.at("status") == "pending")
      _ = try desk.open()
      try desk.engine.setTime(Desk.start + 60_000)
      let idle = try desk.ask(.due, "{}")
      #expect(idle.items("deliveries").isEmpty && idle.at("next_at") == "null")
      // Putting it again leaves it disabled until it is said.
      #expect(try desk.ask(.putEndpoint, Self.endpoint()).at("status") == "disabled")
      _ = try desk.ask(.putEndpoint, Self.endpoint("a", #","enabled":true"#))
      #expect(try desk.due().map { $0.at("event") } == ["1", "2"])
    }
  }

  @Test("An endpoint is kept, changed and removed", arguments: StoreKind.allCases)
  func endpoints(_ kind: StoreKind) throws {
    try withDesk(kind) { desk in
      _ = try desk.open()
      let first = try desk.ask(.putEndpoint, Self.endpoint("a", #","after":0"#))
      try desk.engine.setTime(Desk.start + 5)
      #expect(try desk.ask(.putEndpoint, Self.endpoint("a", #","after":0"#)) == first)
      let other = #"{"name":"a","url":"http://y.example","types":["x"],"description":"d"}"#
      let changed = try desk.ask(.putEndpoint, other)
      #expect(changed.at("url") == "http://y.example" && changed.at("types") == #"["x"]"#)
      #expect(changed.at("updated_at") == "\(Desk.start + 5)")
      #expect(changed.at("created_at") == first.at("created_at"))
      #expect(try desk.ask(.getEndpoint, #"{"name":"a"}"#) == changed)
      _ = try desk.ask(.putEndpoint, Self.endpoint("b", #","after":0"#))
      let page = try desk.ask(.listEndpoints, #"{"limit":1}"#)
      #expect(page.items("endpoints") == [changed] && page.at("next") == "a")
      let delivered = try #require(try desk.due().first)
      #expect(delivered.at("endpoint") == "b", "a wants another type")
      #expect(try desk.ask(.removeEndpoint, #"{"name":"b"}"#).at("name") == "b")
      #expect(desk.status(.report, desk.said(delivered, "delivered")) == "NOT_FOUND")
      for verb in [Desk.Verb.getEndpoint, .disableEndpoint, .removeEndpoint] {
        #expect(desk.status(verb, #"{"name":"b"}"#) == "NOT_FOUND")
        #expect(desk.refusal(verb, #"{"name":"b"}"#).at("code") == "NOT_FOUND")
      }
      for verb in [Desk.Verb.getDelivery, .retry] {
        #expect(desk.status(verb, #"{"delivery":"dlv_0"}"#) == "NOT_FOUND")
      }
      // A new one of the same name is another: its deliveries have other ids.
      _ = try desk.ask(.putEndpoint, Self.endpoint("b", #","after":0"#))
      #expect(try desk.due().first?.at("id") != delivered.at("id"))
    }
  }

  @Test("Who goes takes only its own deliveries along", arguments: StoreKind.allCases)
  func removed(_ kind: StoreKind) throws {
    try withDesk(kind) { desk in
      for name in ["a", "b", "c"] { _ = try desk.ask(.putEndpoint, Self.endpoint(name)) }
      for _ in 0..<2 { _ = try desk.open() }
      let sent = try desk.due()
      #expect(sent.map { $0.at("endpoint") }.sorted() == ["a", "a", "b", "b", "c", "c"])
      _ = try desk.ask(.removeEndpoint, #"{"name":"a"}"#)
      for sending in sent {
        let name = sending.at("endpoint")
        let delivery = #"{"delivery":"\#(sending.at("id"))"}"#
        #expect(desk.status(.getDelivery, delivery) == (name == "a" ? "NOT_FOUND" : "OK"))
        let report = desk.said(sending, name == "b" ? "delivered" : "failed")
        #expect(desk.status(.report, report) == (name == "a" ? "NOT_FOUND" : "OK"))
      }
      let left = try desk.ask(.listDeliveries, "{}").items("deliveries")
      #expect(
        left.map { "\($0.at("endpoint")) \($0.at("status"))" }.sorted()
          == ["b delivered", "b delivered", "c pending", "c pending"])
    }
  }

  @Test("A secret that is made is seen once, and no secret twice", arguments: StoreKind.allCases)
  func secrets(_ kind: StoreKind) throws {
    try withDesk(kind) { desk in
      let url = #"{"name":"b","url":"https://x.example"}"#
      let made = try desk.ask(.putEndpoint, url).at("secret")
      #expect(made.hasPrefix("whsec_") && made.utf8.count == 50)
      #expect(try desk.ask(.putEndpoint, url).at("secret") == "-")
      #expect(try desk.ask(.putEndpoint, Self.endpoint()).at("secret") == "-")
      _ = try desk.open()
      let sendings = try desk.due()
      for sending in sendings { _ = try desk.ask(.report, desk.said(sending, "failed")) }
      var shown = sendings.map { $0.at("") }
      for verb in [Desk.Verb.listEndpoints, .listDeliveries, .readEvents, .readAudit] {
        shown.append(try desk.ask(verb, "{}").at(""))
      }
      shown.append(desk.refusal(.putEndpoint, Self.endpoint("x", #","attempts":0"#)).at(""))
      let bad = #"{"name":"a","url":"https://x","secret":"\#(made.dropFirst(30))"}"#
      shown.append(desk.refusal(.putEndpoint, bad).at(""))
      #expect(desk.status(.putEndpoint, bad) == "INVALID_ARGUMENT")
      for text in [made.dropFirst(6).prefix(20), Self.secret.dropFirst(6).prefix(20)] {
        #expect(shown.allSatisfy { !$0.isEmpty && !$0.contains(text) })
      }
    }
  }

  @Test(arguments: [
    (Desk.Verb.due, #"{"limit":0}"#), (.due, #"{"limit":101}"#), (.due, #"{"lease_ms":0}"#),
    (.report, #"{"delivery":"d","claim":"c","status":"dead"}"#),
    (.report, #"{"delivery":"d","claim":"c"}"#), (.report, #"{"claim":"c","status":"failed"}"#),
    (.report, #"{"delivery":"d","claim":"c","status":"failed","http_status":99}"#),
    (.listDeliveries, #"{"status":"x"}"#), (.retry, "{}"), (.getDelivery, #"{"id":"d"}"#),
    (.putEndpoint, #"{"name":"a","url":"https://x","secret":"whsec_AAAA"}"#),
    (.putEndpoint, #"{"name":"a","url":"https://x","kinds":["approval"]}"#),
  ])
  func whatIsNoRequest(_ verb: Desk.Verb, _ request: String) throws {
    try withDesk(.memory) { desk in
      #expect(desk.status(verb, request) == "INVALID_ARGUMENT")
    }
  }

  @Test("Of many who ask at once, each delivery goes to one", arguments: StoreKind.allCases)
  func oneWinner(_ kind: StoreKind) throws {
    try withDesk(kind) { desk in
      for name in ["a", "b"] { _ = try desk.ask(.putEndpoint, Self.endpoint(name)) }
      for _ in 0..<50 { _ = try desk.open() }
      let engine = desk.engine
      let ids = Locked<[String]>([])
      concurrently(4) { _ in
        for _ in 0..<20 {
          guard let page = try? engine.deliveries.due(bytes(#"{"limit":7}"#)),
            let value = try? JSONReader.read(page)
          else { continue }
          let found = value.items("deliveries").map { $0.at("id") }
          ids.withLock { $0 += found }
        }
      }
      let all = ids.withLock { $0 }
      #expect(all.count == 100 && Set(all).count == 100)
    }
  }

  @Test("However many events there are, a call looks at some", arguments: StoreKind.allCases)
  func isBounded(_ kind: StoreKind) throws {
    try withDesk(kind) { desk in
      _ = try desk.ask(.putEndpoint, Self.endpoint("none", #","types":["never"]"#))
      _ = try desk.ask(.putEndpoint, Self.endpoint("all"))
      let id = try desk.open()
      for _ in 0..<1500 {
        _ = try desk.ask(.comment, Desk.named(id, #","actor":"ana","text":"x""#))
      }
      let first = try desk.ask(.due, #"{"limit":100}"#)
      #expect(first.items("deliveries").count == 100)
      #expect(first.at("next_at") == "\(Desk.start)", "there is more")
      var (seen, calls) = (100, 1)
      while seen < 1501, calls < 40 {
        seen += try desk.ask(.due, #"{"limit":100}"#).items("deliveries").count
        calls += 1
      }
      #expect(seen == 1501 && calls == 16)
    }
  }
}

extension Desk {
  fileprivate func due(_ more: String = "") throws -> [JSONValue] {
    try ask(.due, #"{"limit":20\#(more)}"#).items("deliveries")
  }

  fileprivate func said(_ sending: JSONValue, _ status: String, _ more: String = "") -> String {
    let (id, claim) = (sending.at("id"), sending.at("claim"))
    return #"{"delivery":"\#(id)","claim":"\#(claim)","status":"\#(status)"\#(more)}"#
  }
}
