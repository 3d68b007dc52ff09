extension SQL {
  // Reviews
  static let reviewByID = SQL(
    """
    SELECT sequence, id, kind, status, outcome, successor, thread, channel, interrupt, external_id, \
    key, assignee, due, revision, created_at, request, \
    coalesce(definition, (SELECT body FROM definitions WHERE review = sequence)), progress, head \
    FROM reviews WHERE id = ? LIMIT ?
    """)
  static let reviewByKey = SQL(
    """
    SELECT sequence, id, kind, status, outcome, successor, thread, channel, interrupt, external_id, \
    key, assignee, due, revision, created_at, request, \
    coalesce(definition, (SELECT body FROM definitions WHERE review = sequence)), progress, head \
    FROM reviews WHERE key = ? LIMIT ?
    """)
  static let reviewsByInterrupt = SQL(
    """
    SELECT sequence, id, kind, status, outcome, successor, thread, channel, interrupt, external_id, \
    key, assignee, due, revision, created_at, request, \
    coalesce(definition, (SELECT body FROM definitions WHERE review = sequence)), progress, head \
    FROM reviews WHERE interrupt = ? ORDER BY status = 'pending' DESC, sequence DESC LIMIT ?
    """)
  static let reviewsByExternalID = SQL(
    """
    SELECT sequence, id, kind, status, outcome, successor, thread, channel, interrupt, external_id, \
    key, assignee, due, revision, created_at, request, \
    coalesce(definition, (SELECT body FROM definitions WHERE review = sequence)), progress, head \
    FROM reviews WHERE external_id = ? ORDER BY status = 'pending' DESC, sequence DESC LIMIT ?
    """)
  static let pendingReviewsOfThread = SQL(
    """
    SELECT sequence, id, kind, status, outcome, successor, thread, channel, interrupt, external_id, \
    key, assignee, due, revision, created_at, request, \
    coalesce(definition, (SELECT body FROM definitions WHERE review = sequence)), progress, head \
    FROM reviews WHERE thread = ? AND status = 'pending' ORDER BY sequence DESC LIMIT ?
    """)
  static let reviewsAfter = SQL(
    """
    SELECT sequence, id, kind, status, outcome, successor, thread, channel, interrupt, external_id, \
    key, assignee, due, revision, created_at, request, \
    coalesce(definition, (SELECT body FROM definitions WHERE review = sequence)), progress, head \
    FROM reviews WHERE sequence > ? ORDER BY sequence LIMIT ?
    """)
  static let insertReview = SQL(
    """
    INSERT INTO reviews \
    (id, kind, status, outcome, successor, thread, channel, interrupt, external_id, key, assignee, \
    due, revision, created_at, request, definition, progress, head, slack) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, zeroblob(400))
    """)
  static let insertDefinition = SQL("INSERT INTO definitions (review, body) VALUES (?, ?)")
  static let updateReview = SQL(
    """
    UPDATE reviews SET status = ?1, outcome = ?2, successor = ?3, assignee = ?4, due = ?5, \
    revision = ?6, progress = ?7, head = ?8, slack = zeroblob(max(0, \
    length(slack) + length(CAST(progress AS BLOB)) + length(CAST(head AS BLOB)) - ?10)) WHERE sequence = ?9
    """)
  static let nextDue = SQL("SELECT min(due) FROM reviews WHERE due IS NOT NULL")
  // Decisions and comments
  static let insertDecision = SQL(
    "INSERT INTO decisions (place, body) VALUES (?1 << 24 | ?2, ?3)")
  static let decision = SQL("SELECT body FROM decisions WHERE place = ?1 << 24 | ?2")
  static let decisions = SQL(
    """
    SELECT body FROM decisions WHERE place > ?1 << 24 AND place < (?1 + 1) << 24 \
    ORDER BY place DESC LIMIT ?2
    """)
  static let lastDecision = SQL(
    """
    SELECT max(place) & 16777215 FROM decisions WHERE place > ?1 << 24 AND place < (?1 + 1) << 24
    """)
  static let insertComment = SQL("INSERT INTO comments (review, number, body) VALUES (?, ?, ?)")
  static let comment = SQL("SELECT body FROM comments WHERE review = ? AND number = ?")
  static let comments = SQL(
    "SELECT body FROM comments WHERE review = ? ORDER BY number DESC LIMIT ?")
  static let lastComment = SQL("SELECT max(number) FROM comments WHERE review = ?")
}
