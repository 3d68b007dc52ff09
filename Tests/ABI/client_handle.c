/* Handles: NULL, forged, closed, stale, of another kind, of the parent process. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <sys/wait.h>
#include <unistd.h>

enum { CHILD_SECONDS = 10 };

/* Every function that takes an engine, with arguments that are good otherwise. */
static void every_call_ends(interlock_status status, interlock_engine *engine) {
  interlock_checkpoint_input input = checkpoint_input("thread", "1");
  interlock_checkpoint_query query = checkpoint_query("thread");
  interlock_write_input writes = write_input("thread", "1", "task");
  interlock_bytes id = text("thread");
  interlock_buffer *json = POISON(interlock_buffer);
  interlock_checkpoint_page *page = POISON(interlock_checkpoint_page);
  interlock_history *history = POISON(interlock_history);

  ENDS(status, interlock_engine_info(engine, &json, &last_error));
  CHECK(json == NULL);
  json = POISON(interlock_buffer);
  ENDS(status, interlock_engine_check(engine, &json, &last_error));
  CHECK(json == NULL);
  ENDS(status, interlock_thread_delete(engine, TEXT("thread"), &last_error));
  ENDS(status, interlock_thread_copy(engine, TEXT("thread"), TEXT("copy"), &last_error));
  ENDS(status, interlock_thread_prune(engine, &id, 1, INTERLOCK_PRUNE_DELETE, &last_error));
  json = POISON(interlock_buffer);
  ENDS(status, interlock_thread_storage(engine, TEXT("thread"), &json, &last_error));
  CHECK(json == NULL);
  json = POISON(interlock_buffer);
  ENDS(status, interlock_thread_list(engine, NULL, 0, 0, &json, &last_error));
  CHECK(json == NULL);
  ENDS(status, interlock_checkpoint_put(engine, &input, &last_error));
  ENDS(status, interlock_checkpoint_put_writes(engine, &writes, &last_error));
  ENDS(status, interlock_checkpoint_get(engine, &query, &page, &last_error));
  CHECK(page == NULL);
  page = POISON(interlock_checkpoint_page);
  ENDS(status, interlock_checkpoint_list(engine, &query, &page, &last_error));
  CHECK(page == NULL);
  ENDS(status, interlock_checkpoint_history(engine, &query, &id, 1, &history, &last_error));
  CHECK(history == NULL);
  ENDS(status, interlock_checkpoint_delete_for_runs(engine, &id, 1, &last_error));
  ENDS(status, interlock_engine_close(engine, &last_error));
}

static void test_bad_handles(void) {
  check_group("handle: NULL, forged, of another kind", NULL);
  int local = 0;
  interlock_engine *open = open_url(":memory:");
  interlock_buffer *buffer = NULL;
  ACCEPTED(interlock_engine_info(open, &buffer, &last_error));
  every_call_ends(INTERLOCK_BAD_HANDLE, NULL);
  every_call_ends(INTERLOCK_BAD_HANDLE, (interlock_engine *)&local);
  every_call_ends(INTERLOCK_BAD_HANDLE, (interlock_engine *)buffer);
  every_call_ends(INTERLOCK_BAD_HANDLE, (interlock_engine *)(uintptr_t)1);
  every_call_ends(INTERLOCK_BAD_HANDLE, (interlock_engine *)UINTPTR_MAX);
  interlock_buffer_free(buffer);
  close_engine(open);

  check_group("handle: one flipped bit is never a live handle", NULL);
  open = open_url(":memory:");
  for (unsigned bit = 0; bit < 64; bit++) {
    interlock_engine *forged = (interlock_engine *)((uintptr_t)open ^ ((uintptr_t)1 << bit));
    buffer = POISON(interlock_buffer);
    CHECK(interlock_engine_info(forged, &buffer, NULL) != INTERLOCK_OK);
    CHECK(buffer == NULL);
  }
  ACCEPTED(interlock_engine_info(open, &buffer, &last_error));
  interlock_buffer_free(buffer);
  close_engine(open);
}

