/* What a race for a run, a permit or a token must have come to, whoever won. */
#define _POSIX_C_SOURCE 200809L
#include "race_runs.h"

#include <stdio.h>
#include <string.h>

const char *const kind_names[KINDS] = {"begin/begin",   "take-over/late",  "resume/resume",
                                       "equal resumes", "consume/consume", "token/token",
                                       "token/revoke",  "link/link"};
long race_ends[KINDS][2];

typedef struct tally {
  int wins, repeats, losses;
  int winner;
} tally;

/* Counts from this contender on. */
static tally tally_of(const race_result *results, int first, interlock_status lost) {
  tally sum = {0, 0, 0, -1};
  for (int i = first; i < CONTENDERS; i++) {
    if (results[i].status == lost) sum.losses++;
    if (results[i].status != INTERLOCK_OK) continue;
    sum.repeats += results[i].replayed;
    sum.wins += !results[i].replayed;
    if (!results[i].replayed) sum.winner = i;
  }
  return sum;
}

static int is_contender(const interlock_buffer *json, const char *pointer, int number) {
  char name[32];
  snprintf(name, sizeof name, "contender-%d", number);
  return race_is(json, pointer, name);
}

/* The last event, and the last record of the audit, before the batch. */
static long long event_head, audit_head;

void begin_checks(interlock_engine *engine) {
  interlock_buffer *json = race_read(engine, interlock_event_read, "{'limit':1}");
  event_head = race_number(json, "/last");
  interlock_buffer_free(json);
  json = race_read(engine, interlock_audit_read, "{'limit':1}");
  audit_head = race_number(json, "/last");
  interlock_buffer_free(json);
}

static int count_events(interlock_engine *engine, int race, const char *type) {
  interlock_buffer *json = race_read(engine, interlock_event_read, "{'thread':'t-%d','after':%lld}",
                                     shared->first + race, event_head);
  int count = race_count(json, "/events", "/type", type);
  interlock_buffer_free(json);
  return count;
}

/* Who has the lease is who was told so. */
static const char *check_lease(interlock_engine *engine, int race, const race_result *results) {
  int is_taken_over = shared->kind == TAKE_OVERS;
  tally sum = tally_of(results, is_taken_over, INTERLOCK_THREAD_BUSY);
  if (sum.wins != 1) return "there is not one winner";
  if (sum.losses != CONTENDERS - is_taken_over - 1) return "a loser is not THREAD_BUSY";
  interlock_buffer *run =
      race_read(engine, interlock_run_get, "{'thread':'t-%d'}", shared->first + race);
  int good = race_is(run, "/status", "busy") && is_contender(run, "/worker", sum.winner) &&
             race_number(run, "/fence") == 1 + is_taken_over;
  interlock_buffer_free(run);
  if (!good) return "the lease is another's";
  if (count_events(engine, race, "\"run.started\"") != 1) return "it was not started once";
  if (count_events(engine, race, "\"run.taken_over\"") != is_taken_over) return "taken over too often";
  if (!is_taken_over) return NULL;
  int was_in_time = results[0].status == INTERLOCK_OK;
  race_ends[TAKE_OVERS][1] += was_in_time;
  if (!was_in_time && results[0].status != INTERLOCK_FENCED) return "the late worker is not FENCED";
  return results[sum.winner].recorded == was_in_time
             ? NULL
             : "what the late worker recorded is not what the next one finds";
}

/* The program gets the value that won. */
static const char *check_answer(interlock_engine *engine, int race, const race_result *results) {
  tally sum = tally_of(results, 0, INTERLOCK_ALREADY_RESOLVED);
  if (sum.wins != 1) return "there is not one winner";
  if (shared->kind == RESUMES && sum.losses != CONTENDERS - 1)
    return "a loser is not ALREADY_RESOLVED";
  if (shared->kind == EQUAL_RESUMES && sum.repeats != CONTENDERS - 1) return "an equal one is lost";
  if (count_events(engine, race, "\"run.answered\"") != 1) return "it was not answered once";
  interlock_run *run = begin_as(engine, race, "");
  interlock_buffer *json = NULL;
  interlock_run_interrupt(run, question, strlen(question), &json, NULL);
  int winner = shared->kind == RESUMES ? sum.winner : 0;
  int good = race_is(json, "/state", "answered") && is_contender(json, "/value", winner);
  interlock_buffer_free(json);
  interlock_run_close(run, NULL);
  return good ? NULL : "the program gets another value";
}

