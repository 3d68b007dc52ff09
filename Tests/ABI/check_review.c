/* Helpers of the C client for documents. */
#include "check.h"

#include <stdarg.h>

enum { KEPT_TEXTS = 512 };

static char *texts[KEPT_TEXTS];
static size_t text_count;

/* A place in a ring: the text stays until KEPT_TEXTS more were made. */
static char *keep_text(size_t size) {
  char **slot = &texts[text_count++ % KEPT_TEXTS];
  free(*slot);
  *slot = calloc(1, size + 1);
  if (*slot == NULL) {
    fputs("check: out of memory\n", stderr);
    exit(1);
  }
  return *slot;
}

static char *copy(const void *bytes, size_t size) {
  char *kept = keep_text(size);
  if (size != 0) memcpy(kept, bytes, size);
  return kept;
}

static const char *print(const char *format, va_list arguments) {
  va_list again;
  va_copy(again, arguments);
  int size = vsnprintf(NULL, 0, format, again);
  va_end(again);
  char *request = keep_text((size_t)size);
  vsnprintf(request, (size_t)size + 1, format, arguments);
  for (char *at = request; *at != '\0'; at++)
    if (*at == '\'') *at = '"';
  return request;
}

const char *quoted(const char *request, ...) {
  va_list arguments;
  va_start(arguments, request);
  const char *result = print(request, arguments);
  va_end(arguments);
  return result;
}

const char *document(interlock_buffer *json) {
  if (json == NULL || json == POISON(interlock_buffer)) return "";
  const char *result = copy(json->content.data, json->content.size);
  CHECK(json->struct_size == sizeof *json);
  interlock_buffer_free(json);
  return result;
}

static const char *shown(const char *name, const char *request) {
  char *what = keep_text(256);
  snprintf(what, 256, "%s(%.200s)", name, request);
  return what;
}

const char *reply_of(interlock_engine *engine, document_call call, const char *name,
                     const char *file, int line, const char *request, ...) {
  va_list arguments;
  va_start(arguments, request);
  const char *sent = print(request, arguments);
  va_end(arguments);
  interlock_buffer *json = POISON(interlock_buffer);
  last_error = POISON(interlock_error);
  interlock_status status = call(engine, sent, strlen(sent), &json, &last_error);
  check_status(status, INTERLOCK_OK, NULL, shown(name, sent), file, line);
  return document(json);
}

/* The details of a refusal repeat its code and say more. */
static const char *check_details(interlock_status status, const char *what, const char *file,
                                 int line) {
  if (last_error == NULL || last_error == POISON(interlock_error)) return "";
  const char *details = copy(last_error->details.data, last_error->details.size);
  if (status < INTERLOCK_THREAD_BUSY || status > INTERLOCK_UNKNOWN_PERMIT) return details;
  /* The code is UNKNOWN here. */
  const char *code = interlock_status_name(status);
  check_that(strcmp(value_at(details, "/code"), code) == 0, what, file, line);
  check_that(value_at(details, "/message")[0] != '\0', what, file, line);
  return details;
}

const char *refusal_of(interlock_status wanted, const char *path, interlock_engine *engine,
                       document_call call, const char *name, const char *file, int line,
                       const char *request, ...) {
  va_list arguments;
  va_start(arguments, request);
  const char *sent = print(request, arguments), *what = shown(name, sent), *details;
  va_end(arguments);
  interlock_buffer *json = POISON(interlock_buffer);
  last_error = POISON(interlock_error);
  interlock_status status = call(engine, sent, strlen(sent), &json, &last_error);
  int has_error = last_error != NULL && last_error != POISON(interlock_error);
  check_that(json == NULL, what, file, line);
  if (path != NULL && has_error && !same(last_error->path, path))
    printf("  path: '%.*s', wanted '%s'\n", (int)last_error->path.size,
           last_error->path.data != NULL ? (const char *)last_error->path.data : "", path);
  check_that(path == NULL || (has_error && same(last_error->path, path)), what, file, line);
  details = status == wanted ? check_details(status, what, file, line) : "";
  check_status(status, wanted, NULL, what, file, line);
  return details;
}

