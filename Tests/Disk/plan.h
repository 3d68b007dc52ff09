/* What fails, and when. Any thread. */
#ifndef INTERLOCK_TESTS_PLAN_H
#define INTERLOCK_TESTS_PLAN_H

/* Counts an operation of this kind; whether it has to fail. */
int plan_fails(int kind);

int plan_is_full(void);
int plan_is_held(void);
int plan_delay(void);

#endif
