import InterlockCore
import InterlockStore

extension SQLiteTransaction {
  func permit(_ id: Text) throws(StoreError) -> PermitRecord? {
    try first(.permit, bind: { $0.bind(id) }, read: Self.permit)
  }

  func insertPermit(_ record: PermitRecord) throws(StoreError) {
    try run(.insertPermit) {
      $0.bind(record.id).bind(record.review).bind(record.item)
        .bind(Text(trusted: record.scope)).bind(record.digest)
        .bind(Text(record.status.rawValue)).bind(record.until).bind(record.worker)
        .bind(record.result.map { Text(trusted: $0) }).bind(record.issuedAt)
        .bind(record.updatedAt)
    }
  }

  func updatePermit(_ record: PermitRecord) throws(StoreError) {
    try run(.updatePermit) {
      $0.bind(Text(record.status.rawValue)).bind(record.until).bind(record.worker)
        .bind(record.result.map { Text(trusted: $0) }).bind(record.updatedAt).bind(record.id)
    }
  }

  func permits(after low: Text, before high: Text) throws(StoreError) -> [PermitRecord] {
    try all(.permitsBetween, bind: { $0.bind(low).bind(high) }, read: Self.permit)
  }

  func unreportedPermits(
    at now: Instant, after id: Text, limit: Int
  ) throws(StoreError) -> [PermitRecord] {
    try all(
      .unreportedPermits, bind: { $0.bind(id).bind(now).bind(Int64(limit)) }, read: Self.permit)
  }

  private static func permit(_ row: SQLiteStatement) throws(StoreError) -> PermitRecord {
    guard let status = try PermitStatus(rawValue: row.text(5).string) else {
      throw try StoreError(.corrupt, "permit \(row.text(0)) cannot be read")
    }
    return try PermitRecord(
      id: row.text(0), review: row.text(1), item: row.text(2), scope: row.bytes(3),
      digest: row.text(4), status: status, until: row.optionalInteger(6),
      worker: row.optionalText(7), result: row.optionalJSON(8), issuedAt: row.integer(9),
      updatedAt: row.integer(10))
  }
}
