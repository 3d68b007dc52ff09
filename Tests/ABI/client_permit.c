/* Permits: issued by approvals, used once, reported, and every refusal from 70 to 74. */
#include "check.h"

static interlock_engine *engine;

static const char CALL[] = "'tool':'pay','arguments':{'to':'ana','cents':100}";

/* The permit of an approval of CALL. */
static const char *approved(void) {
  const char *id = open_review(engine, "{'kind':'approval','payload':{%s}}", CALL);
  HOLDS(GIVES(engine, permit_list, "{'review':'%s'}", id), "/permits", "[]");
  GIVES(engine, review_respond, "{'id':'%s','actor':'ana','outcome':'approved'}", id);
  const char *list = GIVES(engine, permit_list, "{'review':'%s'}", id);
  HOLDS(list, "/next", "null");
  HOLDS(list, "/permits/0/review", quoted("'%s'", id));
  return value_at(list, "/permits/0/id");
}

static const char *consume(const char *permit, const char *more) {
  return GIVES(engine, permit_consume, "{'permit':'%s',%s%s}", permit, CALL, more);
}

static void test_use(void) {
  const char *permit = approved();
  const char *found = GIVES(engine, permit_get, "{'permit':'%s'}", permit);
  HOLDS(found, "/id", quoted("'%s'", permit));
  HOLDS(found, "/status", "'issued'");
  HOLDS(found, "/tool", "'pay'");
  HOLDS(found, "/arguments/cents", "100");
  HOLDS(found, "/worker", "null");
  HOLDS(found, "/until", "null");
  HOLDS(found, "/result", "null");
  CHECK(strlen(value_at(found, "/digest")) == 64);
  CHECK(number_at(found, "/issued_at") > 0);
  /* Another order of members, another spelling of a number: the same canonical bytes. */
  const char *used = GIVES(engine, permit_consume,
                           "{'permit':'%s','arguments':{'cents':1e2,'to':'\\u0061na'},'tool':'pay',"
                           "'worker':'w1','lease_ms':1000,'x-a':1}",
                           permit);
  HOLDS(used, "/status", "'consumed'");
  HOLDS(used, "/worker", "'w1'");
  CHECK(number_at(used, "/until") == number_at(used, "/updated_at") + 1000);
  const char *done = GIVES(engine, permit_report,
                           "{'permit':'%s','outcome':'done','result':{'receipt':7},'actor':'w1'}",
                           permit);
  HOLDS(done, "/status", "'done'");
  HOLDS(done, "/result", "{'receipt':7}");
  /* An equal report changes nothing. */
  const char *again = GIVES(engine, permit_report,
                            "{'permit':'%s','outcome':'done','result':{'receipt':7}}", permit);
  HOLDS(again, "/status", "'done'");
  CHECK(number_at(again, "/updated_at") == number_at(done, "/updated_at"));
  const char *audit =
      GIVES(engine, audit_read, "{'review':'%s'}", value_at(done, "/review"));
  HOLDS(audit, "/records/0/action", "'decision'");
  HOLDS(audit, "/records/1/action", "'use'");
  HOLDS(audit, "/records/1/actor/value", "'w1'");
  HOLDS(audit, "/records/1/detail/permit", quoted("'%s'", permit));
  HOLDS(audit, "/records/2/action", "'report'");
  CHECK(value_at(audit, "/records/3/seq")[0] == '\0');
}

static void test_failure(void) {
  const char *permit = approved();
  consume(permit, "");
  const char *failed = GIVES(engine, permit_report, "{'permit':'%s','outcome':'failed'}", permit);
  HOLDS(failed, "/status", "'failed'");
  DENIES(INTERLOCK_ALREADY_USED, NULL, engine, permit_consume, "{'permit':'%s',%s}", permit, CALL);
  DENIES(INTERLOCK_ALREADY_USED, NULL, engine, permit_report, "{'permit':'%s','outcome':'done'}",
         permit);
  HOLDS(GIVES(engine, permit_get, "{'permit':'%s'}", permit), "/status", "'failed'");
}

