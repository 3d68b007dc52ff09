import InterlockCore
import InterlockStore

extension SQLiteTransaction {
  func token(_ hash: [UInt8]) throws(StoreError) -> TokenRecord? {
    try first(.token, bind: { $0.bind(hash) }, read: Self.token)
  }

  func insertToken(_ record: TokenRecord) throws(StoreError) {
    try run(.insertToken) {
      $0.bind(record.hash).bind(record.key).bind(record.review)
        .bind(Text(record.status.rawValue)).bind(record.decision)
        .bind(Int64(record.isSingleUse ? 1 : 0)).bind(record.expiresAt).bind(record.updatedAt)
    }
  }

  func updateToken(_ record: TokenRecord) throws(StoreError) {
    try run(.updateToken) {
      $0.bind(Text(record.status.rawValue)).bind(record.decision).bind(record.updatedAt)
        .bind(record.hash)
    }
  }

  func lastTokenExpiry(key: Text) throws(StoreError) -> Instant? {
    try first(.lastTokenExpiry, bind: { $0.bind(key) }, read: Self.firstOptionalInteger) ?? nil
  }

  func deleteTokens(expiredAt now: Instant) throws(StoreError) {
    try run(.deleteTokens) { $0.bind(now) }
  }

  func putSetting(_ name: Text, _ value: [UInt8]) throws(StoreError) {
    try run(.putSetting) { $0.bind(name).bind(value) }
  }

  func inbound(source: Text, id: Text) throws(StoreError) -> InboundRecord? {
    try first(.inbound, bind: { $0.bind(source).bind(id) }) { (row) throws(StoreError) in
      try InboundRecord(
        source: row.text(0), id: row.text(1), digest: row.optionalText(2), result: row.bytes(3),
        receivedAt: row.integer(4))
    }
  }

  func insertInbound(_ record: InboundRecord) throws(StoreError) {
    try run(.insertInbound) {
      $0.bind(record.source).bind(record.id).bind(record.digest)
        .bind(Text(trusted: record.result)).bind(record.receivedAt)
    }
  }

  private static func token(_ row: SQLiteStatement) throws(StoreError) -> TokenRecord {
    guard let status = try TokenStatus(rawValue: row.text(3).string) else {
      throw StoreError(.corrupt, "a token cannot be read")
    }
    return try TokenRecord(
      hash: row.bytes(0), key: row.text(1), review: row.optionalText(2), status: status,
      decision: row.optionalText(4), isSingleUse: row.integer(5) != 0, expiresAt: row.integer(6),
      updatedAt: row.integer(7))
  }
}
