/*
 * Calls the library as ctypes and other languages do: nothing is linked, every call is built by
 * libffi from the table of prototypes that prototypes.py reads out of the header.
 */
#include <interlock.h>

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "prototypes.inc"

enum { PROTOTYPES = sizeof prototypes / sizeof *prototypes };

/* Large enough for every result of the table; libffi widens small ones to a register. */
typedef union result {
  ffi_arg word;
  ffi_sarg number;
  void *pointer;
} result;

static void *library;
static int passed, failed;

static void check(int condition, const char *function, const char *what) {
  if (condition) {
    passed++;
  } else {
    failed++;
    printf("  failed: %s: %s\n", function, what);
  }
}

static prototype *find(const char *name) {
  for (int i = 0; i < PROTOTYPES; i++)
    if (strcmp(prototypes[i].name, name) == 0) return &prototypes[i];
  return NULL;
}

static result call(const char *name, void **arguments) {
  result got = {0};
  ffi_cif cif;
  prototype *row = find(name);
  void *symbol = row != NULL ? dlsym(library, name) : NULL;
  check(symbol != NULL, name, "is in the header and in the library");
  if (symbol == NULL) return got;
  check(ffi_prep_cif(&cif, FFI_DEFAULT_ABI, row->argument_count, row->result, row->arguments) ==
            FFI_OK,
        name, "has a prototype that libffi takes");
  ffi_call(&cif, FFI_FN(symbol), &got, arguments);
  return got;
}

/* MISUSE or BAD_HANDLE, or another status of the arguments if a plain 0 is wrong too. */
static int is_status_of_nothing(interlock_status status) {
  return status >= INTERLOCK_MISUSE && status <= INTERLOCK_BAD_HANDLE;
}

/* Every function with NULL and 0 for everything. */
static void test_nothing(const prototype *row) {
  uint64_t zeros[PROTOTYPE_ARGUMENTS] = {0};
  void *arguments[PROTOTYPE_ARGUMENTS];
  for (int i = 0; i < PROTOTYPE_ARGUMENTS; i++) arguments[i] = &zeros[i];
  result got = call(row->name, arguments);
  if (row->result == &ffi_type_sint32) {
    if (!is_status_of_nothing((interlock_status)got.number))
      printf("  %s: %d\n", row->name, (int)got.number);
    check(is_status_of_nothing((interlock_status)got.number), row->name,
          "ends with MISUSE, BAD_HANDLE or another status of its arguments");
  } else if (row->result == &ffi_type_pointer) {
    check(got.pointer != NULL, row->name, "returns a text");
  } else if (row->result == &ffi_type_uint32) {
    check((uint32_t)got.word == INTERLOCK_ABI_VERSION, row->name, "returns the ABI");
  } else {
    check(row->result == &ffi_type_void, row->name, "returns nothing else");
  }
}

static interlock_bytes text(const char *string) {
  interlock_bytes bytes = {string, strlen(string)};
  return bytes;
}

static interlock_status open_store(interlock_engine **engine, interlock_error **error) {
  const char *url = ":memory:";
  size_t size = strlen(url);
  void *options = NULL;
  void *arguments[] = {&url, &size, &options, &engine, &error};
  return (interlock_status)call("interlock_engine_open", arguments).number;
}

static interlock_status put(interlock_engine *engine, interlock_error **error) {
  interlock_channel_version version = {text("a"), text("1")};
  interlock_channel_value value = {text("a"), text("1"), text("json"), text("[1]"), 0, 0};
  interlock_checkpoint_input input = {0}, *pointer = &input;
  input.struct_size = sizeof input;
  input.thread_id = text("thread");
  input.checkpoint_id = text("1");
  input.versions = &version;
  input.version_count = 1;
  input.values = &value;
  input.value_count = 1;
  void *arguments[] = {&engine, &pointer, &error};
  return (interlock_status)call("interlock_checkpoint_put", arguments).number;
}

static interlock_status get(interlock_engine *engine, const char *thread,
                            interlock_checkpoint_page **page, interlock_error **error) {
  interlock_checkpoint_query query = {0}, *pointer = &query;
  query.struct_size = sizeof query;
  query.thread_id = text(thread);
  void *arguments[] = {&engine, &pointer, &page, &error};
  return (interlock_status)call("interlock_checkpoint_get", arguments).number;
}

static interlock_status prune(interlock_engine *engine, uint32_t strategy,
                              interlock_error **error) {
  interlock_bytes id = text("thread"), *ids = &id;
  size_t count = 1;
  void *arguments[] = {&engine, &ids, &count, &strategy, &error};
  return (interlock_status)call("interlock_thread_prune", arguments).number;
}

