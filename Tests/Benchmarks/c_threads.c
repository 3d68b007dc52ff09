/*
 * Sixteen threads that put at once, durably: through one Interlock engine, and through one SQLite
 * connection behind a mutex that writes the same rows into the same tables.
 *
 *   c_threads FOLDER ROUNDS COUNT
 *
 * Every round has new files, and every thread puts COUNT checkpoints of a thread of its own.
 * Prints JSON: by contender, per round, puts per second and the seconds of the slowest put.
 */
#include "c_common.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define THREADS 16

typedef struct contest {
  const put *const *given; /* the puts of thread t are at t * count */
  int count;
  interlock_engine *engine; /* or NULL, and then: */
  replay *to;
  const recording *rows;
  pthread_mutex_t lock;
  pthread_barrier_t together;
} contest;

typedef struct worker {
  pthread_t thread;
  contest *contest;
  int number;
  double slowest;
} worker;

static void put_one(contest *contest, int index) {
  if (contest->engine != NULL) {
    put_with_interlock(contest->engine, contest->given[index]);
    return;
  }
  pthread_mutex_lock(&contest->lock);
  put_with_sqlite(contest->to, contest->rows, index);
  pthread_mutex_unlock(&contest->lock);
}

static void *work(void *given) {
  worker *self = given;
  contest *contest = self->contest;
  pthread_barrier_wait(&contest->together);
  for (int step = 0; step < contest->count; step++) {
    double start = now_seconds();
    double spent;
    put_one(contest, self->number * contest->count + step);
    spent = now_seconds() - start;
    if (spent > self->slowest) self->slowest = spent;
  }
  return NULL;
}

/* Returns puts per second, and the slowest put through `slowest`. */
static double run(contest *contest, double *slowest) {
  worker workers[THREADS] = {0};
  double start;
  double spent;
  pthread_mutex_init(&contest->lock, NULL);
  pthread_barrier_init(&contest->together, NULL, THREADS + 1);
  for (int number = 0; number < THREADS; number++) {
    workers[number].contest = contest;
    workers[number].number = number;
    require(pthread_create(&workers[number].thread, NULL, work, &workers[number]) == 0, "thread");
  }
  start = now_seconds();
  pthread_barrier_wait(&contest->together);
  *slowest = 0;
  for (int number = 0; number < THREADS; number++) {
    pthread_join(workers[number].thread, NULL);
    if (workers[number].slowest > *slowest) *slowest = workers[number].slowest;
  }
  spent = now_seconds() - start;
  pthread_barrier_destroy(&contest->together);
  pthread_mutex_destroy(&contest->lock);
  return THREADS * contest->count / spent;
}

static const char *path_in(const char *folder, const char *name, int round) {
  static char path[4096];
  snprintf(path, sizeof path, "%s/c_threads %s %d.db", folder, name, round);
  remove(path);
  return path;
}

int main(int argument_count, char **arguments) {
  const char *folder = argument_count == 4 ? arguments[1] : NULL;
  int rounds = folder != NULL ? atoi(arguments[2]) : 0;
  int count = folder != NULL ? atoi(arguments[3]) : 0;
  const put **given;
  char name[32];
  require(rounds > 0 && count > 0, "c_threads FOLDER ROUNDS COUNT");
  given = calloc((size_t)(THREADS * count), sizeof *given);
  require(given != NULL, "memory");
  for (int number = 0; number < THREADS; number++) {
    put *puts;
    snprintf(name, sizeof name, "thread %d", number);
    puts = make_puts(name, count);
    for (int step = 0; step < count; step++) given[number * count + step] = &puts[step];
  }
  recording *rows = record(path_in(folder, "recording", 0), given, THREADS * count);

  printf("[");
  for (int turn = 0; turn < 2 * rounds; turn++) {
    int round = turn / 2;
    int with_interlock = (turn + round) % 2 == 0;
    double slowest;
    double rate;
    contest contest = {.given = given, .count = count, .rows = rows};
    replay to;
    if (with_interlock) {
      contest.engine = open_engine(path_in(folder, "interlock", round), INTERLOCK_DURABILITY_FULL);
      rate = run(&contest, &slowest);
      close_engine(contest.engine);
    } else {
      to = open_replay(rows, path_in(folder, "sqlite", round), "FULL");
      contest.to = &to;
      rate = run(&contest, &slowest);
      close_replay(&to);
    }
    printf("%s[\"%s\", %.3f, %.9f]", turn == 0 ? "" : ",\n",
           with_interlock ? "interlock" : "sqlite", rate, slowest);
  }
  printf("]\n");
  return 0;
}
