/*
 * Four processes with two threads each race for the runs, permits and tokens of one SQLite file, and
 * one checks: who begins, who takes over from a worker that is late, whose value an interrupt gets,
 * who uses a permit, who uses a token, to be let in or to answer, and whether it was revoked before.
 * One wins, every loser is told why not, and what is stored is what the winner did.
 *
 *   race_runs FOLDER COUNT      COUNT races in a new file in FOLDER; 800000 are 100000 of each kind
 */
#define _POSIX_C_SOURCE 200809L
#define _DEFAULT_SOURCE
#include "race_runs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

shared_state *shared;
const char *const question = "{\"key\":\"q\"}";

/* Two of eight, of two processes. */
int is_revoker(int contender) { return contender % PROCESSES == 1; }

static interlock_engine *open_engine(void) {
  interlock_engine *engine = NULL;
  if (interlock_engine_open(shared->path, strlen(shared->path), NULL, &engine, NULL) != 0) {
    fputs("race_runs: cannot open the store\n", stderr);
    exit(1);
  }
  return engine;
}

/* Begins and lets go of the handle; the lease stays. */
static interlock_status begin(interlock_engine *engine, const char *request, size_t size,
                              interlock_buffer **out_json, interlock_error **out_error) {
  interlock_run *run = NULL;
  interlock_status status = interlock_run_begin(engine, request, size, &run, out_json, out_error);
  if (status == INTERLOCK_OK && interlock_run_close(run, NULL) != 0) status = INTERLOCK_INTERNAL;
  return status;
}

/* ------------------------------------------------------------------------------ contenders */

typedef struct contender_thread {
  pthread_t thread;
  interlock_engine *engine;
  int number;
  interlock_run *late[BATCH]; /* of contender 0 */
} contender_thread;

/* A call on a run in the form of those on an engine. */
static interlock_status record(interlock_engine *run, const char *request, size_t size,
                               interlock_buffer **out_json, interlock_error **out_error) {
  return interlock_run_record((interlock_run *)run, request, size, out_json, out_error);
}

interlock_run *begin_as(interlock_engine *engine, int race, const char *members) {
  char request[200];
  interlock_run *run = NULL;
  interlock_buffer *json = NULL;
  int size = snprintf(request, sizeof request, "{\"thread\":\"t-%d\",\"worker\":\"first\"%s}",
                      shared->first + race, members);
  interlock_run_begin(engine, request, (size_t)size, &run, &json, NULL);
  interlock_buffer_free(json);
  return run;
}

static race_result contend(contender_thread *self, int race) {
  int thread = shared->first + race, number = self->number;
  switch (shared->kind) {
    case TAKE_OVERS:
      if (number == 0)
        return race_call((interlock_engine *)self->late[race], record, "{'key':'a','result':1}");
      /* fall through */
    case BEGINS:
      return race_call(self->engine, begin, "{'thread':'t-%d','worker':'contender-%d'}", thread,
                       number);
    case RESUMES:
    case EQUAL_RESUMES:
      return race_call(self->engine, interlock_run_resume,
                       "{'thread':'t-%d','interrupt':'%s','value':'contender-%d'}", thread,
                       shared->prizes[race], shared->kind == RESUMES ? number : 0);
    case REVOKES:
      if (is_revoker(number))
        return race_call(self->engine, interlock_token_revoke, "{'token':'%s'}",
                         shared->prizes[race]);
      /* fall through */
    case REDEEMS:
      return race_call(self->engine, interlock_token_redeem, "{'token':'%s'}",
                       shared->prizes[race]);
    case LINKS: /* No two say the same, which would be a repeat. */
      return race_call(self->engine, interlock_review_respond,
                       "{'token':'%s','response':{'selectedOption':'%s','comment':'%d'}}",
                       shared->prizes[race], number % 2 == 0 ? "approve" : "reject", number);
    default: /* The last one has other arguments. */
      return race_call(self->engine, interlock_permit_consume,
                       "{'permit':'%s','tool':'pay','arguments':{'cents':%d},"
                       "'worker':'contender-%d'}",
                       shared->prizes[race], number == CONTENDERS - 1, number);
  }
}

