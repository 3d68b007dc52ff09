import CSQLite
import InterlockStore

/// The tables, their version, and how an older version becomes the newest.
enum Schema {
  /// "ILck": whose file this is, in the header of the database.
  static let applicationID: Int64 = 0x494C_636B

  /// The steps from nothing to the newest version; step `n` makes version `n + 1`. Released steps
  /// never change.
  static let steps: [String] = [
    first, reviews, runs, messages, tokens, graphs, deliveries, carried,
    checksums,
  ]

  static var version: Int { steps.count }

  private static let first = """
    CREATE TABLE threads (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      name TEXT NOT NULL UNIQUE,
      epoch INTEGER NOT NULL DEFAULT 0
    ) STRICT;

    CREATE TABLE checkpoints (
      sequence INTEGER PRIMARY KEY,
      thread INTEGER NOT NULL,
      namespace TEXT NOT NULL,
      id TEXT NOT NULL,
      parent TEXT,
      type TEXT NOT NULL,
      metadata TEXT NOT NULL,
      run TEXT,
      digest BLOB NOT NULL,
      versions BLOB NOT NULL,
      body BLOB NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX checkpoints_by_place ON checkpoints (thread, id, namespace);
    CREATE INDEX checkpoints_by_id ON checkpoints (id);
    CREATE INDEX checkpoints_by_run ON checkpoints (run, thread) WHERE run IS NOT NULL;

    CREATE TABLE channel_values (
      id INTEGER PRIMARY KEY,
      thread INTEGER NOT NULL,
      namespace TEXT NOT NULL,
      channel TEXT NOT NULL,
      version TEXT NOT NULL,
      type TEXT,
      size INTEGER NOT NULL,
      base INTEGER,
      depth INTEGER NOT NULL,
      digest BLOB NOT NULL,
      manifest BLOB,
      inline BLOB NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX channel_values_by_version
      ON channel_values (thread, namespace, channel, version);

    CREATE TABLE writes (
      id INTEGER PRIMARY KEY,
      thread INTEGER NOT NULL,
      namespace TEXT NOT NULL,
      checkpoint TEXT NOT NULL,
      task TEXT NOT NULL,
      task_path TEXT NOT NULL,
      position INTEGER NOT NULL,
      channel TEXT NOT NULL,
      type TEXT NOT NULL,
      size INTEGER NOT NULL,
      digest BLOB NOT NULL,
      manifest BLOB,
      inline BLOB NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX writes_by_task ON writes (thread, namespace, checkpoint, task, position);

    CREATE TABLE chunks (
      id INTEGER PRIMARY KEY,
      thread INTEGER NOT NULL,
      digest BLOB NOT NULL,
      content BLOB NOT NULL
    ) STRICT;
    CREATE INDEX chunks_by_digest ON chunks (thread, digest);
    """

