/* SPDX-License-Identifier: MIT */
/* The page cache of the whole machine: programs run beside each other while nobody drops it. */
#ifndef CACHES_H
#define CACHES_H

#include <stdbool.h>

struct program;

/* Before root is dropped: opens the locks, and where programs may drop caches starts the process that does it. */
void caches_open(bool may_drop);
/* NULL, or why a program cannot run here. */
const char *caches_refuse(const struct program *p);
/* Waits until nobody drops caches; for a program that does, until no other program runs. */
void caches_hold(const struct program *p);
void caches_release(void);
/* As a system call: 0, or -1 and errno. Its thread never sleeps. */
long caches_drop(void);

#endif
