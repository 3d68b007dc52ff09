/*
 * What the C benchmarks of reviews share: calls with JSON requests, an approval to ask for, and
 * plain SQLite to compare with.
 */
#ifndef C_REVIEWS_H
#define C_REVIEWS_H

#include "c_common.h"

#define ID_BYTES 64
#define REQUEST_BYTES 1024
#define CALL_BYTES 256

/* Every function of reviews, events and audit that takes a request and gives a document. */
typedef interlock_status function(interlock_engine *, const char *, size_t, interlock_buffer **,
                                  interlock_error **);

/* Calls a function; ends the program with the error if it fails. Free with interlock_buffer_free. */
interlock_buffer *ask(interlock_engine *engine, function *call, const char *request);

/* The members "tool" and "arguments" of a call that somebody has to approve. */
void write_call(char members[CALL_BYTES], int number);
/* An approval of this call, about 500 bytes. */
void write_approval(char request[REQUEST_BYTES], int number);
/* Answers a review with a yes. */
void write_yes(char request[REQUEST_BYTES], const char *id);
/* The id of the review in a document. */
void read_id(char id[ID_BYTES], const interlock_buffer *document);
/* Opens an approval. */
void open_review(interlock_engine *engine, int number, char id[ID_BYTES]);
/* {"ids":[...]} of so many new reviews. Free with free(). */
char *open_reviews(interlock_engine *engine, int count);

/* An existing database, or an empty one. WAL, synchronous=FULL. */
sqlite3 *open_plain(const char *path);
void run_plain(sqlite3 *database, const char *sql);
sqlite3_stmt *prepare_plain(sqlite3 *database, const char *sql);
/* Steps through all rows, reads every column, and resets. Returns how many rows there were. */
int read_rows(sqlite3_stmt *statement);
/* The same for rows of reviews, and takes down where the last one is in their order. */
int read_reviews(sqlite3_stmt *statement, int64_t *sequence, int64_t *due);

/* A new plain database of texts, to commit one row at a time: the least that a write can cost. */
typedef struct plain {
  sqlite3 *database;
  sqlite3_stmt *begin;
  sqlite3_stmt *insert;
  sqlite3_stmt *commit;
} plain;

plain open_rows(const char *path);
/* Commits a row; returns the seconds. */
double commit_row(const plain *rows, const char *body);
void close_rows(plain *rows);

/* Prints "name": [times], with what comes after it. */
void print_series(const char *name, const double *times, int count, const char *end);

#endif
