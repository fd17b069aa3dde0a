/* SPDX-License-Identifier: MIT */
/* Pipes that are locked while a call is asleep: a splice or sendfile from a socket waits with its pipe's mutex. */
#ifndef LOCKS_H
#define LOCKS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "program.h"

/* Notes the pipes whose mutexes the call may hold while it is asleep. Operands are resolved. Control thread. */
void locks_note(struct call *call);
/* Whether a call that has not returned may have a pipe locked: then any other one may have to wait for it. */
bool locks_held(const struct program *p);
/* Whether a pipe may be locked: it cannot be asked then. */
bool locks_cover(const struct program *p, const struct stat *st);
/* How long a call with this code must be in state D for it to be a wait for a lock. */
uint64_t locks_patience_ns(uint32_t code);

#endif
