/* Runs: steps, questions, gates, answers, leases, their ends, and every refusal from 41 to 49. */
#include "check.h"

static interlock_engine *engine;

static const char ROOM[] = "{'thread':'%s'}";

/* The key of a step in the form in which the other functions take it. */
static const char *entry(const char *key, const char *more) {
  return quoted("{'key':'%s'%s}", key, more);
}

static const char *ask(interlock_run *run, const char *key, const char *more) {
  const char *reply = RUN_GIVES(run, interrupt, "%s", entry(key, more));
  HOLDS(reply, "/state", "'waiting'");
  return value_at(reply, "/interrupt");
}

static void pause_run(interlock_run *run) {
  HOLDS(RUN_GIVES(run, suspend, ""), "/status", "'interrupted'");
  close_run(run);
}

static void complete_run(interlock_run *run) {
  HOLDS(RUN_GIVES(run, complete, "{}"), "/outcome", "{'type':'completed','result':null}");
  close_run(run);
}

static void do_step(interlock_run *run, const char *key, const char *result) {
  HOLDS(RUN_GIVES(run, step, "%s", key), "/state", "'work'");
  const char *reply = RUN_GIVES(run, record, "{'key':'%s','result':%s}", key, result);
  HOLDS(reply, "/state", "'recorded'");
  HOLDS(reply, "/result", result);
}

static void finds_step(interlock_run *run, const char *key, const char *result) {
  const char *reply = RUN_GIVES(run, step, "%s", key);
  HOLDS(reply, "/state", "'recorded'");
  HOLDS(reply, "/result", result);
}

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

static void test_value(void) {
  const char *begun, *answers[] = {"null", "false", "{'a':[null]}", "'yes'"};
  for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
    const char *thread = quoted("value %d", (int)i);
    interlock_run *run = begin_run(engine, NULL, ROOM, thread);
    do_step(run, "before", "1");
    const char *id = ask(run, "ok?", ",'value':{'question':'Go on?'}");
    pause_run(run);
    const char *found = GIVES(engine, run_get, ROOM, thread);
    HOLDS(found, "/status", "'interrupted'");
    HOLDS(found, "/interrupts/0/id", quoted("'%s'", id));
    HOLDS(found, "/interrupts/0/key", "'ok?'");
    HOLDS(found, "/interrupts/0/status", "'pending'");
    HOLDS(found, "/interrupts/0/request", "{'question':'Go on?'}");
    HOLDS(found, "/interrupts/0/review", "null");
    const char *request = quoted("{'thread':'%s'%s,'value':%s,'update':{'n':%d},'actor':'ana'}",
                                 thread, i % 2 == 0 ? "" : quoted(",'interrupt':'%s'", id),
                                 answers[i], (int)i);
    const char *resumed = GIVES(engine, run_resume, "%s", request);
    HOLDS(resumed, "/replayed", "false");
    HOLDS(resumed, "/interrupt/id", quoted("'%s'", id));
    HOLDS(resumed, "/interrupt/status", "'resumed'");
    HOLDS(resumed, "/interrupt/value", answers[i]);
    HOLDS(resumed, "/interrupt/update/n", quoted("%d", (int)i));
    CHECK(number_at(resumed, "/interrupt/resolved_at") > 0);
    const char *named = quoted("{'thread':'%s','interrupt':'%s','value':%s,'update':{'n':%d}}",
                               thread, id, answers[i], (int)i);
    HOLDS(GIVES(engine, run_resume, "%s", named), "/replayed", "true");
    DENIES(INTERLOCK_ALREADY_RESOLVED, NULL, engine, run_resume,
           "{'thread':'%s','interrupt':'%s','value':'other'}", thread, id);
    HOLDS(GIVES(engine, run_get, ROOM, thread), "/interrupts", "[]");
    run = begin_run(engine, &begun, ROOM, thread);
    HOLDS(begun, "/action", "'resumed'");
    HOLDS(begun, "/recorded", "2");
    HOLDS(begun, "/updates/0/n", quoted("%d", (int)i));
    finds_step(run, "before", "1");
    const char *answered = RUN_GIVES(run, interrupt, "{'key':'ok?','value':'asked otherwise'}");
    HOLDS(answered, "/state", "'answered'");
    HOLDS(answered, "/value", answers[i]);
    complete_run(run);
  }
}

