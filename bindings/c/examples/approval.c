/*
 * One process wants to delete a file and waits for leave; another, a person's, gives or refuses it.
 * Nothing connects the two but the database.
 *
 *   cc -std=c99 approval.c $(pkg-config --cflags --libs interlock) -o approval
 *   ./approval agent.db ask &
 *   ./approval agent.db answer approve        or: reject
 *
 * Whoever asks twice, e.g. after a crash, finds the question that was asked, and its answer.
 *
 * Exit codes: 0 it worked, 1 the library reported an error, 2 wrong arguments, 3 nobody answered.
 */
#include <interlock.h>

#include <stdio.h>
#include <string.h>

static const char QUESTION[] =
    "{\"kind\":\"approval\",\"key\":\"delete report.txt\",\"title\":\"Delete report.txt?\","
    "\"payload\":{\"tool\":\"delete_file\",\"arguments\":{\"path\":\"report.txt\"}}}";

static const unsigned PATIENCE_MS = 60000, SLICE_MS = 100;

/* Reports an error and frees it. The status alone is enough to branch on. */
static int failed(const char *what, interlock_status status, interlock_error *error) {
  if (status == INTERLOCK_OK) return 0;
  fprintf(stderr, "%s: %s", what, interlock_status_name(status));
  if (error != NULL && error->message.size != 0) {
    fputs(": ", stderr);
    fwrite(error->message.data, 1, error->message.size, stderr);
  }
  fputc('\n', stderr);
  interlock_error_free(error);
  return 1;
}

/* Copies the first text member of this name. A program of yours uses its JSON library here. */
static int read_member(const interlock_buffer *json, const char *name, char *value, size_t size) {
  char quoted[64];
  size_t name_size = (size_t)snprintf(quoted, sizeof quoted, "\"%s\":\"", name), length = 0;
  const char *at = json->content.data, *end = at + json->content.size;
  while (end - at > (ptrdiff_t)name_size && memcmp(at, quoted, name_size) != 0) at++;
  for (at += name_size; at < end && *at != '"' && length + 1 < size; at++) value[length++] = *at;
  value[length] = '\0';
  return length != 0 && at < end;
}

/* A wait takes a slice at a time, so that the program can do other things, or be interrupted. */
static int wait_for_answer(interlock_engine *engine, const char *id) {
  char request[700], outcome[32];
  interlock_buffer *review = NULL;
  interlock_status status = INTERLOCK_TIMEOUT;
  interlock_error *error = NULL;
  int size = snprintf(request, sizeof request, "{\"ids\":[\"%s\"]}", id);
  for (unsigned waited = 0; status == INTERLOCK_TIMEOUT && waited < PATIENCE_MS;
       waited += SLICE_MS) {
    interlock_error_free(error);
    status = interlock_review_wait(engine, request, (size_t)size, SLICE_MS, NULL, &review, &error);
  }
  if (status == INTERLOCK_TIMEOUT) {
    puts("asker: nobody answered; the question stays");
    interlock_error_free(error);
    return 3;
  }
  if (failed("wait", status, error)) return 1;
  int is_known = read_member(review, "outcome", outcome, sizeof outcome);
  interlock_buffer_free(review);
  printf("asker: the answer is %s\n", is_known ? outcome : "unreadable");
  puts(is_known && strcmp(outcome, "approved") == 0 ? "asker: deleting report.txt"
                                                    : "asker: report.txt stays");
  return 0;
}

static int ask(interlock_engine *engine) {
  char id[600];
  interlock_buffer *opened = NULL;
  interlock_error *error = NULL;
  interlock_status status =
      interlock_review_open(engine, QUESTION, strlen(QUESTION), &opened, &error);
  if (failed("open", status, error)) return 1;
  int has_id = read_member(opened, "id", id, sizeof id);
  interlock_buffer_free(opened);
  if (!has_id) return 1;
  printf("asker: waiting for an answer to %s\n", id);
  fflush(stdout);
  return wait_for_answer(engine, id);
}

/* Finds the question by its key. Every refusal has a status of its own. */
static int answer(interlock_engine *engine, const char *option) {
  char request[200], outcome[32];
  interlock_buffer *reply = NULL;
  interlock_error *error = NULL;
  int size = snprintf(request, sizeof request,
                      "{\"review_key\":\"delete report.txt\",\"actor\":\"ana\","
                      "\"response\":{\"selectedOption\":\"%.20s\"}}",
                      option);
  interlock_status status =
      interlock_review_respond(engine, request, (size_t)size, &reply, &error);
  if (status == INTERLOCK_UNKNOWN_REVIEW) puts("ana: nobody asks");
  if (status == INTERLOCK_ALREADY_RESOLVED) puts("ana: somebody else was faster");
  if (failed("respond", status, error)) return 1;
  int is_known = read_member(reply, "outcome", outcome, sizeof outcome);
  interlock_buffer_free(reply);
  printf("ana: answered, the review is %s\n", is_known ? outcome : "unreadable");
  return 0;
}

int main(int argc, char **argv) {
  interlock_engine *engine = NULL;
  interlock_error *error = NULL;
  int asks = argc == 3 && strcmp(argv[2], "ask") == 0;
  int result;

  if (!asks && (argc != 4 || strcmp(argv[2], "answer") != 0)) {
    fprintf(stderr, "usage: %s DATABASE ask | DATABASE answer OPTION\n", argv[0]);
    return 2;
  }
  if (failed("open", interlock_engine_open(argv[1], strlen(argv[1]), NULL, &engine, &error), error))
    return 1;
  result = asks ? ask(engine) : answer(engine, argv[3]);
  if (failed("close", interlock_engine_close(engine, &error), error)) result = 1;
  return result;
}
