// SPDX-License-Identifier: MIT
/* See reply.h. */
#include <string.h>

#include "reply.h"

#define CHUNK_BYTES 4096

void reply_bytes(struct reply *r, const void *bytes, size_t count)
{
	size_t padded = (count + 3) & ~(size_t)3;

	if (r->overflow || padded > r->max - r->used) {
		r->overflow = true;
		return;
	}
	if (count)
		memcpy(r->base + r->used, bytes, count);
	memset(r->base + r->used + count, 0, padded - count);
	r->used += padded;
}

/* The value of a page that is all alike, else WIRE_LITERAL. */
static uint32_t what_of(const uint8_t *bytes, size_t count)
{
	if (count > 1 && memcmp(bytes, bytes + 1, count - 1))
		return WIRE_LITERAL;
	return bytes[0];
}

static size_t page_at(size_t at, size_t count)
{
	return count - at < CHUNK_BYTES ? count - at : CHUNK_BYTES;
}

void reply_content(struct reply *r, uint32_t key, uint32_t kind, const uint8_t *bytes,
		   size_t count)
{
	struct wire_content head = { .key = key, .key_kind = kind, .bytes = (uint32_t)count };
	size_t head_at = r->used;

	reply_bytes(r, &head, sizeof(head));
	for (size_t from = 0; from < count;) {
		uint32_t what = what_of(bytes + from, page_at(from, count));
		size_t to = from;
		struct wire_chunk chunk;

		do
			to += page_at(to, count);
		while (to < count && what_of(bytes + to, page_at(to, count)) == what);
		chunk.what = what;
		chunk.bytes = (uint32_t)(to - from);
		reply_bytes(r, &chunk, sizeof(chunk));
		if (what == WIRE_LITERAL)
			reply_bytes(r, bytes + from, to - from);
		head.chunks++;
		from = to;
	}
	if (!r->overflow)
		memcpy(r->base + head_at, &head, sizeof(head));
}

void reply_result(struct reply *r, uint32_t index, const struct call *call)
{
	bool returned = call->status == WIRE_RETURNED;
	struct wire_result result = {
		.status = call->status,
		.started_at = call->started_at,
		.returned_at = call->returned_at,
	};

	if (returned) {
		result.ret = call->ret;
		result.error = call->error;
		result.out = call->has_out ? call->out : 0;
		result.flags = (call->has_out ? WIRE_RESULT_OUT : 0) |
			       (call->sigpipe ? WIRE_RESULT_SIGPIPE : 0);
	}
	reply_bytes(r, &result, sizeof(result));
	reply_content(r, index, WIRE_KEY_CALL, call->data, returned ? call->data_bytes : 0);
}

size_t reply_outcome(struct reply *r)
{
	struct wire_outcome head = { .verdict = WIRE_OK };
	size_t at = r->used;

	reply_bytes(r, &head, sizeof(head));
	return at;
}

void reply_outcome_end(struct reply *r, size_t at, const struct wire_outcome *counts)
{
	struct wire_outcome head = *counts;

	head.bytes = (uint32_t)(r->used - at - sizeof(head));
	memcpy(r->base + at, &head, sizeof(head));
}

void reply_failure(struct reply *r, size_t at, enum wire_verdict verdict, const char *why)
{
	struct wire_outcome head = { .verdict = verdict, .message_bytes = (uint32_t)strlen(why) };

	r->used = at;
	r->overflow = false;
	reply_bytes(r, &head, sizeof(head));
	reply_bytes(r, why, head.message_bytes);
	if (!r->overflow)
		reply_outcome_end(r, at, &head);
}
