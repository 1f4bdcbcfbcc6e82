/*
 * Lists of cleaning rules: the first three bytes choose up to three rules, the rest is the text.
 * What comes out must be clean under the same rules.
 */
#include "clean.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static str rules_of(struct arena *a, const uint8_t *data)
{
    str list = STR("");
    size_t known = 0;

    while (clean_rules[known].name)
        known++;
    for (size_t i = 0; i < 3; i++) {
        size_t at = data[i] % (known + 1);

        if (at == known)
            continue;
        list = arena_format(a, "%.*s%s\"%s\"", STR_ARG(list), list.len ? "," : "",
                            clean_rules[at].name);
    }
    return arena_format(a, "[%.*s]", STR_ARG(list));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct clean *c;
    str out;

    if (size < 3)
        return 0;
    c = read_rules(a, rules_of(a, data));
    if (c && clean_twice(c, a, (str){(const char *)data + 3, size - 3}, &out))
        demand(out.len <= 16 * size + 1024);
    return 0;
}
