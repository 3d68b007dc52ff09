/*
 * Eight threads of one engine answer one review at once, thousands of times: with different answers
 * exactly one counts and the others are told so; with one answer all get the same decision.
 */
#define _POSIX_C_SOURCE 200809L
#include "race.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 8, MEMORY_RACES = 2000, FILE_RACES = 300, PATH_BYTES = 1024, ID_BYTES = 600 };

typedef struct race {
  pthread_barrier_t start, end;
  interlock_engine *engine;
  char id[ID_BYTES];
  int is_one_actor;
  int is_over;
  race_result results[THREADS];
} race;

typedef struct contender {
  pthread_t thread;
  race *race;
  int number;
} contender;

static void *run(void *argument) {
  contender *self = argument;
  race *shared = self->race;
  for (;;) {
    pthread_barrier_wait(&shared->start);
    if (shared->is_over) return NULL;
    int number = shared->is_one_actor ? 0 : self->number;
    shared->results[self->number] = race_call(
        shared->engine, interlock_review_respond,
        "{'id':'%s','actor':'contender-%d','response':{'selectedOption':'%s'}}", shared->id,
        number, number % 2 == 0 ? "approve" : "reject");
    pthread_barrier_wait(&shared->end);
  }
}

static void check_one_winner(race *shared) {
  int winner = -1, winners = 0, late = 0;
  for (int i = 0; i < THREADS; i++) {
    race_result *result = &shared->results[i];
    if (result->status == INTERLOCK_OK && !result->replayed) winner = i, winners++;
    late += result->status == INTERLOCK_ALREADY_RESOLVED;
  }
  race_check(winners == 1, "one answer of eight counts");
  race_check(late == THREADS - 1, "the seven others are ALREADY_RESOLVED");
  if (winners != 1) return;
  interlock_buffer *review =
      race_read(shared->engine, interlock_review_get, "{'id':'%s'}", shared->id);
  race_check(race_is(review, "/outcome", winner % 2 == 0 ? "approved" : "rejected"),
             "the outcome is that of the answer that counts");
  interlock_buffer_free(review);
}

static void check_one_decision(race *shared) {
  int winners = 0, repeats = 0, equal = 0;
  for (int i = 0; i < THREADS; i++) {
    race_result *result = &shared->results[i];
    winners += result->status == INTERLOCK_OK && !result->replayed;
    repeats += result->status == INTERLOCK_OK && result->replayed;
    equal += result->decision == shared->results[0].decision && result->decision != 0;
  }
  race_check(winners == 1 && repeats == THREADS - 1, "one answer counts, seven are repeats of it");
  race_check(equal == THREADS, "all eight get the same decision");
}

static void check_history(race *shared) {
  interlock_buffer *history =
      race_read(shared->engine, interlock_review_history, "{'id':'%s'}", shared->id);
  race_check(race_count(history, "/decisions", "/accepted", "true") == 1,
             "one decision was accepted");
  interlock_buffer_free(history);
}

static void run_races(const char *name, const char *url, int count) {
  race shared = {0};
  contender contenders[THREADS];
  interlock_buffer *json = NULL;
  if (!race_check(interlock_engine_open(url, strlen(url), NULL, &shared.engine, NULL) == 0, "open"))
    return;
  pthread_barrier_init(&shared.start, NULL, THREADS + 1);
  pthread_barrier_init(&shared.end, NULL, THREADS + 1);
  for (int i = 0; i < THREADS; i++) {
    contenders[i].race = &shared;
    contenders[i].number = i;
    if (pthread_create(&contenders[i].thread, NULL, run, &contenders[i]) != 0) exit(1);
  }
  for (int round = 0; round < count; round++) {
    json = race_read(shared.engine, interlock_review_open, "{'kind':'approval','payload':{}}");
    race_text(json, "/review/id", shared.id, sizeof shared.id);
    interlock_buffer_free(json);
    if (!race_check(shared.id[0] != '\0', "a review is opened")) break;
    shared.is_one_actor = round % 4 == 3;
    pthread_barrier_wait(&shared.start);
    pthread_barrier_wait(&shared.end);
    if (shared.is_one_actor) {
      check_one_decision(&shared);
    } else {
      check_one_winner(&shared);
    }
    check_history(&shared);
  }
  shared.is_over = 1;
  pthread_barrier_wait(&shared.start);
  for (int i = 0; i < THREADS; i++) pthread_join(contenders[i].thread, NULL);
  race_check(interlock_engine_check(shared.engine, &json, NULL) == INTERLOCK_OK,
             "the store is sound");
  interlock_buffer_free(json);
  race_check(interlock_engine_close(shared.engine, NULL) == INTERLOCK_OK, "close");
  pthread_barrier_destroy(&shared.start);
  pthread_barrier_destroy(&shared.end);
  printf("%s: %d threads answer one review at once, %d times\n", name, THREADS, count);
}

int main(void) {
  const char *base = getenv("TMPDIR");
  char folder[PATH_BYTES], url[PATH_BYTES + 32], command[PATH_BYTES + 32];
  snprintf(folder, sizeof folder, "%s/interlock-race-XXXXXX", base != NULL ? base : "/tmp");
  if (mkdtemp(folder) == NULL) return 1;
  snprintf(url, sizeof url, "%s/store.db", folder);
  run_races("file", url, FILE_RACES);
  run_races("sqlite", ":memory:", MEMORY_RACES);
  run_races("memory", "memory:", MEMORY_RACES);
  snprintf(command, sizeof command, "rm -rf '%s'", folder);
  race_check(system(command) == 0, "the folder is removed");
  return race_end();
}
