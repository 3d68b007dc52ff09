extension SQL {
  // Threads
  static let threadByName = SQL("SELECT id, epoch FROM threads WHERE name = ?")
  static let threadName = SQL("SELECT name FROM threads WHERE id = ?")
  static let insertThread = SQL("INSERT INTO threads (name) VALUES (?)")
  static let advanceEpoch = SQL("UPDATE threads SET epoch = epoch + 1 WHERE id = ?")
  static let deleteThread = SQL("DELETE FROM threads WHERE id = ?")
  static let threadNames = SQL("SELECT name FROM threads WHERE name > ? ORDER BY name LIMIT ?")
  // Checkpoints
  static let checkpointByID = SQL(
    """
    SELECT sequence, thread, namespace, id, parent, type, metadata, run, digest, versions, body, \
    carried FROM checkpoints WHERE thread = ? AND namespace = ? AND id = ?
    """)
  static let latestCheckpoint = SQL(
    """
    SELECT sequence, thread, namespace, id, parent, type, metadata, run, digest, versions, body, \
    carried FROM checkpoints WHERE thread = ? AND namespace = ? ORDER BY id DESC LIMIT 1
    """)
  static let carrier = SQL(
    "SELECT thread, namespace, versions, carried FROM checkpoints WHERE sequence = ?")
  static let insertCheckpoint = SQL(
    """
    INSERT INTO checkpoints \
    (thread, namespace, id, parent, type, metadata, run, digest, versions, body, carried) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (thread, namespace, id) DO NOTHING
    """)
  static let replaceCheckpoint = SQL(
    """
    UPDATE checkpoints SET parent = ?, type = ?, metadata = ?, run = ?, digest = ?, versions = ?, \
    body = ?, carried = ? WHERE sequence = ?
    """)
  static let deleteCheckpoint = SQL("DELETE FROM checkpoints WHERE sequence = ?")
  static let deleteCheckpoints = SQL("DELETE FROM checkpoints WHERE thread = ?")
  static let hasOrderAcrossThreads = SQL(
    "SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = 'checkpoints_by_id'")
  static let makeOrderAcrossThreads = SQL(
    "CREATE INDEX IF NOT EXISTS checkpoints_by_id ON checkpoints (id)")
  static let threadsWithRun = SQL(
    "SELECT DISTINCT thread FROM checkpoints WHERE run = ? ORDER BY thread")
  // Channel values
  static let valueByVersion = SQL(
    """
    SELECT id, thread, namespace, channel, version, type, size, base, depth, manifest, digest, \
    inline FROM channel_values \
    WHERE thread = ? AND namespace = ? AND channel = ? AND version = ?
    """)
  static let valueID = SQL(
    """
    SELECT id FROM channel_values \
    WHERE thread = ? AND namespace = ? AND channel = ? AND version = ?
    """)
  static let manifest = SQL("SELECT base, depth, manifest FROM channel_values WHERE id = ?")
  static let insertValue = SQL(
    """
    INSERT INTO channel_values \
    (thread, namespace, channel, version, type, size, base, depth, digest, manifest, inline) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
    """)
  static let replaceBody = SQL(
    """
    UPDATE channel_values SET size = ?, base = ?, depth = ?, digest = ?, manifest = ?, inline = ? \
    WHERE id = ?
    """)
  static let valuesOfThread = SQL(
    """
    SELECT id, thread, namespace, channel, version, type, size, base, depth, manifest, digest, \
    inline FROM channel_values WHERE thread = ? ORDER BY id
    """)
  static let deleteValue = SQL("DELETE FROM channel_values WHERE id = ?")
  static let deleteValues = SQL("DELETE FROM channel_values WHERE thread = ?")
  // Writes
  static let writesOfCheckpoint = SQL(
    """
    SELECT thread, namespace, checkpoint, task, task_path, position, channel, type, size, digest, \
    manifest, inline FROM writes WHERE thread = ? AND namespace = ? AND checkpoint = ? \
    ORDER BY task_path, task, position
    """)
  static let containsWrite = SQL(
    """
    SELECT 1 FROM writes \
    WHERE thread = ? AND namespace = ? AND checkpoint = ? AND task = ? AND position = ?
    """)
  static let putWrite = SQL(
    """
    INSERT INTO writes \
    (thread, namespace, checkpoint, task, task_path, position, channel, type, size, digest, \
    manifest, inline) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
    ON CONFLICT (thread, namespace, checkpoint, task, position) DO UPDATE SET \
    task_path = excluded.task_path, channel = excluded.channel, type = excluded.type, \
    size = excluded.size, digest = excluded.digest, manifest = excluded.manifest, \
    inline = excluded.inline
    """)
  static let writesOfThread = SQL(
    """
    SELECT thread, namespace, checkpoint, task, task_path, position, channel, type, size, digest, \
    manifest, inline FROM writes WHERE thread = ?
    """)
  static let deleteWritesOfCheckpoint = SQL(
    """
    DELETE FROM writes WHERE thread = ? AND namespace = ? AND checkpoint = ?
    """)
  static let deleteWrites = SQL("DELETE FROM writes WHERE thread = ?")
  // Chunks
  static let chunkRange = SQL("SELECT content FROM chunks WHERE id >= ? AND id < ? ORDER BY id")
  static let chunksByDigest = SQL("SELECT id FROM chunks WHERE thread = ? AND digest = ?")
  static let insertChunk = SQL("INSERT INTO chunks (thread, digest, content) VALUES (?, ?, ?)")
  static let chunksOfThread = SQL(
    "SELECT id, digest, content FROM chunks WHERE thread = ? ORDER BY id")
  static let deleteChunk = SQL("DELETE FROM chunks WHERE id = ?")
  static let deleteChunks = SQL("DELETE FROM chunks WHERE thread = ?")
}
