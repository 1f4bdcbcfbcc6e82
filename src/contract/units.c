#include "contract/units.h"

struct suffix {
    str word;
    uint64_t times;
};

static const struct suffix times[] = {
    {STR_INIT("ms"), 1},
    {STR_INIT("s"), 1000},
    {STR_INIT("m"), 60000},
};

static const struct suffix sizes[] = {
    {STR_INIT("KB"), 1ull << 10},
    {STR_INIT("MB"), 1ull << 20},
    {STR_INIT("GB"), 1ull << 30},
    {STR_INIT("B"), 1},
};

static const struct suffix periods[] = {
    {STR_INIT("/s"), 1000},
    {STR_INIT("/m"), 60000},
    {STR_INIT("/h"), 3600000},
};

static const struct {
    const char *form;
    const struct suffix *suffixes;
    size_t count;
} units[] = {
    [UNIT_COUNT] = {"a whole number such as 8", NULL, 0},
    [UNIT_TIME] = {"a time such as 500ms, 3s or 2m", times, COUNT(times)},
    [UNIT_SIZE] = {"a size such as 64KB, 128MB or 1GB", sizes, COUNT(sizes)},
    [UNIT_CORES] = {"a number of cores such as 1 or 0.5", NULL, 0},
    [UNIT_RATE] = {"a rate such as 50/s or 100/m", periods, COUNT(periods)},
};

const char *unit_form(enum unit unit)
{
    return units[unit].form;
}

bool unit_is_number(enum unit unit)
{
    return units[unit].count == 0;
}

static const struct suffix *find_suffix(enum unit unit, str text)
{
    for (size_t i = 0; i < units[unit].count; i++)
        if (str_ends(text, units[unit].suffixes[i].word))
            return &units[unit].suffixes[i];
    return NULL;
}

/* "1", "0.5", "1.25" in hundredths. */
static bool read_hundredths(str text, uint64_t *ret)
{
    str whole, rest = text;
    uint64_t cores, hundredths = 0;

    if (!str_cut(&rest, '.', &whole) || !str_to_u64(whole, 1000000, &cores))
        return false;
    if (rest.at && (rest.len > 2 || !str_to_u64(rest, 99, &hundredths)))
        return false;
    *ret = cores * 100 + (rest.len == 1 ? hundredths * 10 : hundredths);
    return true;
}

bool unit_read(enum unit unit, str text, uint64_t *ret, uint64_t *per)
{
    const struct suffix *suffix = find_suffix(unit, text);
    uint64_t n;

    if (unit == UNIT_CORES)
        return read_hundredths(text, ret);
    if (units[unit].count && !suffix)
        return false;
    if (!str_to_u64(str_sub(text, 0, text.len - (suffix ? suffix->word.len : 0)), UINT64_MAX,
                    &n))
        return false;
    if (unit == UNIT_RATE)
        *per = suffix->times;
    else if (suffix && __builtin_mul_overflow(n, suffix->times, &n))
        return false;
    *ret = n;
    return true;
}
