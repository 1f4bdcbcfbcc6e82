/*
 * gzip (RFC 1952), for CloudWatch Logs: what is unpacked is bounded, what comes from strangers.
 */
#include "event/tree.h"

#define ZLIB_CONST
#include <zlib.h>

enum { GZIP_ONLY = 16 }; /* added to the window's size: a gzip header, and no other */

static void inflate_closep(z_stream *z)
{
    inflateEnd(z);
}

static void deflate_closep(z_stream *z)
{
    deflateEnd(z);
}

bool event_gunzip(struct arena *a, str packed, size_t max, str *ret, struct err *e)
{
    CLEANUP(inflate_closep) z_stream z = {0};
    CLEANUP(buf_free) struct buf out = {.max = max};
    int state = Z_OK;
    str text;

    if (inflateInit2(&z, MAX_WBITS + GZIP_ONLY) != Z_OK)
        return err_limit(e);
    z.next_in = (const Bytef *)packed.at;
    z.avail_in = (uInt)packed.len;
    while (state == Z_OK) {
        enum { STEP = 64 << 10 };
        size_t room = max - out.len < STEP ? max - out.len : STEP;

        z.next_out = room ? (Bytef *)buf_reserve(&out, room) : NULL;
        if (!z.next_out)
            return err_set(e, ERR_LIMIT, "the data unpacks to more than %zu bytes", max);
        z.avail_out = (uInt)room;
        state = inflate(&z, Z_NO_FLUSH);
        out.len += room - z.avail_out;
    }
    if (state != Z_STREAM_END || z.avail_in)
        return err_set(e, ERR_INPUT, "the data is not gzip");
    text = arena_str(a, buf_str(&out));
    if (!text.at)
        return err_limit(e);
    *ret = text;
    return true;
}

bool event_gzip(struct arena *a, str bytes, str *ret, struct err *e)
{
    CLEANUP(deflate_closep) z_stream z = {0};
    size_t room;
    char *out;

    if (deflateInit2(&z, Z_BEST_SPEED, Z_DEFLATED, MAX_WBITS + GZIP_ONLY, 8,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        return err_limit(e);
    room = deflateBound(&z, (uLong)bytes.len);
    out = arena_alloc(a, room);
    if (!out)
        return err_limit(e);
    z.next_in = (const Bytef *)bytes.at;
    z.avail_in = (uInt)bytes.len;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)room;
    if (deflate(&z, Z_FINISH) != Z_STREAM_END)
        return err_limit(e);
    *ret = (str){out, room - z.avail_out};
    return true;
}
