/* A line in is a JSON string; a line out is the HTML that the rule makes of it, likewise. */
#include "clean/clean.h"

static const char rules[] =
    "{\"html\": {\"elements\": [\"a\", \"b\", \"blockquote\", \"br\", \"code\", \"dd\", \"div\", "
    "\"dl\", \"dt\", \"em\", \"figure\", \"h1\", \"h2\", \"hr\", \"i\", \"img\", \"li\", \"ol\", "
    "\"p\", \"pre\", \"q\", \"span\", \"table\", \"ul\"], \"attributes\": [\"href\", \"src\", \"alt\", "
    "\"title\", \"class\", \"dir\", \"cite\"]}}";

static bool read_json(struct arena *a, str text, struct json **ret)
{
    struct json_limits limits = json_limits_event;
    struct err e = {0};

    limits.bytes = text.len;
    return json_read(a, text, &limits, ret, &e);
}

static bool clean_line(const struct clean *c, str line)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    CLEANUP(buf_free) struct buf out = {0};
    struct clean_outcome o;
    struct json *v;

    if (!read_json(a, line, &v) || v->kind != JSON_STRING || !clean_text(c, a, v->text, &o))
        return false;
    json_write_str(&out, o.text);
    printf("%.*s\n", STR_ARG(buf_str(&out)));
    return true;
}

int main(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    const struct json *at;
    struct json *source;
    struct clean *c;
    struct err e = {0};
    str text, line;

    if (!read_json(a, STR(rules), &source) || !clean_read(a, source, &c, &at, &e) ||
        !fd_read_all(a, 0, 32 << 20, &text, &e))
        return 2;
    while (str_cut(&text, '\n', &line))
        if (line.len && !clean_line(c, line))
            return 1;
    return 0;
}
