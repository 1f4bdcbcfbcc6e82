/* Numbers of any size: 0.DIGITS times ten to the `point`, exact, as they stand in the text. */
#pragma once

#include "base/base.h"

struct decimal {
    bool negative;
    str whole, fraction; /* the digits, without zeros at either end; none for zero */
    size_t digits;
    int64_t point;
};

/* Strictly as RFC 8259 writes numbers. False also for an exponent past 10^18. */
bool decimal_read(str text, struct decimal *ret) MUST_USE;
/* The digit at `i` from the first that is not zero; 0 behind the last. */
unsigned decimal_digit(const struct decimal *d, size_t i);
int decimal_compare(const struct decimal *a, const struct decimal *b);
bool decimal_is_whole(const struct decimal *d);
/* False where it is no integer, or none of at most 18 digits. */
bool decimal_to_i64(const struct decimal *d, int64_t *ret) MUST_USE;
/* The same for a text that is an integer as it stands, in one go. */
bool number_to_i64(str text, int64_t *ret) MUST_USE;
/* Where a number without an exponent stands beside an integer: below 0, 0 or above. False when
 * it has one, or too many digits: then decimal_compare() has to tell. */
bool number_order(str text, int64_t whole, int *ret) MUST_USE;
/* A number that others are to be multiples of; not zero. */
enum { DIVISOR_DIGITS = 18 };
struct divisor {
    uint64_t digits;
    int64_t power; /* of ten, that they are to be taken times */
};
struct divisor decimal_divisor(const struct decimal *d);
bool decimal_is_multiple(const struct decimal *d, struct divisor divisor);
uint64_t decimal_hash(const struct decimal *d, uint64_t seed);

/* Equal values have equal hashes, in whatever words their numbers stand. False when a value can't be
 * judged. Unseeded: for tables of a schema's own values, which no event fills. */
struct json;
bool value_hash(const struct json *v, uint32_t *ret) MUST_USE;
