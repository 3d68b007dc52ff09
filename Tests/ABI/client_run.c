/* Runs: from beginning to end, after a failure, with a program that has changed. Together with the
   questions, leases and lists of client_run_*.c: every refusal from 41 to 49. */
#include "check.h"

static interlock_engine *engine;

static void test_begin_to_end(void) {
  const char *begun;
  interlock_run *run = begin_run(
      engine, &begun, "{'thread':'whole','worker':'w1','lease_ms':1000,'parent':'p','x-a':1}");
  HOLDS(begun, "/thread", "'whole'");
  HOLDS(begun, "/fence", "1");
  HOLDS(begun, "/action", "'started'");
  HOLDS(begun, "/recorded", "0");
  HOLDS(begun, "/updates", "[]");
  const char *id = value_at(begun, "/run");
  CHECK(strncmp(id, "run", 3) == 0);
  const char *found = GIVES(engine, run_get, ROOM, "whole");
  HOLDS(found, "/status", "'busy'");
  HOLDS(found, "/run", quoted("'%s'", id));
  HOLDS(found, "/fence", "1");
  HOLDS(found, "/worker", "'w1'");
  HOLDS(found, "/parent", "'p'");
  HOLDS(found, "/outcome", "null");
  HOLDS(found, "/interrupts", "[]");
  CHECK(number_at(found, "/lease_until") == number_at(found, "/updated_at") + 1000);
  const char *results[] = {"null", "true", "12345678901234567890", "[1,{'a':'b'}]", "'x'"};
  for (size_t i = 0; i < sizeof results / sizeof *results; i++)
    do_step(run, quoted("step %d", (int)i), results[i]);
  HOLDS(RUN_GIVES(run, heartbeat, ""), "/status", "'busy'");
  const char *done = RUN_GIVES(run, complete, "{'result':[7]}");
  HOLDS(done, "/status", "'idle'");
  HOLDS(done, "/worker", "null");
  HOLDS(done, "/lease_until", "null");
  HOLDS(done, "/outcome", "{'type':'completed','result':[7]}");
  close_run(run);
  found = GIVES(engine, run_get, ROOM, "whole");
  HOLDS(found, "/run", quoted("'%s'", id));
  HOLDS(found, "/outcome/result", "[7]");
  /* Another beginning is another run. */
  run = begin_run(engine, &begun, ROOM, "whole");
  HOLDS(begun, "/action", "'started'");
  HOLDS(begun, "/fence", "2");
  HOLDS(begun, "/recorded", "0");
  CHECK(strcmp(value_at(begun, "/run"), id) != 0);
  HOLDS(GIVES(engine, run_get, ROOM, "whole"), "/worker", "'worker'");
  do_step(run, "step 0", "1");
  complete_run(run);
}

static void test_again_after_failure(void) {
  const char *begun;
  interlock_run *run = begin_run(engine, NULL, ROOM, "fails");
  do_step(run, "a", "'one'");
  const char *failed = RUN_GIVES(run, fail, "{'error':{'why':'no net'}}");
  HOLDS(failed, "/status", "'error'");
  HOLDS(failed, "/outcome", "{'type':'failed','error':{'why':'no net'}}");
  close_run(run);
  run = begin_run(engine, &begun, ROOM, "fails");
  HOLDS(begun, "/action", "'resumed'");
  HOLDS(begun, "/recorded", "1");
  HOLDS(begun, "/fence", "2");
  HOLDS(GIVES(engine, run_get, ROOM, "fails"), "/outcome", "null");
  finds_step(run, "a", "'one'");
  do_step(run, "b", "2");
  complete_run(run);
}

static void place(const char *details, const char *which, const char *kind, const char *key) {
  HOLDS(details, quoted("/%s/kind", which), quoted("'%s'", kind));
  if (key != NULL) HOLDS(details, quoted("/%s/key", which), quoted("'%s'", key));
}

static interlock_run *changed_program(void) {
  interlock_run *run = begin_run(engine, NULL, ROOM, "diverges");
  finds_step(run, "a", "1");
  return run;
}

static void test_divergence(void) {
  interlock_run *run = begin_run(engine, NULL, ROOM, "diverges");
  do_step(run, "a", "1");
  do_step(run, "b", "2");
  ask(run, "q", "");
  pause_run(run);
  run = changed_program();
  const char *details = RUN_DENIES(INTERLOCK_DIVERGED, NULL, run, step, "c");
  HOLDS(details, "/position", "1");
  place(details, "recorded", "step", "b");
  place(details, "came", "step", "c");
  details = RUN_DENIES(INTERLOCK_DIVERGED, NULL, run, interrupt, "{'key':'b'}");
  place(details, "recorded", "step", "b");
  place(details, "came", "interrupt", "b");
  details = RUN_DENIES(INTERLOCK_DIVERGED, NULL, run, complete, "{}");
  place(details, "recorded", "step", "b");
  place(details, "came", "end", NULL);
  RUN_DENIES(INTERLOCK_DIVERGED, NULL, run, record, "{'key':'c','result':1}");
  /* None of that has changed anything. */
  finds_step(run, "b", "2");
  details = RUN_DENIES(INTERLOCK_DIVERGED, NULL, run, step, "q");
  place(details, "recorded", "interrupt", "q");
  place(details, "came", "step", "q");
  HOLDS(RUN_GIVES(run, interrupt, "{'key':'q'}"), "/state", "'waiting'");
  pause_run(run);
}

static void test_keys(void) {
  interlock_run *run = begin_run(engine, NULL, ROOM, "keys");
  do_step(run, "a", "1");
  ask(run, "q", "");
  RUN_DENIES(INTERLOCK_DUPLICATE_KEY, NULL, run, step, "a");
  RUN_DENIES(INTERLOCK_DUPLICATE_KEY, NULL, run, step, "q");
  RUN_DENIES(INTERLOCK_DUPLICATE_KEY, NULL, run, record, "{'key':'a','result':2}");
  RUN_DENIES(INTERLOCK_DUPLICATE_KEY, NULL, run, interrupt, "{'key':'a'}");
  do_step(run, "b", "2");
  pause_run(run);
}

void run_groups(const store *where) {
  engine = open_store(where);
  check_group("run: from its beginning to its end", where->name);
  test_begin_to_end();
  test_again_after_failure();
  run_question_groups(engine, where);
  run_lease_groups(engine, where);
  check_group("run: a program that has changed", where->name);
  test_divergence();
  test_keys();
  run_list_groups(engine, where);
  interlock_buffer *json = NULL;
  ACCEPTED(interlock_engine_check(engine, &json, &last_error));
  HOLDS(document(json), "/ok", "true");
  close_engine(engine);
}
