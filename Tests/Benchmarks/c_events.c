/*
 * Reading a thousand events, and verifying the audit, each beside reading the same rows by plain
 * SQLite.
 *
 *   c_events FOLDER REVIEWS ROUNDS
 *
 * REVIEWS approvals are opened and answered first: three events and one audit record each. Prints
 * JSON: the seconds of every call by contender, which take turns. The thousand events begin elsewhere
 * in every round.
 */
#include "c_reviews.h"

#include <stdio.h>
#include <stdlib.h>

#define EVENTS 1000

static double time_call(interlock_engine *engine, function *call, const char *request) {
  double start = now_seconds();
  interlock_buffer_free(ask(engine, call, request));
  return now_seconds() - start;
}

static double time_rows(sqlite3_stmt *statement, int rows) {
  double start = now_seconds();
  require(read_rows(statement) == rows, "reading all rows");
  return now_seconds() - start;
}

int main(int argument_count, char **arguments) {
  int is_whole = argument_count == 4;
  int reviews = is_whole ? atoi(arguments[2]) : 0;
  int rounds = is_whole ? atoi(arguments[3]) : 0;
  char path[4096];
  char request[REQUEST_BYTES];
  char id[ID_BYTES];
  require(reviews * 3 > EVENTS && rounds > 0, "c_events FOLDER REVIEWS ROUNDS");
  snprintf(path, sizeof path, "%s/c_events.db", arguments[1]);

  interlock_engine *engine = open_engine(path, INTERLOCK_DURABILITY_FULL);
  for (int number = 0; number < reviews; number++) {
    open_review(engine, number, id);
    write_yes(request, id);
    interlock_buffer_free(ask(engine, interlock_review_respond, request));
  }
  sqlite3 *plain = open_plain(path);
  sqlite3_stmt *events =
      prepare_plain(plain, "SELECT * FROM events WHERE sequence > ? ORDER BY sequence LIMIT 1000");
  sqlite3_stmt *audit = prepare_plain(plain, "SELECT * FROM audit ORDER BY sequence");

  double *times = calloc((size_t)rounds * 4, sizeof *times);
  require(times != NULL, "memory");
  for (int round = 0; round < rounds; round++) {
    int after = (int)((int64_t)(reviews * 3 - EVENTS) * round / rounds);
    snprintf(request, sizeof request, "{\"after\":%d,\"limit\":%d}", after, EVENTS);
    sqlite3_bind_int(events, 1, after);
    times[round] = time_call(engine, interlock_event_read, request);
    times[rounds + round] = time_rows(events, EVENTS);
    times[2 * rounds + round] = time_call(engine, interlock_audit_verify, "{}");
    times[3 * rounds + round] = time_rows(audit, reviews);
  }
  printf("{");
  print_series("read", times, rounds, ",\n");
  print_series("read plain", times + rounds, rounds, ",\n");
  print_series("verify", times + 2 * rounds, rounds, ",\n");
  print_series("verify plain", times + 3 * rounds, rounds, "}\n");
  sqlite3_finalize(events);
  sqlite3_finalize(audit);
  sqlite3_close(plain);
  close_engine(engine);
  free(times);
  return 0;
}
