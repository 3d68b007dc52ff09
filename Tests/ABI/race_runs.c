/*
 * Four processes with two threads each race for the runs and permits of one SQLite file, and one
 * checks: who begins, who takes over from a worker that is late, whose value an interrupt gets, who
 * uses a permit. One wins, every loser is told why not, and what is stored is what the winner did.
 *
 *   race_runs FOLDER COUNT      COUNT races in a new file in FOLDER; 500000 are 100000 of each kind
 */
#define _POSIX_C_SOURCE 200809L
#define _DEFAULT_SOURCE
#include "race.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
  PROCESSES = 4,
  THREADS = 2,
  CONTENDERS = PROCESSES * THREADS,
  BATCH = 50,
  ID_BYTES = 600,
  PATH_BYTES = 4096,
  /* A batch takes less than a second; whoever still waits after this waits for a dead process. */
  BATCH_SECONDS = 120,
  LEASE_IS_OVER_US = 5000
};

typedef enum race_kind { BEGINS, TAKE_OVERS, RESUMES, EQUAL_RESUMES, USES, KINDS } race_kind;

static const char *const kind_names[KINDS] = {"begin/begin", "take-over/late", "resume/resume",
                                              "equal resumes", "consume/consume"};

/* Lies in memory that the processes share. A batch is of one kind. */
typedef struct shared_state {
  pthread_barrier_t start, ready, end;
  char path[PATH_BYTES];
  race_kind kind;
  int count; /* 0 ends the program */
  int first; /* the number of the first race of the batch */
  char permits[BATCH][ID_BYTES], reviews[BATCH][ID_BYTES];
  race_result results[BATCH][CONTENDERS];
} shared_state;

static shared_state *shared;
/* How often somebody won; of take-overs also how often the late worker was in time. */
static long race_ends[KINDS][2];

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

static interlock_run *begin_as(interlock_engine *engine, int race, const char *members) {
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
                       shared->permits[race], shared->kind == RESUMES ? number : 0);
    default: /* The last one has other arguments. */
      return race_call(self->engine, interlock_permit_consume,
                       "{'permit':'%s','tool':'pay','arguments':{'cents':%d},"
                       "'worker':'contender-%d'}",
                       shared->permits[race], number == CONTENDERS - 1, number);
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
  const char *question = "{\"key\":\"q\"}";
  interlock_run *run = begin_as(engine, race, "");
  interlock_buffer *json = NULL;
  interlock_run_interrupt(run, question, strlen(question), &json, NULL);
  race_text(json, "/interrupt", shared->permits[race], ID_BYTES);
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
  race_text(json, "/permits/0/id", shared->permits[race], ID_BYTES);
  interlock_buffer_free(json);
}

typedef struct tally {
  int wins, repeats, losses;
  int winner;
} tally;

/* Counts from this contender on. */
static tally tally_of(const race_result *results, int first, interlock_status lost) {
  tally sum = {0, 0, 0, -1};
  for (int i = first; i < CONTENDERS; i++) {
    if (results[i].status == lost) sum.losses++;
    if (results[i].status != INTERLOCK_OK) continue;
    sum.repeats += results[i].replayed;
    sum.wins += !results[i].replayed;
    if (!results[i].replayed) sum.winner = i;
  }
  return sum;
}

static int is_contender(const interlock_buffer *json, const char *pointer, int number) {
  char name[32];
  snprintf(name, sizeof name, "contender-%d", number);
  return race_is(json, pointer, name);
}

/* The last event, and the last record of the audit, before the batch. */
static long long event_head, audit_head;

static int count_events(interlock_engine *engine, int race, const char *type) {
  interlock_buffer *json = race_read(engine, interlock_event_read, "{'thread':'t-%d','after':%lld}",
                                     shared->first + race, event_head);
  int count = race_count(json, "/events", "/type", type);
  interlock_buffer_free(json);
  return count;
}

/* Who has the lease is who was told so. */
static const char *check_lease(interlock_engine *engine, int race, const race_result *results) {
  int is_taken_over = shared->kind == TAKE_OVERS;
  tally sum = tally_of(results, is_taken_over, INTERLOCK_THREAD_BUSY);
  if (sum.wins != 1) return "there is not one winner";
  if (sum.losses != CONTENDERS - is_taken_over - 1) return "a loser is not THREAD_BUSY";
  interlock_buffer *run =
      race_read(engine, interlock_run_get, "{'thread':'t-%d'}", shared->first + race);
  int good = race_is(run, "/status", "busy") && is_contender(run, "/worker", sum.winner) &&
             race_number(run, "/fence") == 1 + is_taken_over;
  interlock_buffer_free(run);
  if (!good) return "the lease is another's";
  if (count_events(engine, race, "\"run.started\"") != 1) return "it was not started once";
  if (count_events(engine, race, "\"run.taken_over\"") != is_taken_over) return "taken over too often";
  if (!is_taken_over) return NULL;
  int was_in_time = results[0].status == INTERLOCK_OK;
  race_ends[TAKE_OVERS][1] += was_in_time;
  if (!was_in_time && results[0].status != INTERLOCK_FENCED) return "the late worker is not FENCED";
  return results[sum.winner].recorded == was_in_time
             ? NULL
             : "what the late worker recorded is not what the next one finds";
}

