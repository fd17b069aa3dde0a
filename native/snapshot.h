/* SPDX-License-Identifier: MIT */
/* Snapshots of the kernel's own state between the calls of a program: docs/whitebox.md. */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include <stdbool.h>

#include "reply.h"

/* Whether the process was given a white box. */
bool snapshot_possible(void);
/* Forgets all snapshots. */
void snapshot_reset(void);
/* Takes one. Every thread must be idle or asleep. Returns 0, or -1. */
int snapshot_take(void);
/* Appends all that were taken since the reset. */
void snapshot_report(struct reply *r);

#endif
