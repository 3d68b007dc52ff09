/// Every statement that is prepared once and kept.
enum SQL: String {
  case begin = "BEGIN IMMEDIATE"
  case beginRead = "BEGIN"
  case commit = "COMMIT"
  case rollback = "ROLLBACK"
  case savepoint = "SAVEPOINT request"
  case release = "RELEASE request"
  case rollbackToSavepoint = "ROLLBACK TO request"
  case synchronousFull = "PRAGMA synchronous = FULL"
  case synchronousNormal = "PRAGMA synchronous = NORMAL"

  // Threads
  case threadByName = "SELECT id, epoch FROM threads WHERE name = ?"
  case threadName = "SELECT name FROM threads WHERE id = ?"
  case insertThread = "INSERT INTO threads (name) VALUES (?)"
  case advanceEpoch = "UPDATE threads SET epoch = epoch + 1 WHERE id = ?"
  case deleteThread = "DELETE FROM threads WHERE id = ?"
  case threadNames = "SELECT name FROM threads WHERE name > ? ORDER BY name LIMIT ?"

  // Checkpoints
  case checkpointByID = """
    SELECT sequence, thread, namespace, id, parent, type, metadata, run, digest, versions, body \
    FROM checkpoints WHERE thread = ? AND namespace = ? AND id = ?
    """
  case latestCheckpoint = """
    SELECT sequence, thread, namespace, id, parent, type, metadata, run, digest, versions, body \
    FROM checkpoints WHERE thread = ? AND namespace = ? ORDER BY id DESC LIMIT 1
    """
  case putCheckpoint = """
    INSERT INTO checkpoints \
    (thread, namespace, id, parent, type, metadata, run, digest, versions, body) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
    ON CONFLICT (thread, namespace, id) DO UPDATE SET \
    parent = excluded.parent, type = excluded.type, metadata = excluded.metadata, \
    run = excluded.run, digest = excluded.digest, versions = excluded.versions, \
    body = excluded.body
    """
  case deleteCheckpoint = "DELETE FROM checkpoints WHERE sequence = ?"
  case deleteCheckpoints = "DELETE FROM checkpoints WHERE thread = ?"
  case threadsWithRun = "SELECT DISTINCT thread FROM checkpoints WHERE run = ? ORDER BY thread"

  // Channel values
  case valueByVersion = """
    SELECT id, thread, namespace, channel, version, type, size, base, depth, digest, manifest, \
    inline FROM channel_values \
    WHERE thread = ? AND namespace = ? AND channel = ? AND version = ?
    """
  case valueID = """
    SELECT id FROM channel_values \
    WHERE thread = ? AND namespace = ? AND channel = ? AND version = ?
    """
  case manifest = "SELECT base, depth, manifest FROM channel_values WHERE id = ?"
  case insertValue = """
    INSERT INTO channel_values \
    (thread, namespace, channel, version, type, size, base, depth, digest, manifest, inline) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
    """
  case replaceBody = """
    UPDATE channel_values SET size = ?, base = ?, depth = ?, digest = ?, manifest = ?, inline = ? \
    WHERE id = ?
    """
  case valuesOfThread = """
    SELECT id, thread, namespace, channel, version, type, size, base, depth, digest, manifest, \
    inline FROM channel_values WHERE thread = ? ORDER BY id
    """
  case deleteValue = "DELETE FROM channel_values WHERE id = ?"
  case deleteValues = "DELETE FROM channel_values WHERE thread = ?"

