/* SPDX-License-Identifier: MIT */
/* Writing a reply: records of wire.h into one bounded buffer. */
#ifndef REPLY_H
#define REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "program.h"
#include "wire.h"

/* `overflow` is set, and nothing more is written, once something did not fit. */
struct reply {
	uint8_t *base;
	size_t used;
	size_t max;
	bool overflow;
};

/* Appends bytes, padded to 4. */
void reply_bytes(struct reply *r, const void *bytes, size_t count);
/* Appends content as chunks: pages that are all alike become fills. */
void reply_content(struct reply *r, uint32_t key, uint32_t kind, const uint8_t *bytes,
		   size_t count);
/* Appends what a call gave, with its data. */
void reply_result(struct reply *r, uint32_t index, const struct call *call);
/* Begins an outcome; returns where, for reply_outcome_end. */
size_t reply_outcome(struct reply *r);
/* Ends an outcome that went well. */
void reply_outcome_end(struct reply *r, size_t at, const struct wire_outcome *counts);
/* Takes back what stands after `at` and writes an outcome that did not go well. */
void reply_failure(struct reply *r, size_t at, enum wire_verdict verdict, const char *why);

#endif
