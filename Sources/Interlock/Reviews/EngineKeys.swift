import InterlockCore
package import InterlockCrypto
import InterlockStore

/// What signs receipts: a key that the host gave, or one that is kept in the store.
package final class EngineKeys: Sendable {
  static let settingName: Text = "signing_seed"

  private let key: Locked<SigningKey?>

  package init(_ given: SigningKey? = nil) {
    key = Locked(given)
  }

  var known: SigningKey? { key.withLock { $0 } }

  func keep(_ new: SigningKey) {
    key.withLock { $0 = new }
  }
}

extension Engine {
  /// The key of this store, made now if there is none. Two processes that make one at once agree.
  func signingKey() throws(EngineError) -> SigningKey {
    if let known = keys.known { return known }
    let seed = try change { (transaction) throws(StoreError) in
      if let stored = try transaction.setting(EngineKeys.settingName) { return stored }
      let seed = RandomBytes.make(SigningKey.seedSize)
      try transaction.insertSetting(EngineKeys.settingName, seed)
      return seed
    }
    guard let key = SigningKey(seed: seed) else {
      throw EngineError(.corrupt, "the signing key of the store cannot be read")
    }
    keys.keep(key)
    return key
  }

  /// What verifies receipts, or null until there is a key.
  var publicKey: JSONValue {
    let key =
      keys.known
      ?? (try? store.read { (transaction) throws(StoreError) in
        try transaction.setting(EngineKeys.settingName)
      })?.flatMap { SigningKey(seed: $0) }
    return key.map { .string(Text(trusted: Base64.encode($0.publicKey))) } ?? .null
  }
}
