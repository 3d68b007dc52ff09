#include "race.h"
#include "check.h"

#include <stdarg.h>

enum { REQUEST_BYTES = 2000, SHOWN_FAILURES = 50 };

static int passed, failed;

int race_check(int condition, const char *what) {
  if (condition) {
    passed++;
  } else if (failed++ < SHOWN_FAILURES) {
    printf("  failed: %s\n", what);
  }
  return condition;
}

int race_end(void) {
  printf("%d passed, %d failed\n", passed, failed);
  return failed != 0 || passed == 0;
}

uint64_t race_digest_of(const char *text, size_t size) {
  uint64_t digest = 14695981039346656037u;
  for (size_t i = 0; i < size; i++) digest = (digest ^ (unsigned char)text[i]) * 1099511628211u;
  return digest;
}

static const char *find(interlock_bytes json, const char *pointer, size_t *size) {
  return json.data == NULL ? NULL : json_find(json.data, json.size, pointer, size);
}

static uint64_t digest(interlock_bytes json, const char *pointer) {
  size_t size = 0;
  const char *found = find(json, pointer, &size);
  if (found == NULL || *found != '"' || size < 2) return 0;
  return race_digest_of(found + 1, size - 2);
}

uint64_t race_digest(const interlock_buffer *json, const char *pointer) {
  return json == NULL ? 0 : digest(json->content, pointer);
}

long long race_number(const interlock_buffer *json, const char *pointer) {
  size_t size = 0;
  const char *found = json == NULL ? NULL : find(json->content, pointer, &size);
  return found == NULL ? -1 : strtoll(found, NULL, 10);
}

int race_is(const interlock_buffer *json, const char *pointer, const char *text) {
  return race_digest(json, pointer) == race_digest_of(text, strlen(text));
}

void race_text(const interlock_buffer *json, const char *pointer, char *text, size_t size) {
  size_t found_size = 0;
  const char *found = json == NULL ? NULL : find(json->content, pointer, &found_size);
  if (found == NULL || found_size < 2 || found_size - 2 >= size) {
    *text = '\0';
    return;
  }
  memcpy(text, found + 1, found_size - 2);
  text[found_size - 2] = '\0';
}

int race_count(const interlock_buffer *json, const char *array, const char *member,
               const char *value) {
  size_t size = 0, element_size = 0, found_size = 0;
  const char *elements = json == NULL ? NULL : find(json->content, array, &size);
  const char *element = NULL;
  int count = 0;
  if (elements == NULL) return 0;
  while ((element = json_next(elements, size, element, &element_size)) != NULL) {
    if (member == NULL) {
      count++;
      continue;
    }
    const char *found = json_find(element, element_size, member, &found_size);
    count += found != NULL && found_size == strlen(value) && memcmp(found, value, found_size) == 0;
  }
  return count;
}

static size_t print(char *request, const char *format, va_list arguments) {
  int size = vsnprintf(request, REQUEST_BYTES, format, arguments);
  for (char *at = request; *at != '\0'; at++)
    if (*at == '\'') *at = '"';
  return size > 0 && size < REQUEST_BYTES ? (size_t)size : 0;
}

race_result race_call(interlock_engine *engine, race_function call, const char *request, ...) {
  char sent[REQUEST_BYTES];
  interlock_buffer *json = NULL;
  interlock_error *error = NULL;
  race_result result = {0};
  size_t size = 0;
  result.recorded = -1;
  va_list arguments;
  va_start(arguments, request);
  size_t sent_size = print(sent, request, arguments);
  va_end(arguments);
  result.status = call(engine, sent, sent_size, &json, &error);
  if (result.status == INTERLOCK_OK && json != NULL) {
    const char *replayed = find(json->content, "/replayed", &size);
    result.replayed = replayed != NULL && *replayed == 't';
    result.decision = race_digest(json, "/decision/id");
    result.successor = race_digest(json, "/review/id");
    result.recorded = race_number(json, "/recorded");
  } else if (error != NULL) {
    result.successor = digest(error->details, "/successor");
  }
  interlock_buffer_free(json);
  interlock_error_free(error);
  return result;
}

interlock_buffer *race_read(interlock_engine *engine, race_function call, const char *request,
                            ...) {
  char sent[REQUEST_BYTES], what[REQUEST_BYTES + 200];
  interlock_buffer *json = NULL;
  interlock_error *error = NULL;
  va_list arguments;
  va_start(arguments, request);
  size_t size = print(sent, request, arguments);
  va_end(arguments);
  interlock_status status = call(engine, sent, size, &json, &error);
  if (status != INTERLOCK_OK) {
    snprintf(what, sizeof what, "%s: %s %.*s", sent, interlock_status_name(status),
             error != NULL && error->message.size < 150 ? (int)error->message.size : 0,
             error != NULL ? (const char *)error->message.data : "");
    race_check(0, what);
  }
  interlock_error_free(error);
  return json;
}
