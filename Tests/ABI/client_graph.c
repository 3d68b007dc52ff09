/* Graphs: what their savers say along with what they store, and who goes on with which thread. */
#include "check.h"

static interlock_engine *engine;

static const char asking[] =
    "{\"interrupts\":[{\"id\":\"i\",\"value\":\"go?\"}],\"graph\":\"g\",\"node\":\"n\"}";

static interlock_write_value answer[] = {{{NULL, 0}, {NULL, 0}, {NULL, 0}}};

/* The writes of a task to one channel, with the flag of a graph. */
static interlock_write_input writes(const char *thread, const char *channel) {
  interlock_write_input input = write_input(thread, "1", "task");
  answer[0].channel = text(channel);
  answer[0].type = text("json");
  answer[0].data = text("1");
  input.values = answer;
  input.value_count = 1;
  input.flags = INTERLOCK_PUT_GRAPH;
  return input;
}

static interlock_write_input question(const char *thread, const char *questions) {
  interlock_write_input input = writes(thread, "__interrupt__");
  input.questions = text(questions);
  return input;
}

static void test_asked_answered_applied(void) {
  put(engine, "t", "1", "");
  interlock_write_input input = question("t", asking);
  ACCEPTED(interlock_checkpoint_put_writes(engine, &input, &last_error));
  const char *found = GIVES(engine, graph_interrupts, "{'thread':'t'}");
  HOLDS(found, "/interrupts/0/interrupt", "'i'");
  HOLDS(found, "/interrupts/0/status", "'waiting'");
  HOLDS(found, "/interrupts/0/graph", "'g'");
  HOLDS(found, "/next", "null");
  HOLDS(GIVES(engine, graph_claim, "{}"), "/claim", "null");
  const char *review = value_at(found, "/interrupts/0/review");
  GIVES(engine, review_respond, "{'id':'%s','actor':'ana','response':{'ok':true}}", review);
  const char *claim = GIVES(engine, graph_claim, "{'worker':'w','graphs':['g']}");
  HOLDS(claim, "/claim/answers/0/value", "{'ok':true}");
  HOLDS(claim, "/claim/repair", "false");
  int64_t fence = number_at(claim, "/claim/fence");
  HOLDS(GIVES(engine, graph_claim, "{}"), "/claim", "null");
  DENIES(INTERLOCK_THREAD_BUSY, NULL, engine, graph_enter, "{'thread':'t'}");
  GIVES(engine, graph_heartbeat, "{'thread':'t','fence':%lld}", (long long)fence);

  interlock_write_input used = writes("t", "out");
  used.fence = fence + 1;
  ENDS(INTERLOCK_FENCED, interlock_checkpoint_put_writes(engine, &used, &last_error));
  used.fence = 0;
  used.flags = INTERLOCK_PUT_GRAPH | INTERLOCK_PUT_EXCLUSIVE;
  ENDS(INTERLOCK_THREAD_BUSY, interlock_checkpoint_put_writes(engine, &used, &last_error));
  used.fence = fence;
  ACCEPTED(interlock_checkpoint_put_writes(engine, &used, &last_error));
  HOLDS(GIVES(engine, graph_interrupts, "{'thread':'t'}"), "/interrupts/0/status", "'applying'");
  interlock_checkpoint_input next = checkpoint_input("t", "2");
  next.flags = INTERLOCK_PUT_GRAPH;
  next.fence = fence + 1;
  ENDS(INTERLOCK_FENCED, interlock_checkpoint_put(engine, &next, &last_error));
  next.fence = fence;
  ACCEPTED(interlock_checkpoint_put(engine, &next, &last_error));
  const char *run = GIVES(engine, graph_release, "{'thread':'t','fence':%lld}", (long long)fence);
  HOLDS(run, "/status", "'idle'");
  HOLDS(GIVES(engine, graph_interrupts, "{'thread':'t'}"), "/interrupts/0/status", "'applied'");
  DENIES(INTERLOCK_NOT_RUNNING, NULL, engine, graph_release, "{'thread':'t','fence':%lld}",
         (long long)fence);
}

