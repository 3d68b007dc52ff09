/* Policies: kept by name and version, and used by reviews in the version they were opened with. */
#include "check.h"

static interlock_engine *engine;

static const char ONE[] = "{'name':'money','stages':[{'name':'s','approvers':['ana']}]}";
static const char TWO[] = "{'name':'money','stages':[{'name':'s','approvers':['ben']}]}";

static void test_versions(void) {
  const char *policy = GIVES(engine, policy_put, ONE);
  HOLDS(policy, "/name", "'money'");
  HOLDS(policy, "/version", "1");
  HOLDS(policy, "/order", "'chain'");
  HOLDS(policy, "/stages/0/name", "'s'");
  HOLDS(policy, "/stages/0/approvers/0/value", "'ana'");
  HOLDS(GIVES(engine, policy_put, ONE), "/version", "1");
  /* The same content, written otherwise. */
  HOLDS(GIVES(engine, policy_put,
              " {'stages':[{'approvers':[{'value':'ana'}],'quorum':'any','name':'s','veto':true}],"
              "'order':'chain','name':'money'}"),
        "/version", "1");
  const char *id = open_review(engine, "{'kind':'approval','payload':{},'policy':'money'}");
  HOLDS(GIVES(engine, policy_put, TWO), "/version", "2");
  HOLDS(GIVES(engine, policy_get, "{'name':'money'}"), "/version", "2");
  HOLDS(GIVES(engine, policy_get, "{'name':'money','version':1}"), "/stages/0/approvers/0/value",
        "'ana'");
  HOLDS(GIVES(engine, policy_get, "{'name':'money','version':2}"), "/stages/0/approvers/0/value",
        "'ben'");
  const char *review = GIVES(engine, review_get, "{'id':'%s'}", id);
  HOLDS(review, "/policy/name", "'money'");
  HOLDS(review, "/policy/version", "1");
  DENIES(INTERLOCK_NOT_AUTHORIZED, NULL, engine, review_respond,
         "{'id':'%s','actor':'ben','outcome':'approved'}", id);
  GIVES(engine, review_respond, "{'id':'%s','actor':'ana','outcome':'approved'}", id);
  id = open_review(engine, "{'kind':'approval','payload':{},'policy':'money'}");
  HOLDS(GIVES(engine, review_respond, "{'id':'%s','actor':'ben','outcome':'approved'}", id),
        "/review/policy/version", "2");
}

static void test_contents(void) {
  const char *policy = GIVES(
      engine, policy_put,
      "{'name':'all','order':'ladder','triggers':{'confidence_below':0.5,'on_error':false},"
      "'stages':[{'name':'bots','approvers':[{'type':'agent'}],'deadline_in':5000,"
      "'on_expiry':'escalate','reminders':[1000,2000]},"
      "{'name':'people','approvers':[{'role':'boss'},{'type':'email','value':'a@b'},'cleo'],"
      "'quorum':2,'veto':false,'forbid_requester':true,'distinct_from_earlier':true,"
      "'on_expiry':{'resume_with':{'a':[null]}}}],'x-note':'n'}");
  HOLDS(policy, "/order", "'ladder'");
  HOLDS(policy, "/triggers/confidence_below", "0.5");
  HOLDS(policy, "/triggers/on_error", "false");
  HOLDS(policy, "/triggers/on_sensitive", "true");
  HOLDS(policy, "/stages/0/approvers/0", "{'type':'agent'}");
  HOLDS(policy, "/stages/0/deadline_in", "5000");
  HOLDS(policy, "/stages/0/on_expiry", "'escalate'");
  HOLDS(policy, "/stages/0/reminders", "[2000,1000]");
  HOLDS(policy, "/stages/1/quorum", "2");
  HOLDS(policy, "/stages/1/veto", "false");
  HOLDS(policy, "/stages/1/forbid_requester", "true");
  HOLDS(policy, "/stages/1/distinct_from_earlier", "true");
  HOLDS(policy, "/stages/1/on_expiry", "{'resume_with':{'a':[null]}}");
  policy = GIVES(engine, policy_put, "{'name':'ladder','order':'ladder'}");
  HOLDS(policy, "/stages/3/name", "'manager'");
}

