/* Listing: order, bounds, filters, pages. */
#include "check.h"

enum { MANY = 25 };

static void put_with(interlock_engine *engine, const char *thread, const char *space,
                     const char *id, const char *metadata) {
  interlock_checkpoint_input input = checkpoint_input(thread, id);
  input.checkpoint_ns = text(space);
  input.metadata = text(metadata);
  ACCEPTED(interlock_checkpoint_put(engine, &input, &last_error));
}

/* The ids that a query lists, joined by a space. */
static void lists(interlock_engine *engine, interlock_checkpoint_query query, const char *wanted) {
  char ids[1024] = "";
  interlock_checkpoint_page *page = list(engine, query);
  for (size_t i = 0; i < page->checkpoint_count; i++) {
    interlock_bytes id = page->checkpoints[i].checkpoint_id;
    size_t used = strlen(ids);
    snprintf(ids + used, sizeof ids - used, "%s%.*s", i == 0 ? "" : " ", (int)id.size,
             (const char *)id.data);
  }
  if (strcmp(ids, wanted) != 0) printf("  listed '%s', wanted '%s'\n", ids, wanted);
  CHECK(strcmp(ids, wanted) == 0);
  interlock_checkpoint_page_free(page);
}

static void test_order(const store *where) {
  check_group("list: newest first, in byte order", where->name);
  interlock_engine *engine = open_store(where);
  const char *ids[] = {"b", "B", "\xc3\xa9", "a", "aa", "\xf0\x9f\x98\x80"};
  for (size_t i = 0; i < 6; i++) put(engine, "thread", ids[i], "");
  interlock_checkpoint_query query = checkpoint_query("thread");
  lists(engine, query, "\xf0\x9f\x98\x80 \xc3\xa9 b aa a B");
  query.before_id = text("b");
  lists(engine, query, "aa a B");
  query.before_id = text("A");
  lists(engine, query, "");
  query = checkpoint_query("thread");
  query.checkpoint_id = text("aa");
  lists(engine, query, "aa");
  query.limit = 2;
  query.checkpoint_id = text("");
  lists(engine, query, "\xf0\x9f\x98\x80 \xc3\xa9");
  lists(engine, checkpoint_query("none"), "");
  interlock_checkpoint_page *page = latest(engine, "thread");
  CHECK(same(page->checkpoints[0].checkpoint_id, "\xf0\x9f\x98\x80"));
  interlock_checkpoint_page_free(page);
  close_engine(engine);
}

static void test_any(const store *where) {
  check_group("list: all threads, all namespaces", where->name);
  interlock_engine *engine = open_store(where);
  put_with(engine, "one", "", "1", "");
  put_with(engine, "one", "inner", "2", "");
  put_with(engine, "two", "", "3", "");
  put_with(engine, "two", "inner", "4", "");
  interlock_checkpoint_query query = checkpoint_query("one");
  lists(engine, query, "1");
  query.checkpoint_ns = text("inner");
  lists(engine, query, "2");
  query.checkpoint_ns = text("");
  query.flags = INTERLOCK_QUERY_ANY_NAMESPACE;
  lists(engine, query, "2 1");
  query = checkpoint_query("");
  query.flags = INTERLOCK_QUERY_ANY_THREAD;
  lists(engine, query, "3 1");
  query.flags |= INTERLOCK_QUERY_ANY_NAMESPACE;
  lists(engine, query, "4 3 2 1");

  interlock_checkpoint_page *page = POISON(interlock_checkpoint_page);
  query.thread_id = text("one");
  REFUSED(INTERLOCK_INVALID_ARGUMENT, "thread_id",
          interlock_checkpoint_list(engine, &query, &page, &last_error));
  CHECK(page == NULL);
  query.thread_id = text("");
  query.checkpoint_ns = text("inner");
  REFUSED(INTERLOCK_INVALID_ARGUMENT, "checkpoint_ns",
          interlock_checkpoint_list(engine, &query, &page, &last_error));
  query = checkpoint_query("");
  REFUSED(INTERLOCK_INVALID_ARGUMENT, "thread_id",
          interlock_checkpoint_list(engine, &query, &page, &last_error));
  close_engine(engine);
}

static void test_equal_ids(const store *where) {
  check_group("list: equal ids, newest stored first, over pages", where->name);
  interlock_engine *engine = open_store(where);
  const char *threads[] = {"c", "a", "b"};
  for (size_t i = 0; i < 3; i++) put(engine, threads[i], "same", "");
  interlock_checkpoint_query query = checkpoint_query("");
  query.flags = INTERLOCK_QUERY_ANY_THREAD;
  query.limit = 1;
  interlock_checkpoint_page *page = NULL, *previous = NULL;
  for (size_t i = 0; i < 3; i++) {
    page = list(engine, query);
    interlock_checkpoint_page_free(previous);
    CHECK(page->checkpoint_count == 1 && same(page->checkpoints[0].thread_id, threads[2 - i]));
    query.cursor = page->cursor;
    previous = page;
  }
  interlock_checkpoint_page_free(previous);
  close_engine(engine);
}

