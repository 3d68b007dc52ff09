extension SQL {
  // Runs
  static let runOfThread = SQL(
    """
    SELECT thread, status, run, fence, worker, lease_until, outcome, parent, updated_at FROM runs \
    WHERE thread = ?
    """)
  static let putRun = SQL(
    """
    INSERT INTO runs \
    (thread, status, run, fence, worker, lease_until, outcome, parent, updated_at) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (thread) DO UPDATE SET \
    status = excluded.status, run = excluded.run, fence = excluded.fence, \
    worker = excluded.worker, lease_until = excluded.lease_until, outcome = excluded.outcome, \
    parent = excluded.parent, updated_at = excluded.updated_at
    """)
  static let runs = SQL(
    """
    SELECT thread, status, run, fence, worker, lease_until, outcome, parent, updated_at FROM runs \
    WHERE thread > ? ORDER BY thread LIMIT ?
    """)
  static let runsWithStatus = SQL(
    """
    SELECT thread, status, run, fence, worker, lease_until, outcome, parent, updated_at FROM runs \
    WHERE thread > ? AND status = ? ORDER BY thread LIMIT ?
    """)
  static let stepsOfRun = SQL(
    """
    SELECT run, position, key, result, interrupt FROM steps WHERE run = ? ORDER BY position
    """)
  static let insertStep = SQL(
    """
    INSERT INTO steps (run, position, key, result, interrupt) VALUES (?, ?, ?, ?, ?)
    """)
  static let deleteSteps = SQL("DELETE FROM steps WHERE run = ?")
  static let interruptByID = SQL(
    """
    SELECT id, thread, run, key, request, review, status, value, "update", created_at, resolved_at \
    FROM interrupts WHERE id = ?
    """)
  static let insertInterrupt = SQL(
    """
    INSERT INTO interrupts \
    (id, thread, run, key, request, review, status, value, "update", created_at, resolved_at) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """)
  static let updateInterrupt = SQL(
    """
    UPDATE interrupts SET status = ?, value = ?, "update" = ?, resolved_at = ? WHERE id = ?
    """)
  static let moveInterrupt = SQL("UPDATE interrupts SET review = ? WHERE id = ?")
  static let interruptsOfRun = SQL(
    """
    SELECT id, thread, run, key, request, review, status, value, "update", created_at, resolved_at \
    FROM interrupts WHERE run = ? ORDER BY created_at, id
    """)
  static let pendingInterrupts = SQL(
    """
    SELECT id, thread, run, key, request, review, status, value, "update", created_at, resolved_at \
    FROM interrupts WHERE status = 'pending' AND (created_at, id) > (?, ?) \
    ORDER BY created_at, id LIMIT ?
    """)
  static let pendingInterruptsOfThread = SQL(
    """
    SELECT id, thread, run, key, request, review, status, value, "update", created_at, resolved_at \
    FROM interrupts WHERE status = 'pending' AND thread = ? AND (created_at, id) > (?, ?) \
    ORDER BY created_at, id LIMIT ?
    """)
  // Permits
  static let permit = SQL(
    """
    SELECT id, review, item, scope, digest, status, until, worker, result, issued_at, updated_at \
    FROM permits WHERE id = ?
    """)
  static let insertPermit = SQL(
    """
    INSERT INTO permits \
    (id, review, item, scope, digest, status, until, worker, result, issued_at, updated_at) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """)
  static let updatePermit = SQL(
    """
    UPDATE permits SET status = ?, until = ?, worker = ?, result = ?, updated_at = ? WHERE id = ?
    """)
  static let permitsBetween = SQL(
    """
    SELECT id, review, item, scope, digest, status, until, worker, result, issued_at, updated_at \
    FROM permits WHERE id > ? AND id < ? ORDER BY id
    """)
  static let unreportedPermits = SQL(
    """
    SELECT id, review, item, scope, digest, status, until, worker, result, issued_at, updated_at \
    FROM permits WHERE status = 'consumed' AND id > ? AND until <= ? ORDER BY id LIMIT ?
    """)
}
