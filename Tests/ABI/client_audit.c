/* The audit: what it records, its chain, its export. */
#include "check.h"

static interlock_engine *engine;

static const char ZEROS[] = "0000000000000000000000000000000000000000000000000000000000000000";

static void make_records(void) {
  const char *id = open_review(engine, "{'kind':'approval','payload':{},'key':'audited',"
                                       "'policy':{'stages':[{'approvers':['ana']}]}}");
  DENIES(INTERLOCK_NOT_AUTHORIZED, NULL, engine, review_respond,
         "{'id':'%s','actor':'eve','outcome':'approved'}", id);
  GIVES(engine, review_respond, "{'id':'%s','actor':'ana','outcome':'approved'}", id);
  DENIES(INTERLOCK_ALREADY_RESOLVED, NULL, engine, review_respond,
         "{'id':'%s','actor':'ben','outcome':'approved'}", id);
  id = open_review(engine, "{'kind':'text','payload':{}}");
  GIVES(engine, review_cancel, "{'id':'%s','actor':'ana'}", id);
  id = open_review(engine, "{'kind':'text','payload':{},'policy':{'order':'ladder'}}");
  GIVES(engine, review_escalate, "{'id':'%s','error':true}", id);
  GIVES(engine, review_supersede, "{'id':'%s','successor':{'kind':'text','payload':{}}}", id);
}

static void test_read(void) {
  HOLDS(GIVES(engine, audit_read, "{}"), "/records", "[]");
  make_records();
  const char *page = GIVES(engine, audit_read, "{}");
  const char *actions[] = {"refusal",      "decision",   "refusal",
                           "cancellation", "escalation", "supersession"};
  const char *previous = ZEROS;
  long long count = (long long)(sizeof actions / sizeof *actions);
  for (int i = 0; i < count; i++) {
    HOLDS(page, quoted("/records/%d/action", i), quoted("'%s'", actions[i]));
    CHECK(number_at(page, quoted("/records/%d/seq", i)) == i + 1);
    HOLDS(page, quoted("/records/%d/prev", i), quoted("'%s'", previous));
    previous = value_at(page, quoted("/records/%d/hash", i));
    CHECK(strlen(previous) == 64 && strspn(previous, "0123456789abcdef") == 64);
  }
  CHECK(number_at(page, "/last") == count && number_at(page, "/next") == count);
  HOLDS(page, "/records/0/actor/value", "'eve'");
  CHECK(strstr(page, "NOT_AUTHORIZED") != NULL);
  const char *review = value_at(page, "/records/0/review");
  page = GIVES(engine, audit_read, "{'review':'%s'}", review);
  HOLDS(page, "/records/2/action", "'refusal'");
  CHECK(value_at(page, "/records/3/seq")[0] == '\0');
  page = GIVES(engine, audit_read, "{'after':2,'limit':2}");
  HOLDS(page, "/records/0/seq", "3");
  HOLDS(page, "/next", "4");
  HOLDS(GIVES(engine, audit_read, "{'after':99}"), "/records", "[]");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/limit", engine, audit_read, "{'limit':0}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/after", engine, audit_read, "{'after':-1}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/review", engine, audit_read, "{'review':7}");
  DENIES(LONG_ID, NULL, engine, audit_read, "{'review':'%s'}",
         (const char *)letters(513).data);
}

static void test_replay_is_not_recorded(void) {
  long long last = number_at(GIVES(engine, audit_read, "{}"), "/last");
  const char *again =
      GIVES(engine, review_respond, "{'review_key':'audited','actor':'ana','outcome':'approved'}");
  HOLDS(again, "/replayed", "true");
  CHECK(number_at(GIVES(engine, audit_read, "{}"), "/last") == last);
}

static void test_export(void) {
  const char *lines = GIVES(engine, audit_export, "{}");
  size_t size = strlen(lines);
  CHECK(size > 0 && lines[size - 1] == '\n');
  long long count = 0;
  const char *page = GIVES(engine, audit_read, "{'limit':1000}");
  for (const char *at = lines; *at != '\0'; at = strchr(at, '\n') + 1) {
    const char *end = strchr(at, '\n');
    if (end == NULL) break;
    const char *line = quoted("%.*s", (int)(end - at), at);
    CHECK(number_at(line, "/seq") == count + 1);
    CHECK(strcmp(value_at(line, "/hash"), value_at(page, quoted("/records/%lld/hash", count))) ==
          0);
    /* Canonical: the members are sorted. */
    CHECK(strncmp(line, "{\"action\":", 10) == 0);
    count++;
  }
  CHECK(count == number_at(page, "/last"));
  lines = GIVES(engine, audit_export, "{'after':1,'limit':1}");
  HOLDS(lines, "/seq", "2");
  CHECK(strchr(lines, '\n') == lines + strlen(lines) - 1);
  CHECK(strlen(GIVES(engine, audit_export, "{'after':%lld}", count)) == 0);
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/limit", engine, audit_export, "{'limit':10001}");
}

