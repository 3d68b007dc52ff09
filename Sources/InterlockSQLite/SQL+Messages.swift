extension SQL {
  // Messages
  static let message = SQL(
    """
    SELECT sequence, id, channel, sender, key, request, review, root, iteration, status, acked_at, \
    acked_by, body, created_at FROM messages WHERE id = ?
    """)
  static let messageByKey = SQL(
    """
    SELECT sequence, id, channel, sender, key, request, review, root, iteration, status, acked_at, \
    acked_by, body, created_at FROM messages WHERE channel = ? AND key = ?
    """)
  static let messages = SQL(
    """
    SELECT sequence, id, channel, sender, key, request, review, root, iteration, status, acked_at, \
    acked_by, body, created_at FROM messages \
    WHERE channel = ? AND sequence > ? ORDER BY sequence LIMIT ?
    """)
  static let messagesFromSender = SQL(
    """
    SELECT sequence, id, channel, sender, key, request, review, root, iteration, status, acked_at, \
    acked_by, body, created_at FROM messages \
    WHERE channel = ? AND sender = ? AND sequence > ? ORDER BY sequence LIMIT ?
    """)
  static let insertMessage = SQL(
    """
    INSERT INTO messages \
    (id, channel, sender, key, request, review, root, iteration, status, acked_at, acked_by, body, \
    created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """)
  static let updateMessage = SQL(
    """
    UPDATE messages SET root = ?, status = ?, acked_at = ?, acked_by = ? WHERE id = ?
    """)
  static let deleteMessage = SQL("DELETE FROM messages WHERE id = ?")
  static let lastIteration = SQL("SELECT max(iteration) FROM messages WHERE root = ?")
  // Feedback
  static let insertFeedback = SQL(
    """
    INSERT INTO feedback (id, kind, target, key, score, comment, actor, at) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    """)
  static let feedback = SQL(
    """
    SELECT sequence, id, kind, target, key, score, comment, actor, at FROM feedback \
    WHERE sequence > ? ORDER BY sequence LIMIT ?
    """)
  static let feedbackAbout = SQL(
    """
    SELECT sequence, id, kind, target, key, score, comment, actor, at FROM feedback \
    WHERE kind = ? AND target = ? AND sequence > ? ORDER BY sequence LIMIT ?
    """)
  static let feedbackSummaries = SQL(
    """
    SELECT key, count(*), sum(score), min(score), max(score) FROM feedback \
    WHERE key > ? GROUP BY key ORDER BY key LIMIT ?
    """)
  static let feedbackSummariesAbout = SQL(
    """
    SELECT key, count(*), sum(score), min(score), max(score) FROM feedback \
    WHERE kind = ? AND target = ? AND key > ? GROUP BY key ORDER BY key LIMIT ?
    """)
}
