/*
 * What the operations on runs and permits share. When the process is killed in one of them, no
 * recorded step is asked for again, no question is asked twice, no answer is lost, and a permit
 * that was used without a report is unknown and cannot be used.
 */
#ifndef KILL_RUNS_H
#define KILL_RUNS_H

#include "kill_points.h"

#define THREAD "{\"thread\":\"t\"}"
#define REVIEW                                                                              \
  "{\"kind\":\"approval\",\"key\":\"k\",\"payload\":{\"tool\":\"pay\",\"arguments\":{\"n\":1}}}"
#define ANSWER "{\"review_key\":\"k\",\"actor\":\"ana\",\"outcome\":\"approved\"}"

/* What is expected of the operation that is looked at; prints what is not so. */
#define EXPECT(condition) expect((condition), #condition, __FILE__, __LINE__)
void expect(int condition, const char *what, const char *file, int line);

typedef interlock_status (*run_document)(interlock_run *, const char *, size_t, interlock_buffer **,
                                         interlock_error **);
/* A document that one of these returns stays until the next. */
interlock_run *begin_run(interlock_engine *engine, const char **reply);
const char *read_step(interlock_run *run, const char *key);
interlock_status on_run(interlock_run *run, run_document function, const char *request,
                        const char **reply);
int has(const char *json, const char *what);
/* Does the step unless it is recorded. */
interlock_status do_step(interlock_run *run, const char *key);
interlock_status suspend_run(interlock_run *run);
/* Begins and comes to where "a" is recorded. */
interlock_run *come(interlock_engine *engine);
interlock_status close_after(interlock_run *run, interlock_status status);
/* The run waits, with "a" recorded. */
void prepare_waiting(interlock_engine *engine);

/* Opens what the kill has left, and closes it: 1 if all was as expected, and it is sound. */
interlock_engine *look_at(const char *name, const char *path, int before_deadline);
int looked_at(interlock_engine *engine);
/* The next worker begins when the lease of the killed one is over, and finds what was recorded. */
interlock_run *go_on(interlock_engine *engine, int recorded);
int events(interlock_engine *engine, const char *type);
int is_status(interlock_engine *engine, const char *status);
int pending(interlock_engine *engine);

/* kill_questions.c: the run waits for the review "k". */
void prepare_reviewed(interlock_engine *engine);
/* kill_permits.c: the id of the permit of the review "k". */
void find_permit(interlock_engine *engine, char *id, size_t size);
interlock_status perform_consume(interlock_engine *engine);

#endif
