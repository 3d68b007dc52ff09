/* Runs: questions and their answers, reviews, gates. */
#include "check.h"

static interlock_engine *engine;

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

void run_question_groups(interlock_engine *opened, const store *where) {
  engine = opened;
  check_group("run: questions and values", where->name);
  test_value();
  test_several();
  test_unknown();
  check_group("run: reviews and gates", where->name);
  test_review();
  test_force();
  test_gates();
}
