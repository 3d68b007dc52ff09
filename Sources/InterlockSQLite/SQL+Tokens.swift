extension SQL {
  // Tokens
  static let token = SQL(
    """
    SELECT hash, key, review, status, decision, single_use, expires_at, updated_at FROM tokens \
    WHERE hash = ?
    """)
  static let insertToken = SQL(
    """
    INSERT INTO tokens (hash, key, review, status, decision, single_use, expires_at, updated_at) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    """)
  static let updateToken = SQL(
    "UPDATE tokens SET status = ?, decision = ?, updated_at = ? WHERE hash = ?")
  static let lastTokenExpiry = SQL("SELECT max(expires_at) FROM tokens WHERE key = ?")
  static let deleteTokens = SQL("DELETE FROM tokens WHERE expires_at <= ?")
  static let putSetting = SQL(
    """
    INSERT INTO settings (name, value) VALUES (?, ?) \
    ON CONFLICT (name) DO UPDATE SET value = excluded.value
    """)
  // Inbound
  static let inbound = SQL(
    """
    SELECT source, id, digest, result, received_at FROM inbound WHERE source = ? AND id = ?
    """)
  static let insertInbound = SQL(
    """
    INSERT INTO inbound (source, id, digest, result, received_at) VALUES (?, ?, ?, ?, ?)
    """)
}
