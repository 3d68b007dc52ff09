import InterlockCore

extension MemoryContent {
  struct Tokens {
    struct InboundKey: Hashable {
      let source: Text
      let id: Text
    }

    var records: [[UInt8]: TokenRecord] = [:]
    var inbound: [InboundKey: InboundRecord] = [:]
  }
}

extension MemoryTransaction {
  func token(_ hash: [UInt8]) throws(StoreError) -> TokenRecord? {
    content.tokens.records[hash]
  }

  func insertToken(_ record: TokenRecord) throws(StoreError) {
    content.tokens.records[record.hash] = record
  }

  func updateToken(_ record: TokenRecord) throws(StoreError) {
    content.tokens.records[record.hash] = record
  }

  func lastTokenExpiry(key: Text) throws(StoreError) -> Instant? {
    content.tokens.records.values.filter { $0.key == key }.map(\.expiresAt).max()
  }

  func deleteTokens(expiredAt now: Instant) throws(StoreError) {
    content.tokens.records = content.tokens.records.filter { $0.value.expiresAt > now }
  }

  func putSetting(_ name: Text, _ value: [UInt8]) throws(StoreError) {
    try insertSetting(name, value)
  }

  func inbound(source: Text, id: Text) throws(StoreError) -> InboundRecord? {
    content.tokens.inbound[.init(source: source, id: id)]
  }

  func insertInbound(_ record: InboundRecord) throws(StoreError) {
    content.tokens.inbound[.init(source: record.source, id: record.id)] = record
  }
}
