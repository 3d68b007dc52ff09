/*
 * Four processes with two threads each race for the reviews of one SQLite file, and one checks:
 * answers against answers, a deadline, a cancellation, a successor, the last votes of a quorum, and
 * equal answers against each other. However a race ends, exactly one thing has happened, and every
 * loser was told precisely why not.
 *
 *   race_reviews FOLDER COUNT      COUNT races in a new file in FOLDER; 100000 is the long version
 */
#define _POSIX_C_SOURCE 200809L
#define _DEFAULT_SOURCE
#include "race_reviews.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

shared_state *shared;

/* Two of eight do the other thing where there is one; half of them tick against a deadline. */
int is_answerer(race_kind kind, int contender) {
  if (kind == EXPIRY) return contender % 2 == 0;
  return (kind != CANCEL && kind != SUPERSEDE) || contender % THREADS != 0 || contender > THREADS;
}

int has_equal_successors(int race) { return race % 2 == 1; }

static interlock_status tick(interlock_engine *engine, const char *request, size_t size,
                             interlock_buffer **out_json, interlock_error **out_error) {
  (void)request, (void)size;
  return interlock_engine_tick(engine, out_json, out_error);
}

const char *choice(int contender) { return contender % 2 == 0 ? "approve" : "reject"; }

race_result answer(interlock_engine *engine, const char *id, race_kind kind, int contender) {
  int actor = kind == REPEATS ? 0 : contender;
  return race_call(engine, interlock_review_respond,
                   "{'id':'%s','actor':'contender-%d','response':{'selectedOption':'%s'}}", id,
                   actor, kind == VOTES ? "approve" : choice(actor));
}

static race_result contend(interlock_engine *engine, int race, int contender) {
  const char *id = shared->ids[race];
  if (is_answerer(shared->kind, contender)) return answer(engine, id, shared->kind, contender);
  if (shared->kind == EXPIRY) return race_call(engine, tick, "");
  if (shared->kind == CANCEL)
    return race_call(engine, interlock_review_cancel, "{'id':'%s','actor':'contender-%d'}", id,
                     contender);
  return race_call(engine, interlock_review_supersede,
                   "{'id':'%s','successor':{'kind':'text','payload':{},'thread':'after-%d',"
                   "'title':'%d'}}",
                   id, shared->first + race, has_equal_successors(race) ? 0 : contender);
}

/* ------------------------------------------------------------------------------ contenders */

typedef struct contender_thread {
  pthread_t thread;
  interlock_engine *engine;
  int number;
} contender_thread;

static void *run_contender(void *argument) {
  contender_thread *self = argument;
  for (;;) {
    alarm(BATCH_SECONDS);
    pthread_barrier_wait(&shared->start);
    if (shared->count == 0) return NULL;
    for (int race = 0; race < shared->count; race++)
      shared->results[race][self->number] = contend(self->engine, race, self->number);
    pthread_barrier_wait(&shared->end);
  }
}

static interlock_engine *open_engine(void) {
  interlock_engine_options options = {0};
  interlock_engine *engine = NULL;
  options.struct_size = sizeof options;
  if (interlock_engine_open(shared->path, strlen(shared->path), &options, &engine, NULL) != 0) {
    fputs("race_reviews: cannot open the store\n", stderr);
    exit(1);
  }
  return engine;
}

static void run_process(int process) {
  contender_thread threads[THREADS];
  interlock_engine *engine = open_engine();
  for (int i = 0; i < THREADS; i++) {
    threads[i].engine = engine;
    threads[i].number = process * THREADS + i;
    if (pthread_create(&threads[i].thread, NULL, run_contender, &threads[i]) != 0) _exit(1);
  }
  for (int i = 0; i < THREADS; i++) pthread_join(threads[i].thread, NULL);
  _exit(interlock_engine_close(engine, NULL) == INTERLOCK_OK ? 0 : 1);
}

/* ---------------------------------------------------------------------------------- races */

static int64_t milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The members of a request that make a race of this kind. left_ms: until the batch should end. */
static void open_race(interlock_engine *engine, int race, int64_t left_ms) {
  char members[700] = "";
  if (shared->kind == EXPIRY)
    snprintf(members, sizeof members, ",'expires_in':%lld", (long long)(left_ms > 0 ? left_ms : 1));
  if (shared->kind == VOTES) {
    size_t used = (size_t)snprintf(members, sizeof members, ",'policy':{'stages':[{'quorum':%d,"
                                                            "'approvers':[", QUORUM);
    for (int i = 0; i < CONTENDERS; i++)
      used += (size_t)snprintf(members + used, sizeof members - used, "%s'contender-%d'",
                               i == 0 ? "" : ",", i);
    snprintf(members + used, sizeof members - used, "]}]}");
  }
  interlock_buffer *json = race_read(engine, interlock_review_open,
                                     "{'kind':'approval','payload':{}%s}", members);
  race_text(json, "/review/id", shared->ids[race], ID_BYTES);
  interlock_buffer_free(json);
}