const char *value_at(const char *json, const char *pointer) {
  size_t size;
  const char *value = json_find(json, strlen(json), pointer, &size);
  if (value == NULL) return "";
  if (*value == '"' && size >= 2) return copy(value + 1, size - 2);
  return copy(value, size);
}

long long number_at(const char *json, const char *pointer) {
  const char *value = value_at(json, pointer);
  return *value == '\0' ? -1 : strtoll(value, NULL, 10);
}

void check_value(const char *json, const char *pointer, const char *value, const char *file,
                 int line) {
  size_t size;
  char note[512];
  const char *wanted = quoted("%s", value), *found = json_find(json, strlen(json), pointer, &size);
  int good = found != NULL && size == strlen(wanted) && memcmp(found, wanted, size) == 0;
  snprintf(note, sizeof note, "%s is %.*s, wanted %s", pointer, found != NULL ? (int)size : 7,
           found != NULL ? found : "nothing", wanted);
  check_that(good, note, file, line);
}

const char *open_review(interlock_engine *engine, const char *request, ...) {
  va_list arguments;
  va_start(arguments, request);
  const char *sent = print(request, arguments);
  va_end(arguments);
  const char *reply = GIVES(engine, review_open, "%s", sent);
  HOLDS(reply, "/created", "true");
  return value_at(reply, "/review/id");
}

interlock_engine *open_with(const store *where, const char *path, uint32_t flags, int64_t now) {
  const char *url = path != NULL ? path : where->url != NULL ? where->url : scratch_path();
  interlock_engine_options options = {0};
  interlock_engine *engine = POISON(interlock_engine);
  options.struct_size = sizeof options;
  options.flags = flags;
  options.manual_time_ms = now;
  ACCEPTED(interlock_engine_open(url, strlen(url), &options, &engine, &last_error));
  return engine;
}

void set_time(interlock_engine *engine, int64_t now) {
  ACCEPTED(interlock_engine_set_time(engine, now, &last_error));
}

/* interlock_review_wait and interlock_event_wait in the form of the others. */
static interlock_status review_wait(interlock_engine *engine, const char *request, size_t size,
                                    interlock_buffer **out_json, interlock_error **out_error) {
  return interlock_review_wait(engine, request, size, 0, NULL, out_json, out_error);
}

static interlock_status event_wait(interlock_engine *engine, const char *request, size_t size,
                                   interlock_buffer **out_json, interlock_error **out_error) {
  return interlock_event_wait(engine, request, size, 0, NULL, out_json, out_error);
}

#define WEBHOOK_SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define ROW(name, request, changes) {#name, interlock_##name, request, changes}