/* Several questions, answered one by one; the answers come while the worker still asks. */
static void test_several(void) {
  const char *begun, *ids[3];
  interlock_run *run = begin_run(engine, NULL, ROOM, "several");
  for (int i = 0; i < 3; i++) ids[i] = ask(run, quoted("q%d", i), "");
  pause_run(run);
  const char *page = GIVES(engine, run_interrupts, "{'thread':'several','limit':2}");
  HOLDS(page, "/interrupts/0/id", quoted("'%s'", ids[0]));
  HOLDS(page, "/interrupts/1/id", quoted("'%s'", ids[1]));
  page = GIVES(engine, run_interrupts, "{'thread':'several','limit':2,'cursor':'%s'}",
               value_at(page, "/next"));
  HOLDS(page, "/interrupts/0/id", quoted("'%s'", ids[2]));
  HOLDS(page, "/next", "null");
  DENIES(INTERLOCK_AMBIGUOUS_INTERRUPT, NULL, engine, run_resume, "{'thread':'several','value':1}");
  GIVES(engine, run_resume, "{'thread':'several','interrupt':'%s','value':1}", ids[1]);
  run = begin_run(engine, &begun, ROOM, "several");
  HOLDS(begun, "/recorded", "3");
  HOLDS(RUN_GIVES(run, interrupt, "{'key':'q0'}"), "/state", "'waiting'");
  GIVES(engine, run_resume, "{'thread':'several','interrupt':'%s','value':0}", ids[0]);
  pause_run(run);
  run = begin_run(engine, &begun, ROOM, "several");
  HOLDS(RUN_GIVES(run, interrupt, "{'key':'q0'}"), "/value", "0");
  HOLDS(RUN_GIVES(run, interrupt, "{'key':'q1'}"), "/value", "1");
  HOLDS(RUN_GIVES(run, interrupt, "{'key':'q2'}"), "/interrupt", quoted("'%s'", ids[2]));
  pause_run(run);
  GIVES(engine, run_resume, "{'thread':'several','update':{'only':'an update'}}");
  run = begin_run(engine, &begun, ROOM, "several");
  HOLDS(begun, "/updates", "[{'only':'an update'}]");
  for (int i = 0; i < 2; i++)
    HOLDS(RUN_GIVES(run, interrupt, "%s", entry(quoted("q%d", i), "")), "/value", quoted("%d", i));
  HOLDS(RUN_GIVES(run, interrupt, "{'key':'q2'}"), "/value", "null");
  complete_run(run);
}

static void test_review(void) {
  static const char *const QUESTION =
      ",'review':{'kind':'approval','payload':{},'title':'May I?','interrupt':'other','thread':'no'}";
  interlock_run *run = begin_run(engine, NULL, ROOM, "review");
  const char *reply = RUN_GIVES(run, interrupt, "%s", entry("may", QUESTION));
  const char *id = value_at(reply, "/interrupt"), *review = value_at(reply, "/review");
  pause_run(run);
  const char *opened = GIVES(engine, review_get, "{'interrupt':'%s'}", id);
  HOLDS(opened, "/id", quoted("'%s'", review));
  HOLDS(opened, "/thread", "'review'");
  HOLDS(opened, "/title", "'May I?'");
  DENIES(INTERLOCK_REVIEW_REQUIRED, NULL, engine, run_resume, "{'thread':'review','value':1}");
  GIVES(engine, review_respond, "{'id':'%s','actor':'ana','outcome':'approved'}", review);
  DENIES(INTERLOCK_NOT_INTERRUPTED, NULL, engine, run_resume, "{'thread':'review','value':1}");
  run = begin_run(engine, NULL, ROOM, "review");
  reply = RUN_GIVES(run, interrupt, "%s", entry("may", QUESTION));
  HOLDS(reply, "/state", "'answered'");
  HOLDS(reply, "/value/review", quoted("'%s'", review));
  HOLDS(reply, "/value/status", "'resolved'");
  HOLDS(reply, "/value/outcome", "'approved'");
  HOLDS(reply, "/value/response/selectedOption", "'approve'");
  /* A notice is no question. */
  reply = RUN_GIVES(run, interrupt,
                    "{'key':'told','review':{'kind':'notify','payload':{'text':'hello'}}}");
  HOLDS(reply, "/state", "'answered'");
  HOLDS(reply, "/value/outcome", "'acknowledged'");
  complete_run(run);
}

