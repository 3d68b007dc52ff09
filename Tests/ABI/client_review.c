/* Reviews: opening each kind, finding, answering, listing, ending otherwise. */
#include "check.h"

static interlock_engine *engine;

typedef struct kind_row {
  const char *kind, *payload, *response, *status, *outcome;
} kind_row;

static const kind_row kinds[] = {
    {"approval", "{}", "{'selectedOption':'approve'}", "resolved", "approved"},
    {"approval", "{'allowComment':true}", "{'selectedOption':'reject','comment':'no'}", "resolved",
     "rejected"},
    {"verify", "{'phrase':'delete it'}", "{'phrase':'delete it'}", "resolved", "approved"},
    {"selection", "{'items':[{'id':'a'},{'id':'b'}]}", "{'selectedIds':['b']}", "resolved",
     "answered"},
    {"form", "{'fields':[{'name':'n','type':'text','required':true}]}", "{'n':'x'}", "resolved",
     "answered"},
    {"text", "{}", "{'text':'it rains'}", "resolved", "answered"},
    {"freeform", "{'raw':true}", "null", "resolved", "answered"},
    {"freeform", "{}", "{'a':[1,2]}", "resolved", "answered"},
    {"actions", "{'items':[{'id':'1','name':'rm','args':{'path':'a'}}]}",
     "{'decisions':[{'type':'approve'}]}", "resolved", "approved"},
    {"actions", "{'items':[{'id':'1','name':'rm','args':{'path':'a'}}]}",
     "{'decisions':[{'type':'edit','edited_action':{'name':'rm','args':{'path':'b'}}}]}",
     "resolved", "edited"},
    {"rating", "{'key':'style'}", "{'score':0.5}", "resolved", "answered"},
    {"text", "{'dismissLabel':'Not now'}", "{'_dismissed':true}", "resolved", "dismissed"},
};

static void test_kinds(void) {
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    const kind_row *row = &kinds[i];
    const char *id = open_review(engine, "{'kind':'%s','payload':%s}", row->kind, row->payload);
    const char *before = GIVES(engine, review_get, "{'id':'%s'}", id);
    HOLDS(before, "/kind", quoted("'%s'", row->kind));
    HOLDS(before, "/status", "'pending'");
    HOLDS(before, "/outcome", "null");
    HOLDS(before, "/closed_at", "null");
    const char *reply = GIVES(engine, review_respond, "{'id':'%s','actor':'ana','response':%s}",
                              id, row->response);
    HOLDS(reply, "/replayed", "false");
    HOLDS(reply, "/review/status", quoted("'%s'", row->status));
    HOLDS(reply, "/review/outcome", quoted("'%s'", row->outcome));
    HOLDS(reply, "/decision/review", quoted("'%s'", id));
    HOLDS(reply, "/decision/accepted", "true");
    HOLDS(reply, "/decision/refusal", "null");
    HOLDS(reply, "/decision/actor/value", "'ana'");
    CHECK(number_at(reply, "/review/revision") > number_at(before, "/revision"));
    CHECK(number_at(reply, "/review/closed_at") >= number_at(before, "/created_at"));
  }
  const char *notice = GIVES(engine, review_open, "{'kind':'notify','payload':{'text':'hello'}}");
  HOLDS(notice, "/review/status", "'resolved'");
  HOLDS(notice, "/review/outcome", "'acknowledged'");
}

