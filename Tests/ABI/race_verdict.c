/* What a race for a review must have come to, however it ended. */
#define _POSIX_C_SOURCE 200809L
#include "race_reviews.h"

#include <stdio.h>
#include <string.h>

const char *const kind_names[KINDS] = {"answer/answer", "equal answers", "last votes",
                                       "answer/expiry", "answer/cancel", "answer/supersede"};
long race_ends[KINDS][2];

/* What a race came to, as its results tell. */
typedef struct tally {
  int answers;   /* that count */
  int others;    /* cancellations or successors that were accepted */
  int repeats;
  int refusals;
  int last_winner;
} tally;

static tally tally_of(race_kind kind, const race_result *results) {
  tally sum = {0, 0, 0, 0, -1};
  uint64_t successor = 0;
  for (int i = 0; i < CONTENDERS; i++) {
    int is_answer = is_answerer(kind, i);
    if (kind == EXPIRY && !is_answer) {
      if (results[i].status != INTERLOCK_OK) sum.refusals++;
      continue;
    }
    if (results[i].status != INTERLOCK_OK) {
      sum.refusals++;
    } else if (results[i].replayed || (sum.last_winner >= 0 && !is_answer &&
                                       results[i].successor == successor)) {
      sum.repeats++;
    } else {
      sum.answers += is_answer;
      sum.others += !is_answer;
      sum.last_winner = i;
      successor = kind == SUPERSEDE && !is_answer ? results[i].successor : 0;
    }
  }
  return sum;
}

static int all_refused_with(interlock_status status, race_kind kind, const race_result *results) {
  for (int i = 0; i < CONTENDERS; i++) {
    if (kind == EXPIRY && !is_answerer(kind, i)) continue;
    if (results[i].status != INTERLOCK_OK && results[i].status != status) return 0;
  }
  return 1;
}

static int all_same_decision(const race_result *results) {
  for (int i = 0; i < CONTENDERS; i++)
    if (results[i].decision == 0 || results[i].decision != results[0].decision) return 0;
  return 1;
}

static int all_same_successor(const race_result *results, uint64_t successor) {
  for (int i = 0; i < CONTENDERS; i++)
    if (results[i].successor != successor) return 0;
  return successor != 0;
}

/* The end of the review, and whether everybody was told of it. Returns NULL if all is well. */
static const char *check_end_of_race(race_kind kind, const race_result *results, tally sum,
                                     int may_repeat, const interlock_buffer *review) {
  int wanted = kind == VOTES ? QUORUM : 1;
  if (race_is(review, "/status", "resolved")) {
    race_ends[kind][0]++;
    if (sum.answers != wanted || sum.others != 0) return "too many or too few answers count";
    if (!all_refused_with(INTERLOCK_ALREADY_RESOLVED, kind, results))
      return "a loser is not ALREADY_RESOLVED";
    const char *outcome =
        kind == VOTES || strcmp(choice(sum.last_winner), "approve") == 0 ? "approved" : "rejected";
    if (kind != REPEATS && !race_is(review, "/outcome", outcome)) return "it is another outcome";
    if (kind == REPEATS && sum.repeats != CONTENDERS - 1) return "an equal answer is no repeat";
    if (kind == REPEATS && !all_same_decision(results)) return "equal answers, other decisions";
    if (kind != REPEATS && sum.repeats != 0) return "a repeat of nothing";
    return NULL;
  }
  race_ends[kind][1]++;
  if (sum.answers != 0) return "an answer counts, and the review says otherwise";
  if (sum.repeats != 0 && !may_repeat) return "a repeat of nothing";
  if (kind == EXPIRY && race_is(review, "/status", "expired"))
    return all_refused_with(INTERLOCK_EXPIRED, kind, results) ? NULL : "a loser is not EXPIRED";
  if (sum.others != 1) return "it was ended more than once or never";
  if (kind == CANCEL && race_is(review, "/status", "cancelled"))
    return all_refused_with(INTERLOCK_CANCELLED, kind, results) ? NULL : "a loser is not CANCELLED";
  if (kind == SUPERSEDE && race_is(review, "/status", "superseded")) {
    if (!all_refused_with(INTERLOCK_SUPERSEDED, kind, results)) return "a loser is not SUPERSEDED";
    if (!all_same_successor(results, race_digest(review, "/successor")))
      return "a loser was told another successor";
    return NULL;
  }
  return "it has another status";
}

