/*
 * What an operation on reviews does, and what must be true when its process was killed at any point
 * of it. kill_points.c kills; kill_operations.c says what is done and looks at what is left.
 */
#ifndef KILL_POINTS_H
#define KILL_POINTS_H

#include <interlock.h>

#include <stddef.h>

/* A function that takes and returns a document. */
typedef interlock_status (*document)(interlock_engine *, const char *, size_t, interlock_buffer **,
                                     interlock_error **);

/* What is done with a run or a permit, and what must be true afterwards: kill_runs.c,
   kill_questions.c and kill_permits.c. */
typedef struct run_operation {
  int is_late; /* after the deadline, when leases are over */
  void (*prepare)(interlock_engine *engine);
  interlock_status (*perform)(interlock_engine *engine);
  int (*verify)(const char *name, const char *path, int was_acknowledged);
} run_operation;

/* One operation: what is there before, what is done, and what that leaves. */
typedef struct operation {
  const char *name;
  /* Opened before, or NULL: the review with the key "k". */
  const char *review;
  /* Answers given before it, or NULL. */
  const char *before;
  /* The document function and its request; a NULL function is a tick after the deadline. */
  document call;
  const char *request;
  /* Before it and after it: status and stage of the review "k", "-" if there is none. */
  const char *was, *is;
  /* How many events, audit records and accepted decisions there are before, and more after. */
  int events, audits, decisions;
  int more_events, more_audits, more_decisions;
  /* How the operation ends when it is done again after it was done. */
  interlock_status again;
  /* If it is set, it stands in the place of all that but the name. */
  const run_operation *run;
} operation;

extern const operation operations[];
extern const size_t operation_count;

/* Opens the file with a manual clock, in durability normal. Ends the process if that fails. */
interlock_engine *open_at(const char *path, int before_deadline);
interlock_engine *open_with(const char *path, int before_deadline, int is_durable);
interlock_status put_checkpoint(interlock_engine *engine, const char *id);
/* Makes what is there before the operation. */
void prepare(const operation *what, const char *path);
/* Whether it is done while the review can be answered, and leases hold. */
int is_before_deadline(const operation *what);
interlock_status perform(const operation *what, interlock_engine *engine);
/* Returns 1 if what is there is whole and, if it was acknowledged, done; prints what is not. */
int verify(const operation *what, const char *path, int was_acknowledged);

/* The answer to a request, "" if it was refused. Freed by the caller. */
char *ask(interlock_engine *engine, document function, const char *request);
interlock_status call(interlock_engine *engine, document function, const char *request);
/* How often a text is in the answer to a request. */
int count_of(interlock_engine *engine, document function, const char *request, const char *what);
/* Whether the store and its audit are sound; prints what is not. */
int is_sound(const char *name, const char *when, interlock_engine *engine);

extern const run_operation run_begin, run_take_over, run_record, run_ask, run_ask_review, run_resume,
    run_answer, run_suspend, run_complete, run_fail, run_cancel, permit_consume, permit_report;

#endif
