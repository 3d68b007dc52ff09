import InterlockCore

extension MemoryTransaction {
  // MARK: Events

  func insertEvent(_ record: EventRecord) throws(StoreError) -> Int64 {
    var stored = record
    stored.sequence = Int64(content.reviews.events.count) + 1
    content.reviews.events.append(stored)
    return stored.sequence
  }

  func events(after sequence: Int64, limit: Int) throws(StoreError) -> [EventRecord] {
    let start = Int(clamping: max(0, sequence))
    return Array(content.reviews.events.dropFirst(start).prefix(limit))
  }

  func lastEvent() throws(StoreError) -> Int64 {
    content.reviews.events.last?.sequence ?? 0
  }

  func eventCount() throws(StoreError) -> Int64 {
    Int64(content.reviews.events.count)
  }

  func cursor(_ name: Text) throws(StoreError) -> Int64? {
    content.reviews.cursors[name]
  }

  func setCursor(_ name: Text, to sequence: Int64) throws(StoreError) {
    content.reviews.cursors[name] = sequence
  }

  // MARK: Audit

  func insertAudit(_ record: AuditRecord) throws(StoreError) {
    content.reviews.audit.append(record)
  }

  func audit(after sequence: Int64, limit: Int) throws(StoreError) -> [AuditRecord] {
    Array(content.reviews.audit.drop { $0.sequence <= sequence }.prefix(limit))
  }

  func lastAudit() throws(StoreError) -> AuditRecord? {
    content.reviews.audit.last
  }

  // MARK: Policies and settings

  func policy(_ name: Text, version: Int?) throws(StoreError) -> PolicyRecord? {
    let versions = content.reviews.policies[name] ?? []
    guard let version else { return versions.last }
    return versions.first { $0.version == version }
  }

  func insertPolicy(_ record: PolicyRecord) throws(StoreError) {
    content.reviews.policies[record.name, default: []].append(record)
  }

  func policies(after name: Text, limit: Int) throws(StoreError) -> [PolicyRecord] {
    let names = content.reviews.policies.keys.filter { $0 > name }.sorted().prefix(limit)
    return names.compactMap { content.reviews.policies[$0]?.last }
  }

  func setting(_ name: Text) throws(StoreError) -> [UInt8]? {
    content.reviews.settings[name]
  }

  func insertSetting(_ name: Text, _ value: [UInt8]) throws(StoreError) {
    content.reviews.settings[name] = value
  }
}
