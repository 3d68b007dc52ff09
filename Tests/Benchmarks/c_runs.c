/*
 * A run that goes on after a pause: it begins again and comes to all of its recorded steps, beside
 * plain SQLite, which commits that somebody works on the thread and reads the same results.
 *
 *   c_runs FOLDER ROUNDS STEPS
 *
 * Prints JSON: the seconds of every replay by contender. Chance says who begins a round.
 */
#include "c_reviews.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_BYTES 32

static const char *path_in(const char *folder, const char *contender) {
  static char path[4096];
  snprintf(path, sizeof path, "%s/c_runs %s.db", folder, contender);
  return path;
}

static size_t write_key(char key[KEY_BYTES], int step) {
  return (size_t)snprintf(key, KEY_BYTES, "step %04d", step);
}

/* What a step has come to, about 100 bytes of JSON. */
static void write_result(char result[REQUEST_BYTES], int step) {
  snprintf(result, REQUEST_BYTES,
           "{\"order\":\"A-%06d\",\"status\":\"refunded\",\"amount\":\"129.90\",\"currency\":\"EUR\","
           "\"attempts\":1,\"at\":1786000000000}",
           step);
}

static void check(interlock_status status, const char *what, interlock_buffer *document) {
  require(status == INTERLOCK_OK, what);
  interlock_buffer_free(document);
}

static interlock_run *begin(interlock_engine *engine) {
  static const char request[] = "{\"thread\":\"replay\",\"worker\":\"worker-1\"}";
  interlock_run *run = NULL;
  interlock_buffer *document = NULL;
  check(interlock_run_begin(engine, request, strlen(request), &run, &document, NULL), "begin",
        document);
  return run;
}

/* Gives the lease back, so that the next round begins. */
static void end(interlock_run *run) {
  interlock_buffer *document = NULL;
  check(interlock_run_suspend(run, &document, NULL), "suspend", document);
  require(interlock_run_close(run, NULL) == INTERLOCK_OK, "closing a run");
}

/* Without waiting for the disk: how long recording takes is not the question here. */
static void record_all(const char *path, int steps) {
  interlock_engine *engine = open_engine(path, INTERLOCK_DURABILITY_NORMAL);
  interlock_run *run = begin(engine);
  for (int step = 0; step < steps; step++) {
    char key[KEY_BYTES], result[REQUEST_BYTES], request[2 * REQUEST_BYTES];
    interlock_buffer *document = NULL;
    write_key(key, step);
    write_result(result, step);
    int size = snprintf(request, sizeof request, "{\"key\":\"%s\",\"result\":%s}", key, result);
    check(interlock_run_record(run, request, (size_t)size, &document, NULL), "record", document);
  }
  end(run);
  close_engine(engine);
}

static double replay_all(interlock_engine *engine, int steps) {
  static const char recorded[] = "{\"state\":\"recorded\"";
  char key[KEY_BYTES];
  double start = now_seconds(), spent;
  interlock_run *run = begin(engine);
  for (int step = 0; step < steps; step++) {
    interlock_buffer *document = NULL;
    size_t size = write_key(key, step);
    require(interlock_run_step(run, key, size, &document, NULL) == INTERLOCK_OK, "step");
    require(document->content.size > strlen(recorded) &&
                memcmp(document->content.data, recorded, strlen(recorded)) == 0,
            "finding what was recorded");
    interlock_buffer_free(document);
  }
  spent = now_seconds() - start;
  end(run);
  return spent;
}

static sqlite3 *record_plain(const char *path, int steps) {
  sqlite3 *database = open_plain(path);
  run_plain(database, "CREATE TABLE steps (run TEXT, position INTEGER, key TEXT, result TEXT, "
                      "PRIMARY KEY (run, position)) STRICT, WITHOUT ROWID");
  run_plain(database, "CREATE TABLE runs (thread TEXT PRIMARY KEY, fence INTEGER) STRICT");
  run_plain(database, "INSERT INTO runs VALUES ('replay', 1)");
  sqlite3_stmt *insert = prepare_plain(database, "INSERT INTO steps VALUES ('run-1', ?, ?, ?)");
  run_plain(database, "BEGIN");
  for (int step = 0; step < steps; step++) {
    char key[KEY_BYTES], result[REQUEST_BYTES];
    write_key(key, step);
    write_result(result, step);
    sqlite3_bind_int(insert, 1, step);
    sqlite3_bind_text(insert, 2, key, -1, SQLITE_STATIC);
    sqlite3_bind_text(insert, 3, result, -1, SQLITE_STATIC);
    require(sqlite3_step(insert) == SQLITE_DONE, "recording a row");
    sqlite3_reset(insert);
  }
  run_plain(database, "COMMIT");
  sqlite3_finalize(insert);
  return database;
}

static double replay_plain(sqlite3_stmt *take, sqlite3_stmt *read, int steps) {
  double start = now_seconds();
  require(sqlite3_step(take) == SQLITE_DONE && sqlite3_reset(take) == SQLITE_OK, "taking a lease");
  require(read_rows(read) == steps, "reading the steps");
  return now_seconds() - start;
}

int main(int argument_count, char **arguments) {
  const char *folder = argument_count == 4 ? arguments[1] : NULL;
  int rounds = folder != NULL ? atoi(arguments[2]) : 0;
  int steps = folder != NULL ? atoi(arguments[3]) : 0;
  uint64_t chance = 1;
  require(rounds > 0 && steps > 0, "c_runs FOLDER ROUNDS STEPS");

  double *times = calloc((size_t)rounds * 2, sizeof *times);
  require(times != NULL, "memory");
  record_all(path_in(folder, "interlock"), steps);
  interlock_engine *engine =
      open_engine(path_in(folder, "interlock"), INTERLOCK_DURABILITY_FULL);
  sqlite3 *database = record_plain(path_in(folder, "sqlite"), steps);
  sqlite3_stmt *take = prepare_plain(database, "UPDATE runs SET fence = fence + 1");
  sqlite3_stmt *read =
      prepare_plain(database, "SELECT key, result FROM steps WHERE run = 'run-1' ORDER BY position");

  replay_all(engine, steps);
  replay_plain(take, read, steps);
  for (int round = 0; round < rounds; round++) {
    int first = (int)(next_random(&chance) & 1);
    for (int turn = 0; turn < 2; turn++) {
      int is_sqlite = first ^ turn;
      times[is_sqlite * rounds + round] =
          is_sqlite ? replay_plain(take, read, steps) : replay_all(engine, steps);
    }
  }
  close_engine(engine);
  sqlite3_finalize(take);
  sqlite3_finalize(read);
  require(sqlite3_close(database) == SQLITE_OK, "close");
  printf("{");
  print_series("replay", times, rounds, ",\n");
  print_series("sqlite", times + rounds, rounds, "}\n");
  free(times);
  return 0;
}