static void test_force(void) {
  interlock_run *run = begin_run(engine, NULL, ROOM, "force");
  const char *reply = RUN_GIVES(run, interrupt,
                                "{'key':'q','review':{'kind':'approval','payload':{}}}");
  const char *review = value_at(reply, "/review");
  pause_run(run);
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/actor", engine, run_resume,
         "{'thread':'force','value':'past','force':true}");
  GIVES(engine, run_resume, "{'thread':'force','value':'past','force':true,'actor':'root'}");
  HOLDS(GIVES(engine, review_get, "{'id':'%s'}", review), "/status", "'cancelled'");
  const char *audit = GIVES(engine, audit_read, "{'review':'%s'}", review);
  HOLDS(audit, "/records/0/action", "'decision'");
  HOLDS(audit, "/records/0/actor/value", "'root'");
  HOLDS(audit, "/records/0/detail/forced", "true");
  run = begin_run(engine, NULL, ROOM, "force");
  HOLDS(RUN_GIVES(run, interrupt, "{'key':'q'}"), "/value", "'past'");
  complete_run(run);
}

/* What stands at a gate is a review; only an approval opens it. */
static void gate(const char *gates, const char *outcome, const char *state) {
  const char *thread = quoted("gate %s %s", strchr(gates, '*') ? "all" : "named", outcome);
  const char *request = quoted("{'thread':'%s',%s}", thread, gates);
  int is_before = strstr(gates, "before") != NULL;
  interlock_run *run = begin_run(engine, NULL, "%s", request);
  if (!is_before) HOLDS(RUN_GIVES(run, step, "pay"), "/state", "'work'");
  const char *reply = is_before ? RUN_GIVES(run, step, "pay")
                                : RUN_GIVES(run, record, "{'key':'pay','result':5}");
  HOLDS(reply, "/state", "'waiting'");
  const char *review = value_at(reply, "/review");
  CHECK(value_at(reply, "/interrupt")[0] != '\0' && review[0] != '\0');
  pause_run(run);
  GIVES(engine, review_respond, "{'id':'%s','actor':'ana','outcome':'%s'}", review, outcome);
  run = begin_run(engine, NULL, "%s", request);
  reply = RUN_GIVES(run, step, "pay");
  HOLDS(reply, "/state", state);
  if (strcmp(outcome, "rejected") == 0) HOLDS(reply, "/value/outcome", "'rejected'");
  if (is_before && strcmp(outcome, "approved") == 0) {
    HOLDS(RUN_GIVES(run, record, "{'key':'pay','result':5}"), "/result", "5");
  }
  if (!is_before && strcmp(outcome, "approved") == 0) HOLDS(reply, "/result", "5");
  complete_run(run);
}

static void test_gates(void) {
  gate("'interrupt_before':['pay']", "approved", "'work'");
  gate("'interrupt_before':'*'", "rejected", "'rejected'");
  gate("'interrupt_after':'*','gate_review':{'kind':'approval','payload':{},'title':'Fine?'}",
       "approved", "'recorded'");
  gate("'interrupt_after':['a','pay']", "rejected", "'rejected'");
  interlock_run *run = begin_run(engine, NULL, "{'thread':'no gate','interrupt_before':['pay']}");
  do_step(run, "look", "1");
  complete_run(run);
}

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