static void test_verify(void) {
  const char *page = GIVES(engine, audit_read, "{}");
  const char *report = GIVES(engine, audit_verify, "{}");
  HOLDS(report, "/ok", "true");
  CHECK(number_at(report, "/records") == number_at(page, "/last"));
  CHECK(number_at(report, "/head/seq") == number_at(page, "/last"));
  HOLDS(report, "/problems", "[]");
  const char *hash = value_at(page, "/records/1/hash");
  HOLDS(GIVES(engine, audit_verify, "{'head':{'seq':2,'hash':'%s'}}", hash), "/ok", "true");
  const char *wrong[] = {quoted("{'head':{'seq':3,'hash':'%s'}}", hash),
                         quoted("{'head':{'seq':999,'hash':'%s'}}", hash),
                         quoted("{'head':{'seq':2,'hash':'%s'}}", ZEROS)};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    interlock_buffer *json = POISON(interlock_buffer);
    ENDS(INTERLOCK_CORRUPT,
         interlock_audit_verify(engine, wrong[i], strlen(wrong[i]), &json, &last_error));
    CHECK(json != NULL);
    report = document(json);
    HOLDS(report, "/ok", "false");
    CHECK(value_at(report, "/problems/0/message")[0] != '\0');
  }
  const char *bad[] = {"{'head':7}", "{'head':{}}", "{'head':{'seq':1}}", "{'head':{'hash':''}}",
                       "{'head':{'seq':-1,'hash':''}}"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    DENIES(INTERLOCK_INVALID_ARGUMENT, NULL, engine, audit_verify, "%s", bad[i]);
}

static void test_empty(const store *where) {
  engine = open_store(where);
  const char *report = GIVES(engine, audit_verify, "{}");
  HOLDS(report, "/ok", "true");
  HOLDS(report, "/records", "0");
  HOLDS(report, "/head", "null");
  CHECK(GIVES(engine, audit_export, "{}")[0] == '\0');
  close_engine(engine);
}

/* Changes one byte of the last place where the file holds the marker. */
static int damage(const char *path, const char *marker) {
  FILE *file = fopen(path, "r+b");
  if (file == NULL) return 0;
  size_t matched = 0, size = strlen(marker);
  long last = -1;
  for (int byte; (byte = fgetc(file)) != EOF;) {
    matched = byte == marker[matched] ? matched + 1 : byte == marker[0];
    if (matched == size) last = ftell(file) - 1, matched = 0;
  }
  int found = last >= 0 && fseek(file, last, SEEK_SET) == 0 && fputc('#', file) == '#';
  return fclose(file) == 0 && found;
}

static void test_damage(const store *where) {
  if (where->url != NULL) return;
  check_group("audit: a changed byte is found", where->name);
  const char *path = scratch_path();
  engine = open_url(path);
  const char *id = open_review(engine, "{'kind':'text','payload':{}}");
  GIVES(engine, review_cancel, "{'id':'%s','actor':'marker-of-audit'}", id);
  HOLDS(GIVES(engine, audit_verify, "{}"), "/ok", "true");
  close_engine(engine);
  CHECK(damage(path, "marker-of-audit"));
  engine = open_url(path);
  interlock_buffer *json = NULL;
  ENDS(INTERLOCK_CORRUPT, interlock_audit_verify(engine, "{}", 2, &json, &last_error));
  const char *report = document(json);
  HOLDS(report, "/ok", "false");
  HOLDS(report, "/problems/0/seq", "1");
  json = NULL;
  ENDS(INTERLOCK_CORRUPT, interlock_engine_check(engine, &json, &last_error));
  report = document(json);
  HOLDS(report, "/ok", "false");
  CHECK(value_at(report, "/problems/0/kind")[0] != '\0');
  close_engine(engine);
}

void audit_groups(const store *where) {
  engine = open_store(where);
  check_group("audit: read", where->name);
  test_read();
  test_replay_is_not_recorded();
  check_group("audit: exported", where->name);
  test_export();
  check_group("audit: verified", where->name);
  test_verify();
  close_engine(engine);
  test_empty(where);
  test_damage(where);
}
