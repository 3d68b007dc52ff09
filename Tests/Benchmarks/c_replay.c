/* Takes down the rows that Interlock writes, and writes them again with plain SQLite calls. */
#include "c_common.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The settings that are part of the file. */
#define SETTINGS "auto_vacuum"

typedef struct row {
  int table;
  int columns;
  sqlite3_value **values;
} row;

typedef struct rows {
  row *each;
  int count;
} rows;

typedef struct table {
  char *name;
  char *insert;
  sqlite3_int64 last;
} table;

struct recording {
  char *schema;
  table tables[MAX_TABLES];
  int table_count;
  rows *puts;
  rows setup; /* the rows of table `threads`: made once per thread, not once per put */
};

static sqlite3_stmt *prepare(sqlite3 *database, const char *sql) {
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
  require(code == SQLITE_OK, sql);
  return statement;
}

static void execute(sqlite3 *database, const char *sql) {
  require(sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK, sql);
}

/* ---------------------------------------------------------------------------------- recording */

static void append(char **target, const char *text) {
  size_t old = *target == NULL ? 0 : strlen(*target);
  *target = realloc(*target, old + strlen(text) + 1);
  require(*target != NULL, "memory");
  strcpy(*target + old, text);
}

static int is_threads(const recording *to, int index) {
  return strcmp(to->tables[index].name, "threads") == 0;
}

/* The INSERT of a table: one parameter per column. */
static void learn_table(recording *to, sqlite3 *database, const char *name) {
  table *one = &to->tables[to->table_count++];
  sqlite3_stmt *columns;
  require(to->table_count <= MAX_TABLES, "more tables than expected: this");
  append(&one->name, name);
  append(&one->insert, "INSERT INTO ");
  append(&one->insert, name);
  append(&one->insert, " VALUES (");
  columns = prepare(database, "SELECT 1 FROM pragma_table_info(?)");
  sqlite3_bind_text(columns, 1, name, -1, SQLITE_TRANSIENT);
  for (int count = 0; sqlite3_step(columns) == SQLITE_ROW; count++) {
    append(&one->insert, count == 0 ? "?" : ", ?");
  }
  append(&one->insert, ")");
  sqlite3_finalize(columns);
}

static void learn_schema(recording *to, sqlite3 *database) {
  sqlite3_stmt *parts = prepare(database,
                                "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL "
                                "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid");
  sqlite3_stmt *setting = prepare(database, "PRAGMA " SETTINGS);
  char text[64];
  require(sqlite3_step(setting) == SQLITE_ROW, SETTINGS);
  snprintf(text, sizeof text, "PRAGMA " SETTINGS " = %d;", sqlite3_column_int(setting, 0));
  append(&to->schema, text);
  sqlite3_finalize(setting);
  append(&to->schema, "PRAGMA journal_mode = WAL;");
  while (sqlite3_step(parts) == SQLITE_ROW) {
    const char *sql = (const char *)sqlite3_column_text(parts, 2);
    append(&to->schema, sql);
    append(&to->schema, ";");
    /* Tables without a rowid belong to reviews: a put writes none of them. */
    if (strcmp((const char *)sqlite3_column_text(parts, 0), "table") == 0 &&
        strstr(sql, "WITHOUT ROWID") == NULL) {
      learn_table(to, database, (const char *)sqlite3_column_text(parts, 1));
    }
  }
  sqlite3_finalize(parts);
}

/* Takes down the current row of a statement: rowid first, then the columns. */
static void take_row(rows *to, sqlite3_stmt *statement, int table, int keeps_key) {
  row *one;
  to->each = realloc(to->each, (size_t)(to->count + 1) * sizeof *to->each);
  require(to->each != NULL, "memory");
  one = &to->each[to->count++];
  one->table = table;
  one->columns = sqlite3_column_count(statement) - 1;
  one->values = calloc((size_t)one->columns, sizeof *one->values);
  require(one->values != NULL, "memory");
  /* The first column is the key, which SQLite gives out: left NULL, except where others name it. */
  for (int column = keeps_key ? 0 : 1; column < one->columns; column++) {
    one->values[column] = sqlite3_value_dup(sqlite3_column_value(statement, column + 1));
  }
}

