/// The headers of a webhook in the Standard Webhooks form: what is signed, and when it is too old.
package struct WebhookEnvelope: Sendable, Equatable {
  /// The standard's tolerance, in milliseconds: five minutes either way.
  package static let usualTolerance = 300_000
  package static let maxSignatures = 32

  package let id: Text
  /// Seconds since 1970, as it was written.
  package let timestamp: Int64
  /// The `v1` signatures, still in base64. Other versions are for others.
  package let signatures: [[UInt8]]

  package init(id: Text, timestamp: Int64, signatures: [[UInt8]] = []) {
    self.id = id
    self.timestamp = timestamp
    self.signatures = signatures
  }

  /// Reads `webhook-id`, `webhook-timestamp` and `webhook-signature`; names in any case.
  package static func read(
    _ headers: JSONValue, at path: JSONPointer
  ) -> Result<WebhookEnvelope, WebhookFlaws> {
    var problems: [Problem] = []
    let id = header("webhook-id", headers, path, &problems)
    let time = header("webhook-timestamp", headers, path, &problems)
    let list = header("webhook-signature", headers, path, &problems)
    let seconds = time.flatMap { Int64($0.string) }
    // One way of writing it: "+1", "01" and "1 " are not it.
    if let time, seconds.map({ Text(String($0)) != time || $0 < 0 }) ?? true {
      problems.append(
        Problem(
          .format, at: path.appending("webhook-timestamp"), "This is a whole number of seconds."))
    }
    if let id, !isID(id) {
      problems.append(
        Problem(.format, at: path.appending("webhook-id"), "An id has 1 to 512 bytes and no dot."))
    }
    guard problems.isEmpty, let id, let seconds, let list else {
      return .failure(WebhookFlaws(problems: problems))
    }
    return .success(WebhookEnvelope(id: id, timestamp: seconds, signatures: signatures(in: list)))
  }

  private static func signatures(in list: Text) -> [[UInt8]] {
    var found: [[UInt8]] = []
    var part: [UInt8] = []
    for byte in list.utf8 + [space] {
      if byte != space {
        part.append(byte)
        continue
      }
      if part.starts(with: version), found.count < maxSignatures {
        found.append([UInt8](part.dropFirst(version.count)))
      }
      part = []
    }
    return found
  }

  private static let space = UInt8(ascii: " ")

  package static let version = Array("v1,".utf8)

  /// A dot would let one signature stand for two messages.
  package static func isID(_ id: Text) -> Bool {
    1...Limits.idBytes ~= id.utf8.count && !id.utf8.contains(UInt8(ascii: "."))
  }

  /// `id.timestamp.body`.
  package func signedContent(_ body: [UInt8]) -> [UInt8] {
    id.utf8 + [UInt8(ascii: ".")] + String(timestamp).utf8 + [UInt8(ascii: ".")] + body
  }

  /// Why it is refused at this time, or nil.
  package func staleness(at now: Instant, tolerance: Int64) -> WebhookRefusal? {
    let (sent, isFar) = timestamp.multipliedReportingOverflow(by: 1000)
    let (age, isFarther) = now.subtractingReportingOverflow(sent)
    if isFar || isFarther || age.magnitude > tolerance.magnitude {
      return WebhookRefusal(
        .timestampStale,
        isFar || age < 0 ? "The webhook comes from the future." : "The webhook is too old.")
    }
    return nil
  }

  private static func header(
    _ name: StaticString, _ headers: JSONValue, _ path: JSONPointer, _ problems: inout [Problem]
  ) -> Text? {
    guard case .object(let members) = headers else { return nil }
    let wanted = Text(stringLiteral: name)
    let found = members.filter { lowercased($0.name) == wanted.utf8 }
    guard found.count == 1, let text = found.first?.value.text, !text.isEmpty else {
      problems.append(
        Problem(
          found.isEmpty ? .missing : found.count > 1 ? .duplicate : .type,
          at: path.appending(wanted), "This header is required once, as a text."))
      return nil
    }
    return text
  }

  private static func lowercased(_ text: Text) -> [UInt8] {
    text.utf8.map { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 ? $0 | 0x20 : $0 }
  }
}

package struct WebhookFlaws: Error, Sendable, Equatable {
  package let problems: [Problem]
}

/// Why a webhook is not taken.
package struct WebhookRefusal: Error, Sendable, Equatable {
  package enum Code: String, Sendable, CaseIterable {
    case signatureInvalid = "SIGNATURE_INVALID"
    case timestampStale = "TIMESTAMP_STALE"
  }

  package let code: Code
  package let message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// `{"code","message"}`.
  package var json: JSONValue {
    .object(["code": .text(code.rawValue), "message": .text(message)])
  }
}
