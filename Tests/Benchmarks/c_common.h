/*
 * What the C benchmarks share: checkpoints with a state of one kilobyte, and a recording of the
 * rows that Interlock writes for them, to be written again by plain SQLite calls.
 */
#ifndef C_COMMON_H
#define C_COMMON_H

#include <interlock.h>
#include <sqlite3.h>

#define STATE_BYTES 1024
#define MAX_TABLES 16

/* ----------------------------------------------------------------------------------- general */

double now_seconds(void);
/* SplitMix64: the same numbers in every run. */
uint64_t next_random(uint64_t *seed);
/* Ends the program with a message, if `ok` is 0. */
void require(int ok, const char *what);

/* --------------------------------------------------------------------------------- Interlock */

interlock_engine *open_engine(const char *path, uint32_t durability);
void close_engine(interlock_engine *engine);

/* One put: prepared beforehand, so that only the call is measured. */
typedef struct put {
  char thread[32];
  char id[64];
  char parent[64];
  char version[64];
  char metadata[64];
  char body[512];
  char state[STATE_BYTES + 1];
} put;

/* `count` puts of one thread. Free with free(). */
put *make_puts(const char *thread, int count);
void put_with_interlock(interlock_engine *engine, const put *given);

/* ------------------------------------------------------------------------------------ SQLite */

/* The tables, indexes and settings of a database, and the rows that each put has added to it. */
typedef struct recording recording;

/* Stores the puts with Interlock in a new database at `path`, and takes down the rows. */
recording *record(const char *path, const put *const *puts, int count);

/* A new database with the same tables, indexes and settings, in WAL mode. */
typedef struct replay {
  sqlite3 *database;
  sqlite3_stmt *begin;
  sqlite3_stmt *commit;
  sqlite3_stmt *inserts[MAX_TABLES];
} replay;

replay open_replay(const recording *from, const char *path, const char *synchronous);
/* Writes the rows of one put in one transaction. */
void put_with_sqlite(replay *to, const recording *from, int index);
void close_replay(replay *to);

#endif