  /// Reviews and what belongs to them. As a review moves once, from those that are pending to those that
  /// are not, most indexes have only the pending ones: it leaves them, and nothing is written where it
  /// goes. The slack of a row is what it grows into, so that its page does not have to be split.
  private static let reviews = """
    CREATE TABLE reviews (
      sequence INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL,
      status TEXT NOT NULL,
      outcome TEXT,
      successor TEXT,
      thread TEXT,
      channel TEXT,
      interrupt TEXT,
      external_id TEXT,
      key TEXT,
      assignee TEXT,
      due INTEGER,
      revision INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      request TEXT NOT NULL,
      definition TEXT,
      progress TEXT NOT NULL,
      head TEXT NOT NULL,
      slack BLOB NOT NULL
    ) STRICT;
    CREATE INDEX reviews_pending_by_kind ON reviews (kind, sequence) WHERE status = 'pending';
    CREATE INDEX reviews_pending_by_channel ON reviews (channel, sequence)
      WHERE status = 'pending' AND channel IS NOT NULL;
    CREATE INDEX reviews_pending_by_assignee ON reviews (assignee, sequence)
      WHERE status = 'pending' AND assignee IS NOT NULL;
    CREATE INDEX reviews_ended ON reviews (status, sequence) WHERE status <> 'pending';
    CREATE INDEX reviews_by_channel ON reviews (channel, sequence) WHERE channel IS NOT NULL;
    CREATE INDEX reviews_by_thread ON reviews (thread, sequence) WHERE thread IS NOT NULL;
    CREATE INDEX reviews_by_assignee ON reviews (assignee, sequence) WHERE assignee IS NOT NULL;
    CREATE INDEX reviews_by_due ON reviews (due, sequence) WHERE due IS NOT NULL;
    CREATE UNIQUE INDEX reviews_by_key ON reviews (key) WHERE key IS NOT NULL;
    CREATE INDEX reviews_by_interrupt ON reviews (interrupt, sequence)
      WHERE interrupt IS NOT NULL;
    CREATE INDEX reviews_by_external_id ON reviews (external_id, sequence)
      WHERE external_id IS NOT NULL;

    -- Those that are not small: what never changes is not written again with every answer.
    CREATE TABLE definitions (review INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;

    -- The place is review << 24 | number: a table by rowid grows at its end without moving rows.
    CREATE TABLE decisions (
      place INTEGER PRIMARY KEY,
      body TEXT NOT NULL,
      review INTEGER AS (place >> 24),
      number INTEGER AS (place & 16777215)
    ) STRICT;

    CREATE TABLE comments (
      review INTEGER NOT NULL,
      number INTEGER NOT NULL,
      body TEXT NOT NULL,
      PRIMARY KEY (review, number)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE events (
      sequence INTEGER PRIMARY KEY,
      type TEXT NOT NULL,
      at INTEGER NOT NULL,
      review TEXT,
      thread TEXT,
      channel TEXT,
      body TEXT NOT NULL
    ) STRICT;

    CREATE TABLE cursors (name TEXT PRIMARY KEY, sequence INTEGER NOT NULL) STRICT, WITHOUT ROWID;

    CREATE TABLE audit (
      sequence INTEGER PRIMARY KEY,
      review TEXT,
      body TEXT NOT NULL,
      hash BLOB NOT NULL
    ) STRICT;

    CREATE TABLE policies (
      name TEXT NOT NULL,
      version INTEGER NOT NULL,
      body TEXT NOT NULL,
      PRIMARY KEY (name, version)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE settings (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
    """

  /// The work of threads: leases, journals and interrupts.
  private static let runs = """
    CREATE TABLE runs (
      thread TEXT PRIMARY KEY,
      status TEXT NOT NULL,
      run TEXT,
      fence INTEGER NOT NULL,
      worker TEXT,
      lease_until INTEGER,
      outcome TEXT,
      parent TEXT,
      updated_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX runs_by_status ON runs (status, thread);

    CREATE TABLE steps (
      run TEXT NOT NULL,
      position INTEGER NOT NULL,
      key TEXT NOT NULL,
      result TEXT,
      interrupt TEXT,
      PRIMARY KEY (run, position)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE interrupts (
      id TEXT PRIMARY KEY,
      thread TEXT NOT NULL,
      run TEXT NOT NULL,
      key TEXT NOT NULL,
      request TEXT NOT NULL,
      review TEXT,
      status TEXT NOT NULL,
      value TEXT,
      "update" TEXT,
      created_at INTEGER NOT NULL,
      resolved_at INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX interrupts_by_run ON interrupts (run, created_at);
    CREATE INDEX interrupts_pending ON interrupts (created_at, id) WHERE status = 'pending';
    CREATE INDEX interrupts_pending_of_thread ON interrupts (thread, created_at, id)
      WHERE status = 'pending';

    -- A permit has a row from its first use on: before, it is what its review says.
    CREATE TABLE permits (
      id TEXT PRIMARY KEY,
      review TEXT NOT NULL,
      item TEXT NOT NULL,
      scope TEXT NOT NULL,
      digest TEXT NOT NULL,
      status TEXT NOT NULL,
      until INTEGER,
      worker TEXT,
      result TEXT,
      issued_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX permits_consumed ON permits (id) WHERE status = 'consumed';
    """

