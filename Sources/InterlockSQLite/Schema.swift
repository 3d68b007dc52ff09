import CSQLite
import InterlockStore

/// The tables, their version, and how an older version becomes the newest.
enum Schema {
  /// "ILck": whose file this is, in the header of the database.
  static let applicationID: Int64 = 0x494C_636B

  /// The steps from nothing to the newest version; step `n` makes version `n + 1`. Released steps
  /// never change.
  static let steps: [String] = [first]

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
}
