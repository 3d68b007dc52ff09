/*
 * What people and agents do with reviews, in a store with few pending ones and in one with many;
 * and pages of the many beside the same rows read by plain SQLite.
 *
 *   c_million SMALL LARGE ROUNDS CALLS
 *
 * Reviews are read and answered all over the store, by chance; before, as many new ones are opened as
 * are answered then. Pages by status and by due time go on where the one before ended; those of a
 * channel and of a person are the first of one that chance picks.
 *
 * Prints JSON: the seconds of every call by contender. In each round all make CALLS calls in a row;
 * chance says who begins. What takes longer than LONGEST seconds gets no further round.
 */
#include "c_reviews.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST 20
#define PAGE 50
#define CHANNELS 100
#define PERSONS 200
#define END_OF_TIME "32503680000000"
#define SELECT                                                                         \
  "SELECT sequence, id, kind, status, outcome, successor, thread, channel, interrupt, " \
  "external_id, key, assignee, due, revision, created_at, request, definition, progress, head " \
  "FROM reviews WHERE "

typedef struct store {
  interlock_engine *engine;
  sqlite3 *plain;
  sqlite3_stmt *pending; /* the id of the pending review at a place */
  int64_t last;          /* the highest place */
  uint64_t chance;
} store;

static uint64_t pick(store *in, uint64_t below) { return next_random(&in->chance) % below; }

static store open_store(const char *path) {
  store opened = {.engine = open_engine(path, INTERLOCK_DURABILITY_FULL),
                  .plain = open_plain(path)};
  sqlite3_stmt *last = prepare_plain(opened.plain, "SELECT max(sequence) FROM reviews");
  require(sqlite3_step(last) == SQLITE_ROW, "finding the last review");
  opened.last = sqlite3_column_int64(last, 0);
  sqlite3_finalize(last);
  opened.pending = prepare_plain(
      opened.plain, "SELECT id FROM reviews WHERE sequence = ? AND status = 'pending'");
  return opened;
}

static void close_store(store *opened) {
  sqlite3_finalize(opened->pending);
  sqlite3_close(opened->plain);
  close_engine(opened->engine);
}

/* ----------------------------------------------------------------------------- single reviews */

static void pick_pending(store *in, char id[ID_BYTES]) {
  int is_found = 0;
  while (!is_found) {
    sqlite3_bind_int64(in->pending, 1, (int64_t)pick(in, (uint64_t)in->last) + 1);
    is_found = sqlite3_step(in->pending) == SQLITE_ROW;
    if (is_found) snprintf(id, ID_BYTES, "%s", (const char *)sqlite3_column_text(in->pending, 0));
    sqlite3_reset(in->pending);
  }
}

static double time_call(store *in, function *call, const char *request, char *next) {
  double start = now_seconds();
  interlock_buffer *document = ask(in->engine, call, request);
  double spent = now_seconds() - start;
  if (next != NULL) {
    static const char before[] = "\"next\":\"";
    const char *found =
        memmem(document->content.data, document->content.size, before, strlen(before));
    next[0] = '\0';
    if (found != NULL) sscanf(found + strlen(before), "%63[^\"]", next);
  }
  interlock_buffer_free(document);
  return spent;
}

static double time_open(store *in, int number) {
  char request[REQUEST_BYTES];
  write_approval(request, number);
  in->last++;
  return time_call(in, interlock_review_open, request, NULL);
}

static double time_get(store *in, int number) {
  char request[REQUEST_BYTES];
  char id[ID_BYTES];
  (void)number;
  pick_pending(in, id);
  snprintf(request, sizeof request, "{\"id\":\"%s\"}", id);
  return time_call(in, interlock_review_get, request, NULL);
}

static double time_respond(store *in, int number) {
  char request[REQUEST_BYTES];
  char id[ID_BYTES];
  (void)number;
  pick_pending(in, id);
  write_yes(request, id);
  return time_call(in, interlock_review_respond, request, NULL);
}

typedef struct action {
  const char *name;
  double (*time)(store *in, int number);
} action;

static const action ACTIONS[] = {{"open", time_open}, {"get", time_get}, {"respond", time_respond}};
#define ACTION_COUNT 3

/* -------------------------------------------------------------------------------------- pages */

typedef struct page {
  const char *name;
  const char *where; /* with %d for the channel or person */
  uint64_t choices;
  const char *sql; /* ?1 the channel or person, ?2 and ?3 sequence and due time of the last row */
  int is_newest_first;
  char cursor[ID_BYTES];
  sqlite3_stmt *statement;
  int64_t sequence;
  int64_t due;
} page;

