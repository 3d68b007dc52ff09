/* Every refusal, 50 to 67, with what its details say; and that a refusal changes nothing. */
#include "check.h"

static interlock_engine *engine;

static const char YES[] = "'actor':'ana','response':{'selectedOption':'approve'}";

/* One problem of the details, found by its path. */
static void has_problem(const char *details, const char *path, const char *code) {
  char pointer[64];
  for (int i = 0; i < 32; i++) {
    snprintf(pointer, sizeof pointer, "/problems/%d/path", i);
    size_t size;
    if (json_find(details, strlen(details), pointer, &size) == NULL) break;
    if (strcmp(value_at(details, pointer), path) != 0) continue;
    snprintf(pointer, sizeof pointer, "/problems/%d/code", i);
    CHECK(strcmp(value_at(details, pointer), code) == 0);
    snprintf(pointer, sizeof pointer, "/problems/%d/message", i);
    CHECK(value_at(details, pointer)[0] != '\0');
    return;
  }
  printf("  no problem at '%s' in %s\n", path, details);
  CHECK(!"the problem is reported");
}

static void test_payload(void) {
  const char *details = DENIES(INTERLOCK_INVALID_PAYLOAD, NULL, engine, review_open,
                               "{'kind':'selection','payload':{'items':[{'id':'a'},{'id':'a'}],"
                               "'mode':'both','colour':1}}");
  has_problem(details, "/payload/items/1/id", "duplicate");
  has_problem(details, "/payload/mode", "not_an_option");
  has_problem(details, "/payload/colour", "unexpected");
  details = DENIES(INTERLOCK_INVALID_PAYLOAD, NULL, engine, review_open,
                   "{'kind':'verify','payload':{}}");
  has_problem(details, "/payload/phrase", "missing");
  details = DENIES(INTERLOCK_INVALID_PAYLOAD, NULL, engine, review_open,
                   "{'kind':'text','payload':{},'on_expiry':'approve'}");
  CHECK(details[0] == '{');
}