  // Writes
  case writesOfCheckpoint = """
    SELECT thread, namespace, checkpoint, task, task_path, position, channel, type, size, digest, \
    manifest, inline FROM writes WHERE thread = ? AND namespace = ? AND checkpoint = ? \
    ORDER BY task_path, task, position
    """
  case containsWrite = """
    SELECT 1 FROM writes \
    WHERE thread = ? AND namespace = ? AND checkpoint = ? AND task = ? AND position = ?
    """
  case putWrite = """
    INSERT INTO writes \
    (thread, namespace, checkpoint, task, task_path, position, channel, type, size, digest, \
    manifest, inline) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
    ON CONFLICT (thread, namespace, checkpoint, task, position) DO UPDATE SET \
    task_path = excluded.task_path, channel = excluded.channel, type = excluded.type, \
    size = excluded.size, digest = excluded.digest, manifest = excluded.manifest, \
    inline = excluded.inline
    """
  case writesOfThread = """
    SELECT thread, namespace, checkpoint, task, task_path, position, channel, type, size, digest, \
    manifest, inline FROM writes WHERE thread = ?
    """
  case deleteWritesOfCheckpoint = """
    DELETE FROM writes WHERE thread = ? AND namespace = ? AND checkpoint = ?
    """
  case deleteWrites = "DELETE FROM writes WHERE thread = ?"

  // Chunks
  case chunkRange = "SELECT content FROM chunks WHERE id >= ? AND id < ? ORDER BY id"
  case chunksByDigest = "SELECT id FROM chunks WHERE thread = ? AND digest = ?"
  case insertChunk = "INSERT INTO chunks (thread, digest, content) VALUES (?, ?, ?)"
  case chunksOfThread = "SELECT id, digest, content FROM chunks WHERE thread = ? ORDER BY id"
  case deleteChunk = "DELETE FROM chunks WHERE id = ?"
  case deleteChunks = "DELETE FROM chunks WHERE thread = ?"

  // Reviews
  case reviewByID = """
    SELECT sequence, id, kind, status, outcome, successor, thread, channel, interrupt, external_id, \
    key, assignee, due, revision, created_at, request, body, progress, head \
    FROM reviews CROSS JOIN definitions ON review = sequence WHERE id = ? LIMIT ?
    """
  case reviewByKey = """
    SELECT sequence, id, kind, status, outcome, successor, thread, channel, interrupt, external_id, \
    key, assignee, due, revision, created_at, request, body, progress, head \
    FROM reviews CROSS JOIN definitions ON review = sequence WHERE key = ? LIMIT ?
    """
  case reviewsByInterrupt = """
    SELECT sequence, id, kind, status, outcome, successor, thread, channel, interrupt, external_id, \
    key, assignee, due, revision, created_at, request, body, progress, head \
    FROM reviews CROSS JOIN definitions ON review = sequence WHERE interrupt = ? ORDER BY status = 'pending' DESC, sequence DESC LIMIT ?
    """
  case reviewsByExternalID = """
    SELECT sequence, id, kind, status, outcome, successor, thread, channel, interrupt, external_id, \
    key, assignee, due, revision, created_at, request, body, progress, head \
    FROM reviews CROSS JOIN definitions ON review = sequence WHERE external_id = ? ORDER BY status = 'pending' DESC, sequence DESC LIMIT ?
    """
  case pendingReviewsOfThread = """
    SELECT sequence, id, kind, status, outcome, successor, thread, channel, interrupt, external_id, \
    key, assignee, due, revision, created_at, request, body, progress, head \
    FROM reviews CROSS JOIN definitions ON review = sequence WHERE thread = ? AND status = 'pending' ORDER BY sequence DESC LIMIT ?
    """
  case reviewsAfter = """
    SELECT sequence, id, kind, status, outcome, successor, thread, channel, interrupt, external_id, \
    key, assignee, due, revision, created_at, request, body, progress, head \
    FROM reviews CROSS JOIN definitions ON review = sequence WHERE sequence > ? ORDER BY sequence LIMIT ?
    """
  case insertReview = """
    INSERT INTO reviews \
    (id, kind, status, outcome, successor, thread, channel, interrupt, external_id, key, assignee, \
    due, revision, created_at, request, progress, head, slack) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, zeroblob(400))
    """
  case insertDefinition = "INSERT INTO definitions (review, body) VALUES (?, ?)"
  case updateReview = """
    UPDATE reviews SET status = ?1, outcome = ?2, successor = ?3, assignee = ?4, due = ?5, \
    revision = ?6, progress = ?7, head = ?8, slack = zeroblob(max(0, \
    length(slack) + length(CAST(progress AS BLOB)) + length(CAST(head AS BLOB)) - ?10)) WHERE sequence = ?9
    """
  case nextDue = "SELECT min(due) FROM reviews WHERE due IS NOT NULL"

