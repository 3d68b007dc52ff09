/* Finds values in JSON that is known to be valid. */
#include "check.h"

typedef struct scanner {
  const char *at, *end;
} scanner;

static void skip_space(scanner *in) {
  while (in->at < in->end && strchr(" \t\r\n", *in->at) != NULL && *in->at != '\0') in->at++;
}

static void skip_text(scanner *in) {
  for (in->at++; in->at < in->end && *in->at != '"'; in->at++)
    if (*in->at == '\\') in->at++;
  in->at++;
}

static void skip_value(scanner *in) {
  int depth = 0;
  skip_space(in);
  do {
    if (in->at >= in->end) return;
    if (*in->at == '"') {
      skip_text(in);
      continue;
    }
    if (*in->at == '{' || *in->at == '[') depth++;
    if (*in->at == '}' || *in->at == ']') depth--;
    in->at++;
    if (depth == 0 && in->at < in->end && strchr(",]}", *in->at) != NULL) return;
  } while (depth > 0 || (in->at < in->end && strchr(",]} \n", *in->at) == NULL));
}

/* Moves to the value of the member or element, or to NULL. Member names without escapes only. */
static void enter(scanner *in, const char *name, size_t size) {
  skip_space(in);
  int is_object = in->at < in->end && *in->at == '{';
  if (!is_object && (in->at >= in->end || *in->at != '[')) {
    in->at = NULL;
    return;
  }
  long wanted = strtol(name, NULL, 10);
  in->at++;
  for (long index = 0;; index++) {
    skip_space(in);
    if (in->at >= in->end || *in->at == '}' || *in->at == ']') break;
    const char *member = in->at + 1;
    if (is_object) {
      skip_text(in);
      int matches = (size_t)(in->at - 1 - member) == size && memcmp(member, name, size) == 0;
      skip_space(in);
      in->at++; /* the colon */
      skip_space(in);
      if (matches) return;
    } else if (index == wanted) {
      return;
    }
    skip_value(in);
    skip_space(in);
    if (in->at < in->end && *in->at == ',') in->at++;
  }
  in->at = NULL;
}

const char *json_find(const char *json, size_t size, const char *pointer, size_t *found_size) {
  scanner in = {json, json + size};
  while (*pointer == '/' && in.at != NULL) {
    size_t length = strcspn(++pointer, "/");
    enter(&in, pointer, length);
    pointer += length;
  }
  *found_size = 0;
  if (in.at == NULL) return NULL;
  skip_space(&in);
  const char *begin = in.at;
  skip_value(&in);
  if (in.at > in.end) in.at = in.end;
  *found_size = (size_t)(in.at - begin);
  return *found_size == 0 ? NULL : begin;
}

const char *json_next(const char *array, size_t size, const char *element, size_t *element_size) {
  scanner in = {element == NULL ? array : element + *element_size, array + size};
  skip_space(&in);
  if (in.at < in.end) in.at++; /* the bracket or the comma */
  skip_space(&in);
  if (in.at >= in.end || *in.at == ']') return NULL;
  const char *begin = in.at;
  skip_value(&in);
  *element_size = (size_t)(in.at - begin);
  return *element_size == 0 ? NULL : begin;
}
