/* What the processes of race_runs share, and the check of one race. */
#ifndef RACE_RUNS_H
#define RACE_RUNS_H

#include "race.h"

#include <pthread.h>

enum {
  PROCESSES = 4,
  THREADS = 2,
  CONTENDERS = PROCESSES * THREADS,
  BATCH = 50,
  ID_BYTES = 1000, /* also of a token */
  PATH_BYTES = 4096,
  /* A batch takes less than a second; whoever still waits after this waits for a dead process. */
  BATCH_SECONDS = 120,
  LEASE_IS_OVER_US = 5000
};

typedef enum race_kind {
  BEGINS,
  TAKE_OVERS,
  RESUMES,
  EQUAL_RESUMES,
  USES,
  REDEEMS,
  REVOKES,
  LINKS,
  KINDS
} race_kind;

/* Lies in memory that the processes share. A batch is of one kind. */
typedef struct shared_state {
  pthread_barrier_t start, ready, end;
  char path[PATH_BYTES];
  race_kind kind;
  int count; /* 0 ends the program */
  int first; /* the number of the first race of the batch */
  /* What they race for: an interrupt, a permit or a token; and the review that it is of. */
  char prizes[BATCH][ID_BYTES], reviews[BATCH][ID_BYTES];
  race_result results[BATCH][CONTENDERS];
} shared_state;

extern shared_state *shared;
extern const char *const kind_names[KINDS];
/* How often the race ended well; and of these how often the late worker was in time, or a token was
 * revoked before anybody used it. */
extern long race_ends[KINDS][2];

/* Begins as the worker "first"; members continue the request. */
interlock_run *begin_as(interlock_engine *engine, int race, const char *members);
/* The question of a race for an interrupt. */
extern const char *const question;
/* Whether a contender revokes the token that others use. */
int is_revoker(int contender);

/* Notes where the events and the audit end before a batch. */
void begin_checks(interlock_engine *engine);
/* Checks what a race has come to, in the run, the review, the permit, the events and the audit. */
void check_race(interlock_engine *engine, int race);

#endif
