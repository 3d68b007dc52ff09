/* Receipts: signed, verified without a store, and worthless when anything of them is changed. */
#include "check.h"

static interlock_engine *engine;

static const unsigned char SEED[33] = {1, 2, 3};
/* The public key of that seed: what libsodium and every other Ed25519 make of it. */
static const char SEED_KEY[] = "Ih/l9oWaGk/seQV8nTLI0/w1bhRLHaOw+QFu9vKYiNo=";

static const char *public_key(void) {
  interlock_buffer *json = NULL;
  ACCEPTED(interlock_engine_info(engine, &json, &last_error));
  return value_at(document(json), "/public_key");
}

static interlock_status verify(const char *receipt, const char *key, const char **out) {
  interlock_buffer *json = POISON(interlock_buffer);
  interlock_status status = interlock_receipt_verify(receipt, strlen(receipt), key, strlen(key),
                                                     &json, &last_error);
  CHECK((json == NULL) == (status != INTERLOCK_OK));
  const char *result = document(json);
  if (out != NULL) *out = result;
  return status;
}

static const char *decided(const char *key) {
  GIVES(engine, review_open,
        "{'kind':'approval','payload':{'tool':'pay','arguments':{'cents':100}},'key':'%s',"
        "'policy':{'stages':[{'name':'s','approvers':['ana']}]}}",
        key);
  GIVES(engine, review_respond, "{'review_key':'%s','actor':'ana','outcome':'approved'}", key);
  return GIVES(engine, review_receipt, "{'review_key':'%s'}", key);
}

static void test_contents(void) {
  const char *receipt = decided("paid"), *result = "", *key = public_key();
  HOLDS(receipt, "/receipt/version", "1");
  HOLDS(receipt, "/receipt/kind", "'approval'");
  HOLDS(receipt, "/receipt/status", "'resolved'");
  HOLDS(receipt, "/receipt/outcome", "'approved'");
  HOLDS(receipt, "/receipt/decisions/0/stage", "'s'");
  HOLDS(receipt, "/receipt/decisions/0/verdict", "'approve'");
  CHECK(strlen(value_at(receipt, "/receipt/payload_digest")) == 64);
  CHECK(strlen(value_at(receipt, "/receipt/response_digest")) == 64);
  CHECK(number_at(receipt, "/receipt/audit/seq") >= 1);
  CHECK(strlen(value_at(receipt, "/receipt/audit/hash")) == 64);
  CHECK(strcmp(value_at(receipt, "/key"), key) == 0 && strlen(key) == 44);
  CHECK(strlen(value_at(receipt, "/signature")) == 88);
  ENDS(INTERLOCK_OK, verify(receipt, key, &result));
  HOLDS(result, "/valid", "true");
  HOLDS(result, "/receipt/outcome", "'approved'");
  /* The same statement every time. */
  HOLDS(GIVES(engine, review_receipt, "{'review_key':'paid'}"), "/signature",
        quoted("'%s'", value_at(receipt, "/signature")));
}

/* The receipt with one character of the value at the pointer changed into another. */
static const char *forged(const char *receipt, const char *pointer) {
  static char copy[8192];
  size_t size;
  const char *value = json_find(receipt, strlen(receipt), pointer, &size);
  CHECK(value != NULL && strlen(receipt) < sizeof copy);
  if (value == NULL || strlen(receipt) >= sizeof copy) return "";
  strcpy(copy, receipt);
  char *at = copy + (value - receipt) + size / 2;
  *at = *at == '1' ? '2' : '1';
  return copy;
}

static void test_forged(const store *where) {
  const char *receipt = decided("forged"), *key = public_key();
  const char *pointers[] = {"/receipt/review",      "/receipt/outcome",
                            "/receipt/kind",        "/receipt/payload_digest",
                            "/receipt/opened_at",   "/receipt/decisions/0/actor/value",
                            "/receipt/closed_at",   "/receipt/decisions/0/id",
                            "/receipt/audit/hash"};
  for (size_t i = 0; i < sizeof pointers / sizeof *pointers; i++)
    ENDS(INTERLOCK_NOT_AUTHORIZED, verify(forged(receipt, pointers[i]), key, NULL));
  ENDS(INTERLOCK_NOT_AUTHORIZED, verify(forged(receipt, "/signature"), key, NULL));
  interlock_engine *mine = engine;
  engine = open_store(where);
  const char *other = decided("other"), *other_key = public_key();
  CHECK(strcmp(key, other_key) != 0);
  ENDS(INTERLOCK_OK, verify(other, other_key, NULL));
  /* A receipt that brings its own key proves nothing. */
  ENDS(INTERLOCK_NOT_AUTHORIZED, verify(other, key, NULL));
  ENDS(INTERLOCK_NOT_AUTHORIZED, verify(receipt, other_key, NULL));
  close_engine(engine);
  engine = mine;
}