/* Deadlines are spread over the time that the batch of this kind took before. */
static void run_batch(interlock_engine *engine, race_kind kind, int first, int count) {
  static int64_t opening_ms = 50, racing_ms = 50;
  long long head = audit_head(engine);
  int64_t began = milliseconds();
  shared->kind = kind;
  shared->count = count;
  shared->first = first;
  memset(shared->results, 0, sizeof shared->results);
  for (int race = 0; race < count; race++) {
    int64_t end = began + opening_ms + racing_ms * (rand() % 100) / 100;
    open_race(engine, race, end - milliseconds());
  }
  int64_t opened = milliseconds();
  alarm(BATCH_SECONDS);
  pthread_barrier_wait(&shared->start);
  pthread_barrier_wait(&shared->end);
  if (kind == EXPIRY) {
    opening_ms = opened - began;
    racing_ms = milliseconds() - opened;
    race_result due = race_call(engine, tick, "");
    race_check(due.status == INTERLOCK_OK, "what is due is applied");
  }
  for (int race = 0; race < count; race++) check_race(engine, race, head);
}

/* Every review has ended in exactly one event, and no number is left out. */
static void check_events(interlock_engine *engine, int count) {
  static const char *const types[] = {"\"review.resolved\"", "\"review.expired\"",
                                      "\"review.cancelled\"", "\"review.superseded\""};
  long long after = 0, last = 1, ended = 0, seen = 0;
  while (after < last) {
    interlock_buffer *page =
        race_read(engine, interlock_event_read, "{'after':%lld,'limit':1000}", after);
    if (page == NULL) return;
    for (int i = 0; i < 4; i++) ended += race_count(page, "/events", "/type", types[i]);
    seen += race_count(page, "/events", NULL, NULL);
    after = race_number(page, "/next");
    last = race_number(page, "/last");
    interlock_buffer_free(page);
  }
  printf("races: %lld events, %lld of them are ends\n", seen, ended);
  race_check(seen == last, "the events have no gap");
  race_check(ended == count, "every review has ended once");
}

static void check_store(interlock_engine *engine) {
  interlock_buffer *json = NULL;
  interlock_status status = interlock_engine_check(engine, &json, NULL);
  if (!race_check(status == INTERLOCK_OK, "the store is sound") && json != NULL)
    printf("  %.*s\n", (int)json->content.size, (const char *)json->content.data);
  interlock_buffer_free(json);
  json = race_read(engine, interlock_audit_verify, "{}");
  printf("races: %lld records in the audit\n", race_number(json, "/records"));
  interlock_buffer_free(json);
}

static void share_memory(void) {
  pthread_barrierattr_t attributes;
  shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) exit(1);
  pthread_barrierattr_init(&attributes);
  pthread_barrierattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_barrier_init(&shared->start, &attributes, CONTENDERS + 1);
  pthread_barrier_init(&shared->end, &attributes, CONTENDERS + 1);
  pthread_barrierattr_destroy(&attributes);
}

int main(int argc, char **argv) {
  pid_t children[PROCESSES];
  long count = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
  if (count < 1 || count > 100000000) {
    fprintf(stderr, "usage: %s FOLDER COUNT\n", argv[0]);
    return 2;
  }
  setvbuf(stdout, NULL, _IOLBF, 0);
  share_memory();
  snprintf(shared->path, sizeof shared->path, "%s/races-%ld.db", argv[1], (long)getpid());
  for (int i = 0; i < PROCESSES; i++) {
    children[i] = fork();
    if (children[i] < 0) exit(1);
    if (children[i] == 0) run_process(i);
  }
  interlock_engine *engine = open_engine();
  int64_t began = milliseconds();
  for (long first = 0, batch = 0; first < count; first += BATCH, batch++) {
    long size = count - first < BATCH ? count - first : BATCH;
    run_batch(engine, (race_kind)(batch % KINDS), (int)first, (int)size);
    if (batch % 200 == 199)
      printf("races: %ld after %lld s\n", first + size,
             (long long)(milliseconds() - began) / 1000);
  }
  shared->count = 0;
  pthread_barrier_wait(&shared->start);
  for (int i = 0; i < PROCESSES; i++) {
    int status = -1;
    race_check(waitpid(children[i], &status, 0) == children[i] && status == 0,
               "a process ends well");
  }
  alarm(0);
  for (int kind = 0; kind < KINDS; kind++)
    printf("races: %-17s %6ld won by an answer, %6ld otherwise\n", kind_names[kind],
           race_ends[kind][0], race_ends[kind][1]);
  check_events(engine, (int)count);
  check_store(engine);
  race_check(interlock_engine_close(engine, NULL) == INTERLOCK_OK, "close");
  printf("races: %ld in %lld s, %d processes with %d threads each\n", count,
         (long long)(milliseconds() - began) / 1000, PROCESSES, THREADS);
  return race_end();
}
