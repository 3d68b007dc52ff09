#pragma once
#include <sqlite3.h>

/* SQLITE_TRANSIENT is a cast that the Swift importer cannot read. */
static inline int csqlite_bind_text(sqlite3_stmt *_Nullable statement, int index,
                                    const void *_Nullable text, sqlite3_uint64 size) {
  return sqlite3_bind_text64(statement, index, text ? (const char *)text : "", size,
                             SQLITE_TRANSIENT, SQLITE_UTF8);
}

static inline int csqlite_bind_blob(sqlite3_stmt *_Nullable statement, int index,
                                    const void *_Nullable bytes, sqlite3_uint64 size) {
  return sqlite3_bind_blob64(statement, index, bytes ? bytes : "", size, SQLITE_TRANSIENT);
}

/* sqlite3_db_config is variadic. */
int csqlite_no_checkpoint_on_close(sqlite3 *_Nullable database);

/* The name of the VFS that frames.c describes, for connections that do not spill; NULL, which is that
   of the system, if there is none. Any thread. */
const char *_Nullable csqlite_vfs(void);