/* The history and the audit tell of exactly what was accepted and refused. */
static const char *check_records(interlock_engine *engine, int race, long long head, tally sum,
                                 const interlock_buffer *review) {
  const char *id = shared->ids[race], *problem = NULL;
  interlock_buffer *history = race_read(engine, interlock_review_history, "{'id':'%s'}", id);
  interlock_buffer *audit =
      race_read(engine, interlock_audit_read, "{'review':'%s','after':%lld}", id, head);
  int decisions = race_count(audit, "/records", "/action", "\"decision\"");
  int refusals = race_count(audit, "/records", "/action", "\"refusal\"");
  int expiries = race_count(audit, "/records", "/action", "\"expiry\"");
  int others = race_count(audit, "/records", "/action", "\"cancellation\"") +
               race_count(audit, "/records", "/action", "\"supersession\"");
  if (race_count(history, "/decisions", "/accepted", "true") != sum.answers)
    problem = "the history has another number of accepted decisions";
  if (decisions != sum.answers) problem = "the audit has another number of decisions";
  if (refusals != sum.refusals) problem = "the audit has another number of refusals";
  if (others != sum.others) problem = "the audit has another number of cancellations";
  if (expiries != race_is(review, "/status", "expired"))
    problem = "the audit has another number of expiries";
  interlock_buffer_free(history);
  interlock_buffer_free(audit);
  return problem;
}

/* Only one successor exists, and only if the review says so. */
static const char *check_successors(interlock_engine *engine, int race,
                                    const interlock_buffer *review) {
  interlock_buffer *list =
      race_read(engine, interlock_review_list, "{'thread':'after-%d'}", shared->first + race);
  int count = race_count(list, "/reviews", "/kind", "\"text\"");
  interlock_buffer_free(list);
  return count == race_is(review, "/status", "superseded") ? NULL : "there are other successors";
}

/* Whoever won and asks again gets the first decision. */
static const char *check_repeat(interlock_engine *engine, int race, tally sum) {
  if (sum.answers == 0 || shared->kind == REPEATS) return NULL;
  race_result again = answer(engine, shared->ids[race], shared->kind, sum.last_winner);
  if (again.status != INTERLOCK_OK || !again.replayed) return "the winner's repeat is refused";
  return again.decision == shared->results[race][sum.last_winner].decision
             ? NULL
             : "the winner's repeat got another decision";
}

static void print_race(int race, const char *problem, const interlock_buffer *review) {
  char status[32];
  race_text(review, "/status", status, sizeof status);
  printf("  race %d, %s: %s; the review is %s:", shared->first + race, kind_names[shared->kind],
         problem, status);
  for (int i = 0; i < CONTENDERS; i++)
    printf(" %s%s", interlock_status_name(shared->results[race][i].status),
           shared->results[race][i].replayed ? "(repeat)" : "");
  putchar('\n');
}

long long audit_head(interlock_engine *engine) {
  interlock_buffer *page = race_read(engine, interlock_audit_read, "{'limit':1}");
  long long last = race_number(page, "/last");
  interlock_buffer_free(page);
  return last;
}

void check_race(interlock_engine *engine, int race, long long head) {
  interlock_buffer *review =
      race_read(engine, interlock_review_get, "{'id':'%s'}", shared->ids[race]);
  const race_result *results = shared->results[race];
  tally sum = tally_of(shared->kind, results);
  const char *problem = check_end_of_race(shared->kind, results, sum,
                                          shared->kind == SUPERSEDE && has_equal_successors(race),
                                          review);
  if (problem == NULL) problem = check_records(engine, race, head, sum, review);
  if (problem == NULL && shared->kind == SUPERSEDE)
    problem = check_successors(engine, race, review);
  if (problem == NULL) problem = check_repeat(engine, race, sum);
  if (!race_check(problem == NULL, problem)) print_race(race, problem, review);
  interlock_buffer_free(review);
}
