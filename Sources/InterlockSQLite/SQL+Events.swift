extension SQL {
  // Events
  static let insertEvent = SQL(
    """
    INSERT INTO events (type, at, review, thread, channel, body) VALUES (?, ?, ?, ?, ?, ?)
    """)
  static let eventsAfter = SQL(
    """
    SELECT sequence, type, at, review, thread, channel, body FROM events \
    WHERE sequence > ? ORDER BY sequence LIMIT ?
    """)
  static let lastEvent = SQL("SELECT max(sequence) FROM events")
  static let eventCount = SQL("SELECT count(*) FROM events")
  static let cursor = SQL("SELECT sequence FROM cursors WHERE name = ?")
  static let setCursor = SQL(
    """
    INSERT INTO cursors (name, sequence) VALUES (?, ?) \
    ON CONFLICT (name) DO UPDATE SET sequence = excluded.sequence
    """)
  // Audit
  static let insertAudit = SQL(
    "INSERT INTO audit (sequence, review, body, hash) VALUES (?, ?, ?, ?)")
  static let auditAfter = SQL(
    """
    SELECT sequence, review, body, hash FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?
    """)
  static let lastAudit = SQL(
    "SELECT sequence, review, body, hash FROM audit ORDER BY sequence DESC LIMIT 1")
}