  // Decisions and comments
  case insertDecision = "INSERT INTO decisions (review, number, body) VALUES (?, ?, ?)"
  case decision = "SELECT body FROM decisions WHERE review = ? AND number = ?"
  case decisions = """
    SELECT body FROM decisions WHERE review = ? ORDER BY number DESC LIMIT ?
    """
  case lastDecision = "SELECT max(number) FROM decisions WHERE review = ?"
  case insertComment = "INSERT INTO comments (review, number, body) VALUES (?, ?, ?)"
  case comment = "SELECT body FROM comments WHERE review = ? AND number = ?"
  case comments = "SELECT body FROM comments WHERE review = ? ORDER BY number DESC LIMIT ?"
  case lastComment = "SELECT max(number) FROM comments WHERE review = ?"

  // Events
  case insertEvent = """
    INSERT INTO events (type, at, review, thread, channel, body) VALUES (?, ?, ?, ?, ?, ?)
    """
  case eventsAfter = """
    SELECT sequence, type, at, review, thread, channel, body FROM events \
    WHERE sequence > ? ORDER BY sequence LIMIT ?
    """
  case lastEvent = "SELECT max(sequence) FROM events"
  case eventCount = "SELECT count(*) FROM events"
  case cursor = "SELECT sequence FROM cursors WHERE name = ?"
  case setCursor = """
    INSERT INTO cursors (name, sequence) VALUES (?, ?) \
    ON CONFLICT (name) DO UPDATE SET sequence = excluded.sequence
    """

  // Audit
  case insertAudit = "INSERT INTO audit (sequence, review, body, hash) VALUES (?, ?, ?, ?)"
  case auditAfter = """
    SELECT sequence, review, body, hash FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?
    """
  case lastAudit = """
    SELECT sequence, review, body, hash FROM audit ORDER BY sequence DESC LIMIT 1
    """

  // Policies and settings
  case newestPolicy = """
    SELECT name, version, body FROM policies WHERE name = ? ORDER BY version DESC LIMIT 1
    """
  case policy = "SELECT name, version, body FROM policies WHERE name = ? AND version = ?"
  case insertPolicy = "INSERT INTO policies (name, version, body) VALUES (?, ?, ?)"
  case policiesAfter = """
    SELECT name, max(version), body FROM policies WHERE name > ? GROUP BY name ORDER BY name \
    LIMIT ?
    """
  case setting = "SELECT value FROM settings WHERE name = ?"
  case insertSetting = "INSERT INTO settings (name, value) VALUES (?, ?)"

