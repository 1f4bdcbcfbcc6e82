/* The name of a format, a newline, and a text for it. */
#include "format/format.h"

#include <stdlib.h>

/* What is narrower must not take what is wider refuses. */
static const struct {
    const char *narrow, *wide;
} pairs[] = {
    {"uri", "uri-reference"},
    {"iri", "iri-reference"},
    {"uri", "iri"},
    {"email", "idn-email"},
    {"uri-reference", "iri-reference"},
    {"int8", "int16"},
    {"int16", "int32"},
    {"int32", "int64"},
    {"uint8", "int16"},
    {"uint16", "uint32"},
    {"uint32", "uint64"},
    {"int64", "float"},
    {"float", "double"},
};

static bool holds(const char *name, str text)
{
    return format_holds(format_find(str_of(name)), text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str text = {(const char *)data, size}, name;
    const struct format *f;

    if (!str_cut(&text, '\n', &name))
        return 0;
    f = format_find(name);
    if (f && format_holds(f, text) != format_holds(f, text))
        abort();
    for (size_t i = 0; i < COUNT(pairs); i++)
        if (holds(pairs[i].narrow, text) && !holds(pairs[i].wide, text))
            abort();
    return 0;
}
