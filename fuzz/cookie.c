/*
 * A Set-Cookie header: what is read and written is read again as the same, and can't split a
 * response.
 */
#include "http/http.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool ok)
{
    if (!ok)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(buf_free) struct buf once = {0};
    CLEANUP(buf_free) struct buf twice = {0};
    struct http_cookie c;
    const char *why = NULL;

    if (!http_read_set_cookie((str){(const char *)data, size}, &c, &why)) {
        expect(why != NULL);
        return 0;
    }
    http_write_set_cookie(&once, &c);
    expect(http_header_valid(STR("Set-Cookie"), buf_str(&once)));
    expect(http_read_set_cookie(buf_str(&once), &c, &why));
    http_write_set_cookie(&twice, &c);
    expect(str_equal(buf_str(&once), buf_str(&twice)));
    return 0;
}
