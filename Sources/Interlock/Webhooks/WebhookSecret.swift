import InterlockCore
import InterlockCrypto

/// A secret of the Standard Webhooks form: `whsec_` and base64 of 24 to 64 bytes. The prefix may be left
/// out. It is in no document and no error; that of an endpoint is stored, to sign with.
struct WebhookSecret {
  static let most = 16
  private static let prefix = Array("whsec_".utf8)
  private static let sizes = 24...64

  let key: [UInt8]

  init?(_ text: Text) {
    let hasPrefix = text.utf8.starts(with: Self.prefix)
    let encoded = Array(text.utf8.dropFirst(hasPrefix ? Self.prefix.count : 0))
    guard let key = Base64.decode(encoded), Self.sizes ~= key.count else { return nil }
    self.key = key
  }

  /// A key that was one before.
  init(stored key: [UInt8]) {
    self.key = key
  }

  static func make() -> WebhookSecret { WebhookSecret(stored: RandomBytes.make(32)) }

  /// How whoever has to verify is told.
  var member: JSONMember {
    JSONMember(name: "secret", value: .string(Text(trusted: Self.prefix + Base64.encode(key))))
  }

  func sign(_ content: [UInt8]) -> [UInt8] {
    WebhookEnvelope.version + Base64.encode(HMAC.authenticate(content, key: key))
  }

  func hasSigned(_ content: [UInt8], _ signature: [UInt8]) -> Bool {
    guard let code = Base64.decode(signature) else { return false }
    return HMAC.isValid(code, of: content, key: key)
  }
}

extension WebhookEnvelope {
  /// The three headers of a body, with one signature for each secret.
  func headers(_ body: [UInt8], signedWith secrets: [WebhookSecret]) -> [JSONMember] {
    let content = signedContent(body)
    let signatures = secrets.map { $0.sign(content) }.joined(separator: [UInt8(ascii: " ")])
    return [
      JSONMember(name: "webhook-id", value: .string(id)),
      JSONMember(name: "webhook-timestamp", value: .text(String(timestamp))),
      JSONMember(name: "webhook-signature", value: .string(Text(trusted: Array(signatures)))),
    ]
  }
}

extension MemberReader {
  /// One secret of the Standard Webhooks form.
  mutating func webhookSecret(_ name: StaticString) -> WebhookSecret? {
    guard let text = text(name) else { return nil }
    guard let secret = WebhookSecret(text) else {
      add([Self.noSecret(at: pointer(name))])
      return nil
    }
    return secret
  }

  private static func noSecret(at path: JSONPointer) -> Problem {
    Problem(.format, at: path, "A secret is whsec_ and the base64 of 24 to 64 bytes.")
  }

  /// `secrets`, each of the Standard Webhooks form.
  mutating func webhookSecrets() -> [WebhookSecret] {
    guard let values = array("secrets", .required, count: 1...WebhookSecret.most) else { return [] }
    var secrets: [WebhookSecret] = []
    for (index, value) in values.enumerated() {
      guard let text = value.text, let secret = WebhookSecret(text) else {
        add([Self.noSecret(at: pointer("secrets").appending(index))])
        continue
      }
      secrets.append(secret)
    }
    return secrets
  }

  /// `body`, or `body_base64` for what is no text.
  mutating func webhookBody() -> [UInt8] {
    let text = self.text("body")
    let encoded = self.text("body_base64")
    if (text == nil) == (encoded == nil) {
      add([Problem(.missing, at: .root, "A webhook has either body or body_base64.")])
    }
    guard let encoded else { return text?.utf8 ?? [] }
    guard let body = Base64.decode(encoded.utf8) else {
      add([Problem(.format, at: pointer("body_base64"), "This is no base64.")])
      return []
    }
    return body
  }
}
