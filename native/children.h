/* SPDX-License-Identifier: MIT */
/*
 * The child processes that fork makes. Each has a copy of one mapping, at the same address, and makes the
 * calls on it when it is asked to.
 */
#ifndef CHILDREN_H
#define CHILDREN_H

#include <stdbool.h>

#include "program.h"

/* Memory to talk over, if the program has a fork. Returns NULL, or why there is none. */
const char *children_prepare(const struct program *p);
/* Ends all children. */
void children_clean(void);

/* Makes a child with a copy of the mapping in the slot that the call's first argument is. Returns 0, or -1 and errno. */
long children_fork(struct program *p, const struct call *call);
/* Whether a call names a mapping that a child has. */
bool children_have(const struct program *p, const struct call *call);
/* The child makes the call; what it loads goes to `to`. Returns what the call returned. */
long children_make(const struct program *p, const struct call *call, void *to);

#endif
