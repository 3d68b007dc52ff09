#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <dirent.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, KEPT_BLOCKS = 4096 };

interlock_error *last_error;

static const char *group_name, *group_store;
static int group_passed, group_failed, passed, failed;
static char scratch[PATH_BYTES];
static void *kept[KEPT_BLOCKS];
static size_t kept_count;

static void *keep(size_t size) {
  void *block = calloc(1, size + 1);
  if (block == NULL || kept_count == KEPT_BLOCKS) {
    fputs("check: out of memory\n", stderr);
    exit(1);
  }
  kept[kept_count++] = block;
  return block;
}

void check_that(int condition, const char *what, const char *file, int line) {
  if (condition) {
    group_passed++;
  } else {
    group_failed++;
    printf("  %s:%d: [%s %s] %s\n", file, line, group_store != NULL ? group_store : "-",
           group_name != NULL ? group_name : "-", what);
  }
}

static int is_one_line(interlock_bytes message) {
  return message.size != 0 && memchr(message.data, '\n', message.size) == NULL;
}

void check_status(interlock_status got, interlock_status wanted, const char *argument,
                  const char *what, const char *file, int line) {
  char note[512];
  interlock_error *error = last_error;
  const char *told = "";
  int told_size = 0;
  int good = got == wanted;

  if (got == INTERLOCK_OK || error == POISON(interlock_error) || error == NULL) {
    good = good && error == NULL && wanted == INTERLOCK_OK;
  } else {
    told = error->message.data;
    told_size = (int)error->message.size;
    good = good && error->struct_size == sizeof *error && error->code == got &&
           is_one_line(error->message) && (argument == NULL || contains(error->message, argument));
  }
  snprintf(note, sizeof note, "%s: status %s, wanted %s%s%s; message: %.*s", what,
           interlock_status_name(got), interlock_status_name(wanted),
           argument != NULL ? " about " : "", argument != NULL ? argument : "", told_size, told);
  check_that(good, note, file, line);
  if (error != POISON(interlock_error)) interlock_error_free(error);
  last_error = NULL;
}

void check_group(const char *name, const char *store_name) {
  if (group_name != NULL)
    printf("%-7s %-44s %4d passed, %d failed\n", group_store != NULL ? group_store : "-",
           group_name, group_passed, group_failed);
  passed += group_passed;
  failed += group_failed;
  group_passed = group_failed = 0;
  group_name = name;
  group_store = store_name;
}

int check_end(void) {
  check_group(NULL, NULL);
  printf("%d passed, %d failed\n", passed, failed);
  return failed != 0 || passed == 0;
}

void scratch_begin(void) {
  const char *base = getenv("TMPDIR");
  snprintf(scratch, sizeof scratch, "%s/interlock-abi-XXXXXX", base != NULL ? base : "/tmp");
  if (mkdtemp(scratch) == NULL) {
    perror("mkdtemp");
    exit(1);
  }
}

void scratch_end(void) {
  DIR *folder = opendir(scratch);
  for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
    char path[PATH_BYTES + sizeof entry->d_name];
    snprintf(path, sizeof path, "%s/%s", scratch, entry->d_name);
    if (entry->d_name[0] != '.') unlink(path);
  }
  if (folder != NULL) closedir(folder);
  rmdir(scratch);
  while (kept_count > 0) free(kept[--kept_count]);
}

const char *scratch_path(void) {
  static int number;
  char *path = keep(PATH_BYTES);
  snprintf(path, PATH_BYTES, "%.4000s/%d.db", scratch, ++number);
  return path;
}

interlock_bytes text(const char *string) {
  interlock_bytes bytes = {string, strlen(string)};
  return bytes;
}

int same(interlock_bytes bytes, const char *string) {
  return bytes.size == strlen(string) &&
         (bytes.size == 0 || memcmp(bytes.data, string, bytes.size) == 0);
}

interlock_bytes letters(size_t size) {
  char *block = keep(size);
  interlock_bytes bytes = {block, size};
  memset(block, 'a', size);
  return bytes;
}

int contains(interlock_bytes bytes, const char *string) {
  size_t size = strlen(string);
  for (size_t at = 0; at + size <= bytes.size; at++)
    if (memcmp((const char *)bytes.data + at, string, size) == 0) return 1;
  return 0;
}

long long json_number(interlock_bytes json, const char *object, const char *member) {
  char *copy = keep(json.size), *at = copy, name[128];
  memcpy(copy, json.data, json.size);
  if (object != NULL) {
    snprintf(name, sizeof name, "\"%s\":{", object);
    at = strstr(at, name);
    if (at == NULL) return -1;
    at += strlen(name);
    char *end = strchr(at, '}');
    if (end != NULL) *end = '\0';
  }
  snprintf(name, sizeof name, "\"%s\":", member);
  at = strstr(at, name);
  return at == NULL ? -1 : strtoll(at + strlen(name), NULL, 10);
}