static void test_filter(const store *where) {
  check_group("list: filter by metadata", where->name);
  interlock_engine *engine = open_store(where);
  put_with(engine, "thread", "", "1", "{\"source\":\"input\",\"step\":-1}");
  put_with(engine, "thread", "", "2", "{\"source\":\"loop\",\"step\":1,\"a.b\":true}");
  put_with(engine, "thread", "", "3",
           "{\"source\":\"loop\",\"step\":1.0,\"o\":{\"x\":1,\"y\":[2]}}");
  put_with(engine, "thread", "", "4", "{\"source\":null}");
  const char *rows[][2] = {
      {"{}", "4 3 2 1"},
      {"", "4 3 2 1"},
      {"{\"source\":\"loop\"}", "3 2"},
      {"{\"step\":1}", "3 2"},
      {"{\"step\":10e-1}", "3 2"},
      {"{\"source\":\"loop\",\"a.b\":true}", "2"},
      {"{\"o\":{\"y\":[2],\"x\":1}}", "3"},
      {"{\"o\":{\"x\":1}}", ""},
      {"{\"source\":null}", "4"},
      {"{\"step\":null}", "4"},
      {"{\"step\":\"1\"}", ""},
      {"{\"s\\u006furce\":\"input\"}", "1"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    interlock_checkpoint_query query = checkpoint_query("thread");
    query.filter = text(rows[i][0]);
    lists(engine, query, rows[i][1]);
  }
  close_engine(engine);
}

static void fill(interlock_engine *engine) {
  for (int i = 0; i < MANY; i++) {
    char id[8];
    snprintf(id, sizeof id, "%03d", i);
    put_with(engine, "thread", "", id, i % 2 == 0 ? "{\"even\":true}" : "{}");
  }
}

/* Reads all pages; the ids must come down in steps and end where expected. */
static void page_through(interlock_engine *engine, uint32_t limit, const char *filter, int step) {
  interlock_checkpoint_query query = checkpoint_query("thread");
  interlock_checkpoint_page *page = NULL, *previous = NULL;
  int expected = MANY - 1, pages = 0;
  query.limit = limit;
  query.filter = text(filter);
  do {
    page = list(engine, query);
    interlock_checkpoint_page_free(previous);
    CHECK(page->checkpoint_count <= limit);
    for (size_t i = 0; i < page->checkpoint_count; i++, expected -= step) {
      char id[8];
      snprintf(id, sizeof id, "%03d", expected);
      CHECK(same(page->checkpoints[i].checkpoint_id, id));
    }
    query.cursor = page->cursor;
    previous = page;
  } while (page->cursor.size != 0 && ++pages <= MANY);
  CHECK(expected == -step + (MANY - 1) % step);
  interlock_checkpoint_page_free(previous);
}

static void test_pages(const store *where) {
  check_group("list: page after page", where->name);
  interlock_engine *engine = open_store(where);
  fill(engine);
  uint32_t limits[] = {1, 2, 7, 25, 26, 1000};
  for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
    page_through(engine, limits[i], "", 1);
    page_through(engine, limits[i], "{\"even\":true}", 2);
  }

  check_group("list: between pages others may write and delete", where->name);
  interlock_checkpoint_query query = checkpoint_query("thread");
  query.limit = 10;
  interlock_checkpoint_page *page = list(engine, query);
  CHECK(page->checkpoint_count == 10 && page->cursor.size != 0);
  put(engine, "thread", "999", "");
  put(engine, "thread", "014x", "");
  query.cursor = page->cursor;
  query.limit = 2;
  lists(engine, query, "014x 014");
  ACCEPTED(interlock_thread_delete(engine, TEXT("thread"), &last_error));
  lists(engine, query, "");
  interlock_checkpoint_page_free(page);

  check_group("list: arguments", where->name);
  page = POISON(interlock_checkpoint_page);
  query = checkpoint_query("thread");
  query.limit = 1001;
  REFUSED(INTERLOCK_INVALID_ARGUMENT, "limit",
          interlock_checkpoint_list(engine, &query, &page, &last_error));
  CHECK(page == NULL);
  query = checkpoint_query("thread");
  query.cursor = text("no cursor of this library");
  REFUSED(INTERLOCK_INVALID_ARGUMENT, "cursor",
          interlock_checkpoint_list(engine, &query, &page, &last_error));
  REFUSED(INTERLOCK_MISUSE, "query", interlock_checkpoint_list(engine, NULL, &page, &last_error));
  REFUSED(INTERLOCK_MISUSE, "out_page",
          interlock_checkpoint_list(engine, &query, NULL, &last_error));
  close_engine(engine);
}

void list_groups(const store *where) {
  test_order(where);
  test_any(where);
  test_equal_ids(where);
  test_filter(where);
  test_pages(where);
}
