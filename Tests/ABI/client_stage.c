/* Stages of a review: chains, quorums, claims, ladders, and what explain tells of them. */
#include "check.h"

static interlock_engine *engine;

static const char YES[] = "'response':{'selectedOption':'approve'}";
static const char NO[] = "'response':{'selectedOption':'reject'}";

static const char *answer(const char *id, const char *actor, const char *response) {
  return GIVES(engine, review_respond, "{'id':'%s','actor':%s,%s}", id, actor, response);
}

static void test_chain(void) {
  const char *id = open_review(
      engine,
      "{'kind':'approval','payload':{},'requester':'eve','policy':{'stages':["
      "{'name':'peers','approvers':['ana','ben','cleo'],'quorum':2},"
      "{'name':'boss','approvers':[{'role':'boss'}],'distinct_from_earlier':true,"
      "'forbid_requester':true}]}}");
  const char *reply = answer(id, "'ana'", YES);
  HOLDS(reply, "/review/status", "'pending'");
  HOLDS(reply, "/review/stage", "'peers'");
  HOLDS(reply, "/review/stages/0/votes/0/actor/value", "'ana'");
  HOLDS(reply, "/review/stages/0/votes/0/verdict", "'approve'");
  reply = answer(id, "'ben'", YES);
  HOLDS(reply, "/review/stage", "'boss'");
  HOLDS(reply, "/review/stages/0/status", "'passed'");
  HOLDS(reply, "/review/stages/1/status", "'open'");
  HOLDS(reply, "/decision/stage", "'peers'");
  /* A redelivered click cannot approve the next stage. */
  reply = answer(id, "'ana'", YES);
  HOLDS(reply, "/replayed", "true");
  HOLDS(reply, "/review/stages/1/votes", "[]");
  reply = answer(id, "{'value':'dan','roles':['boss']}", YES);
  HOLDS(reply, "/review/outcome", "'approved'");
  const char *history = GIVES(engine, review_history, "{'id':'%s'}", id);
  HOLDS(history, "/decisions/0/actor/value", "'ana'");
  HOLDS(history, "/decisions/1/actor/value", "'ben'");
  HOLDS(history, "/decisions/2/stage", "'boss'");
  HOLDS(history, "/decisions/2/key", "null");
}

static void test_veto(void) {
  const char *policy = "'policy':{'stages':[{'approvers':['ana','ben','cleo'],'quorum':2,"
                       "'veto':%s}]}";
  const char *rules[] = {"true", "false"}, *status[] = {"resolved", "pending"};
  for (int i = 0; i < 2; i++) {
    const char *rule = quoted(policy, rules[i]);
    const char *id = open_review(engine, "{'kind':'approval','payload':{},%s}", rule);
    const char *reply = answer(id, "'ana'", NO);
    HOLDS(reply, "/review/status", quoted("'%s'", status[i]));
    if (i == 0) continue;
    HOLDS(answer(id, "'ben'", YES), "/review/status", "'pending'");
    HOLDS(answer(id, "'cleo'", NO), "/review/outcome", "'rejected'");
  }
}

static void test_all(void) {
  const char *id = open_review(
      engine, "{'kind':'selection','payload':{'items':[{'id':'a'},{'id':'b'}]},"
              "'policy':{'stages':[{'approvers':['ana','ben'],'quorum':'all'}]}}");
  answer(id, "'ana'", "'response':{'selectedIds':['a']}");
  /* Whoever disagrees puts the quorum out of reach. */
  const char *reply = answer(id, "'ben'", "'response':{'selectedIds':['b']}");
  HOLDS(reply, "/review/outcome", "'rejected'");
}

static void test_claim(void) {
  const char *id = open_review(
      engine, "{'kind':'approval','payload':{},'policy':{'stages':[{'approvers':"
              "['ana','ben']}]}}");
  const char *reply = GIVES(engine, review_claim, "{'id':'%s','actor':'ana'}", id);
  HOLDS(reply, "/claimed_by/value", "'ana'");
  GIVES(engine, review_claim, "{'id':'%s','actor':'ana'}", id);
  DENIES(INTERLOCK_CONFLICT, NULL, engine, review_claim, "{'id':'%s','actor':'ben'}", id);
  DENIES(INTERLOCK_NOT_AUTHORIZED, NULL, engine, review_claim, "{'id':'%s','actor':'eve'}", id);
  DENIES(INTERLOCK_CONFLICT, NULL, engine, review_respond, "{'id':'%s','actor':'ben',%s}", id, YES);
  DENIES(INTERLOCK_NOT_AUTHORIZED, NULL, engine, review_release, "{'id':'%s','actor':'ben'}", id);
  reply = GIVES(engine, review_release, "{'id':'%s','actor':'ana'}", id);
  HOLDS(reply, "/claimed_by", "null");
  DENIES(INTERLOCK_CONFLICT, NULL, engine, review_release, "{'id':'%s','actor':'ana'}", id);
  GIVES(engine, review_claim, "{'id':'%s','actor':'ana'}", id);
  reply = GIVES(engine, review_reassign, "{'id':'%s','assignee':'ben','actor':'ana'}", id);
  HOLDS(reply, "/assignee/value", "'ben'");
  HOLDS(reply, "/claimed_by", "null");
  DENIES(INTERLOCK_NOT_AUTHORIZED, NULL, engine, review_reassign, "{'id':'%s','assignee':'eve'}",
         id);
  HOLDS(GIVES(engine, review_reassign, "{'id':'%s','assignee':null}", id), "/assignee", "null");
  HOLDS(answer(id, "'ana'", YES), "/review/outcome", "'approved'");
}