/* What happened once, and how many were refused. */
static const char *check_audit(interlock_engine *engine, int race, const char *action,
                               int refusals) {
  interlock_buffer *json = race_read(engine, interlock_audit_read, "{'review':'%s','after':%lld}",
                                     shared->reviews[race], audit_head);
  int good = race_count(json, "/records", "/action", action) == 1 &&
             race_count(json, "/records", "/action", "\"refusal\"") == refusals;
  interlock_buffer_free(json);
  return good ? NULL : "the audit tells otherwise";
}

static const char *check_use(interlock_engine *engine, int race, const race_result *results) {
  tally sum = tally_of(results, 0, INTERLOCK_ALREADY_USED);
  interlock_status other = results[CONTENDERS - 1].status;
  if (sum.wins != 1) return "there is not one winner";
  if (sum.losses + (other == INTERLOCK_ARGS_CHANGED) != CONTENDERS - 1)
    return "a loser is not ALREADY_USED";
  if (other == INTERLOCK_OK) return "other arguments were let through";
  interlock_buffer *json =
      race_read(engine, interlock_permit_get, "{'permit':'%s'}", shared->prizes[race]);
  int good = race_is(json, "/status", "consumed") && is_contender(json, "/worker", sum.winner);
  interlock_buffer_free(json);
  if (!good) return "the permit is another's";
  return check_audit(engine, race, "\"use\"", CONTENDERS - 1);
}

/* A token is used once, or revoked before that and never used. */
static const char *check_token(interlock_engine *engine, int race, const race_result *results) {
  tally sum = {0, 0, 0, -1};
  int revocations = 0;
  for (int i = 0; i < CONTENDERS; i++) {
    int is_revocation = shared->kind == REVOKES && is_revoker(i);
    revocations += is_revocation && results[i].status == INTERLOCK_OK;
    sum.wins += !is_revocation && results[i].status == INTERLOCK_OK;
    sum.repeats += results[i].replayed;
    if (!is_revocation && results[i].status == INTERLOCK_OK) sum.winner = i;
  }
  if (sum.wins + (revocations > 0) != 1 || sum.repeats != 0) return "there is not one winner";
  for (int i = 0; i < CONTENDERS; i++) {
    if (results[i].status == INTERLOCK_OK) continue;
    sum.losses++;
    if (results[i].status != (sum.wins == 1 ? INTERLOCK_TOKEN_USED : INTERLOCK_TOKEN_INVALID))
      return sum.wins == 1 ? "a loser is not TOKEN_USED" : "a loser is not TOKEN_INVALID";
  }
  race_ends[shared->kind][1] += revocations > 0;
  interlock_buffer *json =
      race_read(engine, interlock_token_inspect, "{'token':'%s'}", shared->prizes[race]);
  int good = race_is(json, "/status", revocations > 0 ? "revoked" : "used");
  interlock_buffer_free(json);
  if (!good) return "the token says otherwise";
  if (shared->kind != LINKS)
    return check_audit(engine, race, revocations > 0 ? "\"revocation\"" : "\"use\"", sum.losses);
  json = race_read(engine, interlock_review_get, "{'id':'%s'}", shared->reviews[race]);
  good = race_is(json, "/outcome", sum.winner % 2 == 0 ? "approved" : "rejected");
  interlock_buffer_free(json);
  return good ? check_audit(engine, race, "\"decision\"", sum.losses)
              : "the outcome is not that of the answer that counts";
}

void check_race(interlock_engine *engine, int race) {
  const race_result *results = shared->results[race];
  const char *problem = shared->kind > USES      ? check_token(engine, race, results)
                        : shared->kind == USES   ? check_use(engine, race, results)
                        : shared->kind < RESUMES ? check_lease(engine, race, results)
                                                 : check_answer(engine, race, results);
  race_ends[shared->kind][0] += problem == NULL;
  static int shown;
  if (race_check(problem == NULL, problem) || shown++ >= 50) return;
  printf("  race %d, %s: %s:", shared->first + race, kind_names[shared->kind], problem);
  for (int i = 0; i < CONTENDERS; i++)
    printf(" %s%s", interlock_status_name(results[i].status),
           results[i].replayed ? "(repeat)" : "");
  putchar('\n');
}