const document_row document_rows[] = {
    ROW(review_open, "{'kind':'approval','payload':{}}", 1),
    ROW(review_get, "{'review_key':'held'}", 0),
    ROW(review_list, "{}", 0),
    ROW(review_respond, "{'review_key':'held','actor':'ana','outcome':'approved'}", 1),
    ROW(review_claim, "{'review_key':'held','actor':'ana'}", 1),
    ROW(review_release, "{'review_key':'held','actor':'ana'}", 1),
    ROW(review_reassign, "{'review_key':'held','assignee':'ana'}", 1),
    ROW(review_comment, "{'review_key':'held','actor':'ana','text':'hm'}", 1),
    ROW(review_history, "{'review_key':'held'}", 0),
    ROW(review_escalate, "{'review_key':'held','confidence':0.9}", 1),
    ROW(review_explain, "{'review_key':'held'}", 0),
    {"review_wait", review_wait, "{'ids':['none']}", 0},
    ROW(review_receipt, "{'review_key':'done'}", 0),
    ROW(review_cancel, "{'review_key':'held'}", 1),
    ROW(review_supersede, "{'review_key':'held','successor':{'kind':'approval','payload':{}}}", 1),
    ROW(policy_put, "{'name':'two','stages':[{'approvers':['anyone'],'quorum':2}]}", 1),
    ROW(policy_get, "{'name':'two'}", 0),
    ROW(policy_list, "{}", 0),
    ROW(token_issue, "{'purpose':'subscribe','actor':'ana','expires_in':1000}", 1),
    ROW(token_inspect, "{'token':'a.b'}", 0),
    ROW(token_redeem, "{'token':'a.b'}", 1),
    ROW(token_revoke, "{'id':'tok_0'}", 1),
    ROW(token_rotate, "{}", 1),
    ROW(webhook_sign, "{'secrets':['" WEBHOOK_SECRET "'],'body':''}", 0),
    ROW(webhook_verify,
        "{'secrets':['" WEBHOOK_SECRET "'],'body':'','headers':{'webhook-id':'m',"
        "'webhook-timestamp':'1','webhook-signature':'v1,'}}",
        0),
    ROW(webhook_receive, "{'source':'s','id':'d','result':1}", 1),
    ROW(endpoint_put, "{'name':'a','url':'https://x.example'}", 1),
    ROW(endpoint_get, "{'name':'kept'}", 0),
    ROW(endpoint_list, "{}", 0),
    ROW(endpoint_disable, "{'name':'kept'}", 1),
    ROW(delivery_due, "{}", 1),
    ROW(delivery_report, "{'delivery':'none','claim':'c','status':'failed'}", 1),
    ROW(delivery_retry, "{'delivery':'none'}", 1),
    ROW(delivery_get, "{'delivery':'none'}", 0),
    ROW(delivery_list, "{}", 0),
    ROW(endpoint_remove, "{'name':'kept'}", 1),
    ROW(event_read, "{}", 0),
    {"event_wait", event_wait, "{}", 0},
    ROW(event_ack, "{'cursor':'reader','seq':1}", 1),
    ROW(message_post, "{'channel':'c','sender':'agent','text':'a'}", 1),
    ROW(message_list, "{'channel':'c'}", 0),
    ROW(feedback_put, "{'run':'r','score':1}", 1),
    ROW(feedback_list, "{}", 0),
    ROW(feedback_summary, "{}", 0),
    ROW(audit_read, "{}", 0),
    ROW(audit_export, "{}", 0),
    ROW(audit_verify, "{}", 0),
    {"run_begin", begin_and_close, "{'thread':'began'}", 1},
    ROW(run_resume, "{'thread':'asked','value':1}", 1),
    ROW(run_cancel, "{'thread':'asked'}", 1),
    ROW(run_get, "{'thread':'asked'}", 0),
    ROW(run_list, "{}", 0),
    ROW(run_interrupts, "{}", 0),
    ROW(permit_consume, "{'permit':'none','tool':'rm','arguments':{}}", 1),
    ROW(permit_report, "{'permit':'none','outcome':'done'}", 1),
    ROW(permit_get, "{'permit':'none'}", 0),
    ROW(permit_list, "{}", 0),
};
const size_t document_row_count = sizeof document_rows / sizeof *document_rows;

void prepare_documents(interlock_engine *engine) {
  GIVES(engine, policy_put, "{'name':'two','stages':[{'approvers':['anyone'],'quorum':2}]}");
  GIVES(engine, endpoint_put, "{'name':'kept','url':'https://x.example','after':0}");
  GIVES(engine, review_open, "{'kind':'approval','payload':{},'key':'held'}");
  GIVES(engine, review_open, "{'kind':'notify','payload':{'text':'hello'},'key':'done'}");
  interlock_run *run = begin_run(engine, NULL, "{'thread':'asked'}");
  RUN_GIVES(run, interrupt, "{'key':'why'}");
  RUN_GIVES(run, suspend, "");
  close_run(run);
}
