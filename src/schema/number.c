/* Decimal numbers of any size, compared and divided on their text, in linear time. */
#include "schema/number.h"

/* Past this an exponent is not judged: its sum with a length could overflow. */
static const int64_t EXPONENT_MAX = 1000000000000000000;

static str take_digits(str *rest)
{
    size_t n = 0;
    str digits;

    while (n < rest->len && rest->at[n] >= '0' && rest->at[n] <= '9')
        n++;
    digits = str_sub(*rest, 0, n);
    *rest = str_sub(*rest, n, rest->len);
    return digits;
}

static bool take(str *rest, char c)
{
    if (!rest->len || rest->at[0] != c)
        return false;
    *rest = str_sub(*rest, 1, rest->len);
    return true;
}

/* Behind the 'e'. *vast is set when the number is too large to be judged. */
static bool read_exponent(str rest, int64_t *ret, bool *vast)
{
    bool negative = take(&rest, '-');
    uint64_t n = 0;
    str digits;

    if (!negative)
        take(&rest, '+');
    digits = take_digits(&rest);
    if (!digits.len || rest.len)
        return false;
    while (digits.len > 1 && digits.at[0] == '0')
        digits = str_sub(digits, 1, digits.len);
    *vast = !str_to_u64(digits, (uint64_t)EXPONENT_MAX, &n);
    *ret = negative ? -(int64_t)n : (int64_t)n;
    return true;
}

static size_t zeros_in_front(str s)
{
    size_t n = 0;

    while (n < s.len && s.at[n] == '0')
        n++;
    return n;
}

static size_t zeros_behind(str s)
{
    size_t n = 0;

    while (n < s.len && s.at[s.len - 1 - n] == '0')
        n++;
    return n;
}

/* Moves what zeros at both ends mean into `point`. */
static void strip_zeros(struct decimal *d)
{
    size_t n = zeros_in_front(d->whole);

    d->whole = str_sub(d->whole, n, d->whole.len);
    d->fraction.len -= zeros_behind(d->fraction);
    d->point += (int64_t)d->whole.len;
    if (!d->whole.len) {
        n = zeros_in_front(d->fraction);
        d->fraction = str_sub(d->fraction, n, d->fraction.len);
        d->point -= (int64_t)n;
    }
    if (!d->fraction.len)
        d->whole.len -= zeros_behind(d->whole);
    d->digits = d->whole.len + d->fraction.len;
}

bool decimal_read(str text, struct decimal *ret)
{
    struct decimal d = {.negative = take(&text, '-')};
    bool vast = false;

    d.whole = take_digits(&text);
    if (!d.whole.len || (d.whole.len > 1 && d.whole.at[0] == '0'))
        return false;
    if (take(&text, '.')) {
        d.fraction = take_digits(&text);
        if (!d.fraction.len)
            return false;
    }
    if (take(&text, 'e') || take(&text, 'E')) {
        if (!read_exponent(text, &d.point, &vast))
            return false;
    } else if (text.len) {
        return false;
    }
    strip_zeros(&d);
    /* Zero is zero, whatever its sign and exponent. */
    if (!d.digits)
        d = (struct decimal){0};
    else if (vast)
        return false;
    *ret = d;
    return true;
}

unsigned decimal_digit(const struct decimal *d, size_t i)
{
    if (i < d->whole.len)
        return (unsigned)(d->whole.at[i] - '0');
    return i < d->digits ? (unsigned)(d->fraction.at[i - d->whole.len] - '0') : 0;
}

static int compare_size(const struct decimal *a, const struct decimal *b)
{
    if (!a->digits || !b->digits)
        return (a->digits > 0) - (b->digits > 0);
    if (a->point != b->point)
        return a->point < b->point ? -1 : 1;
    for (size_t i = 0; i < a->digits && i < b->digits; i++)
        if (decimal_digit(a, i) != decimal_digit(b, i))
            return decimal_digit(a, i) < decimal_digit(b, i) ? -1 : 1;
    return (a->digits > b->digits) - (a->digits < b->digits);
}

int decimal_compare(const struct decimal *a, const struct decimal *b)
{
    if (a->negative != b->negative)
        return a->negative ? -1 : 1;
    return a->negative ? -compare_size(a, b) : compare_size(a, b);
}