static void test_refusals(void) {
  static const char *const changed[] = {
      "'tool':'pay','arguments':{'to':'ana','cents':101}",
      "'tool':'pay','arguments':{'to':'ana'}",
      "'tool':'pay','arguments':{'to':'ana','cents':'100'}",
      "'tool':'pay','arguments':{'to':'ana','cents':100,'more':null}",
      "'tool':'Pay','arguments':{'to':'ana','cents':100}",
      "'tool':'pay','arguments':{}",
  };
  const char *permit = approved();
  for (size_t i = 0; i < sizeof changed / sizeof *changed; i++)
    DENIES(INTERLOCK_ARGS_CHANGED, NULL, engine, permit_consume, "{'permit':'%s',%s}", permit,
           changed[i]);
  DENIES(INTERLOCK_NOT_USED, NULL, engine, permit_report, "{'permit':'%s','outcome':'done'}",
         permit);
  HOLDS(GIVES(engine, permit_get, "{'permit':'%s'}", permit), "/status", "'issued'");
  const char *review = value_at(consume(permit, ""), "/review");
  DENIES(INTERLOCK_ALREADY_USED, NULL, engine, permit_consume, "{'permit':'%s',%s}", permit, CALL);
  const char *audit = GIVES(engine, audit_read, "{'review':'%s'}", review);
  HOLDS(audit, "/records/1/action", "'refusal'");
  HOLDS(audit, "/records/1/detail/code", "'ARGS_CHANGED'");
  HOLDS(audit, "/records/7/detail/code", "'NOT_USED'");
  HOLDS(audit, "/records/8/action", "'use'");
  HOLDS(audit, "/records/9/detail/code", "'ALREADY_USED'");
  DENIES(INTERLOCK_UNKNOWN_PERMIT, NULL, engine, permit_consume, "{'permit':'none',%s}", CALL);
  DENIES(INTERLOCK_UNKNOWN_PERMIT, NULL, engine, permit_report, "{'permit':'none','outcome':'done'}");
  DENIES(INTERLOCK_UNKNOWN_PERMIT, NULL, engine, permit_get, "{'permit':'none'}");
  HOLDS(GIVES(engine, permit_list, "{'review':'none'}"), "/permits", "[]");
}

/* Nobody who rejects, cancels or lets pass gives leave. */
static void test_no_permit(void) {
  const char *ids[] = {open_review(engine, "{'kind':'approval','payload':{%s}}", CALL),
                       open_review(engine, "{'kind':'approval','payload':{%s}}", CALL),
                       open_review(engine, "{'kind':'approval','payload':{}}")};
  GIVES(engine, review_respond, "{'id':'%s','actor':'ana','outcome':'rejected'}", ids[0]);
  GIVES(engine, review_cancel, "{'id':'%s'}", ids[1]);
  GIVES(engine, review_respond, "{'id':'%s','actor':'ana','outcome':'approved'}", ids[2]);
  for (int i = 0; i < 3; i++)
    HOLDS(GIVES(engine, permit_list, "{'review':'%s'}", ids[i]), "/permits", "[]");
}

static void test_actions(void) {
  const char *id = open_review(engine, "{'kind':'actions','payload':{'items':["
                                       "{'id':'1','name':'rm','args':{'path':'a'}},"
                                       "{'id':'2','name':'rm','args':{'path':'b'}},"
                                       "{'id':'3','name':'rm','args':{'path':'c'}}]}}");
  GIVES(engine, review_respond,
        "{'id':'%s','actor':'ana','response':{'decisions':[{'type':'approve'},"
        "{'type':'reject','message':'No.'},"
        "{'type':'edit','edited_action':{'name':'rm','args':{'path':'d'}}}]}}",
        id);
  const char *list = GIVES(engine, permit_list, "{'review':'%s'}", id);
  HOLDS(list, "/permits/0/item", "'1'");
  HOLDS(list, "/permits/0/arguments", "{'path':'a'}");
  HOLDS(list, "/permits/1/item", "'3'");
  HOLDS(list, "/permits/1/arguments", "{'path':'d'}");
  CHECK(value_at(list, "/permits/2/id")[0] == '\0');
  const char *edited = value_at(list, "/permits/1/id");
  DENIES(INTERLOCK_ARGS_CHANGED, NULL, engine, permit_consume,
         "{'permit':'%s','tool':'rm','arguments':{'path':'c'}}", edited);
  GIVES(engine, permit_consume, "{'permit':'%s','tool':'rm','arguments':{'path':'d'}}", edited);
}

