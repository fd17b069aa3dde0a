/* SPDX-License-Identifier: MIT */
/* What a program finds, what it leaves, and that nothing of it stays. */
#ifndef STATE_H
#define STATE_H

#include "program.h"
#include "reply.h"

/* A file or pipe with more than this cannot be reported. */
#define FINAL_BYTES_MAX ((uint64_t)64 << 20)

/* Makes the declared files, pipes and sockets. Returns NULL, or why it could not. */
const char *state_prepare(const struct program *p);
/* Writes the final files, pipes and what waits in sockets. Returns NULL, or why it could not. */
const char *state_report(const struct program *p, struct reply *r, struct wire_outcome *counts);
/* Closes and unlinks what the program may have left. Returns NULL, or what is still there. */
const char *state_clean(const struct program *p);
/* Looks at all descriptors that a scenario may have. Returns NULL, or what is still there. */
const char *state_check_table(void);
/* Empties the folder only; for what an ended process left. Returns NULL, or what is still there. */
const char *state_clean_folder(void);
/* The size of the address space in pages. */
uint64_t state_mapped_pages(void);

#endif
