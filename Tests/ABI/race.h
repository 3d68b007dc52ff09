/* What the race programs share: calls with documents, and what their replies say. */
#ifndef RACE_H
#define RACE_H

#include <interlock.h>

#include <stddef.h>
#include <stdint.h>

typedef interlock_status (*race_function)(interlock_engine *engine, const char *request,
                                          size_t size, interlock_buffer **out_json,
                                          interlock_error **out_error);

/* What a contender got. The digests are of ids, 0 if the reply has none. */
typedef struct race_result {
  interlock_status status;
  int32_t replayed;
  uint64_t decision;
  uint64_t successor;
  int64_t recorded; /* how much a run had recorded that has begun, -1 otherwise */
} race_result;

/* Requests are written with ' for " and the directives of printf, at most 2000 bytes. */
race_result race_call(interlock_engine *engine, race_function call, const char *request, ...);
/* The document, or NULL, which counts as a failure. Free with interlock_buffer_free. */
interlock_buffer *race_read(interlock_engine *engine, race_function call, const char *request, ...);

/* The value at a JSON pointer: as a number (-1 if there is none), whether it is this text. */
long long race_number(const interlock_buffer *json, const char *pointer);
int race_is(const interlock_buffer *json, const char *pointer, const char *text);
/* Its digest, and the digest of a text. */
uint64_t race_digest(const interlock_buffer *json, const char *pointer);
uint64_t race_digest_of(const char *text, size_t size);
/* Copies the text at the pointer. */
void race_text(const interlock_buffer *json, const char *pointer, char *text, size_t size);
/* How many elements of the array have this JSON at the pointer "member"; NULL counts them all. */
int race_count(const interlock_buffer *json, const char *array, const char *member,
               const char *value);

/* Counts, and prints what fails; returns the condition. */
int race_check(int condition, const char *what);
/* Prints the counts and returns the exit code. */
int race_end(void);

#endif