static void test_closed(void) {
  check_group("handle: closed and stale", NULL);
  interlock_engine *engine = open_url(":memory:");
  interlock_engine *other = open_url(":memory:");
  CHECK(engine != other);
  close_engine(engine);
  every_call_ends(INTERLOCK_CLOSED, engine);
  interlock_engine *next = open_url(":memory:");
  CHECK(next != engine);
  every_call_ends(INTERLOCK_CLOSED, engine);
  put(next, "thread", "1", "");
  put(other, "thread", "1", "");
  close_engine(next);
  close_engine(other);

  check_group("handle: a thousand in turn, each dead after its end", NULL);
  interlock_engine *first = NULL;
  for (int i = 0; i < 1000; i++) {
    if (interlock_engine_open(TEXT("memory:"), NULL, &engine, NULL) != INTERLOCK_OK) break;
    if (first == NULL) first = engine;
    CHECK(interlock_engine_close(engine, NULL) == INTERLOCK_OK);
  }
  CHECK(interlock_engine_close(engine, NULL) == INTERLOCK_CLOSED);
  CHECK(interlock_engine_close(first, NULL) == INTERLOCK_CLOSED);
}

static void test_no_error_wanted(void) {
  check_group("handle: out_error may be NULL", NULL);
  interlock_engine *engine = NULL;
  interlock_buffer *json = NULL;
  CHECK(interlock_engine_open(TEXT("x://y"), NULL, &engine, NULL) == INTERLOCK_UNSUPPORTED);
  CHECK(interlock_engine_open(TEXT(":memory:"), NULL, &engine, NULL) == INTERLOCK_OK);
  CHECK(interlock_engine_info(engine, &json, NULL) == INTERLOCK_OK);
  interlock_buffer_free(json);
  CHECK(interlock_thread_delete(engine, TEXT(""), NULL) == INTERLOCK_INVALID_ARGUMENT);
  CHECK(interlock_engine_close(engine, NULL) == INTERLOCK_OK);
  CHECK(interlock_engine_close(engine, NULL) == INTERLOCK_CLOSED);
}

/* The child prints nothing and answers by its exit code, since its counters are copies. */
static int child(interlock_engine *parents, const char *path) {
  interlock_engine *engine = NULL;
  interlock_buffer *json = NULL;
  interlock_checkpoint_input input = checkpoint_input("thread", "child");
  if (interlock_engine_info(parents, &json, NULL) != INTERLOCK_FORKED) return 1;
  if (interlock_checkpoint_put(parents, &input, NULL) != INTERLOCK_FORKED) return 2;
  if (interlock_engine_close(parents, NULL) != INTERLOCK_FORKED) return 3;
  if (interlock_engine_open(path, strlen(path), NULL, &engine, NULL) != INTERLOCK_OK) return 4;
  if (interlock_checkpoint_put(engine, &input, NULL) != INTERLOCK_OK) return 5;
  if (interlock_engine_info(parents, &json, NULL) != INTERLOCK_FORKED) return 6;
  if (interlock_engine_close(engine, NULL) != INTERLOCK_OK) return 7;
  return 0;
}

static void test_fork(void) {
  check_group("handle: after fork() the child opens its own", NULL);
  const char *path = scratch_path();
  interlock_engine *engine = open_url(path);
  put(engine, "thread", "parent", "");
  fflush(stdout);
  pid_t process = fork();
  if (process == 0) {
    alarm(CHILD_SECONDS);
    _exit(child(engine, path));
  }
  int status = -1;
  CHECK(process > 0 && waitpid(process, &status, 0) == process);
  if (WIFSIGNALED(status)) printf("  the child died of signal %d\n", WTERMSIG(status));
  if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
    printf("  the child ended at step %d\n", WEXITSTATUS(status));
  CHECK(status == 0);
  CHECK(count_checkpoints(engine, "thread", 0) == 2);
  put(engine, "thread", "parent again", "");
  close_engine(engine);
}

void handle_groups(void) {
  test_bad_handles();
  test_closed();
  test_no_error_wanted();
  test_fork();
}
