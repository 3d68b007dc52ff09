#pragma once

/*
 * The fork gate. Whatever a child must find whole (connections, tables of handles) is only touched
 * by a thread that has entered. fork() waits until all have left, and the child finds the gate open.
 * A thread may enter again.
 */
void cfork_gate_enter(void);
void cfork_gate_leave(void);

/*
 * Leaves the gate, however often it was entered, to wait. Returns what brings the thread back to where
 * it was.
 */
unsigned cfork_gate_pause(void);
void cfork_gate_resume(unsigned entered);

/* How many forks lie between this process and the one that entered the gate first. */
unsigned cfork_generation(void);

/* What debuggers call this thread: 15 bytes at most. pthread_setname_np is an extension of glibc. */
void cfork_name_thread(const char *name);
