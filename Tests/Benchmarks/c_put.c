/*
 * One put of a state of one kilobyte, through Interlock and through plain SQLite calls that write
 * the same rows into the same tables, both at both durabilities.
 *
 *   c_put FOLDER COUNT
 *
 * Prints JSON: the seconds of every put by contender. The four contenders alternate put by put,
 * and who begins moves on, so that a drift of the machine hits all alike.
 */
#include "c_common.h"

#include <stdio.h>
#include <stdlib.h>

#define CONTENDERS 4

static const char *const NAMES[CONTENDERS] = {"interlock full", "sqlite full", "interlock normal",
                                              "sqlite normal"};

static const char *path_in(const char *folder, const char *name) {
  static char path[4096];
  snprintf(path, sizeof path, "%s/c_put %s.db", folder, name);
  remove(path);
  return path;
}

static void print_times(const char *name, const double *times, int count, const char *end) {
  printf("\"%s\": [", name);
  for (int index = 0; index < count; index++) printf("%s%.9f", index == 0 ? "" : ", ", times[index]);
  printf("]%s", end);
}

int main(int argument_count, char **arguments) {
  const char *folder = argument_count == 3 ? arguments[1] : NULL;
  int count = folder != NULL ? atoi(arguments[2]) : 0;
  require(count > 0, "c_put FOLDER COUNT");

  put *puts = make_puts("put", count);
  const put **given = calloc((size_t)count, sizeof *given);
  double *times = calloc((size_t)count * CONTENDERS, sizeof *times);
  require(given != NULL && times != NULL, "memory");
  for (int index = 0; index < count; index++) given[index] = &puts[index];
  recording *rows = record(path_in(folder, "recording"), given, count);

  interlock_engine *engines[2] = {
      open_engine(path_in(folder, NAMES[0]), INTERLOCK_DURABILITY_FULL),
      open_engine(path_in(folder, NAMES[2]), INTERLOCK_DURABILITY_NORMAL)};
  replay replays[2] = {open_replay(rows, path_in(folder, NAMES[1]), "FULL"),
                       open_replay(rows, path_in(folder, NAMES[3]), "NORMAL")};
  for (int index = 0; index < count; index++) {
    for (int turn = 0; turn < CONTENDERS; turn++) {
      int contender = (index + turn) % CONTENDERS;
      double start = now_seconds();
      if (contender % 2 == 0) {
        put_with_interlock(engines[contender / 2], given[index]);
      } else {
        put_with_sqlite(&replays[contender / 2], rows, index);
      }
      times[contender * count + index] = now_seconds() - start;
    }
  }
  printf("{");
  for (int contender = 0; contender < CONTENDERS; contender++) {
    print_times(NAMES[contender], &times[contender * count], count,
                contender + 1 < CONTENDERS ? ",\n" : "}\n");
  }
  for (int durability = 0; durability < 2; durability++) {
    close_engine(engines[durability]);
    close_replay(&replays[durability]);
  }
  free(times);
  free(given);
  free(puts);
  return 0;
}