static void test_members(void) {
  const char *reply = GIVES(
      engine, review_open,
      "{'kind':'approval','payload':{'tool':'pay','arguments':{'cents':12345678901234567890}},"
      "'title':'Pay?','summary':'A lot','details':{'a':[1]},'key':'members','thread':'thread-m',"
      "'channel':'money','interrupt':{'id':'int-m','ns':'x'},'external_id':'ext-m',"
      "'requester':{'type':'agent','value':'bot'},'assignee':'ana','expires_in':600000,"
      "'on_expiry':'reject','reminders':[1000,60000],'group':'g','metadata':{'n':1},'x-own':7}");
  HOLDS(reply, "/created", "true");
  HOLDS(reply, "/review/title", "'Pay?'");
  HOLDS(reply, "/review/summary", "'A lot'");
  HOLDS(reply, "/review/details", "{'a':[1]}");
  HOLDS(reply, "/review/thread", "'thread-m'");
  HOLDS(reply, "/review/channel", "'money'");
  HOLDS(reply, "/review/external_id", "'ext-m'");
  HOLDS(reply, "/review/group", "'g'");
  HOLDS(reply, "/review/metadata", "{'n':1}");
  HOLDS(reply, "/review/payload/arguments/cents", "12345678901234567890");
  HOLDS(reply, "/review/assignee/value", "'ana'");
  HOLDS(reply, "/review/requester/type", "'agent'");
  HOLDS(reply, "/review/claimed_by", "null");
  HOLDS(reply, "/review/attempts", "0");
  HOLDS(reply, "/review/escalations", "[]");
  HOLDS(reply, "/review/stages/0/status", "'open'");
  HOLDS(reply, "/review/stages/0/needed", "1");
  HOLDS(reply, "/review/stages/0/votes", "[]");
  long long created = number_at(reply, "/review/created_at");
  CHECK(number_at(reply, "/review/deadline") == created + 600000);
  CHECK(number_at(reply, "/review/next_at") == created + 540000);
  CHECK(value_at(reply, "/review/policy/stages/0/approvers/0")[0] != '\0');
  const char *id = value_at(reply, "/review/id");
  const char *selectors[] = {"{'id':'%s'}", "{'review_key':'members'}", "{'interrupt':'int-m'}",
                             "{'external_id':'ext-m'}", "{'thread':'thread-m'}"};
  for (size_t i = 0; i < sizeof selectors / sizeof *selectors; i++)
    HOLDS(GIVES(engine, review_get, selectors[i], id), "/id", quoted("'%s'", id));
}

static void test_again(void) {
  const char *request = "{'kind':'approval','payload':{},'key':'again','title':'Once'}";
  const char *first = GIVES(engine, review_open, "%s", request);
  const char *again = GIVES(engine, review_open, "%s", request);
  HOLDS(again, "/created", "false");
  HOLDS(again, "/review/id", quoted("'%s'", value_at(first, "/review/id")));
  CHECK(number_at(again, "/review/revision") == number_at(first, "/review/revision"));
  const char *paused = "{'kind':'freeform','payload':{'raw':true},'interrupt':'int-again'}";
  first = GIVES(engine, review_open, "%s", paused);
  GIVES(engine, review_respond, "{'interrupt':'int-again','actor':'ana','response':null}");
  again = GIVES(engine, review_open, "%s", paused);
  HOLDS(again, "/created", "false");
  HOLDS(again, "/review/id", quoted("'%s'", value_at(first, "/review/id")));
  HOLDS(again, "/review/status", "'resolved'");
  HOLDS(again, "/review/response", "null");
}

static void test_replay(void) {
  const char *id = open_review(engine, "{'kind':'approval','payload':{}}");
  const char *answer = quoted(
      "{'id':'%s','actor':'ana','response':{'selectedOption':'approve'},'via':'webhook'}", id);
  const char *first = GIVES(engine, review_respond, "%s", answer);
  HOLDS(first, "/decision/via", "'webhook'");
  for (int i = 0; i < 3; i++) {
    const char *again = GIVES(engine, review_respond, "%s", answer);
    HOLDS(again, "/replayed", "true");
    HOLDS(again, "/decision/id", quoted("'%s'", value_at(first, "/decision/id")));
    CHECK(number_at(again, "/review/revision") == number_at(first, "/review/revision"));
  }
  const char *history = GIVES(engine, review_history, "{'id':'%s'}", id);
  HOLDS(history, "/review", quoted("'%s'", id));
  HOLDS(history, "/decisions/0/id", quoted("'%s'", value_at(first, "/decision/id")));
  HOLDS(history, "/decisions/0/verdict", "'approve'");
  HOLDS(history, "/comments", "[]");
}