static void *run_contender(void *argument) {
  contender_thread *self = argument;
  for (;;) {
    alarm(BATCH_SECONDS);
    pthread_barrier_wait(&shared->start);
    int count = shared->count, is_late = shared->kind == TAKE_OVERS && self->number == 0;
    if (count == 0) return NULL;
    if (is_late) {
      for (int race = 0; race < count; race++)
        self->late[race] = begin_as(self->engine, race, ",\"lease_ms\":1");
      usleep(LEASE_IS_OVER_US);
    }
    pthread_barrier_wait(&shared->ready);
    for (int race = 0; race < count; race++)
      shared->results[race][self->number] = contend(self, race);
    for (int race = 0; is_late && race < count; race++) interlock_run_close(self->late[race], NULL);
    pthread_barrier_wait(&shared->end);
  }
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

static void prepare_question(interlock_engine *engine, int race) {
  interlock_run *run = begin_as(engine, race, "");
  interlock_buffer *json = NULL;
  interlock_run_interrupt(run, question, strlen(question), &json, NULL);
  race_text(json, "/interrupt", shared->prizes[race], ID_BYTES);
  interlock_buffer_free(json);
  json = NULL;
  race_check(interlock_run_suspend(run, &json, NULL) == INTERLOCK_OK, "suspend");
  interlock_buffer_free(json);
  interlock_run_close(run, NULL);
}

static void prepare_permit(interlock_engine *engine, int race) {
  interlock_buffer *json = race_read(
      engine, interlock_review_open,
      "{'kind':'approval','payload':{'tool':'pay','arguments':{'cents':0}}}");
  race_text(json, "/review/id", shared->reviews[race], ID_BYTES);
  interlock_buffer_free(json);
  interlock_buffer_free(race_read(engine, interlock_review_respond,
                                  "{'id':'%s','actor':'ana','outcome':'approved'}",
                                  shared->reviews[race]));
  json = race_read(engine, interlock_permit_list, "{'review':'%s'}", shared->reviews[race]);
  race_text(json, "/permits/0/id", shared->prizes[race], ID_BYTES);
  interlock_buffer_free(json);
}

/* For single use, as they are by themselves. */
static void prepare_token(interlock_engine *engine, int race, const char *purpose) {
  interlock_buffer *json = race_read(engine, interlock_review_open,
                                     "{'kind':'approval','payload':{'allowComment':true}}");
  race_text(json, "/review/id", shared->reviews[race], ID_BYTES);
  interlock_buffer_free(json);
  json = race_read(engine, interlock_token_issue,
                   "{'purpose':'%s','review':'%s','actor':'ana','expires_in':3600000}", purpose,
                   shared->reviews[race]);
  race_text(json, "/token", shared->prizes[race], ID_BYTES);
  interlock_buffer_free(json);
}

static void run_batch(interlock_engine *engine, race_kind kind, int first, int count) {
  shared->kind = kind;
  shared->count = count;
  shared->first = first;
  memset(shared->results, 0, sizeof shared->results);
  begin_checks(engine);
  for (int race = 0; race < count; race++) {
    if (kind == RESUMES || kind == EQUAL_RESUMES) prepare_question(engine, race);
    if (kind == USES) prepare_permit(engine, race);
    if (kind == REDEEMS || kind == REVOKES) prepare_token(engine, race, "subscribe");
    if (kind == LINKS) prepare_token(engine, race, "decide");
  }
  alarm(BATCH_SECONDS);
  pthread_barrier_wait(&shared->start);
  pthread_barrier_wait(&shared->end);
  for (int race = 0; race < count; race++) check_race(engine, race);
}

static void check_store(interlock_engine *engine) {
  interlock_buffer *json = NULL;
  interlock_status status = interlock_engine_check(engine, &json, NULL);
  if (!race_check(status == INTERLOCK_OK, "the store is sound") && json != NULL)
    printf("  %.*s\n", (int)json->content.size, (const char *)json->content.data);
  interlock_buffer_free(json);
  interlock_buffer_free(race_read(engine, interlock_audit_verify, "{}"));
}

static void share_memory(void) {
  pthread_barrierattr_t attributes;
  shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) exit(1);
  pthread_barrierattr_init(&attributes);
  pthread_barrierattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_barrier_init(&shared->start, &attributes, CONTENDERS + 1);
  pthread_barrier_init(&shared->ready, &attributes, CONTENDERS);
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
  snprintf(shared->path, sizeof shared->path, "%s/run-races-%ld.db", argv[1], (long)getpid());
  for (int i = 0; i < PROCESSES; i++) {
    children[i] = fork();
    if (children[i] < 0) exit(1);
    if (children[i] == 0) run_process(i);
  }
  interlock_engine *engine = open_engine();
  time_t began = time(NULL);
  for (long first = 0, batch = 0; first < count; first += BATCH, batch++) {
    long size = count - first < BATCH ? count - first : BATCH;
    run_batch(engine, (race_kind)(batch % KINDS), (int)first, (int)size);
    if (batch % 200 == 199)
      printf("races: %ld after %ld s\n", first + size, (long)(time(NULL) - began));
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
    printf("races: %-17s %6ld with one winner\n", kind_names[kind], race_ends[kind][0]);
  printf("races: the late worker was in time %ld times, a token was revoked unused %ld times\n",
         race_ends[TAKE_OVERS][1], race_ends[REVOKES][1]);
  check_store(engine);
  race_check(interlock_engine_close(engine, NULL) == INTERLOCK_OK, "close");
  printf("races: %ld in %ld s, %d processes with %d threads each\n", count,
         (long)(time(NULL) - began), PROCESSES, THREADS);
  return race_end();
}
