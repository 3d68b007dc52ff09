/* Messages and feedback: one way, in order, once; and scores. */
#include "check.h"

static interlock_engine *engine;

static void test_posted(void) {
  const char *message = GIVES(engine, message_post,
                              "{'channel':'c','sender':'agent','text':'# a','client_key':'k'}");
  HOLDS(message, "/text", "'# a'");
  HOLDS(message, "/level", "'info'");
  HOLDS(message, "/delivery_status", "'queued'");
  HOLDS(message, "/iteration", "1");
  HOLDS(message, "/group", "null");
  const char *id = value_at(message, "/id");
  HOLDS(GIVES(engine, message_post,
              "{'client_key':'k','channel':'c','sender':'agent','text':'# a'}"),
        "/id", quoted("'%s'", id));
  DENIES(INTERLOCK_IDEMPOTENCY_MISMATCH, NULL, engine, message_post,
         "{'client_key':'k','channel':'c','sender':'agent','text':'b'}");
  HOLDS(GIVES(engine, message_ack, "{'message':'%s','actor':'ana'}", id), "/acked_by/value",
        "'ana'");
  HOLDS(GIVES(engine, message_ack, "{'message':'%s','actor':'ben'}", id), "/acked_by/value",
        "'ana'");
  HOLDS(GIVES(engine, message_get, "{'message':'%s'}", id), "/delivery_status", "'acked'");
  HOLDS(GIVES(engine, message_list, "{'channel':'c','sender':'agent'}"), "/messages/0/id",
        quoted("'%s'", id));
  HOLDS(GIVES(engine, message_list, "{'channel':'c','sender':'user'}"), "/messages", "[]");
  HOLDS(GIVES(engine, message_delete, "{'message':'%s'}", id), "/text", "'# a'");
  DENIES(INTERLOCK_UNKNOWN_MESSAGE, NULL, engine, message_delete, "{'message':'%s'}", id);
}

static void test_review(void) {
  const char *message = GIVES(engine, message_post,
                              "{'channel':'c','sender':'agent','review':{'kind':'approval',"
                              "'payload':{}}}");
  const char *id = value_at(message, "/id");
  const char *review = value_at(message, "/review");
  HOLDS(GIVES(engine, review_get, "{'external_id':'%s'}", id), "/id", quoted("'%s'", review));
  DENIES(INTERLOCK_INVALID_ITERATION, NULL, engine, message_post,
         "{'channel':'c','sender':'agent','text':'a','iteration_of':'%s'}", id);
  GIVES(engine, review_respond, "{'id':'%s','actor':'ana','outcome':'rejected'}", review);
  message = GIVES(engine, message_post,
                  "{'channel':'c','sender':'agent','text':'a','iteration_of':'%s'}", id);
  HOLDS(message, "/iteration", "2");
  HOLDS(message, "/group", quoted("'%s'", id));
  DENIES(INTERLOCK_IN_GROUP, NULL, engine, message_delete, "{'message':'%s'}", id);
  DENIES(INTERLOCK_INVALID_PAYLOAD, NULL, engine, message_post,
         "{'channel':'c','sender':'agent','review':{'kind':'selection','payload':{}}}");
}

static void test_refused(void) {
  DENIES(INTERLOCK_INVALID_ARGUMENT, NULL, engine, message_post,
         "{'channel':'c','sender':'agent'}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/sender", engine, message_post,
         "{'channel':'c','sender':'bot','text':'a'}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/level", engine, message_post,
         "{'channel':'c','sender':'agent','level':'INFO'}");
  DENIES(LONG_ID, "/channel", engine, message_list, "{'channel':'%s'}",
         (const char *)letters(513).data);
  DENIES(INTERLOCK_TOO_LARGE, "/text", engine, message_post,
         "{'channel':'c','sender':'agent','text':'%s'}", (const char *)letters(1048577).data);
  DENIES(INTERLOCK_UNKNOWN_MESSAGE, NULL, engine, message_get, "{'message':'msg_0'}");
  DENIES(INTERLOCK_UNKNOWN_MESSAGE, NULL, engine, message_ack, "{'message':'msg_0'}");
}

static void test_feedback(void) {
  HOLDS(GIVES(engine, feedback_put, "{'run':'r','score':0.5,'comment':''}"), "/comment", "null");
  GIVES(engine, feedback_put, "{'run':'r','score':1}");
  const char *sums = GIVES(engine, feedback_summary, "{'run':'r'}");
  HOLDS(sums, "/keys/0/key", "'helpfulness'");
  HOLDS(sums, "/keys/0/count", "2");
  HOLDS(sums, "/keys/0/average", "0.75");
  HOLDS(GIVES(engine, feedback_list, "{'run':'r','limit':1}"), "/next", "1");
  HOLDS(GIVES(engine, feedback_list, "{'thread':'r'}"), "/feedback", "[]");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/score", engine, feedback_put, "{'run':'r','score':1.01}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/score", engine, feedback_put, "{'run':'r'}");
  DENIES(INTERLOCK_INVALID_JSON, NULL, engine, feedback_put, "{'run':'r','score':NaN}");
  DENIES(INTERLOCK_UNKNOWN_REVIEW, NULL, engine, feedback_put, "{'review':'rev_0','score':1}");
}

static void test_secret(void) {
  const char *id = open_review(engine, "{'kind':'form','payload':{'fields':[{'name':'pin',"
                                       "'type':'password'}]}}");
  GIVES(engine, review_respond, "{'id':'%s','actor':'ana','response':{'pin':'s3cret-7'}}", id);
  const char *page = GIVES(engine, review_list, "{'kind':'form'}");
  CHECK(strstr(page, "s3cret-7") == NULL);
  HOLDS(page, "/reviews/0/response/pin", "'***REDACTED***'");
  CHECK(strstr(GIVES(engine, review_history, "{'id':'%s'}", id), "s3cret-7") == NULL);
  HOLDS(GIVES(engine, review_get, "{'id':'%s'}", id), "/response/pin", "'s3cret-7'");
}

void message_groups(const store *where) {
  engine = open_store(where);
  check_group("message: posted", where->name);
  test_posted();
  check_group("message: with a review", where->name);
  test_review();
  check_group("message: refused", where->name);
  test_refused();
  check_group("feedback: scores", where->name);
  test_feedback();
  check_group("review: secrets in lists", where->name);
  test_secret();
  close_engine(engine);
}
