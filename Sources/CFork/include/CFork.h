#pragma once

/*
 * The fork gate. Whatever a child must find whole (connections, tables of handles) is only touched
 * by a thread that has entered. fork() waits until all have left, and the child finds the gate open.
 * A thread may enter again.
 */
void cfork_gate_enter(void);
void cfork_gate_leave(void);

/* How many forks lie between this process and the one that entered the gate first. */
unsigned cfork_generation(void);
