/*
 * redact: keeps secrets out of every output, without holding them.
 *
 * Whoever holds a secret makes marks of it: keyed fingerprints of its exact bytes and of the
 * forms in which it leaks (base64 at its three offsets, standard and URL-safe; hex of either
 * case; percent-encoded; JSON-escaped). Marks can be given to a process that must never see
 * the value: from them it finds the value in a stream, also split over writes, and can't
 * recover it (SHA-256 under a random key; what remains is guessing the whole secret).
 */
#pragma once

#include "base/base.h"

enum {
    REDACT_SHORTEST = 4, /* shorter secrets would blank out ordinary text */
    REDACT_LONGEST = 65536,
    REDACT_FORMS_MAX = 24, /* marks made of one secret */
    REDACT_MARKS_MAX = 4096,
    REDACT_CHECKS = 6,
    REDACT_STRIDE_MAX = 8,
};

/*
 * Fixed size, no pointers, no padding: sent from process to process as it is.
 *
 * A prefix says 16 bits about a window of the form that holds most of it (all of it when it is
 * short), so that a secret can't be guessed piece by piece. There is one for the window that
 * begins at each of the first `stride` bytes: whoever searches then looks only at every such place
 * of a text. The checks say as much of the first 64, 256, ... 65536 bytes of longer forms, so
 * that whoever prints the beginning of a long secret again and again does not make us hash all
 * of it each time.
 */
struct redact_mark {
    uint32_t length; /* of the form, bytes */
    uint32_t secret; /* the caller's number of the secret */
    uint16_t window, stride;
    uint16_t prefixes[REDACT_STRIDE_MAX];
    uint16_t checks[REDACT_CHECKS];
    uint8_t digest[32];
};

struct redact_key {
    uint8_t bytes[32];
};

/* How many marks were written to `ret`, at most REDACT_FORMS_MAX; none for a secret that is
 * too short, too long, or when there is no memory. */
size_t redact_marks(const struct redact_key *key, str secret, uint32_t number,
                    struct redact_mark *ret);

struct redact;

/* `names[mark.secret]` is put in the place of what is found: "[redacted STRIPE_KEY]". The names
 * are copied. Once made it is never changed, so that any number may use it at once. */
bool redact_new(const struct redact_key *key, const struct redact_mark *marks, size_t count,
                const char *const *names, struct redact **ret, struct err *e) MUST_USE;
void redact_free(struct redact *r);

/* Whole text at once. Returns how many were replaced; appends to `out` only then, so that the
 * caller keeps its own bytes when nothing was found. */
size_t redact_text(const struct redact *r, str text, struct buf *out);

/*
 * A stream: text arrives in pieces. Bytes that could begin a secret are held back until the
 * next piece or the flush decides: the last 70 at most, or from where a secret has begun to
 * match. Set `by`, the rest to zero. What comes out is what redact_text() makes of the whole.
 * Without memory `out` is marked as failed and the text is lost, never let through.
 */
struct redact_stream {
    const struct redact *by;
    struct buf held;
    size_t covered; /* how many of the held bytes are replaced already */
    size_t wait; /* nothing can be decided before this many are held */
};
size_t redact_stream_add(struct redact_stream *s, str piece, struct buf *out);
size_t redact_stream_flush(struct redact_stream *s, struct buf *out);
void redact_stream_free(struct redact_stream *s);
