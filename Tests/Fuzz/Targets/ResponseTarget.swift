import InterlockCore

/// Responses, one a line, to one payload of every kind; the first line is tried as an actor as well.
enum ResponseTarget {
  private static let payloads: [ReviewPayload] = {
    let texts: [(ReviewKind, String)] = [
      (.notify, #"{"text":"a"}"#),
      (
        .approval,
        #"{"options":[{"id":"approve"},{"id":"reject"}],"allowComment":true,"dismissLabel":"x"}"#
      ),
      (.verify, #"{"phrase":"delete","maxAttempts":3}"#),
      (.selection, #"{"items":[{"id":"a"},{"id":"b"},{"id":"c"}],"mode":"multi","min":1,"max":2}"#),
      (
        .form,
        #"{"fields":[{"name":"a","type":"text","maxLength":3,"secret":true},"#
          + #"{"name":"n","type":"number","min":1,"step":0.1},{"name":"b","type":"boolean"},"#
          + #"{"name":"d","type":"date"},{"name":"e","type":"email"}]}"#
      ),
      (.text, #"{"minLength":1,"maxLength":3}"#),
      (
        .freeform,
        #"{"raw":true,"schema":{"properties":{"a":{"pattern":"^(?!x)[a-z]+$"}},"maxProperties":2}}"#
      ),
      (
        .actions,
        #"{"items":[{"id":"1","name":"t","args":{"n":1},"schema":{"required":["n"]}},"#
          + #"{"id":"2","name":"u","args":{},"allowRename":true}]}"#
      ),
      (.rating, #"{"key":"a"}"#),
    ]
    return texts.compactMap { kind, text in
      (try? JSONReader.read(Array(text.utf8))).flatMap {
        try? ReviewPayload(kind: kind, $0, mode: .strict)
      }
    }
  }()

  static func run(_ input: [UInt8]) throws(Finding) {
    try require(payloads.count >= 8, "a payload of the target itself is refused")
    var lines = FuzzLines(input)
    var earlier: JSONValue?
    while let response = lines.json() {
      for payload in payloads { try PayloadPromises.check(payload, response, after: earlier) }
      if earlier == nil { try actor(response) }
      earlier = response
    }
  }

  private static func actor(_ document: JSONValue) throws(Finding) {
    var problems: [Problem] = []
    guard let actor = Actor(document, at: .root, problems: &problems) else {
      return try requireUseful(problems)
    }
    try require(problems.isEmpty, "accepted with problems")
    let again = Actor(try actor.json.reread(), at: .root, problems: &problems)
    try require(again == actor, "another actor: \(actor.json.line)")
  }
}
