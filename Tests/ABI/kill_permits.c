/* Permits that are used and reported, where the process is killed. */
#include "kill_runs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void prepare_permit(interlock_engine *engine) {
  call(engine, interlock_review_open, REVIEW);
  call(engine, interlock_review_respond, ANSWER);
}

void find_permit(interlock_engine *engine, char *id, size_t size) {
  char request[200];
  char *review = ask(engine, interlock_review_get, "{\"review_key\":\"k\"}");
  const char *at = strstr(review, "\"id\":\"");
  snprintf(request, sizeof request, "{\"review\":\"%.*s\"}", at ? (int)strcspn(at + 6, "\"") : 0,
           at ? at + 6 : "");
  free(review);
  char *list = ask(engine, interlock_permit_list, request);
  at = strstr(list, "\"id\":\"");
  snprintf(id, size, "%.*s", at ? (int)strcspn(at + 6, "\"") : 0, at ? at + 6 : "");
  free(list);
}

static interlock_status with_permit(interlock_engine *engine, document function,
                                    const char *members) {
  char id[100], request[300];
  find_permit(engine, id, sizeof id);
  snprintf(request, sizeof request, "{\"permit\":\"%s\"%s}", id, members);
  return call(engine, function, request);
}

interlock_status perform_consume(interlock_engine *engine) {
  return with_permit(engine, interlock_permit_consume,
                     ",\"tool\":\"pay\",\"arguments\":{\"n\":1},\"lease_ms\":500");
}

static interlock_status perform_report(interlock_engine *engine) {
  return with_permit(engine, interlock_permit_report, ",\"outcome\":\"done\"");
}

static void prepare_consumed(interlock_engine *engine) {
  prepare_permit(engine);
  perform_consume(engine);
}

static int audits(interlock_engine *engine, const char *action) {
  char what[64];
  snprintf(what, sizeof what, "\"action\":\"%s\"", action);
  return count_of(engine, interlock_audit_read, "{}", what);
}

static int unknowns(interlock_engine *engine) {
  return count_of(engine, interlock_permit_list, "{}", "\"status\":\"unknown\"");
}

/* Nobody reported: it is among what needs a person, and nobody can use it, before or after. */
static void is_unknown(interlock_engine *engine) {
  EXPECT(unknowns(engine) == 1);
  EXPECT(perform_consume(engine) == INTERLOCK_UNKNOWN_EFFECT);
  EXPECT(audits(engine, "use") == 1 && audits(engine, "report") == 0);
  EXPECT(perform_report(engine) == INTERLOCK_OK);
}

static int verify_consume(const char *name, const char *path, int was_acknowledged) {
  interlock_engine *engine = look_at(name, path, 0);
  int is_done = audits(engine, "use");
  EXPECT(is_done <= 1 && (is_done || !was_acknowledged));
  if (is_done) {
    is_unknown(engine);
  } else {
    EXPECT(unknowns(engine) == 0);
    EXPECT(perform_consume(engine) == INTERLOCK_OK && perform_report(engine) == INTERLOCK_OK);
  }
  EXPECT(perform_consume(engine) == INTERLOCK_ALREADY_USED);
  EXPECT(audits(engine, "use") == 1 && unknowns(engine) == 0);
  return looked_at(engine);
}

static int verify_report(const char *name, const char *path, int was_acknowledged) {
  interlock_engine *engine = look_at(name, path, 0);
  int is_done = audits(engine, "report");
  EXPECT(is_done <= 1 && (is_done || !was_acknowledged));
  if (!is_done) is_unknown(engine);
  EXPECT(unknowns(engine) == 0);
  EXPECT(perform_report(engine) == INTERLOCK_OK); /* an equal one again */
  EXPECT(audits(engine, "report") == 1);
  EXPECT(perform_consume(engine) == INTERLOCK_ALREADY_USED);
  return looked_at(engine);
}

const run_operation permit_consume = {0, prepare_permit, perform_consume, verify_consume};
const run_operation permit_report = {0, prepare_consumed, perform_report, verify_report};
