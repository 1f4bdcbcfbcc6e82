/*
 * Answers for the scripts beside it, which ask others the same. Each line of the input is a
 * JSON array: ["pattern", "loose" or "format", the pattern or the format's name, a text]. Each line of
 * the output is one of: holds, fails, undecided, refused (no pattern, no such format).
 */
#include "format/format.h"
#include "json/json.h"
#include "pattern/pattern.h"

static const struct json_limits limits = {.bytes = 1 << 20, .depth = 3, .nodes = 10};

/* The last pattern stays: scripts ask it many texts, one after another. */
struct judge {
    struct arena *a;
    str text;
    bool loose;
    struct pattern *pattern;
};

static const char *judge_pattern(struct judge *j, bool loose, str pattern, str text)
{
    static const char *const words[] = {
        [PATTERN_FAILS] = "fails",
        [PATTERN_HOLDS] = "holds",
        [PATTERN_UNDECIDED] = "undecided",
    };
    uint64_t work = 1000000000;
    struct err e = {0};

    if (!j->text.at || !str_equal(j->text, pattern) || j->loose != loose) {
        pattern_free(j->pattern);
        arena_reset(j->a);
        j->pattern = NULL;
        j->loose = loose;
        j->text = arena_str(j->a, pattern);
        if (!(loose ? pattern_compile_loose : pattern_compile)(pattern, &j->pattern, &e))
            return "refused";
    }
    return j->pattern ? words[pattern_match(j->pattern, text, &work)] : "refused";
}

static const char *judge_format(str name, str text)
{
    const struct format *f = format_find(name);

    if (!f)
        return "refused";
    return format_holds(f, text) ? "holds" : "fails";
}

static const char *judge_line(struct judge *j, const struct json *v)
{
    if (v->kind != JSON_ARRAY || v->count != 3)
        return "no question";
    if (!str_is(v->items[0].text, "format"))
        return judge_pattern(j, str_is(v->items[0].text, "loose"), v->items[1].text,
                             v->items[2].text);
    return judge_format(v->items[1].text, v->items[2].text);
}

int main(void)
{
    CLEANUP(arena_freep) struct arena *all = arena_new((size_t)512 << 20);
    CLEANUP(arena_freep) struct arena *one = arena_new(0);
    struct judge j = {.a = arena_new(0)};
    struct err e = {0};
    str rest, line;

    if (!fd_read_all(all, 0, (size_t)200 << 20, &rest, &e)) {
        fprintf(stderr, "%s\n", e.what);
        return 2;
    }
    while (str_cut(&rest, '\n', &line)) {
        struct json *v;

        if (!line.len)
            continue;
        puts(json_read(one, line, &limits, &v, &e) ? judge_line(&j, v) : "no JSON");
        e = (struct err){0};
        arena_reset(one);
    }
    pattern_free(j.pattern);
    arena_free(j.a);
    return 0;
}
