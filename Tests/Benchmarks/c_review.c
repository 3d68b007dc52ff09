/*
 * Opening an approval, and answering it, each beside one commit of a plain SQLite row of the size
 * of the request.
 *
 *   c_review FOLDER ROUNDS CALLS
 *
 * Prints JSON: the seconds of every call by contender. In each round Interlock opens CALLS reviews
 * and answers them, and SQLite commits CALLS rows; chance says who begins.
 */
#include "c_reviews.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct times {
  double *open;
  double *respond;
  double *plain;
} times;

static const char *path_in(const char *folder, const char *contender) {
  static char path[4096];
  snprintf(path, sizeof path, "%s/c_review %s.db", folder, contender);
  return path;
}

static double commit_one(const plain *rows, int number) {
  char body[REQUEST_BYTES];
  write_approval(body, number);
  return commit_row(rows, body);
}

static double ask_one(interlock_engine *engine, function *call, const char *request,
                      char id[ID_BYTES]) {
  double start = now_seconds();
  interlock_buffer *document = ask(engine, call, request);
  double spent = now_seconds() - start;
  if (id != NULL) read_id(id, document);
  interlock_buffer_free(document);
  return spent;
}

static void ask_many(interlock_engine *engine, int first, int calls, times *into) {
  char(*ids)[ID_BYTES] = calloc((size_t)calls, sizeof *ids);
  char request[REQUEST_BYTES];
  require(ids != NULL, "memory");
  for (int call = 0; call < calls; call++) {
    write_approval(request, first + call);
    into->open[first + call] = ask_one(engine, interlock_review_open, request, ids[call]);
  }
  for (int call = 0; call < calls; call++) {
    write_yes(request, ids[call]);
    into->respond[first + call] = ask_one(engine, interlock_review_respond, request, NULL);
  }
  free(ids);
}

int main(int argument_count, char **arguments) {
  const char *folder = argument_count == 4 ? arguments[1] : NULL;
  int rounds = folder != NULL ? atoi(arguments[2]) : 0;
  int calls = folder != NULL ? atoi(arguments[3]) : 0;
  int count = rounds * calls;
  uint64_t chance = 1;
  require(count > 0, "c_review FOLDER ROUNDS CALLS");

  times found;
  found.open = calloc((size_t)count * 3, sizeof *found.open);
  require(found.open != NULL, "memory");
  found.respond = found.open + count;
  found.plain = found.respond + count;
  interlock_engine *engine =
      open_engine(path_in(folder, "interlock"), INTERLOCK_DURABILITY_FULL);
  plain rows = open_rows(path_in(folder, "sqlite"));

  for (int round = 0; round < rounds; round++) {
    int first = (int)(next_random(&chance) & 1);
    for (int turn = 0; turn < 2; turn++) {
      if ((first ^ turn) == 0) {
        ask_many(engine, round * calls, calls, &found);
        continue;
      }
      for (int call = round * calls; call < (round + 1) * calls; call++) {
        found.plain[call] = commit_one(&rows, call);
      }
    }
  }
  close_engine(engine);
  close_rows(&rows);
  printf("{");
  print_series("open", found.open, count, ",\n");
  print_series("respond", found.respond, count, ",\n");
  print_series("sqlite", found.plain, count, "}\n");
  return 0;
}