static void take_new_rows(recording *to, sqlite3_stmt **queries, rows *rows_of_put) {
  for (int index = 0; index < to->table_count; index++) {
    sqlite3_stmt *query = queries[index];
    rows *target = is_threads(to, index) ? &to->setup : rows_of_put;
    sqlite3_bind_int64(query, 1, to->tables[index].last);
    while (sqlite3_step(query) == SQLITE_ROW) {
      to->tables[index].last = sqlite3_column_int64(query, 0);
      take_row(target, query, index, is_threads(to, index));
    }
    sqlite3_reset(query);
  }
}

recording *record(const char *path, const put *const *puts, int count) {
  recording *to = calloc(1, sizeof *to);
  sqlite3_stmt *queries[MAX_TABLES];
  interlock_engine *engine = open_engine(path, INTERLOCK_DURABILITY_NORMAL);
  sqlite3 *database = NULL;
  char sql[256];
  require(to != NULL && (to->puts = calloc((size_t)count, sizeof *to->puts)) != NULL, "memory");
  require(sqlite3_open(path, &database) == SQLITE_OK, path);
  learn_schema(to, database);
  for (int index = 0; index < to->table_count; index++) {
    snprintf(sql, sizeof sql, "SELECT rowid, * FROM %s WHERE rowid > ? ORDER BY rowid",
             to->tables[index].name);
    queries[index] = prepare(database, sql);
  }
  for (int index = 0; index < count; index++) {
    put_with_interlock(engine, puts[index]);
    take_new_rows(to, queries, &to->puts[index]);
  }
  for (int index = 0; index < to->table_count; index++) sqlite3_finalize(queries[index]);
  sqlite3_close(database);
  close_engine(engine);
  return to;
}

/* ------------------------------------------------------------------------------------- replay */

/* Binds without a copy: the recording outlives the statement. */
static void bind(sqlite3_stmt *to, int place, sqlite3_value *value) {
  if (value == NULL) return;
  switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
      sqlite3_bind_int64(to, place, sqlite3_value_int64(value));
      break;
    case SQLITE_TEXT:
      sqlite3_bind_text(to, place, (const char *)sqlite3_value_text(value),
                        sqlite3_value_bytes(value), SQLITE_STATIC);
      break;
    case SQLITE_BLOB:
      if (sqlite3_value_bytes(value) == 0) {
        sqlite3_bind_zeroblob(to, place, 0);
      } else {
        sqlite3_bind_blob(to, place, sqlite3_value_blob(value), sqlite3_value_bytes(value),
                          SQLITE_STATIC);
      }
      break;
    default:
      sqlite3_bind_null(to, place);
  }
}

static void insert(replay *to, const rows *given) {
  for (int index = 0; index < given->count; index++) {
    const row *one = &given->each[index];
    sqlite3_stmt *statement = to->inserts[one->table];
    for (int column = 0; column < one->columns; column++) {
      bind(statement, column + 1, one->values[column]);
    }
    require(sqlite3_step(statement) == SQLITE_DONE, "insert");
    sqlite3_reset(statement);
  }
}

static void step(sqlite3_stmt *statement) {
  require(sqlite3_step(statement) == SQLITE_DONE, sqlite3_sql(statement));
  sqlite3_reset(statement);
}

replay open_replay(const recording *from, const char *path, const char *synchronous) {
  replay to = {0};
  char sql[64];
  require(sqlite3_open(path, &to.database) == SQLITE_OK, path);
  execute(to.database, from->schema);
  snprintf(sql, sizeof sql, "PRAGMA synchronous = %s", synchronous);
  execute(to.database, sql);
  to.begin = prepare(to.database, "BEGIN IMMEDIATE");
  to.commit = prepare(to.database, "COMMIT");
  for (int index = 0; index < from->table_count; index++) {
    to.inserts[index] = prepare(to.database, from->tables[index].insert);
  }
  insert(&to, &from->setup);
  return to;
}

void put_with_sqlite(replay *to, const recording *from, int index) {
  step(to->begin);
  insert(to, &from->puts[index]);
  step(to->commit);
}

void close_replay(replay *to) {
  sqlite3_finalize(to->begin);
  sqlite3_finalize(to->commit);
  for (int index = 0; index < MAX_TABLES; index++) sqlite3_finalize(to->inserts[index]);
  require(sqlite3_close(to->database) == SQLITE_OK, "close");
}
