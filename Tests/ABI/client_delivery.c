/* Endpoints and deliveries: who may send, what becomes of it, and what is said too late. */
#include "check.h"

enum { NOON = 1614265330 };
#define NOON_MS ((int64_t)NOON * 1000)
#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define URL "'url':'https://x.example/hook'"
#define REPORT(status) "{'delivery':'%s','claim':'%s','status':'" status "'}"

static interlock_engine *engine;
static char id[128], claim[128]; /* of the last delivery that was claimed */

static void is_absent(const char *json, const char *pointer) {
  size_t size;
  CHECK(json_find(json, strlen(json), pointer, &size) == NULL);
}

/* Claims the only one that is due. */
static const char *claim_one(const char *request) {
  const char *due = GIVES(engine, delivery_due, "%s", request);
  snprintf(id, sizeof id, "%s", value_at(due, "/deliveries/0/id"));
  snprintf(claim, sizeof claim, "%s", value_at(due, "/deliveries/0/claim"));
  is_absent(due, "/deliveries/1");
  return due;
}

static void test_endpoints(void) {
  HOLDS(GIVES(engine, endpoint_put, "{'name':'a'," URL ",'secret':'" SECRET "'}"), "/status",
        "'enabled'");
  is_absent(GIVES(engine, endpoint_get, "{'name':'a'}"), "/secret");
  HOLDS(GIVES(engine, endpoint_list, "{}"), "/endpoints/0/name", "'a'");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/url", engine, endpoint_put, "{'name':'a','url':'x'}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/secret", engine, endpoint_put,
         "{'name':'a'," URL ",'secret':'whsec_AAAA'}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/types/0", engine, endpoint_put,
         "{'name':'a'," URL ",'types':[7]}");
  DENIES(INTERLOCK_TOO_LARGE, "/url", engine, endpoint_put,
         "{'name':'a','url':'https://%s'}", (const char *)letters(2048).data);
  DENIES(INTERLOCK_NOT_FOUND, NULL, engine, endpoint_get, "{'name':'b'}");
  DENIES(INTERLOCK_NOT_FOUND, NULL, engine, endpoint_disable, "{'name':'b'}");
  DENIES(INTERLOCK_NOT_FOUND, NULL, engine, endpoint_remove, "{'name':'b'}");
}

static void test_deliveries(void) {
  open_review(engine, "{'kind':'approval','payload':{}}");
  const char *due = claim_one("{'lease_ms':1000}");
  HOLDS(due, "/deliveries/0/headers/webhook-timestamp", "'1614265330'");
  HOLDS(due, "/next_at", "1614265331000");
  HOLDS(GIVES(engine, delivery_due, "{}"), "/deliveries", "[]");
  DENIES(INTERLOCK_FENCED, NULL, engine, delivery_report, REPORT("failed"), id, "clm_0");
  DENIES(INTERLOCK_NOT_FOUND, NULL, engine, delivery_report, REPORT("failed"), "dlv_0", claim);
  DENIES(INTERLOCK_CONFLICT, NULL, engine, delivery_retry, "{'delivery':'%s'}", id);
  HOLDS(GIVES(engine, delivery_report, REPORT("failed"), id, claim), "/status", "'pending'");
  HOLDS(GIVES(engine, delivery_report, REPORT("failed"), id, claim), "/attempt", "1");
  DENIES(INTERLOCK_CONFLICT, NULL, engine, delivery_report, REPORT("delivered"), id, claim);
}

static void test_lost_claims(void) {
  static char lost[sizeof claim];
  set_time(engine, NOON_MS + 5000);
  claim_one("{'lease_ms':1000}");
  memcpy(lost, claim, sizeof lost);
  set_time(engine, NOON_MS + 6000);
  claim_one("{'lease_ms':1000}");
  DENIES(INTERLOCK_FENCED, NULL, engine, delivery_report, REPORT("delivered"), id, lost);
  set_time(engine, NOON_MS + 9000); /* late, and nobody has taken over */
  HOLDS(GIVES(engine, delivery_report, REPORT("delivered"), id, claim), "/status", "'delivered'");
  HOLDS(GIVES(engine, delivery_report, REPORT("delivered"), id, claim), "/attempt", "3");
  DENIES(INTERLOCK_CONFLICT, NULL, engine, delivery_retry, "{'delivery':'%s'}", id);
  HOLDS(GIVES(engine, delivery_list, "{'status':'delivered'}"), "/deliveries/0/event", "1");
}

static void test_dead_ones(void) {
  GIVES(engine, endpoint_put, "{'name':'a'," URL ",'attempts':1}");
  open_review(engine, "{'kind':'approval','payload':{}}");
  claim_one("{}");
  HOLDS(GIVES(engine, delivery_report, REPORT("failed"), id, claim), "/status", "'dead'");
  HOLDS(GIVES(engine, delivery_due, "{}"), "/next_at", "null");
  HOLDS(GIVES(engine, delivery_retry, "{'delivery':'%s'}", id), "/status", "'pending'");
  HOLDS(GIVES(engine, delivery_retry, "{'delivery':'%s'}", id), "/attempt", "0");
  HOLDS(GIVES(engine, endpoint_disable, "{'name':'a'}"), "/status", "'disabled'");
  HOLDS(GIVES(engine, delivery_due, "{}"), "/deliveries", "[]");
  GIVES(engine, endpoint_put, "{'name':'a'," URL ",'enabled':true}");
  claim_one("{}");
  GIVES(engine, endpoint_remove, "{'name':'a'}");
  DENIES(INTERLOCK_NOT_FOUND, NULL, engine, delivery_get, "{'delivery':'%s'}", id);
  DENIES(INTERLOCK_NOT_FOUND, NULL, engine, delivery_report, REPORT("failed"), id, claim);
}

void delivery_groups(const store *where) {
  engine = open_with(where, NULL, INTERLOCK_OPEN_MANUAL_CLOCK, NOON_MS);
  check_group("endpoint: kept, and refused", where->name);
  test_endpoints();
  check_group("delivery: claimed and reported", where->name);
  test_deliveries();
  check_group("delivery: a claim that was lost", where->name);
  test_lost_claims();
  check_group("delivery: dead, held, removed", where->name);
  test_dead_ones();
  close_engine(engine);
}