static void test_unknown(const store *where) {
  interlock_engine *before = engine;
  engine = open_with(where, NULL, INTERLOCK_OPEN_MANUAL_CLOCK, 1000);
  const char *permits[3];
  for (int i = 0; i < 3; i++) {
    permits[i] = approved();
    HOLDS(consume(permits[i], ",'lease_ms':100"), "/until", "1100");
  }
  set_time(engine, 1099);
  HOLDS(GIVES(engine, permit_list, "{}"), "/permits", "[]");
  DENIES(INTERLOCK_ALREADY_USED, NULL, engine, permit_consume, "{'permit':'%s',%s}", permits[0],
         CALL);
  set_time(engine, 1100);
  HOLDS(GIVES(engine, permit_get, "{'permit':'%s'}", permits[0]), "/status", "'unknown'");
  DENIES(INTERLOCK_UNKNOWN_EFFECT, NULL, engine, permit_consume, "{'permit':'%s',%s}", permits[0],
         CALL);
  const char *page = GIVES(engine, permit_list, "{'limit':2}");
  HOLDS(page, "/permits/1/status", "'unknown'");
  const char *next = value_at(page, "/next");
  CHECK(strcmp(next, value_at(page, "/permits/1/id")) == 0);
  page = GIVES(engine, permit_list, "{'limit':2,'after':'%s'}", next);
  HOLDS(page, "/next", "null");
  CHECK(value_at(page, "/permits/0/id")[0] != '\0' && value_at(page, "/permits/1/id")[0] == '\0');
  /* A person has looked. */
  GIVES(engine, permit_report, "{'permit':'%s','outcome':'done','actor':'ana'}", permits[0]);
  GIVES(engine, permit_report, "{'permit':'%s','outcome':'failed','actor':'ana'}", permits[1]);
  GIVES(engine, permit_report, "{'permit':'%s','outcome':'failed'}", permits[2]);
  HOLDS(GIVES(engine, permit_list, "{}"), "/permits", "[]");
  for (int i = 0; i < 3; i++)
    DENIES(INTERLOCK_ALREADY_USED, NULL, engine, permit_consume, "{'permit':'%s',%s}", permits[i],
           CALL);
  close_engine(engine);
  engine = before;
}

static void test_requests(void) {
  const char *permit = approved();
  const char *bad[][2] = {{"{}", "/permit"},
                          {"{'permit':'','tool':'pay','arguments':{}}", "/permit"},
                          {"{'permit':'p','arguments':{}}", "/tool"},
                          {"{'permit':'p','tool':7,'arguments':{}}", "/tool"},
                          {"{'permit':'p','tool':'pay'}", "/arguments"},
                          {"{'permit':'p','tool':'pay','arguments':[]}", "/arguments"},
                          {"{'permit':'p','tool':'pay','arguments':{},'worker':7}", "/worker"},
                          {"{'permit':'p','tool':'pay','arguments':{},'lease_ms':0}", "/lease_ms"}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    DENIES(INTERLOCK_INVALID_ARGUMENT, bad[i][1], engine, permit_consume, "%s", bad[i][0]);
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/outcome", engine, permit_report, "{'permit':'p'}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/outcome", engine, permit_report,
         "{'permit':'p','outcome':'unknown'}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/permit", engine, permit_report, "{'outcome':'done'}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/actor", engine, permit_report,
         "{'permit':'p','outcome':'done','actor':7}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/permit", engine, permit_get, "{}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/limit", engine, permit_list, "{'limit':1001}");
  DENIES(INTERLOCK_TOO_LARGE, "/permit", engine, permit_get, "{'permit':'%s'}",
         (const char *)letters(513).data);
  HOLDS(GIVES(engine, permit_get, "{'permit':'%s'}", permit), "/status", "'issued'");
}

/* A permit of an answer to a run: the whole way. */
static void test_in_a_run(void) {
  const char *question = quoted("{'key':'may','review':{'kind':'approval','payload':{%s}}}", CALL);
  interlock_run *run = begin_run(engine, NULL, "{'thread':'pays'}");
  const char *review = value_at(RUN_GIVES(run, interrupt, "%s", question), "/review");
  RUN_GIVES(run, suspend, "");
  close_run(run);
  GIVES(engine, review_respond, "{'id':'%s','actor':'ana','outcome':'approved'}", review);
  run = begin_run(engine, NULL, "{'thread':'pays'}");
  HOLDS(RUN_GIVES(run, interrupt, "%s", question), "/value/outcome", "'approved'");
  const char *permit =
      value_at(GIVES(engine, permit_list, "{'review':'%s'}", review), "/permits/0/id");
  consume(permit, "");
  GIVES(engine, permit_report, "{'permit':'%s','outcome':'done'}", permit);
  RUN_GIVES(run, complete, "{}");
  close_run(run);
}

void permit_groups(const store *where) {
  engine = open_store(where);
  check_group("permit: used and reported", where->name);
  test_use();
  test_failure();
  check_group("permit: refusals", where->name);
  test_refusals();
  test_no_permit();
  check_group("permit: of several actions", where->name);
  test_actions();
  check_group("permit: unknown", where->name);
  test_unknown(where);
  check_group("permit: requests", where->name);
  test_requests();
  check_group("permit: in a run", where->name);
  test_in_a_run();
  interlock_buffer *json = NULL;
  ACCEPTED(interlock_engine_check(engine, &json, &last_error));
  HOLDS(document(json), "/ok", "true");
  close_engine(engine);
}
