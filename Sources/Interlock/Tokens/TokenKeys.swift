import InterlockCore
import InterlockCrypto
import InterlockStore

/// What signs tokens: keys that are kept in the store, the newest first. Old ones verify until the last
/// token that they signed has expired.
struct TokenKeys {
  struct Key {
    let id: Text
    let secret: [UInt8]
    /// When it is forgotten; nil for the one that signs.
    var until: Instant?

    static func make() -> Key {
      Key(
        id: Text(trusted: Array("key_".utf8) + Hex.encode(RandomBytes.make(8))),
        secret: RandomBytes.make(HMAC.size))
    }
  }

  static let settingName: Text = "token_keys"

  private(set) var keys: [Key]

  /// The keys of this store, made now if there are none.
  static func ensure(_ transaction: any StoreTransaction) throws(StoreError) -> TokenKeys {
    if let known = try load(transaction) { return known }
    let keys = TokenKeys(keys: [.make()])
    try keys.save(transaction)
    return keys
  }

  static func load(_ transaction: any StoreTransaction) throws(StoreError) -> TokenKeys? {
    guard let stored = try transaction.setting(settingName) else { return nil }
    guard let value = try? JSONReader.readStored(stored), let keys = TokenKeys(value) else {
      throw StoreError(.corrupt, "the token keys of the store cannot be read")
    }
    return keys
  }

  /// A new key signs from now on.
  static func rotate(
    at now: Instant, _ transaction: any StoreTransaction
  ) throws(StoreError) -> TokenKeys {
    try transaction.deleteTokens(expiredAt: now)
    var kept: [Key] = [.make()]
    for old in try load(transaction)?.keys ?? [] {
      var key = old
      key.until = try transaction.lastTokenExpiry(key: old.id)
      if key.until != nil { kept.append(key) }
    }
    let keys = TokenKeys(keys: kept)
    try keys.save(transaction)
    return keys
  }

  private func save(_ transaction: any StoreTransaction) throws(StoreError) {
    let list = keys.map { key in
      JSONValue.object([
        "id": .string(key.id), "secret": .string(Text(trusted: Base64.encode(key.secret))),
        "until": key.until.map { .number(.integer($0)) } ?? .null,
      ])
    }
    try transaction.putSetting(
      Self.settingName, JSONWriter.write(.object(["keys": .array(list)])))
  }
}

extension TokenKeys {
  private init?(_ value: JSONValue) {
    guard case .array(let list)? = value.member("keys"), !list.isEmpty else { return nil }
    var keys: [Key] = []
    for value in list {
      guard let id = value.member("id")?.text, let text = value.member("secret")?.text,
        let secret = Base64.decode(text.utf8), secret.count == HMAC.size
      else { return nil }
      var until: Instant?
      if case .number(.integer(let at))? = value.member("until") { until = at }
      keys.append(Key(id: id, secret: secret, until: until))
    }
    self.keys = keys
  }

  /// The keys without what is secret about them.
  var json: JSONValue {
    .array(
      keys.map { key in
        .object(["id": .string(key.id), "until": key.until.map { .number(.integer($0)) } ?? .null])
      })
  }
}

// MARK: The token

extension TokenKeys {
  /// No token is longer.
  private static let mostBytes = 4 * TokenClaims.maxBytes

  /// base64url(claims).base64url(HMAC-SHA-256 of what is before the dot). Nil for a key that is gone.
  func seal(_ claims: TokenClaims) -> Text? {
    guard let key = keys.first(where: { $0.id == claims.key }) else { return nil }
    let body = Base64URL.encode(CanonicalJSON.write(claims.json))
    let code = Base64URL.encode(HMAC.authenticate(body, key: key.secret))
    return Text(trusted: body + [UInt8(ascii: ".")] + code)
  }

  /// What a token says, if it is one of ours, to the byte.
  func open(_ token: Text) -> TokenClaims? {
    let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard token.utf8.count <= Self.mostBytes, parts.count == 2, let first = parts.first,
      let last = parts.last
    else { return nil }
    let body = Array(first)
    guard let json = Base64URL.decode(body), let code = Base64URL.decode(Array(last)),
      let value = try? JSONReader.read(json), let claims = TokenClaims(value),
      let key = keys.first(where: { $0.id == claims.key }),
      HMAC.isValid(code, of: body, key: key.secret)
    else { return nil }
    return claims
  }
}

extension TokenClaims {
  static func hash(ofID id: Text) -> [UInt8] { SHA256.digest(of: id.utf8) }

  var hash: [UInt8] { Self.hash(ofID: id) }
}
