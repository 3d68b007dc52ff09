/* Assertions and helpers of the C client. */
#ifndef CHECK_H
#define CHECK_H

#include <interlock.h>

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The error of the last call inside ACCEPTED, ENDS or REFUSED, to be passed as out_error. */
extern interlock_error *last_error;

/* A pointer that no output may still have after a call. */
#define POISON(type) ((type *)(uintptr_t)0x10)

#define CHECK(condition) check_that((condition), #condition, __FILE__, __LINE__)

/* The call succeeds and leaves no error. */
#define ACCEPTED(call) ENDS(INTERLOCK_OK, call)

/* The call ends with this status; the error object tells the same. */
#define ENDS(status, call) REFUSED(status, NULL, call)

/* The call ends with this status and an error whose message names the argument. */
#define REFUSED(status, argument, call)                                    \
  do {                                                                     \
    last_error = POISON(interlock_error);                                  \
    check_status((call), (status), (argument), #call, __FILE__, __LINE__); \
  } while (0)

/* A string literal as pointer and size. */
#define TEXT(literal) (literal), (sizeof(literal) - 1)

typedef struct store {
  const char *name;
  const char *url; /* NULL for a new file at each opening. */
} store;

void check_that(int condition, const char *text, const char *file, int line);
void check_status(interlock_status got, interlock_status wanted, const char *argument,
                  const char *text, const char *file, int line);

/* Begins a check group; its line is printed by the next call. NULL ends the last one. */
void check_group(const char *name, const char *store_name);
/* Prints the totals and returns the exit code. */
int check_end(void);

void scratch_begin(void);
void scratch_end(void);
/* A path in the scratch folder that nobody used before. Valid until scratch_end. */
const char *scratch_path(void);

interlock_bytes text(const char *string);
int same(interlock_bytes bytes, const char *string);
/* Bytes of the letter 'a'; freed by scratch_end. */
interlock_bytes letters(size_t size);

interlock_engine *open_store(const store *where);
interlock_engine *open_url(const char *url);
void close_engine(interlock_engine *engine);

interlock_checkpoint_input checkpoint_input(const char *thread, const char *id);
interlock_write_input write_input(const char *thread, const char *checkpoint, const char *task);
interlock_checkpoint_query checkpoint_query(const char *thread);
interlock_channel_value channel_value(const char *channel, const char *version, const char *data);

void put(interlock_engine *engine, const char *thread, const char *id, const char *parent);
/* The latest checkpoint of a thread. These two end the program if there is no page. */
interlock_checkpoint_page *latest(interlock_engine *engine, const char *thread);
interlock_checkpoint_page *list(interlock_engine *engine, interlock_checkpoint_query query);
size_t count_checkpoints(interlock_engine *engine, const char *thread, uint32_t flags);

/* The number "member" of the object "object" in a JSON text, or of the top if object is NULL. */
long long json_number(interlock_bytes json, const char *object, const char *member);
int contains(interlock_bytes bytes, const char *string);

/* check_json.c: the value at a JSON pointer, as it stands in the text; NULL if there is none. */
const char *json_find(const char *json, size_t size, const char *pointer, size_t *found_size);
/* The element after this one (NULL: the first) of an array; NULL at the end. */
const char *json_next(const char *array, size_t size, const char *element, size_t *element_size);

/* check_review.c: documents. Requests and expected values are written with ' for ", and the former
   with the directives of printf. Texts that these return stay until a few hundred more did. */
typedef interlock_status (*document_call)(interlock_engine *engine, const char *request,
                                          size_t size, interlock_buffer **out_json,
                                          interlock_error **out_error);

/* The call succeeds: the document, or "" if it does not. */
#define GIVES(engine, noun_verb, ...) \
  reply_of(engine, interlock_##noun_verb, #noun_verb, __FILE__, __LINE__, __VA_ARGS__)
/* The call ends with this status, and its error has this path (NULL: whichever). A status of a run,
   a review or a permit brings details, and those are returned; "" if there are none. */
#define DENIES(status, path, engine, noun_verb, ...)                                     \
  refusal_of(status, path, engine, interlock_##noun_verb, #noun_verb, __FILE__, __LINE__, \
             __VA_ARGS__)
/* The value at the pointer is this JSON. */
#define HOLDS(json, pointer, value) check_value(json, pointer, value, __FILE__, __LINE__)

const char *reply_of(interlock_engine *engine, document_call call, const char *name,
                     const char *file, int line, const char *request, ...);
const char *refusal_of(interlock_status wanted, const char *path, interlock_engine *engine,
                       document_call call, const char *name, const char *file, int line,
                       const char *request, ...);
void check_value(const char *json, const char *pointer, const char *value, const char *file,
                 int line);
const char *document(interlock_buffer *json); /* a copy; frees the buffer */
const char *quoted(const char *request, ...);
/* The value at the pointer without quotes around it, "" if there is none. */
const char *value_at(const char *json, const char *pointer);
long long number_at(const char *json, const char *pointer);
/* Opens a review and returns its id. */
const char *open_review(interlock_engine *engine, const char *request, ...);
/* An engine with flags beside, and the time if the flags ask for a manual clock. */
interlock_engine *open_with(const store *where, const char *path, uint32_t flags, int64_t now);
void set_time(interlock_engine *engine, int64_t now);

/* check_run.c: the functions that take a run, in the form of those that take an engine. The request of
   step is its key; heartbeat and suspend ignore theirs. */
interlock_status on_step(interlock_engine *, const char *, size_t, interlock_buffer **,
                         interlock_error **);
interlock_status on_record(interlock_engine *, const char *, size_t, interlock_buffer **,
                           interlock_error **);
interlock_status on_interrupt(interlock_engine *, const char *, size_t, interlock_buffer **,
                              interlock_error **);
interlock_status on_heartbeat(interlock_engine *, const char *, size_t, interlock_buffer **,
                              interlock_error **);
interlock_status on_suspend(interlock_engine *, const char *, size_t, interlock_buffer **,
                            interlock_error **);
interlock_status on_complete(interlock_engine *, const char *, size_t, interlock_buffer **,
                             interlock_error **);
interlock_status on_fail(interlock_engine *, const char *, size_t, interlock_buffer **,
                         interlock_error **);
/* Begins and closes the handle. */
interlock_status begin_and_close(interlock_engine *, const char *, size_t, interlock_buffer **,
                                 interlock_error **);
/* Begins; the document goes to reply, which may be NULL. */
interlock_run *begin_run(interlock_engine *engine, const char **reply, const char *request, ...);
void close_run(interlock_run *run);
#define RUN_GIVES(run, verb, ...) \
  reply_of((interlock_engine *)(run), on_##verb, "run_" #verb, __FILE__, __LINE__, __VA_ARGS__)
#define RUN_DENIES(status, path, run, verb, ...)                                            \
  refusal_of(status, path, (interlock_engine *)(run), on_##verb, "run_" #verb, __FILE__, __LINE__, \
             __VA_ARGS__)

/* A request that names a thread and nothing else. */
#define ROOM "{'thread':'%s'}"
/* The key of a step in the form in which the other functions take it. */
const char *entry(const char *key, const char *more);
/* Each checks what comes of it. The first returns the interrupt; the last two close the handle. */
const char *ask(interlock_run *run, const char *key, const char *more);
void do_step(interlock_run *run, const char *key, const char *result);
void finds_step(interlock_run *run, const char *key, const char *result);
void pause_run(interlock_run *run);
void complete_run(interlock_run *run);

/* What an id of more than 512 bytes inside a document ends with, and more ids than 65536. */
#define LONG_ID INTERLOCK_TOO_LARGE

/* Every function that takes an engine and a document, with a request that is good on a store where
   the review "held" by key, and the policy "two" exist. */
typedef struct document_row {
  const char *name;
  document_call call;
  const char *request;
  int changes; /* whether it writes */
} document_row;
extern const document_row document_rows[];
extern const size_t document_row_count;
/* Puts what the rows need into a store. */
void prepare_documents(interlock_engine *engine);

/* check_later.c: something that a thread of its own does while this one waits. The actions are
   checked when the thread has ended. */
typedef struct later later;
typedef interlock_status (*later_action)(later *self);
struct later {
  interlock_engine *engine;
  interlock_cancel *cancel;
  const char *request;
  int64_t now;
  later_action action;
  int delay_ms;
  interlock_status status;
  void *thread;
};
void later_begin(later *self, int delay_ms, later_action action);
void later_end(later *self);
interlock_status later_respond(later *self);
interlock_status later_open(later *self);
interlock_status later_close(later *self);
interlock_status later_set_time(later *self);
interlock_status later_signal(later *self);
interlock_status later_close_cancel(later *self);

void pause_ms(int milliseconds);
int64_t steady_ms(void); /* a clock that nobody sets */
int64_t wall_ms(void);

/* The groups; each runs on every store. */
void library_groups(void);
void handle_groups(void);
void opening_groups(void);
void result_groups(const store *where);
void engine_groups(const store *where);
void thread_groups(const store *where);
void prune_groups(const store *where);
void checkpoint_groups(const store *where);
void value_groups(const store *where);
void write_groups(const store *where);
void list_groups(const store *where);
void text_groups(const store *where);
void structure_groups(const store *where);
void json_groups(const store *where);
void limit_groups(const store *where);
void review_groups(const store *where);
void stage_groups(const store *where);
void refusal_groups(const store *where);
void request_groups(const store *where);
void token_groups(const store *where);
void delivery_groups(const store *where);
void wait_groups(const store *where);
void receipt_groups(const store *where);
void policy_groups(const store *where);
void event_groups(const store *where);
void audit_groups(const store *where);
void message_groups(const store *where);
void time_groups(const store *where);
void run_groups(const store *where);
/* Called by run_groups, on the engine that is checked after all of them. */
void run_question_groups(interlock_engine *opened, const store *where);
void run_lease_groups(interlock_engine *opened, const store *where);
void run_list_groups(interlock_engine *opened, const store *where);
void run_abuse_groups(const store *where);
void permit_groups(const store *where);
void graph_groups(const store *where);
void clock_groups(void);

#endif
