extension SQL {
  // Policies and settings
  static let newestPolicy = SQL(
    """
    SELECT name, version, body FROM policies WHERE name = ? ORDER BY version DESC LIMIT 1
    """)
  static let policy = SQL("SELECT name, version, body FROM policies WHERE name = ? AND version = ?")
  static let insertPolicy = SQL("INSERT INTO policies (name, version, body) VALUES (?, ?, ?)")
  static let policiesAfter = SQL(
    """
    SELECT name, max(version), body FROM policies WHERE name > ? GROUP BY name ORDER BY name \
    LIMIT ?
    """)
  static let setting = SQL("SELECT value FROM settings WHERE name = ?")
  static let insertSetting = SQL("INSERT INTO settings (name, value) VALUES (?, ?)")
}