static void test_list(const store *where) {
  engine = open_store(where);
  HOLDS(GIVES(engine, policy_list, "{}"), "/policies", "[]");
  const char *names[] = {"b", "a", "\xc3\xa9", "c", "B"};
  for (int i = 0; i < 5; i++)
    GIVES(engine, policy_put, "{'name':'%s','stages':[{'approvers':['anyone']}]}", names[i]);
  GIVES(engine, policy_put, "{'name':'a','stages':[{'approvers':['ana']}]}");
  const char *page = GIVES(engine, policy_list, "{'limit':2}");
  HOLDS(page, "/policies/0/name", "'B'");
  HOLDS(page, "/policies/1/name", "'a'");
  HOLDS(page, "/policies/1/version", "2");
  HOLDS(page, "/next", "'a'");
  page = GIVES(engine, policy_list, "{'after':'a','limit':1000}");
  HOLDS(page, "/policies/0/name", "'b'");
  HOLDS(page, "/policies/1/name", "'c'");
  HOLDS(page, "/policies/2/name", "'\xc3\xa9'");
  HOLDS(page, "/next", "null");
  close_engine(engine);
}

static void test_refused(void) {
  const char *no_name = "{'stages':[{'approvers':['anyone']}]}";
  DENIES(INTERLOCK_INVALID_POLICY, NULL, engine, policy_put, "%s", no_name);
  const char *bad[] = {
      "{'name':'p'}",
      "{'name':'p','stages':[]}",
      "{'name':'p','stages':[{'approvers':[]}]}",
      "{'name':'p','stages':[{'approvers':['ana','ana'],'quorum':2}]}",
      "{'name':'p','stages':[{'approvers':['ana'],'quorum':0}]}",
      "{'name':'p','stages':[{'approvers':['ana'],'quorum':1.5}]}",
      "{'name':'p','stages':[{'approvers':['ana'],'quorum':'most'}]}",
      "{'name':'p','stages':[{'approvers':['ana'],'deadline_in':0}]}",
      "{'name':'p','stages':[{'approvers':['ana'],'reminders':[0]}]}",
      "{'name':'p','stages':[{'approvers':['ana'],'on_expiry':'panic'}]}",
      "{'name':'p','stages':[{'approvers':[{'role':''}]}]}",
      "{'name':'p','stages':[{'approvers':[7]}]}",
      "{'name':'p','order':'circle','stages':[{'approvers':['ana']}]}",
      "{'name':'p','triggers':{'confidence_below':2},'stages':[{'approvers':['ana']}]}",
      "{'name':'','stages':[{'approvers':['ana']}]}",
      "{'name':7,'stages':[{'approvers':['ana']}]}",
      "{'name':'p','stages':[{'approvers':['ana'],'colour':1}]}",
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    const char *details = DENIES(INTERLOCK_INVALID_POLICY, NULL, engine, policy_put, "%s", bad[i]);
    CHECK(value_at(details, "/problems/0/path")[0] == '/');
    CHECK(value_at(details, "/problems/0/code")[0] != '\0');
  }
  DENIES(INTERLOCK_UNKNOWN_POLICY, NULL, engine, policy_get, "{'name':'p'}");
  DENIES(INTERLOCK_UNKNOWN_POLICY, NULL, engine, policy_get, "{'name':'money','version':99}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/version", engine, policy_get,
         "{'name':'money','version':0}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/version", engine, policy_get,
         "{'name':'money','version':'1'}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/name", engine, policy_get, "{'name':''}");
  DENIES(LONG_ID, NULL, engine, policy_get, "{'name':'%s'}",
         (const char *)letters(513).data);
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/limit", engine, policy_list, "{'limit':1001}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/after", engine, policy_list, "{'after':7}");
}

void policy_groups(const store *where) {
  engine = open_store(where);
  check_group("policy: versions", where->name);
  test_versions();
  check_group("policy: contents", where->name);
  test_contents();
  check_group("policy: refused", where->name);
  test_refused();
  close_engine(engine);
  check_group("policy: listed", where->name);
  test_list(where);
}