/* Nothing of a refused call is stored. */
static void test_refused(void) {
  interlock_write_input input = question("none", asking);
  input.flags = 0;
  ENDS(INTERLOCK_INVALID_ARGUMENT, interlock_checkpoint_put_writes(engine, &input, &last_error));
  input = writes("none", "out");
  input.flags = 0;
  input.fence = 1;
  ENDS(INTERLOCK_INVALID_ARGUMENT, interlock_checkpoint_put_writes(engine, &input, &last_error));
  input.fence = 0;
  for (unsigned bit = 2; bit < 32; bit++) {
    input.flags = INTERLOCK_PUT_GRAPH | 1u << bit;
    ENDS(INTERLOCK_UNSUPPORTED, interlock_checkpoint_put_writes(engine, &input, &last_error));
  }
  input.flags = INTERLOCK_PUT_EXCLUSIVE;
  ENDS(INTERLOCK_INVALID_ARGUMENT, interlock_checkpoint_put_writes(engine, &input, &last_error));
  input.flags = INTERLOCK_PUT_GRAPH;
  input.fence = -1;
  ENDS(INTERLOCK_INVALID_ARGUMENT, interlock_checkpoint_put_writes(engine, &input, &last_error));
  interlock_checkpoint_input checkpoint = checkpoint_input("none", "1");
  checkpoint.fence = 1;
  ENDS(INTERLOCK_INVALID_ARGUMENT, interlock_checkpoint_put(engine, &checkpoint, &last_error));
  checkpoint.flags = INTERLOCK_PUT_GRAPH;
  checkpoint.fence = INT64_MIN;
  ENDS(INTERLOCK_INVALID_ARGUMENT, interlock_checkpoint_put(engine, &checkpoint, &last_error));

  static const char *const bad[] = {
      "{", "[]", "null", "\"\"", "{}", "{\"interrupts\":{}}", "{\"interrupts\":[1]}",
      "{\"interrupts\":[{\"value\":1}]}", "{\"interrupts\":[{\"id\":\"\"}]}",
      "{\"interrupts\":[{\"id\":\"i\"}],\"more\":1}", "{\"interrupts\":[],\"graph\":7}",
      "{\"interrupts\":[{\"id\":\"i\"}],\"review\":{\"kind\":1,\"expires_in\":-5}}", "\xff",
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    interlock_write_input wrong = question("none", bad[i]);
    interlock_status status = interlock_checkpoint_put_writes(engine, &wrong, NULL);
    CHECK(status != INTERLOCK_OK && status != INTERLOCK_INTERNAL);
  }
  interlock_write_input pointer = question("none", asking);
  pointer.questions.data = NULL;
  ENDS(INTERLOCK_MISUSE, interlock_checkpoint_put_writes(engine, &pointer, &last_error));
  CHECK(count_checkpoints(engine, "none", 0) == 0);
  HOLDS(GIVES(engine, graph_interrupts, "{'thread':'none'}"), "/interrupts", "[]");
}

static void test_garbage(void) {
  static const struct {
    const char *name;
    document_call call;
  } rows[] = {
      {"claim", interlock_graph_claim},         {"enter", interlock_graph_enter},
      {"heartbeat", interlock_graph_heartbeat}, {"release", interlock_graph_release},
      {"interrupts", interlock_graph_interrupts},
  };
  static const char *const garbage[] = {
      "", "{", "[]", "1", "{\"other\":1}", "{\"thread\":1}", "{\"thread\":\"\"}", "\xff\xfe",
      "{\"thread\":\"t\",\"fence\":\"1\"}", "{\"lease_ms\":0}", "{\"worker\":{}}",
  };
  for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
    interlock_buffer *json = POISON(interlock_buffer);
    ENDS(INTERLOCK_BAD_HANDLE, rows[row].call(NULL, TEXT("{}"), &json, &last_error));
    CHECK(json == NULL);
    CHECK(rows[row].call(engine, NULL, 5, &json, NULL) == INTERLOCK_MISUSE);
    CHECK(rows[row].call(engine, TEXT("{}"), NULL, NULL) == INTERLOCK_MISUSE);
    for (size_t i = 0; i < sizeof garbage / sizeof *garbage; i++) {
      json = POISON(interlock_buffer);
      interlock_status status = rows[row].call(engine, garbage[i], strlen(garbage[i]), &json, NULL);
      CHECK(status != INTERLOCK_OK && status != INTERLOCK_INTERNAL);
      CHECK(json == NULL);
    }
  }
}

void graph_groups(const store *where) {
  engine = open_store(where);
  check_group("graph: asked, answered, applied", where->name);
  test_asked_answered_applied();
  check_group("graph: what is refused stores nothing", where->name);
  test_refused();
  check_group("graph: garbage", where->name);
  test_garbage();
  close_engine(engine);
}
