extension SQL {
  // Endpoints
  static let endpoint = SQL(
    """
    SELECT name, url, secret, filter, description, attempts, enabled, cursor, created_at, \
    updated_at FROM endpoints WHERE name = ?
    """)
  static let putEndpoint = SQL(
    """
    INSERT INTO endpoints \
    (name, url, secret, filter, description, attempts, enabled, cursor, created_at, updated_at) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET \
    url = excluded.url, secret = excluded.secret, filter = excluded.filter, \
    description = excluded.description, attempts = excluded.attempts, \
    enabled = excluded.enabled, cursor = excluded.cursor, updated_at = excluded.updated_at
    """)
  static let deleteEndpoint = SQL("DELETE FROM endpoints WHERE name = ?")
  static let endpointsAfter = SQL("SELECT name FROM endpoints WHERE name > ? ORDER BY name LIMIT ?")
  static let endpointBehind = SQL(
    """
    SELECT name FROM endpoints WHERE enabled = 1 AND cursor < ? ORDER BY cursor, name LIMIT 1
    """)
  // Deliveries
  static let delivery = SQL(
    """
    SELECT sequence, id, endpoint, event, status, at, claim, attempts, reported_claim, reported, \
    http_status, error, created_at, updated_at, due FROM deliveries WHERE id = ?
    """)
  static let insertDelivery = SQL(
    """
    INSERT INTO deliveries \
    (id, endpoint, event, status, at, due, claim, attempts, reported_claim, reported, http_status, \
    error, updated_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """)
  static let updateDelivery = SQL(
    """
    UPDATE deliveries SET status = ?, at = ?, due = ?, claim = ?, attempts = ?, \
    reported_claim = ?, reported = ?, http_status = ?, error = ?, updated_at = ? WHERE id = ?
    """)
  static let deleteDeliveries = SQL("DELETE FROM deliveries WHERE endpoint = ?")
  static let deliveries = SQL(
    "SELECT id FROM deliveries WHERE sequence > ? ORDER BY sequence LIMIT ?")
  static let deliveriesOfEndpoint = SQL(
    """
    SELECT id FROM deliveries WHERE endpoint = ? AND sequence > ? ORDER BY sequence LIMIT ?
    """)
  static let deliveriesWithStatus = SQL(
    """
    SELECT id FROM deliveries WHERE status = ? AND sequence > ? ORDER BY sequence LIMIT ?
    """)
  static let deliveriesOfEndpointWithStatus = SQL(
    """
    SELECT id FROM deliveries WHERE endpoint = ? AND status = ? AND sequence > ? \
    ORDER BY sequence LIMIT ?
    """)
  static let deliveriesDue = SQL(
    "SELECT id FROM deliveries WHERE due <= ? ORDER BY due, sequence LIMIT ?")
  static let nextDelivery = SQL("SELECT min(due) FROM deliveries WHERE due IS NOT NULL")
  static let holdDeliveries = SQL(
    "UPDATE deliveries SET due = NULL WHERE endpoint = ? AND status = ?")
  static let releaseDeliveries = SQL(
    "UPDATE deliveries SET due = at WHERE endpoint = ? AND status = ?")
}
