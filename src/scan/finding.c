/* Lists of findings. */
#include "scan/scan.h"

#include <stdlib.h>

static const char *const severities[] = {
    [SEVERITY_INFO] = "info", [SEVERITY_LOW] = "low",           [SEVERITY_MEDIUM] = "medium",
    [SEVERITY_HIGH] = "high", [SEVERITY_CRITICAL] = "critical",
};

static const char *const confidences[] = {"low", "medium", "high"};

const char *severity_name(enum severity s)
{
    return severities[s];
}

const char *confidence_name(enum confidence c)
{
    return confidences[c];
}

bool severity_named(str name, enum severity *ret)
{
    for (size_t i = 0; i < COUNT(severities); i++) {
        if (!str_is(name, severities[i]))
            continue;
        *ret = (enum severity)i;
        return true;
    }
    return false;
}

struct findings findings_new(struct arena *a, size_t max)
{
    return (struct findings){.arena = a, .max = max};
}

static void append(struct findings *f, struct finding *added)
{
    if (!f->end)
        f->end = &f->first;
    *f->end = added;
    f->end = &added->next;
    f->count++;
}

struct finding *finding_add(struct findings *f, const struct rule *rule, struct place at,
                            const char *format, ...)
{
    struct finding *added;
    char message[512];
    va_list args;

    if (f->count >= f->max) {
        f->dropped++;
        return NULL;
    }
    va_start(args, format);
    vsnprintf(message, sizeof(message), format, args);
    va_end(args);
    added = arena_alloc(f->arena, sizeof(*added));
    if (!added) {
        f->failed = true;
        return NULL;
    }
    *added = (struct finding){
        .rule = rule,
        .severity = rule->severity,
        .message = arena_str(f->arena, str_of(message)),
        .at = at,
        .where = STR(""),
        .fix = STR(""),
    };
    if (!added->message.at) {
        f->failed = true;
        return NULL;
    }
    append(f, added);
    return added;
}

void finding_relate(struct findings *f, struct finding *to, struct place at,
                    const char *message)
{
    struct related *r = to ? arena_alloc(f->arena, sizeof(*r)) : NULL;

    if (!r) {
        f->failed |= to != NULL;
        return;
    }
    *r = (struct related){.at = at, .message = str_of(message), .next = to->related};
    to->related = r;
}

static int order(unsigned a, unsigned b)
{
    return (a > b) - (a < b);
}

static int by_place(const void *left, const void *right)
{
    const struct finding *a = *(const struct finding *const *)left;
    const struct finding *b = *(const struct finding *const *)right;
    int by = str_compare(str_of(a->at.file), str_of(b->at.file));

    if (!by)
        by = order(a->at.line, b->at.line);
    if (!by)
        by = order(a->at.column, b->at.column);
    if (!by)
        by = strcmp(a->rule->id, b->rule->id);
    return by ? by : str_compare(a->message, b->message);
}

bool findings_sort(struct findings *f)
{
    struct finding **list = arena_array(f->arena, f->count + 1, sizeof(struct finding *));
    size_t n = 0;

    if (!list)
        return false;
    for (struct finding *i = f->first; i; i = i->next)
        list[n++] = i;
    qsort(list, n, sizeof(struct finding *), by_place);
    f->first = NULL;
    f->end = NULL;
    f->count = 0;
    for (size_t i = 0; i < n; i++) {
        list[i]->next = NULL;
        if (i == 0 || by_place((const void *)&list[i - 1], (const void *)&list[i]) != 0)
            append(f, list[i]);
    }
    return true;
}
