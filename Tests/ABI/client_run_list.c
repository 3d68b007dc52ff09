/* Runs: their events, and the lists of runs and of what they wait for. */
#include "check.h"

static interlock_engine *engine;

static void test_events(void) {
  char types[512] = "", pointer[64];
  const char *wanted = "run.started run.asked run.interrupted run.answered run.resumed run.failed "
                       "run.resumed run.completed run.started run.cancelled ";
  interlock_run *run = begin_run(engine, NULL, ROOM, "events");
  const char *id = ask(run, "q", "");
  pause_run(run);
  GIVES(engine, run_resume, "{'thread':'events','value':1}");
  run = begin_run(engine, NULL, ROOM, "events");
  RUN_GIVES(run, interrupt, "{'key':'q'}");
  RUN_GIVES(run, fail, "{}");
  close_run(run);
  run = begin_run(engine, NULL, ROOM, "events");
  RUN_GIVES(run, interrupt, "{'key':'q'}");
  complete_run(run);
  close_run(begin_run(engine, NULL, ROOM, "events"));
  GIVES(engine, run_cancel, ROOM, "events");
  const char *events = GIVES(engine, event_read, ROOM, "events");
  for (int i = 0; i < 12; i++) {
    snprintf(pointer, sizeof pointer, "/events/%d/type", i);
    const char *type = value_at(events, pointer);
    if (*type != '\0') strcat(strcat(types, type), " ");
  }
  if (strcmp(types, wanted) != 0) printf("  events: %s\n", types);
  CHECK(strcmp(types, wanted) == 0);
  HOLDS(events, "/events/1/body/interrupt", quoted("'%s'", id));
  HOLDS(events, "/events/0/body/fence", "1");
}

static void test_list(const store *where) {
  interlock_engine *before = engine;
  engine = open_store(where);
  const char *threads[] = {"b", "a", "d", "c"};
  for (int i = 0; i < 4; i++) {
    interlock_run *run = begin_run(engine, NULL, ROOM, threads[i]);
    if (i < 2) ask(run, "q", "");
    if (i < 2) RUN_GIVES(run, suspend, "");
    close_run(run);
  }
  const char *page = GIVES(engine, run_list, "{'limit':3}");
  HOLDS(page, "/runs/0/thread", "'a'");
  HOLDS(page, "/runs/1/thread", "'b'");
  HOLDS(page, "/runs/2/thread", "'c'");
  HOLDS(page, "/next", "'c'");
  page = GIVES(engine, run_list, "{'limit':3,'after':'c'}");
  HOLDS(page, "/runs/0/thread", "'d'");
  HOLDS(page, "/next", "null");
  page = GIVES(engine, run_list, "{'status':'busy'}");
  HOLDS(page, "/runs/0/thread", "'c'");
  HOLDS(GIVES(engine, run_list, "{'status':'error'}"), "/runs", "[]");
  page = GIVES(engine, run_interrupts, "{}");
  CHECK(value_at(page, "/interrupts/1/id")[0] != '\0' && value_at(page, "/interrupts/2/id")[0] == '\0');
  const char *bad[][2] = {{"{'limit':0}", "/limit"},
                          {"{'limit':1001}", "/limit"},
                          {"{'status':'asleep'}", "/status"},
                          {"{'after':7}", "/after"}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    DENIES(INTERLOCK_INVALID_ARGUMENT, bad[i][1], engine, run_list, "%s", bad[i][0]);
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/cursor", engine, run_interrupts, "{'cursor':'zzz'}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/limit", engine, run_interrupts, "{'limit':0}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/thread", engine, run_interrupts, "{'thread':''}");
  close_engine(engine);
  engine = before;
}

void run_list_groups(interlock_engine *opened, const store *where) {
  engine = opened;
  check_group("run: events and lists", where->name);
  test_events();
  test_list(where);
}
