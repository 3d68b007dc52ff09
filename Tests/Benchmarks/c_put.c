/*
 * One put of a state of one kilobyte, through Interlock and through plain SQLite calls that write
 * the same rows into the same tables, first durably, then with the durability `normal`.
 *
 *   c_put FOLDER ROUNDS CALLS
 *
 * Prints JSON: the seconds of every put by contender. In each round both contenders make CALLS puts
 * in a row, and chance says who begins, so that a drift of the machine hits both alike.
 */
#include "c_common.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct durability {
  const char *name;
  const char *synchronous;
  uint32_t number;
} durability;

static const durability DURABILITIES[2] = {{"full", "FULL", INTERLOCK_DURABILITY_FULL},
                                           {"normal", "NORMAL", INTERLOCK_DURABILITY_NORMAL}};

static const char *path_in(const char *folder, const char *contender, const char *name) {
  static char path[4096];
  snprintf(path, sizeof path, "%s/c_put %s %s.db", folder, contender, name);
  remove(path);
  return path;
}

static void print_times(const char *contender, const char *name, const double *times, int count) {
  printf("\"%s %s\": [", contender, name);
  for (int index = 0; index < count; index++) {
    printf("%s%.9f", index == 0 ? "" : ", ", times[index]);
  }
  printf("]");
}

static double put_one(interlock_engine *engine, const put *given, replay *to,
                      const recording *rows, int index) {
  double start = now_seconds();
  if (engine != NULL) {
    put_with_interlock(engine, &given[index]);
  } else {
    put_with_sqlite(to, rows, index);
  }
  return now_seconds() - start;
}

/* Times the puts of both; `times` has room for twice as many. */
static void compare(const char *folder, const durability *at, const put *puts,
                    const recording *rows, int rounds, int calls, double *times) {
  interlock_engine *engine = open_engine(path_in(folder, "interlock", at->name), at->number);
  replay to = open_replay(rows, path_in(folder, "sqlite", at->name), at->synchronous);
  uint64_t chance = 1;
  for (int round = 0; round < rounds; round++) {
    int first = (int)(next_random(&chance) & 1);
    for (int turn = 0; turn < 2; turn++) {
      int is_sqlite = first ^ turn;
      for (int index = round * calls; index < (round + 1) * calls; index++) {
        times[is_sqlite * rounds * calls + index] =
            put_one(is_sqlite ? NULL : engine, puts, &to, rows, index);
      }
    }
  }
  close_engine(engine);
  close_replay(&to);
}

int main(int argument_count, char **arguments) {
  const char *folder = argument_count == 4 ? arguments[1] : NULL;
  int rounds = folder != NULL ? atoi(arguments[2]) : 0;
  int calls = folder != NULL ? atoi(arguments[3]) : 0;
  int count = rounds * calls;
  require(count > 0, "c_put FOLDER ROUNDS CALLS");

  put *puts = make_puts("put", count);
  const put **given = calloc((size_t)count, sizeof *given);
  double *times = calloc((size_t)count * 2, sizeof *times);
  require(given != NULL && times != NULL, "memory");
  for (int index = 0; index < count; index++) given[index] = &puts[index];
  recording *rows = record(path_in(folder, "recording", ""), given, count);

  printf("{");
  for (int index = 0; index < 2; index++) {
    const durability *at = &DURABILITIES[index];
    compare(folder, at, puts, rows, rounds, calls, times);
    print_times("interlock", at->name, times, count);
    printf(",\n");
    print_times("sqlite", at->name, times + count, count);
    printf(index == 0 ? ",\n" : "}\n");
  }
  free(times);
  free(given);
  free(puts);
  return 0;
}