static void test_unknown(void) {
  interlock_run *run = begin_run(engine, NULL, ROOM, "known");
  const char *id = ask(run, "q", "");
  pause_run(run);
  run = begin_run(engine, NULL, ROOM, "other");
  ask(run, "q", "");
  pause_run(run);
  DENIES(INTERLOCK_UNKNOWN_INTERRUPT, NULL, engine, run_resume,
         "{'thread':'known','interrupt':'none','value':1}");
  DENIES(INTERLOCK_UNKNOWN_INTERRUPT, NULL, engine, run_resume,
         "{'thread':'other','interrupt':'%s','value':1}", id);
  DENIES(INTERLOCK_NOT_INTERRUPTED, NULL, engine, run_resume, "{'thread':'never','value':1}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, NULL, engine, run_resume, "{'thread':'known'}");
  DENIES(INTERLOCK_NOT_FOUND, "/thread", engine, run_get, ROOM, "never");
  HOLDS(GIVES(engine, run_get, ROOM, "known"), "/status", "'interrupted'");
}

static void test_events(void) {
  char types[512] = "", pointer[64];
  const char *wanted = "run.started run.asked run.interrupted run.answered run.resumed run.failed "
                       "run.resumed run.completed run.started run.cancelled ";
  interlock_run *run = begin_run(engine, NULL, ROOM, "events");
  const char *id = ask(run, "q", "");
  pause_run(run);
  GIVES(engine, run_resume, "{'thread':'events','value':1}");
  run = begin_run(engine, NULL, ROOM, "events");
  RUN_GIVES(run, interrupt, "{'key':'q'}");
  RUN_GIVES(run, fail, "{}");
  close_run(run);
  run = begin_run(engine, NULL, ROOM, "events");
  RUN_GIVES(run, interrupt, "{'key':'q'}");
  complete_run(run);
  close_run(begin_run(engine, NULL, ROOM, "events"));
  GIVES(engine, run_cancel, ROOM, "events");
  const char *events = GIVES(engine, event_read, ROOM, "events");
  for (int i = 0; i < 12; i++) {
    snprintf(pointer, sizeof pointer, "/events/%d/type", i);
    const char *type = value_at(events, pointer);
    if (*type != '\0') strcat(strcat(types, type), " ");
  }
  if (strcmp(types, wanted) != 0) printf("  events: %s\n", types);
  CHECK(strcmp(types, wanted) == 0);
  HOLDS(events, "/events/1/body/interrupt", quoted("'%s'", id));
  HOLDS(events, "/events/0/body/fence", "1");
}

static void test_list(const store *where) {
  interlock_engine *before = engine;
  engine = open_store(where);
  const char *threads[] = {"b", "a", "d", "c"};
  for (int i = 0; i < 4; i++) {
    interlock_run *run = begin_run(engine, NULL, ROOM, threads[i]);
    if (i < 2) ask(run, "q", "");
    if (i < 2) RUN_GIVES(run, suspend, "");
    close_run(run);
  }
  const char *page = GIVES(engine, run_list, "{'limit':3}");
  HOLDS(page, "/runs/0/thread", "'a'");
  HOLDS(page, "/runs/1/thread", "'b'");
  HOLDS(page, "/runs/2/thread", "'c'");
  HOLDS(page, "/next", "'c'");
  page = GIVES(engine, run_list, "{'limit':3,'after':'c'}");
  HOLDS(page, "/runs/0/thread", "'d'");
  HOLDS(page, "/next", "null");
  page = GIVES(engine, run_list, "{'status':'busy'}");
  HOLDS(page, "/runs/0/thread", "'c'");
  HOLDS(GIVES(engine, run_list, "{'status':'error'}"), "/runs", "[]");
  page = GIVES(engine, run_interrupts, "{}");
  CHECK(value_at(page, "/interrupts/1/id")[0] != '\0' && value_at(page, "/interrupts/2/id")[0] == '\0');
  const char *bad[][2] = {{"{'limit':0}", "/limit"},
                          {"{'limit':1001}", "/limit"},
                          {"{'status':'asleep'}", "/status"},
                          {"{'after':7}", "/after"}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    DENIES(INTERLOCK_INVALID_ARGUMENT, bad[i][1], engine, run_list, "%s", bad[i][0]);
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/cursor", engine, run_interrupts, "{'cursor':'zzz'}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/limit", engine, run_interrupts, "{'limit':0}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/thread", engine, run_interrupts, "{'thread':''}");
  close_engine(engine);
  engine = before;
}

void run_groups(const store *where) {
  engine = open_store(where);
  check_group("run: from its beginning to its end", where->name);
  test_begin_to_end();
  test_again_after_failure();
  check_group("run: questions and values", where->name);
  test_value();
  test_several();
  test_unknown();
  check_group("run: reviews and gates", where->name);
  test_review();
  test_force();
  test_gates();
  check_group("run: leases", where->name);
  test_leases(where);
  check_group("run: cancelled", where->name);
  test_cancel();
  check_group("run: a program that has changed", where->name);
  test_divergence();
  test_keys();
  check_group("run: events and lists", where->name);
  test_events();
  test_list(where);
  interlock_buffer *json = NULL;
  ACCEPTED(interlock_engine_check(engine, &json, &last_error));
  HOLDS(document(json), "/ok", "true");
  close_engine(engine);
}