static void test_outcome_words(void) {
  const char *words[][2] = {{"approved", "approved"},
                            {" Approve ", "approved"},
                            {"reject", "rejected"},
                            {"expired", "rejected"},
                            {"timed_out", "rejected"}};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    const char *id = open_review(engine, "{'kind':'approval','payload':{}}");
    const char *reply = GIVES(engine, review_respond, "{'id':'%s','actor':'ana','outcome':'%s'}",
                              id, words[i][0]);
    HOLDS(reply, "/review/outcome", quoted("'%s'", words[i][1]));
  }
  const char *id = open_review(
      engine, "{'kind':'actions','payload':{'items':[{'id':'1','name':'rm','args':{}}]}}");
  const char *reply = GIVES(
      engine, review_respond, "{'id':'%s','actor':'ana','outcome':'rejected','comment':'Not now.'}",
      id);
  HOLDS(reply, "/review/response/decisions/0/message", "'Not now.'");
}

static void test_comment(void) {
  const char *id = open_review(engine, "{'kind':'text','payload':{}}");
  const char *reply =
      GIVES(engine, review_comment, "{'id':'%s','actor':'ana','text':'I ask Ben.'}", id);
  HOLDS(reply, "/review", quoted("'%s'", id));
  HOLDS(reply, "/text", "'I ask Ben.'");
  HOLDS(reply, "/actor/value", "'ana'");
  CHECK(number_at(reply, "/at") > 0);
  GIVES(engine, review_cancel, "{'id':'%s'}", id);
  GIVES(engine, review_comment, "{'id':'%s','actor':'ben','text':'Too late.'}", id);
  const char *history = GIVES(engine, review_history, "{'id':'%s'}", id);
  HOLDS(history, "/comments/0/text", "'I ask Ben.'");
  HOLDS(history, "/comments/1/text", "'Too late.'");
  HOLDS(history, "/decisions", "[]");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/text", engine, review_comment,
         "{'id':'%s','actor':'ana','text':''}", id);
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/actor", engine, review_comment,
         "{'id':'%s','text':'Who?'}", id);
}

static void test_cancel_and_supersede(void) {
  const char *id = open_review(engine, "{'kind':'text','payload':{}}");
  const char *reply =
      GIVES(engine, review_cancel, "{'id':'%s','actor':'ana','reason':'Done by phone'}", id);
  HOLDS(reply, "/status", "'cancelled'");
  HOLDS(reply, "/outcome", "'cancelled'");
  HOLDS(reply, "/reason", "'Done by phone'");
  id = open_review(engine, "{'kind':'text','payload':{},'key':'old','interrupt':'int-s'}");
  reply = GIVES(engine, review_supersede,
                "{'id':'%s','actor':'ana','successor':{'kind':'approval','payload':{},"
                "'key':'new'}}",
                id);
  HOLDS(reply, "/superseded/id", quoted("'%s'", id));
  HOLDS(reply, "/superseded/status", "'superseded'");
  HOLDS(reply, "/superseded/outcome", "'cancelled'");
  HOLDS(reply, "/superseded/successor", quoted("'%s'", value_at(reply, "/review/id")));
  HOLDS(reply, "/review/status", "'pending'");
  /* An equal repeat gets the same successor. */
  const char *again = GIVES(engine, review_supersede,
                            "{'id':'%s','actor':'ana','successor':{'kind':'approval','payload':{},"
                            "'key':'new'}}",
                            id);
  HOLDS(again, "/review/id", quoted("'%s'", value_at(reply, "/review/id")));
  id = open_review(engine, "{'kind':'text','payload':{},'interrupt':'int-t'}");
  reply = GIVES(engine, review_supersede,
                "{'interrupt':'int-t','successor':{'kind':'text','payload':{},"
                "'interrupt':'int-t'}}");
  HOLDS(GIVES(engine, review_get, "{'interrupt':'int-t'}"), "/id",
        quoted("'%s'", value_at(reply, "/review/id")));
  HOLDS(GIVES(engine, review_get, "{'id':'%s'}", id), "/status", "'superseded'");
}

/* The ids of a page, one letter each by title. */
static void lists(const char *wanted, const char *request) {
  char titles[128] = "", pointer[64];
  const char *page = GIVES(engine, review_list, "%s", request);
  for (int i = 0; i < 20; i++) {
    snprintf(pointer, sizeof pointer, "/reviews/%d/title", i);
    strcat(titles, value_at(page, pointer));
  }
  if (strcmp(titles, wanted) != 0) printf("  %s: '%s', wanted '%s'\n", request, titles, wanted);
  CHECK(strcmp(titles, wanted) == 0);
}

