/* Runs: leases and taking over, and what is cancelled. */
#include "check.h"

static interlock_engine *engine;

#define BUSY_FOR(engine, ...)                                                                    \
  refusal_of(INTERLOCK_THREAD_BUSY, NULL, engine, begin_and_close, "run_begin", __FILE__, __LINE__, \
             __VA_ARGS__)

/* Whoever lost the lease changes nothing any more. */
static void is_refused(interlock_status status, interlock_run *run) {
  RUN_DENIES(status, NULL, run, record, "{'key':'late','result':1}");
  RUN_DENIES(status, NULL, run, interrupt, "{'key':'late question'}");
  RUN_DENIES(status, NULL, run, heartbeat, "");
  RUN_DENIES(status, NULL, run, suspend, "");
  RUN_DENIES(status, NULL, run, complete, "{}");
  RUN_DENIES(status, NULL, run, fail, "{}");
}

static void test_leases(const store *where) {
  const char *begun;
  interlock_engine *before = engine;
  engine = open_with(where, NULL, INTERLOCK_OPEN_MANUAL_CLOCK, 1000);
  interlock_run *late = begin_run(engine, NULL, "{'thread':'l','worker':'w1','lease_ms':100}");
  do_step(late, "a", "1");
  BUSY_FOR(engine, "{'thread':'l','worker':'w2'}");
  set_time(engine, 1050);
  HOLDS(RUN_GIVES(late, heartbeat, ""), "/lease_until", "1150");
  set_time(engine, 1149);
  BUSY_FOR(engine, "{'thread':'l','worker':'w1'}");
  set_time(engine, 1150);
  /* A lease that has run out is the worker's until somebody takes over. */
  do_step(late, "b", "2");
  interlock_run *next = begin_run(engine, &begun, "{'thread':'l','worker':'w2','lease_ms':100}");
  HOLDS(begun, "/action", "'took_over'");
  HOLDS(begun, "/fence", "2");
  HOLDS(begun, "/recorded", "2");
  is_refused(INTERLOCK_FENCED, late);
  HOLDS(GIVES(engine, run_get, ROOM, "l"), "/worker", "'w2'");
  finds_step(next, "a", "1");
  finds_step(next, "b", "2");
  /* A closed handle keeps its lease until that runs out. */
  close_run(next);
  BUSY_FOR(engine, "{'thread':'l'}");
  set_time(engine, 1250);
  next = begin_run(engine, &begun, ROOM, "l");
  HOLDS(begun, "/action", "'took_over'");
  finds_step(next, "a", "1");
  finds_step(next, "b", "2");
  RUN_GIVES(next, suspend, "");
  is_refused(INTERLOCK_NOT_RUNNING, next);
  is_refused(INTERLOCK_FENCED, late);
  close_run(next);
  close_run(late);
  close_engine(engine);
  engine = before;
}

static void test_cancel(void) {
  interlock_run *run = begin_run(engine, NULL, ROOM, "cancel");
  do_step(run, "a", "1");
  const char *id = ask(run, "q", "");
  const char *reply = RUN_GIVES(run, interrupt,
                                "{'key':'r','review':{'kind':'approval','payload':{}}}");
  const char *review = value_at(reply, "/review");
  const char *done = GIVES(engine, run_cancel, "{'thread':'cancel','reason':'Not needed'}");
  HOLDS(done, "/status", "'idle'");
  HOLDS(done, "/outcome", "{'type':'cancelled','reason':'Not needed'}");
  is_refused(INTERLOCK_FENCED, run);
  HOLDS(GIVES(engine, review_get, "{'id':'%s'}", review), "/status", "'cancelled'");
  HOLDS(GIVES(engine, run_interrupts, ROOM, "cancel"), "/interrupts", "[]");
  DENIES(INTERLOCK_CANCELLED, NULL, engine, run_resume,
         "{'thread':'cancel','interrupt':'%s','value':1}", id);
  DENIES(INTERLOCK_NOT_RUNNING, NULL, engine, run_cancel, ROOM, "cancel");
  DENIES(INTERLOCK_NOT_RUNNING, NULL, engine, run_cancel, ROOM, "nobody was here");
  close_run(run);
  /* A worker that comes to a question that was cancelled meanwhile. */
  run = begin_run(engine, NULL, ROOM, "cancel");
  ask(run, "q", "");
  pause_run(run);
  run = begin_run(engine, NULL, ROOM, "cancel");
  GIVES(engine, run_cancel, ROOM, "cancel");
  RUN_DENIES(INTERLOCK_CANCELLED, NULL, run, interrupt, "{'key':'q'}");
  close_run(run);
}

void run_lease_groups(interlock_engine *opened, const store *where) {
  engine = opened;
  check_group("run: leases", where->name);
  test_leases(where);
  check_group("run: cancelled", where->name);
  test_cancel();
}
