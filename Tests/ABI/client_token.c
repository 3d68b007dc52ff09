/* Tokens and webhooks: what is forged, used, late, changed or sent again. */
#include "check.h"

enum { NOON = 1614265330 };
#define APPROVE "'response':{'selectedOption':'approve'}"
#define REJECT "'response':{'selectedOption':'reject'}"
#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define SIGNED "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
#define BODY "'body':'{\\\"test\\\": 2432232314}'"
#define VERIFY(secret, id, time, signature, body)                                            \
  "{'secrets':['" secret "'],'headers':{'Webhook-Id':'" id "','webhook-timestamp':'" time \
  "','webhook-signature':'" signature "'}," body "}"

static interlock_engine *engine;

static const char *link_to(const char *review, const char *more) {
  const char *made = GIVES(engine, token_issue,
                           "{'purpose':'decide','review':'%s','actor':'ana','expires_in':1000%s}",
                           review, more);
  static char token[2048]; /* what value_at returns does not stay for so many calls */
  snprintf(token, sizeof token, "%s", value_at(made, "/token"));
  return token;
}

static void test_links(void) {
  const char *id = open_review(engine, "{'kind':'approval','payload':{}}");
  const char *token = link_to(id, ",'verdicts':['approve']");
  HOLDS(GIVES(engine, token_inspect, "{'token':'%s'}", token), "/status", "'issued'");
  DENIES(INTERLOCK_NOT_AUTHORIZED, NULL, engine, review_respond, "{'token':'%s'," REJECT "}", token);
  DENIES(INTERLOCK_INVALID_RESPONSE, NULL, engine, review_respond, "{'token':'%s','response':7}",
         token);
  DENIES(INTERLOCK_WRONG_STAGE, NULL, engine, review_respond,
         "{'token':'%s','stage':'x'," APPROVE "}", token);
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/actor", engine, review_respond,
         "{'token':'%s','actor':'ben'," APPROVE "}", token);
  HOLDS(GIVES(engine, review_respond, "{'token':'%s'," APPROVE "}", token), "/replayed", "false");
  HOLDS(GIVES(engine, review_respond, "{'token':'%s'," APPROVE "}", token), "/replayed", "true");
  DENIES(INTERLOCK_TOKEN_USED, NULL, engine, review_respond, "{'token':'%s'," REJECT "}", token);
  DENIES(INTERLOCK_TOKEN_USED, NULL, engine, token_revoke, "{'token':'%s'}", token);
  DENIES(INTERLOCK_TOKEN_INVALID, NULL, engine, token_redeem, "{'token':'%s'}", token);
}

static void test_forgeries(void) {
  const char *id = open_review(engine, "{'kind':'approval','payload':{}}");
  const char *token = link_to(id, "");
  size_t size = strlen(token);
  for (size_t cut = 0; cut < size; cut += 7)
    DENIES(INTERLOCK_TOKEN_INVALID, NULL, engine, review_respond, "{'token':'%.*s'," APPROVE "}",
           (int)cut, token);
  DENIES(INTERLOCK_TOKEN_INVALID, NULL, engine, review_respond, "{'token':'%sA'," APPROVE "}", token);
  DENIES(INTERLOCK_TOKEN_INVALID, NULL, engine, token_inspect, "{'token':'\\u0000.\\u0000'}");
  DENIES(INTERLOCK_TOKEN_INVALID, NULL, engine, token_inspect, "{'token':'%s'}",
         (const char *)letters(100000).data);
  set_time(engine, (int64_t)NOON * 1000 + 1000);
  DENIES(INTERLOCK_TOKEN_EXPIRED, NULL, engine, review_respond, "{'token':'%s'," APPROVE "}", token);
  HOLDS(GIVES(engine, review_get, "{'id':'%s'}", id), "/status", "'pending'");
  set_time(engine, (int64_t)NOON * 1000);
}

static void test_webhooks(void) {
  HOLDS(GIVES(engine, webhook_sign,
              "{'secrets':['" SECRET "'],'id':'msg_p5jXN8AQM9LWM0D4loKWxJek'," BODY "}"),
        "/headers/webhook-signature", "'" SIGNED "'");
  GIVES(engine, webhook_verify,
        VERIFY(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", "v1,x " SIGNED, BODY));
  DENIES(INTERLOCK_SIGNATURE_INVALID, NULL, engine, webhook_verify,
         VERIFY(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265331", SIGNED, BODY));
  DENIES(INTERLOCK_SIGNATURE_INVALID, NULL, engine, webhook_verify,
         VERIFY(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", SIGNED, "'body':''"));
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/headers/webhook-timestamp", engine, webhook_verify,
         VERIFY(SECRET, "m", "soon", SIGNED, BODY));
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/secrets/0", engine, webhook_verify,
         VERIFY("whsec_AAAA", "m", "1", SIGNED, BODY));
  set_time(engine, (int64_t)NOON * 1000 + 300001);
  DENIES(INTERLOCK_TIMESTAMP_STALE, NULL, engine, webhook_verify,
         VERIFY(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", SIGNED, BODY));
  GIVES(engine, webhook_receive, "{'source':'s','id':'d','content':1,'result':'first'}");
  HOLDS(GIVES(engine, webhook_receive, "{'source':'s','id':'d','result':'second'}"), "/result",
        "'first'");
  DENIES(INTERLOCK_IDEMPOTENCY_MISMATCH, NULL, engine, webhook_receive,
         "{'source':'s','id':'d','content':2,'result':1}");
}

void token_groups(const store *where) {
  engine = open_with(where, NULL, INTERLOCK_OPEN_MANUAL_CLOCK, (int64_t)NOON * 1000);
  check_group("token: links", where->name);
  test_links();
  check_group("token: forged and expired", where->name);
  test_forgeries();
  check_group("webhook: signed, verified, received", where->name);
  test_webhooks();
  close_engine(engine);
}