static void test_round_trip(void) {
  interlock_engine *engine = NULL;
  interlock_error *error = NULL;
  interlock_checkpoint_page *page = NULL;
  check(open_store(&engine, &error) == INTERLOCK_OK, "open", "is OK");
  check(put(engine, &error) == INTERLOCK_OK, "put", "is OK");
  check(get(engine, "thread", &page, &error) == INTERLOCK_OK, "get", "is OK");
  check(error == NULL, "get", "leaves no error");
  check(page != NULL && page->checkpoint_count == 1 && page->value_count == 1 &&
            page->values[0].data.size == 3 && memcmp(page->values[0].data.data, "[1]", 3) == 0,
        "get", "returns what was put");
  void *freed[] = {&page};
  call("interlock_checkpoint_page_free", freed);
  check(prune(engine, INTERLOCK_PRUNE_DELETE, &error) == INTERLOCK_OK, "prune", "is OK");
  check(get(engine, "thread", &page, &error) == INTERLOCK_NOT_FOUND, "get", "finds nothing");
  check(page == NULL && error != NULL && error->code == INTERLOCK_NOT_FOUND, "get", "tells so");
  void *told[] = {&error};
  call("interlock_error_free", told);
  interlock_error **no_error = NULL;
  void *closing[] = {&engine, &no_error};
  check(call("interlock_engine_close", closing).number == INTERLOCK_OK, "close", "is OK");
  check((interlock_status)call("interlock_engine_close", closing).number == INTERLOCK_CLOSED,
        "close", "is CLOSED the second time");
}

/* 64-bit integers in and out, and a document. */
static void test_review(void) {
  const char *url = ":memory:", *request = "{\"kind\":\"text\",\"payload\":{},\"expires_in\":1000}";
  size_t url_size = strlen(url), request_size = strlen(request);
  interlock_engine *engine = NULL, **out_engine = &engine;
  interlock_engine_options options = {0}, *pointer = &options;
  interlock_error **no_error = NULL;
  interlock_buffer *json = NULL, **out_json = &json;
  int64_t now = 253402300000000, at = 0, *out_at = &at;
  options.struct_size = sizeof options;
  options.flags = INTERLOCK_OPEN_MANUAL_CLOCK;
  void *opening[] = {&url, &url_size, &pointer, &out_engine, &no_error};
  check(call("interlock_engine_open", opening).number == INTERLOCK_OK, "open", "is OK");
  void *setting[] = {&engine, &now, &no_error};
  check(call("interlock_engine_set_time", setting).number == INTERLOCK_OK, "set_time", "is OK");
  void *asking[] = {&engine, &request, &request_size, &out_json, &no_error};
  check(call("interlock_review_open", asking).number == INTERLOCK_OK && json != NULL, "review_open",
        "returns a document");
  void *freed[] = {&json};
  call("interlock_buffer_free", freed);
  void *next[] = {&engine, &out_at, &no_error};
  check(call("interlock_engine_next_deadline", next).number == INTERLOCK_OK, "next_deadline",
        "is OK");
  check(at == now + 1000, "next_deadline", "returns all 64 bits");
  uint64_t timeout_ms = 0;
  interlock_cancel *cancel = NULL;
  request = "{\"types\":[\"review.resolved\"]}";
  request_size = strlen(request);
  void *waiting[] = {&engine, &request, &request_size, &timeout_ms, &cancel, &out_json, &no_error};
  check((interlock_status)call("interlock_event_wait", waiting).number == INTERLOCK_TIMEOUT,
        "event_wait", "takes its timeout");
  void *closing[] = {&engine, &no_error};
  check(call("interlock_engine_close", closing).number == INTERLOCK_OK, "close", "is OK");
}

/* Two outputs of one call, and a handle of another kind. */
static void test_run(void) {
  const char *request = "{\"thread\":\"t\"}", *key = "a";
  size_t request_size = strlen(request), key_size = strlen(key);
  interlock_engine *engine = NULL;
  interlock_run *run = NULL, **out_run = &run;
  interlock_error **no_error = NULL;
  interlock_buffer *json = NULL, **out_json = &json;
  check(open_store(&engine, NULL) == INTERLOCK_OK, "open", "is OK");
  void *beginning[] = {&engine, &request, &request_size, &out_run, &out_json, &no_error};
  check(call("interlock_run_begin", beginning).number == INTERLOCK_OK, "run_begin", "is OK");
  check(run != NULL && json != NULL, "run_begin", "returns a run and a document");
  void *freed[] = {&json};
  call("interlock_buffer_free", freed);
  void *stepping[] = {&run, &key, &key_size, &out_json, &no_error};
  check(call("interlock_run_step", stepping).number == INTERLOCK_OK, "run_step", "is OK");
  check(json != NULL && json->content.size == 16, "run_step", "asks for the work");
  call("interlock_buffer_free", freed);
  void *wrong[] = {&engine, &key, &key_size, &out_json, &no_error};
  check((interlock_status)call("interlock_run_step", wrong).number == INTERLOCK_BAD_HANDLE,
        "run_step", "takes no engine");
  void *closing_run[] = {&run, &no_error}, *closing[] = {&engine, &no_error};
  check((interlock_status)call("interlock_engine_close", closing_run).number ==
            INTERLOCK_BAD_HANDLE,
        "engine_close", "takes no run");
  check(call("interlock_run_close", closing_run).number == INTERLOCK_OK, "run_close", "is OK");
  check((interlock_status)call("interlock_run_close", closing_run).number == INTERLOCK_CLOSED,
        "run_close", "is CLOSED the second time");
  check(call("interlock_engine_close", closing).number == INTERLOCK_OK, "close", "is OK");
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: %s LIBRARY\n", argv[0]);
    return 2;
  }
  library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  for (int i = 0; i < PROTOTYPES; i++) test_nothing(&prototypes[i]);
  printf("ffi: %d functions called with nothing\n", PROTOTYPES);
  test_round_trip();
  puts("ffi: a round trip");
  test_review();
  puts("ffi: a review");
  test_run();
  puts("ffi: a run");
  printf("%d passed, %d failed\n", passed, failed);
  return failed != 0;
}
