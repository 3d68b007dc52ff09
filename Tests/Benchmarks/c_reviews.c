#include "c_reviews.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

interlock_buffer *ask(interlock_engine *engine, function *call, const char *request) {
  interlock_buffer *document = NULL;
  interlock_error *error = NULL;
  if (call(engine, request, strlen(request), &document, &error) != INTERLOCK_OK) {
    fprintf(stderr, "%.*s\n", error != NULL ? (int)error->message.size : 0,
            error != NULL ? (const char *)error->message.data : "");
    require(0, request);
  }
  return document;
}

void write_call(char members[CALL_BYTES], int number) {
  snprintf(members, CALL_BYTES,
           "\"tool\":\"payments.refund\",\"arguments\":{\"order\":\"A-%06d\","
           "\"amount\":\"129.90\",\"currency\":\"EUR\",\"account\":\"DE89370400440532013000\","
           "\"reason\":\"returned within 14 days\"}",
           number);
}

void write_approval(char request[REQUEST_BYTES], int number) {
  char call[CALL_BYTES];
  write_call(call, number);
  snprintf(request, REQUEST_BYTES,
           "{\"kind\":\"approval\",\"title\":\"Refund order A-%06d\","
           "\"summary\":\"The customer sent the goods back, and they have arrived undamaged.\","
           "\"payload\":{%s},\"thread\":\"order-%06d\","
           "\"channel\":\"refunds\",\"requester\":{\"type\":\"agent\",\"value\":\"billing\"},"
           "\"metadata\":{\"source\":\"benchmark\",\"number\":%d}}",
           number, call, number, number);
}

void write_yes(char request[REQUEST_BYTES], const char *id) {
  snprintf(request, REQUEST_BYTES,
           "{\"id\":\"%s\",\"actor\":\"ana\",\"response\":{\"selectedOption\":\"approve\"}}", id);
}

void read_id(char id[ID_BYTES], const interlock_buffer *document) {
  static const char before[] = "\"id\":\"rev_";
  const char *text = document->content.data;
  const char *found = memmem(text, document->content.size, before, strlen(before));
  require(found != NULL, "reading the id");
  snprintf(id, ID_BYTES, "%.36s", found + strlen("\"id\":\""));
}

void open_review(interlock_engine *engine, int number, char id[ID_BYTES]) {
  char request[REQUEST_BYTES];
  interlock_buffer *document;
  write_approval(request, number);
  document = ask(engine, interlock_review_open, request);
  read_id(id, document);
  interlock_buffer_free(document);
}

char *open_reviews(interlock_engine *engine, int count) {
  char *request = calloc((size_t)count + 1, ID_BYTES);
  char id[ID_BYTES];
  size_t size;
  require(request != NULL, "memory");
  size = (size_t)sprintf(request, "{\"ids\":[");
  for (int number = 0; number < count; number++) {
    open_review(engine, number, id);
    size += (size_t)sprintf(request + size, "%s\"%s\"", number == 0 ? "" : ",", id);
  }
  sprintf(request + size, "]}");
  return request;
}

sqlite3 *open_plain(const char *path) {
  sqlite3 *database = NULL;
  require(sqlite3_open(path, &database) == SQLITE_OK, path);
  run_plain(database, "PRAGMA journal_mode = WAL");
  run_plain(database, "PRAGMA synchronous = FULL");
  return database;
}

void run_plain(sqlite3 *database, const char *sql) {
  require(sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK, sql);
}

sqlite3_stmt *prepare_plain(sqlite3 *database, const char *sql) {
  sqlite3_stmt *statement = NULL;
  require(sqlite3_prepare_v2(database, sql, -1, &statement, NULL) == SQLITE_OK, sql);
  return statement;
}

int read_reviews(sqlite3_stmt *statement, int64_t *sequence, int64_t *due) {
  volatile int seen = 0;
  int rows = 0;
  int columns = sqlite3_column_count(statement);
  while (sqlite3_step(statement) == SQLITE_ROW) {
    rows++;
    for (int column = 0; column < columns; column++) {
      sqlite3_column_blob(statement, column);
      seen += sqlite3_column_bytes(statement, column);
    }
    if (sequence != NULL) *sequence = sqlite3_column_int64(statement, 0);
    if (due != NULL) *due = sqlite3_column_int64(statement, 12);
  }
  require(sqlite3_reset(statement) == SQLITE_OK, "reading rows");
  return rows;
}

int read_rows(sqlite3_stmt *statement) { return read_reviews(statement, NULL, NULL); }

void print_series(const char *name, const double *times, int count, const char *end) {
  printf("\"%s\": [", name);
  for (int index = 0; index < count; index++) {
    printf("%s%.9f", index == 0 ? "" : ", ", times[index]);
  }
  printf("]%s", end);
}

/* ----------------------------------------------------------------------------- plain commits */

plain open_rows(const char *path) {
  plain rows;
  rows.database = open_plain(path);
  run_plain(rows.database, "CREATE TABLE rows (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT");
  rows.begin = prepare_plain(rows.database, "BEGIN IMMEDIATE");
  rows.insert = prepare_plain(rows.database, "INSERT INTO rows (body) VALUES (?)");
  rows.commit = prepare_plain(rows.database, "COMMIT");
  return rows;
}

static void run_once(sqlite3_stmt *statement) {
  require(sqlite3_step(statement) == SQLITE_DONE, "step");
  require(sqlite3_reset(statement) == SQLITE_OK, "reset");
}

double commit_row(const plain *rows, const char *body) {
  double start = now_seconds();
  run_once(rows->begin);
  sqlite3_bind_text(rows->insert, 1, body, -1, SQLITE_STATIC);
  run_once(rows->insert);
  run_once(rows->commit);
  return now_seconds() - start;
}

void close_rows(plain *rows) {
  sqlite3_finalize(rows->begin);
  sqlite3_finalize(rows->insert);
  sqlite3_finalize(rows->commit);
  require(sqlite3_close(rows->database) == SQLITE_OK, "closing rows");
}