static void test_ladder(void) {
  const char *id =
      open_review(engine, "{'kind':'approval','payload':{},'policy':{'order':'ladder'}}");
  const char *reply = GIVES(engine, review_escalate, "{'id':'%s','confidence':0.7}", id);
  HOLDS(reply, "/action", "'stayed'");
  HOLDS(reply, "/review/stage", "'agent'");
  reply = GIVES(engine, review_escalate, "{'id':'%s','confidence':0.69}", id);
  HOLDS(reply, "/action", "'escalated'");
  HOLDS(reply, "/review/escalations/0/reason", "'confidence'");
  HOLDS(reply, "/review/escalations/0/from", "'agent'");
  HOLDS(reply, "/review/escalations/0/to", "'senior_agent'");
  reply = GIVES(engine, review_escalate, "{'id':'%s','error':true,'sensitive':true}", id);
  HOLDS(reply, "/review/escalations/1/reason", "'error'");
  reply = GIVES(engine, review_escalate, "{'id':'%s','actor':'ana'}", id);
  HOLDS(reply, "/review/escalations/2/reason", "'request'");
  HOLDS(reply, "/review/stage", "'manager'");
  reply = GIVES(engine, review_escalate, "{'id':'%s','sensitive':true}", id);
  HOLDS(reply, "/action", "'at_top'");
  DENIES(INTERLOCK_NOT_AUTHORIZED, NULL, engine, review_escalate, "{'id':'%s','actor':'ana'}", id);
  DENIES(INTERLOCK_NOT_AUTHORIZED, NULL, engine, review_respond, "{'id':'%s','actor':'ana',%s}", id,
         YES);
  reply = answer(id, "{'value':'ana','roles':['manager']}", YES);
  HOLDS(reply, "/review/outcome", "'approved'");
  id = open_review(engine, "{'kind':'approval','payload':{},'policy':{'order':'ladder'}}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/confidence", engine, review_escalate,
         "{'id':'%s','confidence':1.5}", id);
  DENIES(INTERLOCK_INVALID_ARGUMENT, NULL, engine, review_escalate,
         "{'id':'%s','actor':{'type':'agent','value':'a'},'confidence':0.1}", id);
}

static void test_explain(void) {
  const char *id = open_review(
      engine, "{'kind':'approval','payload':{},'expires_in':600000,'policy':{'stages':[{'name':'s',"
              "'approvers':['ana','ben'],'quorum':'all'}]}}");
  answer(id, "'ana'", YES);
  const char *reply = GIVES(engine, review_explain, "{'id':'%s'}", id);
  HOLDS(reply, "/review", quoted("'%s'", id));
  HOLDS(reply, "/status", "'pending'");
  HOLDS(reply, "/outcome", "null");
  HOLDS(reply, "/stage", "'s'");
  HOLDS(reply, "/have", "1");
  HOLDS(reply, "/needed", "2");
  HOLDS(reply, "/voted/0/value", "'ana'");
  HOLDS(reply, "/next/what", "'expire'");
  HOLDS(reply, "/answer", "null");
  CHECK(value_at(reply, "/why")[0] != '\0');
  reply = GIVES(engine, review_explain, "{'id':'%s','actor':'eve'}", id);
  HOLDS(reply, "/answer/accepted", "false");
  HOLDS(reply, "/answer/refusal/code", "'NOT_AUTHORIZED'");
  reply = GIVES(engine, review_explain, "{'id':'%s','actor':'ben'}", id);
  HOLDS(reply, "/answer/accepted", "true");
  HOLDS(reply, "/answer/refusal", "null");
  reply = GIVES(engine, review_explain, "{'id':'%s','actor':'ben','response':{'x':1}}", id);
  HOLDS(reply, "/answer/refusal/code", "'INVALID_RESPONSE'");
  reply = GIVES(engine, review_explain, "{'id':'%s','actor':'ben',%s,'stage':'s'}", id, YES);
  HOLDS(reply, "/answer/accepted", "true");
  HOLDS(reply, "/answer/action", "'resolved'");
  reply = GIVES(engine, review_get, "{'id':'%s'}", id);
  HOLDS(reply, "/status", "'pending'");
  HOLDS(answer(id, "'ben'", YES), "/review/status", "'resolved'");
  reply = GIVES(engine, review_explain, "{'id':'%s','actor':'ben'}", id);
  HOLDS(reply, "/status", "'resolved'");
  HOLDS(reply, "/next", "null");
  HOLDS(reply, "/answer/refusal/code", "'ALREADY_RESOLVED'");
}

void stage_groups(const store *where) {
  engine = open_store(where);
  check_group("stage: a chain", where->name);
  test_chain();
  check_group("stage: quorum and veto", where->name);
  test_veto();
  test_all();
  check_group("stage: claimed, released, reassigned", where->name);
  test_claim();
  check_group("stage: a ladder", where->name);
  test_ladder();
  check_group("stage: explained", where->name);
  test_explain();
  close_engine(engine);
}
