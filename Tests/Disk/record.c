#include "record.h"

#include "disk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECTOR = 512, MOST_FILES = 64, LONGEST_PATH = 512 };

typedef struct step {
  int kind;
  int number;
  int64_t offset, size;
  unsigned char *data;
} step;

static struct {
  int is_on;
  step *steps;
  int64_t length, room;
  /* A path that was deleted and made again is two files. */
  char paths[MOST_FILES][LONGEST_PATH];
  int is_deleted[MOST_FILES];
  int syncs_folder[MOST_FILES]; /* the next time */
  int files;
} book;

static void *sure(void *memory) {
  if (memory == NULL) abort();
  return memory;
}

void record_begin(int is_on) {
  int64_t i;
  if (is_on) {
    for (i = 0; i < book.length; i++) free(book.steps[i].data);
    book.length = 0;
    book.files = 0;
  }
  book.is_on = is_on;
}

int64_t record_length(void) { return book.length; }

static void add(int kind, int number, int64_t offset, int64_t size, const void *data) {
  step *made;
  if (book.length == book.room) {
    book.room = book.room ? 2 * book.room : 1024;
    book.steps = sure(realloc(book.steps, (size_t)book.room * sizeof *book.steps));
  }
  made = &book.steps[book.length++];
  made->kind = kind;
  made->number = number;
  made->offset = offset;
  made->size = size;
  made->data = NULL;
  if (size > 0) made->data = memcpy(sure(malloc((size_t)size)), data, (size_t)size);
}

void record_step(int kind, int number, int64_t offset, int64_t size, const void *data) {
  if (!book.is_on || number < 0) return;
  add(kind, number, offset, size, data);
  if (kind != STEP_SYNC || !book.syncs_folder[number]) return;
  book.syncs_folder[number] = 0;
  add(STEP_SYNC_FOLDER, number, 0, 0, NULL);
}

static int find(const char *path) {
  int i;
  for (i = 0; i < book.files; i++) {
    if (!book.is_deleted[i] && strcmp(book.paths[i], path) == 0) return i;
  }
  return -1;
}

/* What stood in the file before it was recorded is synchronised. */
static void record_contents(const char *path, int number) {
  unsigned char block[65536];
  int64_t offset = 0;
  size_t size;
  FILE *file = fopen(path, "rb");
  while (file != NULL && (size = fread(block, 1, sizeof block, file)) > 0) {
    record_step(STEP_WRITE, number, offset, (int64_t)size, block);
    offset += (int64_t)size;
  }
  if (file != NULL) fclose(file);
  if (offset > 0) add(STEP_SYNC, number, 0, 0, NULL);
}

int record_file(const char *path, int is_journal, int may_be_new) {
  int number = find(path);
  if (!book.is_on || !may_be_new || number >= 0) return number;
  if (book.files == MOST_FILES || strlen(path) >= LONGEST_PATH) abort();
  strcpy(book.paths[book.files], path);
  book.is_deleted[book.files] = 0;
  book.syncs_folder[book.files] = is_journal;
  record_step(STEP_CREATE, book.files, 0, 0, NULL);
  record_contents(path, book.files);
  return book.files++;
}

void record_deletion(const char *path, int is_synchronised) {
  int number = find(path);
  if (!book.is_on || number < 0) return;
  book.is_deleted[number] = 1;
  record_step(is_synchronised ? STEP_DELETE_FOR_GOOD : STEP_DELETE, number, 0, 0, NULL);
}

/* ------------------------------------------------------------------------------------------ image */

typedef struct image {
  unsigned char *bytes;
  int64_t size, room;
  int exists;
} image;

/* splitmix64, https://prng.di.unimi.it/splitmix64.c */
static uint64_t next(uint64_t *state) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

static void resize(image *made, int64_t size) {
  if (size > made->room) {
    made->room = 2 * size;
    made->bytes = sure(realloc(made->bytes, (size_t)made->room));
  }
  if (size > made->size) memset(made->bytes + made->size, 0, (size_t)(size - made->size));
  made->size = size;
}

static void put(image *made, const step *from, int64_t start, int64_t end) {
  if (end > made->size) resize(made, end);
  memcpy(made->bytes + start, from->data + (start - from->offset), (size_t)(end - start));
}

/* A step of which each sector is there with a chance of `chance` in 256. */
static void apply(image *made, const step *from, unsigned chance, uint64_t *state) {
  int64_t start = from->offset, end = from->offset + from->size, next_start;
#define HAPPENS ((next(state) & 255) < chance)
  switch (from->kind) {
    case STEP_CREATE: made->exists = HAPPENS; break;
    case STEP_TRUNCATE:
      if (HAPPENS) resize(made, from->offset);
      break;
    case STEP_DELETE:
      if (HAPPENS) made->exists = 0;
      break;
    case STEP_DELETE_FOR_GOOD: made->exists = 0; break;
    case STEP_WRITE:
      for (; start < end; start = next_start) {
        next_start = (start / SECTOR + 1) * SECTOR;
        if (next_start > end) next_start = end;
        if (HAPPENS) put(made, from, start, next_start);
      }
      break;
    default: break;
  }
#undef HAPPENS
}

static const char *base_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash == NULL ? path : slash + 1;
}

static int write_out(const image *made, const char *folder, const char *source) {
  char path[4096];
  FILE *file;
  int is_bad;
  snprintf(path, sizeof path, "%s/%s", folder, base_name(source));
  file = fopen(path, "wb");
  if (file == NULL) return 1;
  is_bad = fwrite(made->bytes, 1, (size_t)made->size, file) != (size_t)made->size;
  return fclose(file) != 0 || is_bad;
}

/* The last step of this kind that was made of a file, or of any; -1 if there is none. */
static int64_t last(int64_t steps, int kind, int number) {
  while (steps-- > 0) {
    const step *made = &book.steps[steps];
    if (made->kind == kind && (number < 0 || made->number == number)) return steps;
  }
  return -1;
}

static int is_of_folder(int kind) { return kind == STEP_CREATE || kind == STEP_DELETE; }

/* Later files of a path are written over earlier ones. */
int record_image(int64_t steps, int what, uint64_t seed, const char *folder) {
  static const unsigned chances[] = {32, 128, 224};
  image made[MOST_FILES];
  int64_t synchronised[MOST_FILES], folder_synchronised, i;
  unsigned chance = what == DISK_EVERYTHING ? 256 : 0;
  int number, is_bad = 0;
  if (what == DISK_SOMETHING) chance = chances[next(&seed) % 3];
  if (steps > book.length) return 1;
  memset(made, 0, sizeof made);
  folder_synchronised = last(steps, STEP_SYNC_FOLDER, -1);
  for (number = 0; number < book.files; number++) {
    synchronised[number] = last(steps, STEP_SYNC, number);
  }
  for (i = 0; i < steps; i++) {
    const step *from = &book.steps[i];
    int is_sure = i < synchronised[from->number] ||
                  (is_of_folder(from->kind) && i < folder_synchronised);
    apply(&made[from->number], from, is_sure ? 256 : chance, &seed);
  }
  for (number = 0; number < book.files; number++) {
    if (made[number].exists && write_out(&made[number], folder, book.paths[number])) is_bad = 1;
    free(made[number].bytes);
  }
  return is_bad;
}