static void test_list(const store *where) {
  engine = open_store(where);
  const char *titles = "abcdefg", *cursor;
  for (int i = 0; i < 7; i++)
    open_review(engine,
                "{'kind':'%s','payload':{},'title':'%c','channel':'%s','thread':'t%d',"
                "'assignee':'%s'%s}",
                i % 2 == 0 ? "text" : "approval", titles[i], i < 3 ? "one" : "two", i,
                i == 4 ? "ana" : "ben",
                i == 5 ? ",'expires_in':900000" : i == 1 ? ",'expires_in':90000" : "");
  GIVES(engine, review_cancel, "{'thread':'t2'}");
  lists("gfedcba", "{}");
  lists("abcdefg", "{'order':'oldest'}");
  lists("c", "{'status':'cancelled'}");
  lists("gfedba", "{'status':'pending'}");
  lists("fdb", "{'kind':'approval'}");
  lists("cba", "{'channel':'one'}");
  lists("d", "{'thread':'t3'}");
  lists("e", "{'assignee':'ana'}");
  lists("", "{'assignee':{'type':'email','value':'ana'}}");
  lists("bf", "{'due_before':253402300799999}");
  lists("", "{'due_before':1}");
  const char *page = GIVES(engine, review_list, "{'limit':3}");
  cursor = value_at(page, "/next");
  lists("dcb", quoted("{'limit':3,'cursor':'%s'}", cursor));
  page = GIVES(engine, review_list, "{'limit':3,'cursor':'%s'}", cursor);
  lists("a", quoted("{'limit':3,'cursor':'%s'}", value_at(page, "/next")));
  HOLDS(GIVES(engine, review_list, "{'limit':8}"), "/next", "null");
  const char *bad[][2] = {{"{'limit':0}", "/limit"},        {"{'limit':1001}", "/limit"},
                          {"{'limit':'5'}", "/limit"},      {"{'status':'open'}", "/status"},
                          {"{'kind':'poll'}", "/kind"},     {"{'order':'random'}", "/order"},
                          {"{'cursor':'zzz'}", "/cursor"},  {"{'channel':7}", "/channel"},
                          {"{'due_before':'a'}", "/due_before"}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    DENIES(INTERLOCK_INVALID_ARGUMENT, bad[i][1], engine, review_list, "%s", bad[i][0]);
  close_engine(engine);
}

static void test_selectors(void) {
  open_review(engine, "{'kind':'text','payload':{},'thread':'sel','external_id':'sel'}");
  const char *second =
      open_review(engine, "{'kind':'text','payload':{},'thread':'sel','external_id':'sel'}");
  DENIES(INTERLOCK_AMBIGUOUS_REVIEW, NULL, engine, review_get, "{'thread':'sel'}");
  DENIES(INTERLOCK_AMBIGUOUS_REVIEW, NULL, engine, review_cancel, "{'external_id':'sel'}");
  GIVES(engine, review_cancel, "{'id':'%s'}", second);
  GIVES(engine, review_cancel, "{'thread':'sel'}");
  DENIES(INTERLOCK_UNKNOWN_REVIEW, NULL, engine, review_get, "{'thread':'sel'}");
  const char *newest = GIVES(engine, review_get, "{'external_id':'sel'}");
  HOLDS(newest, "/id", quoted("'%s'", second));
  HOLDS(newest, "/status", "'cancelled'");
}

void review_groups(const store *where) {
  engine = open_store(where);
  check_group("review: every kind", where->name);
  test_kinds();
  check_group("review: members and selectors", where->name);
  test_members();
  test_selectors();
  check_group("review: opened again, answered again", where->name);
  test_again();
  test_replay();
  check_group("review: outcome words", where->name);
  test_outcome_words();
  check_group("review: comments", where->name);
  test_comment();
  check_group("review: cancelled, superseded", where->name);
  test_cancel_and_supersede();
  ACCEPTED(interlock_engine_close(engine, &last_error));
  check_group("review: listed", where->name);
  test_list(where);
}
