/*
 * How long after an answer is committed the one who waits for it goes on, in the same process or in
 * another; beside what the system needs to wake somebody with a condition variable.
 *
 *   c_wait FOLDER thread|process ROUNDS CALLS
 *
 * The clock starts when the answer is durable: when the first fdatasync inside of
 * interlock_review_respond returns, which this program notices by standing before the C library's.
 * It stops when interlock_review_wait has returned. (When the answer is durable cannot be seen from
 * outside of respond; its return comes later, and would make the figure too good.)
 *
 * Prints JSON: the seconds of every wait by contender, in turns of CALLS.
 */
#include "c_reviews.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Which the waiter and the answerer share, in one process or between two. */
typedef struct shared {
  char database[4096];
  interlock_engine *engine; /* of the process that waits, and of both if it is one */
  int is_one_process;
  int to_answerer[2]; /* pipes: ids to answer, or an empty one for the condition */
  int to_waiter[2];   /* when it was answered */
  pthread_mutex_t lock;
  pthread_cond_t condition;
  int is_answered;
} shared;

static _Thread_local double durable_at;

static int noticed(int code) {
  if (durable_at == 0) durable_at = now_seconds();
  return code;
}

/* SQLite commits with one of these, as it was built. */
int fdatasync(int file) { return noticed((int)syscall(SYS_fdatasync, file)); }

int fsync(int file) { return noticed((int)syscall(SYS_fsync, file)); }

/* Long enough that the other one sleeps. */
static void pause_a_while(void) {
  struct timespec time = {0, 2000000};
  nanosleep(&time, NULL);
}

static double answer_review(interlock_engine *engine, const char *id) {
  char request[REQUEST_BYTES];
  write_yes(request, id);
  durable_at = 0;
  interlock_buffer_free(ask(engine, interlock_review_respond, request));
  require(durable_at != 0, "noticing the commit");
  return durable_at;
}

static double answer_condition(shared *all) {
  double at;
  pthread_mutex_lock(&all->lock);
  all->is_answered = 1;
  at = now_seconds();
  pthread_cond_signal(&all->condition);
  pthread_mutex_unlock(&all->lock);
  return at;
}

/* Answers what comes through the pipe, until it is closed. */
static void *answer(void *given) {
  shared *all = given;
  interlock_engine *engine =
      all->is_one_process ? all->engine : open_engine(all->database, INTERLOCK_DURABILITY_FULL);
  char id[ID_BYTES];
  while (read(all->to_answerer[0], id, sizeof id) == (ssize_t)sizeof id) {
    double at;
    pause_a_while();
    at = id[0] == '\0' ? answer_condition(all) : answer_review(engine, id);
    require(write(all->to_waiter[1], &at, sizeof at) == (ssize_t)sizeof at, "write");
  }
  if (!all->is_one_process) close_engine(engine);
  return NULL;
}

static void wait_for_review(interlock_engine *engine, const char *id) {
  char request[REQUEST_BYTES];
  interlock_buffer *document = NULL;
  snprintf(request, sizeof request, "{\"ids\":[\"%s\"]}", id);
  require(interlock_review_wait(engine, request, strlen(request), 60000, NULL, &document, NULL) ==
              INTERLOCK_OK,
          "interlock_review_wait");
  interlock_buffer_free(document);
}

static void wait_for_condition(shared *all) {
  pthread_mutex_lock(&all->lock);
  while (!all->is_answered) pthread_cond_wait(&all->condition, &all->lock);
  all->is_answered = 0;
  pthread_mutex_unlock(&all->lock);
}

/* Asks the other one for an answer, and waits for it. */
static double measure(shared *all, int is_review, int number) {
  char id[ID_BYTES] = {0};
  double at;
  double seen;
  if (is_review) open_review(all->engine, number, id);
  require(write(all->to_answerer[1], id, sizeof id) == (ssize_t)sizeof id, "write");
  if (is_review) {
    wait_for_review(all->engine, id);
  } else {
    wait_for_condition(all);
  }
  seen = now_seconds();
  require(read(all->to_waiter[0], &at, sizeof at) == (ssize_t)sizeof at, "read");
  return seen - at;
}

static shared *share(const char *folder, int is_one_process) {
  shared *all = mmap(NULL, sizeof *all, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pthread_mutexattr_t lock;
  pthread_condattr_t condition;
  require(all != MAP_FAILED, "memory");
  snprintf(all->database, sizeof all->database, "%s/c_wait %d.db", folder, is_one_process);
  all->is_one_process = is_one_process;
  require(pipe(all->to_answerer) == 0 && pipe(all->to_waiter) == 0, "pipe");
  pthread_mutexattr_init(&lock);
  pthread_mutexattr_setpshared(&lock, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(&all->lock, &lock);
  pthread_condattr_init(&condition);
  pthread_condattr_setpshared(&condition, PTHREAD_PROCESS_SHARED);
  pthread_cond_init(&all->condition, &condition);
  return all;
}

/* Starts the answerer: a thread, or a process that has an engine of its own. */
static pthread_t start(shared *all) {
  pthread_t thread = 0;
  if (all->is_one_process) {
    all->engine = open_engine(all->database, INTERLOCK_DURABILITY_FULL);
    require(pthread_create(&thread, NULL, answer, all) == 0, "thread");
    return thread;
  }
  pid_t child = fork();
  require(child >= 0, "fork");
  if (child == 0) {
    close(all->to_answerer[1]);
    answer(all);
    _exit(0);
  }
  all->engine = open_engine(all->database, INTERLOCK_DURABILITY_FULL);
  return thread;
}

int main(int argument_count, char **arguments) {
  const char *folder = argument_count == 5 ? arguments[1] : NULL;
  int is_one_process = folder != NULL && strcmp(arguments[2], "thread") == 0;
  int rounds = folder != NULL ? atoi(arguments[3]) : 0;
  int calls = folder != NULL ? atoi(arguments[4]) : 0;
  int count = rounds * calls;
  require(count > 0, "c_wait FOLDER thread|process ROUNDS CALLS");

  shared *all = share(folder, is_one_process);
  pthread_t thread = start(all);
  double *times = calloc((size_t)count * 2, sizeof *times);
  require(times != NULL, "memory");
  for (int turn = 0; turn < 2 * rounds; turn++) {
    int is_review = turn % 2 == 0;
    double *into = &times[(is_review ? 0 : count) + turn / 2 * calls];
    measure(all, is_review, 0);
    for (int call = 0; call < calls; call++) into[call] = measure(all, is_review, call);
  }
  close(all->to_answerer[1]);
  if (is_one_process) {
    pthread_join(thread, NULL);
  } else {
    wait(NULL);
  }
  close_engine(all->engine);
  printf("{");
  print_series("interlock", times, count, ",\n");
  print_series("condition variable", times + count, count, "}\n");
  return 0;
}
