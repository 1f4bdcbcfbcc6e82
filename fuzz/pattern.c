/* A pattern, a newline, and a text for it. */
#include "pattern/pattern.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str text = {(const char *)data, size}, first;
    uint64_t work = 50000000;
    struct err e = {0};
    struct pattern *p;
    enum pattern_verdict verdict;

    if (!str_cut(&text, '\n', &first))
        return 0;
    if (!pattern_compile(first, &p, &e)) {
        if (!e.code || !e.what[0])
            abort();
        return 0;
    }
    verdict = pattern_match(p, text, &work);
    /* Whatever the first time left behind changes nothing. */
    work = 50000000;
    if (pattern_match(p, text, &work) != verdict)
        abort();
    pattern_free(p);
    return 0;
}
