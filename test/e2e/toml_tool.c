/* Documents, each behind its length and a newline, in; the tree of each as a line of JSON out, or
 * "error" and what is wrong. Numbers are objects {"number": TEXT}. */
#include "toml/toml.h"

#include <stdlib.h>

static void mark_numbers(struct arena *a, struct json *v)
{
    struct json_member *m;

    if (v->kind == JSON_OBJECT)
        for (uint32_t i = 0; i < v->count; i++)
            mark_numbers(a, &v->members[i].value);
    if (v->kind == JSON_ARRAY)
        for (uint32_t i = 0; i < v->count; i++)
            mark_numbers(a, &v->items[i]);
    if (v->kind != JSON_NUMBER)
        return;
    m = arena_alloc(a, sizeof(*m));
    if (!m)
        exit(3);
    *m = (struct json_member){.name = STR("number"),
                              .value = {.kind = JSON_STRING, .text = v->text}};
    *v = (struct json){.kind = JSON_OBJECT, .count = 1, .members = m};
}

int main(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new((size_t)1 << 30);
    CLEANUP(buf_free) struct buf out = {.max = (size_t)1 << 30};
    size_t size;

    while (scanf("%zu", &size) == 1 && getchar() == '\n') {
        char *text = malloc(size + 1);
        struct err e = {0};
        struct json *v;

        if (!text || fread(text, 1, size, stdin) != size)
            return 2;
        if (toml_read(a, (str){text, size}, &v, &e)) {
            mark_numbers(a, v);
            json_write(&out, v);
        } else {
            buf_addf(&out, "error %u:%u ", e.at.line, e.at.column);
            json_write_str(&out, str_of(e.what));
        }
        buf_addc(&out, '\n');
        fwrite(out.at, 1, out.len, stdout);
        buf_clear(&out);
        arena_reset(a);
        free(text);
    }
    return 0;
}