  // Runs
  case runOfThread = """
    SELECT thread, status, run, fence, worker, lease_until, outcome, parent, updated_at FROM runs \
    WHERE thread = ?
    """
  case putRun = """
    INSERT INTO runs \
    (thread, status, run, fence, worker, lease_until, outcome, parent, updated_at) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (thread) DO UPDATE SET \
    status = excluded.status, run = excluded.run, fence = excluded.fence, \
    worker = excluded.worker, lease_until = excluded.lease_until, outcome = excluded.outcome, \
    parent = excluded.parent, updated_at = excluded.updated_at
    """
  case runs = """
    SELECT thread, status, run, fence, worker, lease_until, outcome, parent, updated_at FROM runs \
    WHERE thread > ? ORDER BY thread LIMIT ?
    """
  case runsWithStatus = """
    SELECT thread, status, run, fence, worker, lease_until, outcome, parent, updated_at FROM runs \
    WHERE thread > ? AND status = ? ORDER BY thread LIMIT ?
    """
  case stepsOfRun = """
    SELECT run, position, key, result, interrupt FROM steps WHERE run = ? ORDER BY position
    """
  case insertStep = """
    INSERT INTO steps (run, position, key, result, interrupt) VALUES (?, ?, ?, ?, ?)
    """
  case deleteSteps = "DELETE FROM steps WHERE run = ?"
  case interruptByID = """
    SELECT id, thread, run, key, request, review, status, value, "update", created_at, resolved_at \
    FROM interrupts WHERE id = ?
    """
  case insertInterrupt = """
    INSERT INTO interrupts \
    (id, thread, run, key, request, review, status, value, "update", created_at, resolved_at) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """
  case updateInterrupt = """
    UPDATE interrupts SET status = ?, value = ?, "update" = ?, resolved_at = ? WHERE id = ?
    """
  case moveInterrupt = "UPDATE interrupts SET review = ? WHERE id = ?"
  case interruptsOfRun = """
    SELECT id, thread, run, key, request, review, status, value, "update", created_at, resolved_at \
    FROM interrupts WHERE run = ? ORDER BY created_at, id
    """
  case pendingInterrupts = """
    SELECT id, thread, run, key, request, review, status, value, "update", created_at, resolved_at \
    FROM interrupts WHERE status = 'pending' AND (created_at, id) > (?, ?) \
    ORDER BY created_at, id LIMIT ?
    """
  case pendingInterruptsOfThread = """
    SELECT id, thread, run, key, request, review, status, value, "update", created_at, resolved_at \
    FROM interrupts WHERE status = 'pending' AND thread = ? AND (created_at, id) > (?, ?) \
    ORDER BY created_at, id LIMIT ?
    """

  // Permits
  case permit = """
    SELECT id, review, item, scope, digest, status, until, worker, result, issued_at, updated_at \
    FROM permits WHERE id = ?
    """
  case insertPermit = """
    INSERT INTO permits \
    (id, review, item, scope, digest, status, until, worker, result, issued_at, updated_at) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """
  case updatePermit = """
    UPDATE permits SET status = ?, until = ?, worker = ?, result = ?, updated_at = ? WHERE id = ?
    """
  case permitsBetween = """
    SELECT id, review, item, scope, digest, status, until, worker, result, issued_at, updated_at \
    FROM permits WHERE id > ? AND id < ? ORDER BY id
    """
  case unreportedPermits = """
    SELECT id, review, item, scope, digest, status, until, worker, result, issued_at, updated_at \
    FROM permits WHERE status = 'consumed' AND id > ? AND until <= ? ORDER BY id LIMIT ?
    """

  // Messages
  case message = """
    SELECT sequence, id, channel, sender, key, request, review, root, iteration, status, acked_at, \
    acked_by, body, created_at FROM messages \
    WHERE id = ?
    """
  case messageByKey = """
    SELECT sequence, id, channel, sender, key, request, review, root, iteration, status, acked_at, \
    acked_by, body, created_at FROM messages \
    WHERE channel = ? AND key = ?
    """
  case messages = """
    SELECT sequence, id, channel, sender, key, request, review, root, iteration, status, acked_at, \
    acked_by, body, created_at FROM messages \
    WHERE channel = ? AND sequence > ? ORDER BY sequence LIMIT ?
    """
  case messagesFromSender = """
    SELECT sequence, id, channel, sender, key, request, review, root, iteration, status, acked_at, \
    acked_by, body, created_at FROM messages \
    WHERE channel = ? AND sender = ? AND sequence > ? ORDER BY sequence LIMIT ?
    """
  case insertMessage = """
    INSERT INTO messages \
    (id, channel, sender, key, request, review, root, iteration, status, acked_at, acked_by, body, \
    created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """
  case updateMessage = """
    UPDATE messages SET root = ?, status = ?, acked_at = ?, acked_by = ? WHERE id = ?
    """
  case deleteMessage = "DELETE FROM messages WHERE id = ?"
  case lastIteration = "SELECT max(iteration) FROM messages WHERE root = ?"