/* The program gets the value that won. */
static const char *check_answer(interlock_engine *engine, int race, const race_result *results) {
  const char *question = "{\"key\":\"q\"}";
  tally sum = tally_of(results, 0, INTERLOCK_ALREADY_RESOLVED);
  if (sum.wins != 1) return "there is not one winner";
  if (shared->kind == RESUMES && sum.losses != CONTENDERS - 1)
    return "a loser is not ALREADY_RESOLVED";
  if (shared->kind == EQUAL_RESUMES && sum.repeats != CONTENDERS - 1) return "an equal one is lost";
  if (count_events(engine, race, "\"run.answered\"") != 1) return "it was not answered once";
  interlock_run *run = begin_as(engine, race, "");
  interlock_buffer *json = NULL;
  interlock_run_interrupt(run, question, strlen(question), &json, NULL);
  int winner = shared->kind == RESUMES ? sum.winner : 0;
  int good = race_is(json, "/state", "answered") && is_contender(json, "/value", winner);
  interlock_buffer_free(json);
  interlock_run_close(run, NULL);
  return good ? NULL : "the program gets another value";
}

static const char *check_use(interlock_engine *engine, int race, const race_result *results) {
  tally sum = tally_of(results, 0, INTERLOCK_ALREADY_USED);
  interlock_status other = results[CONTENDERS - 1].status;
  if (sum.wins != 1) return "there is not one winner";
  if (sum.losses + (other == INTERLOCK_ARGS_CHANGED) != CONTENDERS - 1)
    return "a loser is not ALREADY_USED";
  if (other == INTERLOCK_OK) return "other arguments were let through";
  interlock_buffer *json =
      race_read(engine, interlock_permit_get, "{'permit':'%s'}", shared->permits[race]);
  int good = race_is(json, "/status", "consumed") && is_contender(json, "/worker", sum.winner);
  interlock_buffer_free(json);
  if (!good) return "the permit is another's";
  json = race_read(engine, interlock_audit_read, "{'review':'%s','after':%lld}", shared->reviews[race],
                   audit_head);
  good = race_count(json, "/records", "/action", "\"use\"") == 1 &&
         race_count(json, "/records", "/action", "\"refusal\"") == CONTENDERS - 1;
  interlock_buffer_free(json);
  return good ? NULL : "the audit tells otherwise";
}

static void check_race(interlock_engine *engine, int race) {
  const race_result *results = shared->results[race];
  const char *problem = shared->kind == USES ? check_use(engine, race, results)
                        : shared->kind >= RESUMES ? check_answer(engine, race, results)
                                                  : check_lease(engine, race, results);
  race_ends[shared->kind][0] += problem == NULL;
  static int shown;
  if (race_check(problem == NULL, problem) || shown++ >= 50) return;
  printf("  race %d, %s: %s:", shared->first + race, kind_names[shared->kind], problem);
  for (int i = 0; i < CONTENDERS; i++)
    printf(" %s%s", interlock_status_name(results[i].status),
           results[i].replayed ? "(repeat)" : "");
  putchar('\n');
}

static void run_batch(interlock_engine *engine, race_kind kind, int first, int count) {
  shared->kind = kind;
  shared->count = count;
  shared->first = first;
  memset(shared->results, 0, sizeof shared->results);
  interlock_buffer *json = race_read(engine, interlock_event_read, "{'limit':1}");
  event_head = race_number(json, "/last");
  interlock_buffer_free(json);
  json = race_read(engine, interlock_audit_read, "{'limit':1}");
  audit_head = race_number(json, "/last");
  interlock_buffer_free(json);
  for (int race = 0; race < count; race++) {
    if (kind == RESUMES || kind == EQUAL_RESUMES) prepare_question(engine, race);
    if (kind == USES) prepare_permit(engine, race);
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
  printf("races: the late worker was in time %ld times\n", race_ends[TAKE_OVERS][1]);
  check_store(engine);
  race_check(interlock_engine_close(engine, NULL) == INTERLOCK_OK, "close");
  printf("races: %ld in %ld s, %d processes with %d threads each\n", count,
         (long)(time(NULL) - began), PROCESSES, THREADS);
  return race_end();
}
