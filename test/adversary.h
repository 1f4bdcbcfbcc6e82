/*
 * adversary: documents made to break a validator, by wrong verdicts or by the time they take.
 * For the test that they are judged rightly, and the benchmark that tells what they cost.
 */
#pragma once

#include "base/base.h"

/*
 * head, `count` times `part`, middle, `count` times `close`, tail. In a part '%' stands for its
 * number from 0, '&' for the next one's, '@' for its number in eight digits.
 */
struct adversary_text {
    const char *head, *part;
    unsigned count;
    const char *middle, *close, *tail;
};

enum adversary_verdict { ACCEPTED, REFUSED, UNREADABLE };

struct adversary {
    const char *name;
    enum adversary_verdict expected;
    struct adversary_text schema, document;
};

extern const struct adversary adversaries[];
extern const size_t adversary_count;

struct adversary_result {
    enum adversary_verdict verdict;
    size_t schema_bytes, document_bytes;
    uint64_t compile_ns; /* the least of some */
    uint64_t judge_ns; /* read and validated, the least of some */
};

/* False when the schema itself is refused. */
bool adversary_run(const struct adversary *one, struct adversary_result *ret,
                   struct err *e) MUST_USE;

/* Milliseconds for each megabyte; what is smaller than 100 KB counts as that. */
double adversary_ms_per_mb(uint64_t ns, size_t bytes);