bool decimal_is_whole(const struct decimal *d)
{
    return !d->digits || d->point >= (int64_t)d->digits;
}

static uint64_t multiply(uint64_t a, uint64_t b, uint64_t modulus)
{
    /* Both are below it; short divisions are several times as fast as long ones. */
    if (modulus <= UINT16_MAX)
        return (uint32_t)a * (uint32_t)b % (uint32_t)modulus;
    if (modulus <= UINT32_MAX)
        return a * b % modulus;
    return (uint64_t)((unsigned __int128)a * b % modulus);
}

/* From the exponent's highest bit down: squared for each, and times ten where it is set. */
static uint64_t power_of_ten(uint64_t exponent, uint64_t modulus)
{
    uint64_t result = 1 % modulus;

    for (int bit = 63 - __builtin_clzll(exponent | 1); bit >= 0; bit--) {
        result = multiply(result, result, modulus);
        if (exponent >> bit & 1)
            result = multiply(result, 10 % modulus, modulus);
    }
    return result;
}

struct divisor decimal_divisor(const struct decimal *d)
{
    struct divisor divisor = {.power = d->point - (int64_t)d->digits};

    for (size_t i = 0; i < d->digits; i++)
        divisor.digits = divisor.digits * 10 + decimal_digit(d, i);
    return divisor;
}

/* All digits as one number modulo the divisor's; eighteen of them fit a word. */
static uint64_t digits_modulo(const struct decimal *d, uint64_t modulus)
{
    uint64_t rest = 0;

    for (size_t i = 0; i < d->digits;) {
        uint64_t part = 0, scale = 1;

        for (size_t n = 0; n < 18 && i < d->digits; n++, scale *= 10)
            part = part * 10 + decimal_digit(d, i++);
        rest = (multiply(rest, scale % modulus, modulus) + part % modulus) % modulus;
    }
    return rest;
}

/*
 * Both are whole digits times a power of ten, without zeros at the end. A power below the
 * divisor's leaves a remainder at once; the rest of it is counted modulo the divisor's digits.
 */
bool decimal_is_multiple(const struct decimal *d, struct divisor divisor)
{
    int64_t power = d->point - (int64_t)d->digits - divisor.power;
    uint64_t rest;

    if (!d->digits)
        return true;
    if (power < 0)
        return false;
    rest = digits_modulo(d, divisor.digits);
    return !rest ||
           multiply(rest, power_of_ten((uint64_t)power, divisor.digits), divisor.digits) == 0;
}

uint64_t decimal_hash(const struct decimal *d, uint64_t seed)
{
    uint64_t h = seed ^ (uint64_t)d->point ^ (d->negative ? 0x5555555555555555u : 0);

    /* Eighteen digits a step: the same digits may be cut in two at another place. */
    for (size_t i = 0; i < d->digits;) {
        uint64_t part = 1;

        for (size_t n = 0; n < 18 && i < d->digits; n++)
            part = part * 10 + decimal_digit(d, i++);
        h = str_hash((str){(const char *)&part, sizeof(part)}, h);
    }
    return h;
}

bool decimal_to_i64(const struct decimal *d, int64_t *ret)
{
    int64_t n = 0;

    if (!decimal_is_whole(d) || d->point > 18)
        return false;
    for (int64_t i = 0; d->digits && i < d->point; i++)
        n = n * 10 + (int64_t)decimal_digit(d, (size_t)i);
    *ret = d->negative ? -n : n;
    return true;
}

bool number_to_i64(str text, int64_t *ret)
{
    bool negative = text.len && text.at[0] == '-';
    int64_t n = 0;

    if (text.len - negative > 18 || text.len == negative)
        return false;
    for (size_t i = negative; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
        n = n * 10 + (text.at[i] - '0');
    }
    *ret = negative ? -n : n;
    return true;
}

/* What stands behind the point is less than one: it decides only where the rest is equal. */
bool number_order(str text, int64_t whole, int *ret)
{
    bool negative = text.len && text.at[0] == '-', more = false;
    size_t point = str_find(text, '.');
    int64_t n;

    if (!number_to_i64(str_sub(text, 0, point), &n))
        return false;
    for (size_t i = point + 1; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
        more |= text.at[i] != '0';
    }
    if (n != whole)
        *ret = n < whole ? -1 : 1;
    else
        *ret = !more ? 0 : negative ? -1 : 1;
    return true;
}