static void test_arguments(void) {
  const char *receipt = decided("arguments"), *key = public_key();
  interlock_buffer *json = POISON(interlock_buffer);
  size_t size = strlen(receipt);
  REFUSED(INTERLOCK_MISUSE, "out_json",
          interlock_receipt_verify(receipt, size, key, 44, NULL, &last_error));
  REFUSED(INTERLOCK_MISUSE, "receipt",
          interlock_receipt_verify(NULL, size, key, 44, &json, &last_error));
  CHECK(json == NULL);
  REFUSED(INTERLOCK_MISUSE, "public_key",
          interlock_receipt_verify(receipt, size, NULL, 44, &json, &last_error));
  REFUSED(INTERLOCK_INVALID_ARGUMENT, "public_key",
          interlock_receipt_verify(receipt, size, NULL, 0, &json, &last_error));
  REFUSED(INTERLOCK_TOO_LARGE, "receipt",
          interlock_receipt_verify(receipt, SIZE_MAX, key, 44, &json, &last_error));
  const char *keys[] = {"", "x", "====", "not base64 at all, but of 44 characters....",
                        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    REFUSED(INTERLOCK_INVALID_ARGUMENT, "public_key", verify(receipt, keys[i], NULL));
  /* A key of the right size that signed nothing. */
  ENDS(INTERLOCK_NOT_AUTHORIZED,
       verify(receipt, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", NULL));
  ENDS(INTERLOCK_NOT_AUTHORIZED,
       verify(quoted("{'receipt':{},'key':'AAAA','signature':'no base64'}"), key, NULL));
  const char *not_json[] = {"", "{", "\xff", "{'a':1}"};
  for (size_t i = 0; i < 4; i++) ENDS(INTERLOCK_INVALID_JSON, verify(not_json[i], key, NULL));
  const char *shapes[] = {"{}", "[]", "null", "{'receipt':{}}", "{'receipt':{},'signature':7}",
                          "{'receipt':1,'key':'','signature':''}",
                          "{'receipt':{},'signature':'','surprise':1}"};
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
    last_error = NULL;
    interlock_status status = verify(quoted("%s", shapes[i]), key, NULL);
    if (status != INTERLOCK_INVALID_ARGUMENT) printf("  %s\n", shapes[i]);
    CHECK(status == INTERLOCK_INVALID_ARGUMENT);
    interlock_error_free(last_error);
  }
}

static interlock_status open_signing(const char *url, interlock_bytes key) {
  interlock_engine_options options = {0};
  options.struct_size = sizeof options;
  options.signing_key = key;
  engine = POISON(interlock_engine);
  return interlock_engine_open(url, strlen(url), &options, &engine, &last_error);
}

static void test_signing_key(const store *where) {
  const char *url = where->url != NULL ? where->url : scratch_path();
  const size_t sizes[] = {1, 31, 33, 64};
  unsigned char long_key[64] = {1};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    interlock_bytes wrong = {long_key, sizes[i]};
    REFUSED(INTERLOCK_INVALID_ARGUMENT, "signing_key", open_signing(url, wrong));
    CHECK(engine == NULL);
  }
  interlock_bytes null = {NULL, 32}, huge = {SEED, SIZE_MAX}, seed = {SEED, 32};
  REFUSED(INTERLOCK_MISUSE, "signing_key", open_signing(url, null));
  interlock_status status = (last_error = NULL, open_signing(url, huge));
  CHECK(status == INTERLOCK_INVALID_ARGUMENT || status == INTERLOCK_TOO_LARGE);
  interlock_error_free(last_error);
  ACCEPTED(open_signing(url, seed));
  CHECK(strcmp(public_key(), SEED_KEY) == 0);
  const char *receipt = decided("seeded");
  HOLDS(receipt, "/key", quoted("'%s'", SEED_KEY));
  ENDS(INTERLOCK_OK, verify(receipt, SEED_KEY, NULL));
  close_engine(engine);
}

void receipt_groups(const store *where) {
  engine = open_store(where);
  check_group("receipt: contents", where->name);
  test_contents();
  check_group("receipt: forged", where->name);
  test_forged(where);
  check_group("receipt: arguments", where->name);
  test_arguments();
  close_engine(engine);
  check_group("receipt: signing key", where->name);
  test_signing_key(where);
}