  /// Channels and feedback. Sequences of messages are never used again, so that a reader who goes on
  /// after one misses nothing.
  private static let messages = """
    CREATE TABLE messages (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      channel TEXT NOT NULL,
      sender TEXT NOT NULL,
      key TEXT,
      request TEXT NOT NULL,
      review TEXT,
      root TEXT,
      iteration INTEGER NOT NULL,
      status TEXT NOT NULL,
      acked_at INTEGER,
      acked_by TEXT,
      body TEXT NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX messages_by_channel ON messages (channel, sequence);
    CREATE INDEX messages_by_sender ON messages (channel, sender, sequence);
    CREATE UNIQUE INDEX messages_by_key ON messages (channel, key) WHERE key IS NOT NULL;
    CREATE UNIQUE INDEX messages_by_root ON messages (root, iteration) WHERE root IS NOT NULL;

    CREATE TABLE feedback (
      sequence INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL,
      target TEXT NOT NULL,
      key TEXT NOT NULL,
      score REAL NOT NULL,
      comment TEXT,
      actor TEXT,
      at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX feedback_by_target ON feedback (kind, target, sequence);
    CREATE INDEX feedback_by_target_and_key ON feedback (kind, target, key, score);
    CREATE INDEX feedback_by_key ON feedback (key, score);
    """

  /// What lets people in from outside, and what came in from there.
  private static let tokens = """
    CREATE TABLE tokens (
      hash BLOB PRIMARY KEY,
      key TEXT NOT NULL,
      review TEXT,
      status TEXT NOT NULL,
      decision TEXT,
      single_use INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX tokens_by_expiry ON tokens (expires_at);
    CREATE INDEX tokens_by_key ON tokens (key, expires_at);

    CREATE TABLE inbound (
      source TEXT NOT NULL,
      id TEXT NOT NULL,
      digest TEXT,
      result TEXT NOT NULL,
      received_at INTEGER NOT NULL,
      PRIMARY KEY (source, id)
    ) STRICT, WITHOUT ROWID;
    """

  /// The interrupts of graphs, by the ids that LangGraph gives them: unique in a thread only.
  private static let graphs = """
    CREATE TABLE graph_interrupts (
      thread TEXT NOT NULL,
      id TEXT NOT NULL,
      namespace TEXT NOT NULL,
      checkpoint TEXT NOT NULL,
      task TEXT NOT NULL,
      graph TEXT NOT NULL,
      shape TEXT NOT NULL,
      review TEXT NOT NULL,
      status TEXT NOT NULL,
      value TEXT,
      request TEXT NOT NULL,
      attempts INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      PRIMARY KEY (thread, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX graph_interrupts_open ON graph_interrupts (thread)
      WHERE status NOT IN ('applied', 'moved');
    CREATE INDEX graph_interrupts_due ON graph_interrupts (updated_at, thread, id)
      WHERE status IN ('answered', 'failed', 'applying');
    CREATE INDEX graph_interrupts_by_review ON graph_interrupts (review);
    """

  /// The outbox over the events. `due` is `at`, and null while the endpoint is disabled.
  private static let deliveries = """
    CREATE TABLE endpoints (
      name TEXT PRIMARY KEY,
      url TEXT NOT NULL,
      secret BLOB NOT NULL,
      filter TEXT NOT NULL,
      description TEXT,
      attempts INTEGER NOT NULL,
      enabled INTEGER NOT NULL,
      cursor INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX endpoints_by_cursor ON endpoints (cursor, name) WHERE enabled = 1;

    CREATE TABLE deliveries (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      endpoint TEXT NOT NULL,
      event INTEGER NOT NULL,
      status TEXT NOT NULL,
      at INTEGER,
      due INTEGER,
      claim TEXT,
      attempts INTEGER NOT NULL,
      reported_claim TEXT,
      reported TEXT,
      http_status INTEGER,
      error TEXT,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX deliveries_by_event ON deliveries (endpoint, event);
    CREATE INDEX deliveries_by_endpoint ON deliveries (endpoint, sequence);
    CREATE INDEX deliveries_by_status ON deliveries (status, sequence);
    CREATE INDEX deliveries_by_endpoint_and_status ON deliveries (endpoint, status, sequence);
    CREATE INDEX deliveries_by_due ON deliveries (due, sequence) WHERE due IS NOT NULL;
    """

  /// Small values stand with the checkpoint that brought them. The index of all ids is made by the first
  /// list of all threads.
  private static let carried = """
    ALTER TABLE checkpoints ADD COLUMN carried BLOB NOT NULL DEFAULT x'';
    DROP INDEX checkpoints_by_id;
    """

  /// The digest of a row is a checksum of 8 bytes from here on, which an older program would take for
  /// damage. Older rows keep the 16 bytes they have.
  private static let checksums = ""
}