  // Feedback
  case insertFeedback = """
    INSERT INTO feedback (id, kind, target, key, score, comment, actor, at) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    """
  case feedback = """
    SELECT sequence, id, kind, target, key, score, comment, actor, at FROM feedback \
    WHERE sequence > ? ORDER BY sequence LIMIT ?
    """
  case feedbackAbout = """
    SELECT sequence, id, kind, target, key, score, comment, actor, at FROM feedback \
    WHERE kind = ? AND target = ? AND sequence > ? ORDER BY sequence LIMIT ?
    """
  case feedbackSummaries = """
    SELECT key, count(*), sum(score), min(score), max(score) FROM feedback \
    WHERE key > ? GROUP BY key ORDER BY key LIMIT ?
    """
  case feedbackSummariesAbout = """
    SELECT key, count(*), sum(score), min(score), max(score) FROM feedback \
    WHERE kind = ? AND target = ? AND key > ? GROUP BY key ORDER BY key LIMIT ?
    """

  // Tokens
  case token = """
    SELECT hash, key, review, status, decision, single_use, expires_at, updated_at FROM tokens \
    WHERE hash = ?
    """
  case insertToken = """
    INSERT INTO tokens (hash, key, review, status, decision, single_use, expires_at, updated_at) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    """
  case updateToken = "UPDATE tokens SET status = ?, decision = ?, updated_at = ? WHERE hash = ?"
  case lastTokenExpiry = "SELECT max(expires_at) FROM tokens WHERE key = ?"
  case deleteTokens = "DELETE FROM tokens WHERE expires_at <= ?"
  case putSetting = """
    INSERT INTO settings (name, value) VALUES (?, ?) \
    ON CONFLICT (name) DO UPDATE SET value = excluded.value
    """

  // Inbound
  case inbound = """
    SELECT source, id, digest, result, received_at FROM inbound WHERE source = ? AND id = ?
    """
  case insertInbound = """
    INSERT INTO inbound (source, id, digest, result, received_at) VALUES (?, ?, ?, ?, ?)
    """

  // Interrupts of graphs
  case graphInterrupt = """
    SELECT thread, id, namespace, checkpoint, task, graph, shape, review, status, value, request, \
    attempts, updated_at FROM graph_interrupts WHERE thread = ? AND id = ?
    """
  case graphInterruptsOfReview = """
    SELECT thread, id, namespace, checkpoint, task, graph, shape, review, status, value, request, \
    attempts, updated_at FROM graph_interrupts WHERE review = ? ORDER BY updated_at DESC
    """
  case graphInterruptsOfThread = """
    SELECT thread, id, namespace, checkpoint, task, graph, shape, review, status, value, request, \
    attempts, updated_at FROM graph_interrupts WHERE thread = ? AND id > ? ORDER BY id LIMIT ?
    """
  case openGraphInterrupts = """
    SELECT thread, id, namespace, checkpoint, task, graph, shape, review, status, value, request, \
    attempts, updated_at FROM graph_interrupts \
    WHERE thread = ? AND status NOT IN ('applied', 'moved') ORDER BY id
    """
  case dueGraphInterrupts = """
    SELECT thread, id, namespace, checkpoint, task, graph, shape, review, status, value, request, \
    attempts, updated_at FROM graph_interrupts INDEXED BY graph_interrupts_due \
    WHERE status IN ('answered', 'failed', 'applying') AND (updated_at, thread, id) > (?, ?, ?) \
    ORDER BY updated_at, thread, id LIMIT ?
    """
  case putGraphInterrupt = """
    INSERT INTO graph_interrupts (thread, id, namespace, checkpoint, task, graph, shape, review, status, value, request, \
    attempts, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
    ON CONFLICT (thread, id) DO UPDATE SET namespace = excluded.namespace, \
    checkpoint = excluded.checkpoint, task = excluded.task, graph = excluded.graph, \
    shape = excluded.shape, review = excluded.review, status = excluded.status, \
    value = excluded.value, request = excluded.request, attempts = excluded.attempts, \
    updated_at = excluded.updated_at
    """
  case deleteGraphInterrupts = "DELETE FROM graph_interrupts WHERE thread = ?"
}