static page PAGES[] = {
    {.name = "status",
     .where = "\"status\":\"pending\"",
     .sql = SELECT "status = 'pending' AND sequence < ?2 ORDER BY sequence DESC LIMIT 50",
     .is_newest_first = 1},
    {.name = "channel and status",
     .where = "\"channel\":\"channel-%d\",\"status\":\"pending\"",
     .choices = CHANNELS,
     .sql = SELECT "channel = 'channel-' || ?1 AND status = 'pending' "
                   "ORDER BY sequence DESC LIMIT 50"},
    {.name = "assignee and status",
     .where = "\"assignee\":\"person-%d\",\"status\":\"pending\"",
     .choices = PERSONS,
     .sql = SELECT "assignee = 'user_id:person-' || ?1 AND status = 'pending' "
                   "ORDER BY sequence DESC LIMIT 50"},
    {.name = "assignee",
     .where = "\"assignee\":\"person-%d\"",
     .choices = PERSONS,
     .sql = SELECT "assignee = 'user_id:person-' || ?1 AND status = 'pending' "
                   "ORDER BY sequence DESC LIMIT 50"},
    {.name = "due_before",
     .where = "\"due_before\":" END_OF_TIME,
     .sql = SELECT "due < " END_OF_TIME " AND (due, sequence) > (?3, ?2) "
                   "ORDER BY due, sequence LIMIT 50"},
    {.name = "due_before and status",
     .where = "\"status\":\"pending\",\"due_before\":" END_OF_TIME,
     .sql = SELECT "+status = 'pending' AND due < " END_OF_TIME " AND (due, sequence) > (?3, ?2) "
                   "ORDER BY due, sequence LIMIT 50"}};
#define PAGE_COUNT 6

static void begin_again(page *of) {
  of->cursor[0] = '\0';
  of->sequence = of->is_newest_first ? INT64_MAX : 0;
  of->due = 0;
}

static double time_page(store *in, page *of) {
  char where[128];
  char request[REQUEST_BYTES];
  int is_first = of->cursor[0] == '\0';
  double spent;
  snprintf(where, sizeof where, of->where, of->choices > 0 ? (int)pick(in, of->choices) : 0);
  snprintf(request, sizeof request, "{%s,\"limit\":%d%s%s%s}", where, PAGE,
           is_first ? "" : ",\"cursor\":\"", of->cursor, is_first ? "" : "\"");
  spent = time_call(in, interlock_review_list, request, of->cursor);
  if (of->choices > 0) of->cursor[0] = '\0';
  return spent;
}

static double time_plain_page(store *in, page *of) {
  double start;
  double spent;
  int rows;
  sqlite3_bind_int64(of->statement, 1, of->choices > 0 ? (int64_t)pick(in, of->choices) : 0);
  sqlite3_bind_int64(of->statement, 2, of->sequence);
  sqlite3_bind_int64(of->statement, 3, of->due);
  start = now_seconds();
  rows = read_reviews(of->statement, &of->sequence, &of->due);
  spent = now_seconds() - start;
  if (rows < PAGE) begin_again(of);
  return spent;
}

/* --------------------------------------------------------------------------------------- main */

/* Both stores, or Interlock and plain SQLite, in turns: the times of one, then of the other. */
static void compare(store stores[2], const action *act, page *of, int rounds, int calls,
                    const char *names[2], const char *end) {
  int count = rounds * calls;
  double *times = calloc((size_t)count * 2, sizeof *times);
  double start = now_seconds();
  int done = 0;
  require(times != NULL, "memory");
  for (int round = 0; round < rounds && now_seconds() - start < LONGEST; round++) {
    int first = (int)pick(&stores[1], 2);
    for (int turn = 0; turn < 2; turn++) {
      int side = first ^ turn;
      for (int call = round * calls; call < (round + 1) * calls; call++) {
        times[side * count + call] = act != NULL ? act->time(&stores[side], call)
                                     : side == 1 ? time_page(&stores[1], of)
                                                 : time_plain_page(&stores[1], of);
      }
    }
    done += calls;
  }
  print_series(names[0], times, done, ",\n");
  print_series(names[1], times + count, done, end);
  free(times);
}

int main(int argument_count, char **arguments) {
  int is_whole = argument_count == 5;
  int rounds = is_whole ? atoi(arguments[3]) : 0;
  int calls = is_whole ? atoi(arguments[4]) : 0;
  char names[2][64];
  const char *both[2] = {names[0], names[1]};
  require(rounds * calls > 0, "c_million SMALL LARGE ROUNDS CALLS");

  store stores[2] = {open_store(arguments[1]), open_store(arguments[2])};
  printf("{");
  for (int index = 0; index < PAGE_COUNT; index++) {
    page *of = &PAGES[index];
    of->statement = prepare_plain(stores[1].plain, of->sql);
    begin_again(of);
    snprintf(names[0], sizeof names[0], "%s plain", of->name);
    snprintf(names[1], sizeof names[1], "%s large", of->name);
    compare(stores, NULL, of, rounds, calls, both, ",\n");
    sqlite3_finalize(of->statement);
  }
  for (int index = 0; index < ACTION_COUNT; index++) {
    snprintf(names[0], sizeof names[0], "%s small", ACTIONS[index].name);
    snprintf(names[1], sizeof names[1], "%s large", ACTIONS[index].name);
    compare(stores, &ACTIONS[index], NULL, rounds, calls, both,
            index + 1 < ACTION_COUNT ? ",\n" : "}\n");
  }
  close_store(&stores[0]);
  close_store(&stores[1]);
  return 0;
}
