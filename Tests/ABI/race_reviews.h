/* What the processes of race_reviews share, and the check of one race. */
#ifndef RACE_REVIEWS_H
#define RACE_REVIEWS_H

#include "race.h"

#include <pthread.h>

enum {
  PROCESSES = 4,
  THREADS = 2,
  CONTENDERS = PROCESSES * THREADS,
  BATCH = 50,
  QUORUM = 3,
  ID_BYTES = 600,
  PATH_BYTES = 4096,
  /* A batch takes less than a second; whoever still waits after this waits for a dead process. */
  BATCH_SECONDS = 120
};

typedef enum race_kind { ANSWERS, REPEATS, VOTES, EXPIRY, CANCEL, SUPERSEDE, KINDS } race_kind;

/* Lies in memory that the processes share. A batch is of one kind. */
typedef struct shared_state {
  pthread_barrier_t start, end;
  char path[PATH_BYTES];
  race_kind kind;
  int count; /* 0 ends the program */
  int first; /* the number of the first race of the batch */
  char ids[BATCH][ID_BYTES];
  race_result results[BATCH][CONTENDERS];
} shared_state;

extern shared_state *shared;
extern const char *const kind_names[KINDS];
/* How often an answer won, and how often the other thing did. */
extern long race_ends[KINDS][2];

int is_answerer(race_kind kind, int contender);
/* Whether all who supersede in this race ask for the same, so that one is a repeat. */
int has_equal_successors(int race);
/* The option that a contender chooses. */
const char *choice(int contender);
race_result answer(interlock_engine *engine, const char *id, race_kind kind, int contender);
/* Checks what a race has come to, in the review, the history, and the audit after this record. */
void check_race(interlock_engine *engine, int race, long long head);
/* The number of the last record of the audit. */
long long audit_head(interlock_engine *engine);

#endif
