/*
 * Using a permit, just before an effect, beside one commit of a plain SQLite row of the size of the
 * request.
 *
 *   c_permit FOLDER ROUNDS CALLS
 *
 * Prints JSON: the seconds of every call by contender. In each round Interlock uses CALLS permits,
 * which were approved before the clock starts, and SQLite commits CALLS rows; chance says who
 * begins.
 */
#include "c_reviews.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *path_in(const char *folder, const char *contender) {
  static char path[4096];
  snprintf(path, sizeof path, "%s/c_permit %s.db", folder, contender);
  remove(path);
  return path;
}

/* Has a call approved, and makes the request that uses its permit. */
static void prepare(interlock_engine *engine, int number, char request[REQUEST_BYTES]) {
  static const char before[] = "\"id\":\"";
  char review[ID_BYTES], permit[ID_BYTES], call[CALL_BYTES];
  open_review(engine, number, review);
  write_yes(request, review);
  interlock_buffer_free(ask(engine, interlock_review_respond, request));
  snprintf(request, REQUEST_BYTES, "{\"review\":\"%s\"}", review);
  interlock_buffer *list = ask(engine, interlock_permit_list, request);
  const char *found =
      memmem(list->content.data, list->content.size, before, strlen(before));
  require(found != NULL, "reading the id of a permit");
  found += strlen(before);
  const char *end =
      memchr(found, '"', list->content.size - (size_t)(found - (const char *)list->content.data));
  require(end != NULL && end - found < ID_BYTES, "an id of a permit");
  snprintf(permit, sizeof permit, "%.*s", (int)(end - found), found);
  interlock_buffer_free(list);
  write_call(call, number);
  snprintf(request, REQUEST_BYTES, "{\"permit\":\"%s\",%s,\"worker\":\"worker-1\"}", permit, call);
}

static double use_one(interlock_engine *engine, const char *request) {
  double start = now_seconds();
  interlock_buffer *document = ask(engine, interlock_permit_consume, request);
  double spent = now_seconds() - start;
  interlock_buffer_free(document);
  return spent;
}

int main(int argument_count, char **arguments) {
  const char *folder = argument_count == 4 ? arguments[1] : NULL;
  int rounds = folder != NULL ? atoi(arguments[2]) : 0;
  int calls = folder != NULL ? atoi(arguments[3]) : 0;
  int count = rounds * calls;
  uint64_t chance = 1;
  require(count > 0, "c_permit FOLDER ROUNDS CALLS");

  double *times = calloc((size_t)count * 2, sizeof *times);
  char(*requests)[REQUEST_BYTES] = calloc((size_t)calls, sizeof *requests);
  require(times != NULL && requests != NULL, "memory");
  interlock_engine *engine =
      open_engine(path_in(folder, "interlock"), INTERLOCK_DURABILITY_FULL);
  plain rows = open_rows(path_in(folder, "sqlite"));

  for (int round = 0; round < rounds; round++) {
    int first = (int)(next_random(&chance) & 1);
    for (int call = 0; call < calls; call++) {
      prepare(engine, round * calls + call, requests[call]);
    }
    for (int turn = 0; turn < 2; turn++) {
      int is_sqlite = first ^ turn;
      double *into = times + is_sqlite * count + round * calls;
      for (int call = 0; call < calls; call++) {
        into[call] = is_sqlite ? commit_row(&rows, requests[call]) : use_one(engine, requests[call]);
      }
    }
  }
  close_engine(engine);
  close_rows(&rows);
  printf("{");
  print_series("consume", times, count, ",\n");
  print_series("sqlite", times + count, count, "}\n");
  free(requests);
  free(times);
  return 0;
}