static void test_policy(void) {
  const char *bad[][3] = {
      {"{'stages':[]}", "/policy/stages", "too_few"},
      {"{}", "/policy/stages", "missing"},
      {"{'stages':[{'approvers':[]}]}", "/policy/stages/0/approvers", "too_few"},
      {"{'stages':[{}]}", "/policy/stages/0/approvers", "missing"},
      {"{'stages':[{'approvers':['ana'],'quorum':2}]}", "/policy/stages/0/quorum", "max"},
      {"{'stages':[{'approvers':['anyone'],'quorum':'all'}]}", "/policy/stages/0/quorum",
       "not_allowed"},
      {"{'stages':[{'approvers':['ana'],'on_expiry':'escalate'}]}", "/policy/stages/0/on_expiry",
       "not_allowed"},
      {"{'stages':[{'approvers':['ana'],'name':'s'},{'approvers':['ana'],'name':'s'}]}",
       "/policy/stages/1/name", "duplicate"},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    has_problem(DENIES(INTERLOCK_INVALID_POLICY, NULL, engine, review_open,
                       "{'kind':'text','payload':{},'policy':%s}", bad[i][0]),
                bad[i][1], bad[i][2]);
  DENIES(INTERLOCK_UNKNOWN_POLICY, NULL, engine, review_open,
         "{'kind':'text','payload':{},'policy':'nobody put this'}");
}

static void test_deadline(void) {
  const char *bad[] = {"'deadline':1",           "'deadline':253402300800000", "'deadline':'soon'",
                       "'deadline':1.5",         "'expires_in':0",             "'expires_in':-5",
                       "'expires_in':253402300800000", "'expires_in':9223372036854775807",
                       "'deadline':253402300799999,'expires_in':5"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    DENIES(INTERLOCK_INVALID_DEADLINE, NULL, engine, review_open,
           "{'kind':'text','payload':{},%s}", bad[i]);
  open_review(engine, "{'kind':'text','payload':{},'deadline':253402300799999}");
}

static void test_response(void) {
  const char *id = open_review(
      engine, "{'kind':'form','payload':{'fields':[{'name':'n','type':'number','min':5},"
              "{'name':'e','type':'email','required':true}]}}");
  const char *details = DENIES(INTERLOCK_INVALID_RESPONSE, NULL, engine, review_respond,
                               "{'id':'%s','actor':'ana','response':{'n':4,'z':1}}", id);
  has_problem(details, "/n", "min");
  has_problem(details, "/e", "missing");
  has_problem(details, "/z", "unexpected");
  DENIES(INTERLOCK_INVALID_RESPONSE, NULL, engine, review_respond,
         "{'id':'%s','actor':'ana','response':null}", id);
  /* The review stays answerable. */
  HOLDS(GIVES(engine, review_respond, "{'id':'%s','actor':'ana','response':{'e':'a@b.ch'}}", id),
        "/review/outcome", "'answered'");
  id = open_review(engine, "{'kind':'verify','payload':{'phrase':'yes','maxAttempts':2}}");
  details = DENIES(INTERLOCK_INVALID_RESPONSE, NULL, engine, review_respond,
                   "{'id':'%s','actor':'ana','response':{'phrase':'no'}}", id);
  has_problem(details, "/phrase", "mismatch");
  HOLDS(GIVES(engine, review_get, "{'id':'%s'}", id), "/attempts", "1");
}

static void test_outcome(void) {
  const char *id = open_review(engine, "{'kind':'approval','payload':{}}");
  const char *bad[] = {"perhaps", "", "approvedd", "cancelled"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    DENIES(INTERLOCK_INVALID_OUTCOME, NULL, engine, review_respond,
           "{'id':'%s','actor':'ana','outcome':'%s'}", id, bad[i]);
  id = open_review(engine, "{'kind':'text','payload':{}}");
  DENIES(INTERLOCK_INVALID_OUTCOME, NULL, engine, review_respond,
         "{'id':'%s','actor':'ana','outcome':'approved'}", id);
  HOLDS(GIVES(engine, review_get, "{'id':'%s'}", id), "/status", "'pending'");
}

/* Everything that needs a pending review is refused alike once it has ended. */
static void all_refuse(interlock_status status, const char *id, const char *successor) {
  const char *details[] = {
      DENIES(status, NULL, engine, review_respond, "{'id':'%s',%s}", id, YES),
      DENIES(status, NULL, engine, review_cancel, "{'id':'%s'}", id),
      DENIES(status, NULL, engine, review_claim, "{'id':'%s','actor':'ana'}", id),
      DENIES(status, NULL, engine, review_release, "{'id':'%s','actor':'ana'}", id),
      DENIES(status, NULL, engine, review_reassign, "{'id':'%s','assignee':'ana'}", id),
      DENIES(status, NULL, engine, review_escalate, "{'id':'%s','error':true}", id),
      DENIES(status, NULL, engine, review_supersede,
             "{'id':'%s','successor':{'kind':'text','payload':{},'title':'Other'}}", id),
  };
  for (size_t i = 0; i < sizeof details / sizeof *details; i++)
    CHECK(strcmp(value_at(details[i], "/successor"), successor) == 0);
}

static void test_ended(void) {
  const char *id = open_review(engine, "{'kind':'approval','payload':{}}");
  GIVES(engine, review_respond,
        "{'id':'%s','actor':'ben','response':{'selectedOption':'reject'}}", id);
  all_refuse(INTERLOCK_ALREADY_RESOLVED, id, "");
  id = open_review(engine, "{'kind':'approval','payload':{}}");
  GIVES(engine, review_cancel, "{'id':'%s'}", id);
  all_refuse(INTERLOCK_CANCELLED, id, "");
  id = open_review(engine, "{'kind':'approval','payload':{}}");
  const char *reply = GIVES(engine, review_supersede,
                            "{'id':'%s','successor':{'kind':'text','payload':{}}}", id);
  all_refuse(INTERLOCK_SUPERSEDED, id, value_at(reply, "/review/id"));
  id = open_review(engine, "{'kind':'notify','payload':{'text':'hello'}}");
  all_refuse(INTERLOCK_ALREADY_RESOLVED, id, "");
}

static void test_rights(void) {
  const char *id = open_review(
      engine,
      "{'kind':'approval','payload':{},'requester':'eve','policy':{'stages':["
      "{'name':'first','approvers':['ana','eve','dan'],'forbid_requester':true,'quorum':2},"
      "{'name':'second','approvers':['ana','ben'],'distinct_from_earlier':true}]}}");
  const char *as = "{'id':'%s','actor':'%s','response':{'selectedOption':'%s'}}";
  DENIES(INTERLOCK_NOT_AUTHORIZED, NULL, engine, review_respond, as, id, "mallory", "approve");
  DENIES(INTERLOCK_SELF_APPROVAL, NULL, engine, review_respond, as, id, "eve", "approve");
  DENIES(INTERLOCK_WRONG_STAGE, NULL, engine, review_respond, "{'id':'%s',%s,'stage':'second'}",
         id, YES);
  DENIES(INTERLOCK_WRONG_STAGE, NULL, engine, review_respond, "{'id':'%s',%s,'stage':'third'}", id,
         YES);
  GIVES(engine, review_respond, as, id, "ana", "approve");
  DENIES(INTERLOCK_ALREADY_VOTED, NULL, engine, review_respond, as, id, "ana", "reject");
  GIVES(engine, review_respond, as, id, "dan", "approve");
  DENIES(INTERLOCK_ALREADY_VOTED, NULL, engine, review_respond,
         "{'id':'%s',%s,'stage':'second'}", id, YES);
  HOLDS(GIVES(engine, review_respond, as, id, "ben", "approve"), "/review/outcome", "'approved'");
  /* Identities are the same only byte by byte, and a role is no name. */
  id = open_review(engine, "{'kind':'approval','payload':{},'policy':{'stages':[{'approvers':"
                           "[{'type':'email','value':'ana'}]}]}}");
  DENIES(INTERLOCK_NOT_AUTHORIZED, NULL, engine, review_respond, as, id, "ana", "approve");
  DENIES(INTERLOCK_NOT_AUTHORIZED, NULL, engine, review_respond,
         "{'id':'%s','actor':{'type':'email','value':'Ana'},'outcome':'approved'}", id);
  GIVES(engine, review_respond,
        "{'id':'%s','actor':{'type':'email','value':'ana'},'outcome':'approved'}", id);
}

static void test_conflict(void) {
  const char *reply = GIVES(engine, review_open, "{'kind':'approval','payload':{}}");
  const char *id = value_at(reply, "/review/id");
  long long revision = number_at(reply, "/review/revision");
  GIVES(engine, review_claim, "{'id':'%s','actor':'ana'}", id);
  DENIES(INTERLOCK_CONFLICT, NULL, engine, review_respond, "{'id':'%s',%s,'revision':%lld}", id,
         YES, revision);
  DENIES(INTERLOCK_CONFLICT, NULL, engine, review_respond,
         "{'id':'%s','actor':'ben','outcome':'approved'}", id);
  DENIES(INTERLOCK_CONFLICT, NULL, engine, review_receipt, "{'id':'%s'}", id);
  revision = number_at(GIVES(engine, review_get, "{'id':'%s'}", id), "/revision");
  GIVES(engine, review_respond, "{'id':'%s',%s,'revision':%lld}", id, YES, revision);
}

static void test_keys(void) {
  open_review(engine, "{'kind':'text','payload':{},'key':'one'}");
  DENIES(INTERLOCK_IDEMPOTENCY_MISMATCH, NULL, engine, review_open,
         "{'kind':'text','payload':{},'key':'one','title':'Other'}");
  const char *id = open_review(engine, "{'kind':'selection','payload':{'items':[{'id':'a'},"
                                       "{'id':'b'}]}}");
  const char *with = "{'id':'%s','actor':'ana','response':{'selectedIds':['%s']},'key':'k'}";
  GIVES(engine, review_respond, with, id, "a");
  HOLDS(GIVES(engine, review_respond, with, id, "a"), "/replayed", "true");
  DENIES(INTERLOCK_IDEMPOTENCY_MISMATCH, NULL, engine, review_respond, with, id, "b");
}

static void test_unknown(void) {
  const char *calls[] = {"{'id':'none'}", "{'review_key':'none'}", "{'interrupt':'none'}",
                         "{'external_id':'none'}", "{'thread':'none'}"};
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
    DENIES(INTERLOCK_UNKNOWN_REVIEW, NULL, engine, review_get, "%s", calls[i]);
    DENIES(INTERLOCK_UNKNOWN_REVIEW, NULL, engine, review_cancel, "%s", calls[i]);
    DENIES(INTERLOCK_UNKNOWN_REVIEW, NULL, engine, review_history, "%s", calls[i]);
    DENIES(INTERLOCK_UNKNOWN_REVIEW, NULL, engine, review_explain, "%s", calls[i]);
    DENIES(INTERLOCK_UNKNOWN_REVIEW, NULL, engine, review_receipt, "%s", calls[i]);
  }
  DENIES(INTERLOCK_UNKNOWN_REVIEW, NULL, engine, review_respond, "{'id':'none',%s}", YES);
  DENIES(INTERLOCK_UNKNOWN_REVIEW, NULL, engine, review_claim, "{'id':'none','actor':'ana'}");
  DENIES(INTERLOCK_UNKNOWN_REVIEW, NULL, engine, review_comment,
         "{'id':'none','actor':'ana','text':'x'}");
}

void refusal_groups(const store *where) {
  engine = open_store(where);
  check_group("refusal: payload, policy, deadline", where->name);
  test_payload();
  test_policy();
  test_deadline();
  check_group("refusal: response and outcome word", where->name);
  test_response();
  test_outcome();
  check_group("refusal: of what has ended", where->name);
  test_ended();
  check_group("refusal: rights and stages", where->name);
  test_rights();
  check_group("refusal: conflict and keys", where->name);
  test_conflict();
  test_keys();
  check_group("refusal: of what does not exist", where->name);
  test_unknown();
  interlock_buffer *json = NULL;
  ACCEPTED(interlock_engine_check(engine, &json, &last_error));
  const char *report = document(json);
  HOLDS(report, "/ok", "true");
  CHECK(number_at(report, "/reviews") > 0);
  CHECK(number_at(report, "/events") == number_at(GIVES(engine, event_read, "{}"), "/last"));
  CHECK(number_at(report, "/audit") == number_at(GIVES(engine, audit_read, "{}"), "/last"));
  close_engine(engine);
}
