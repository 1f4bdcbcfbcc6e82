/*
 * Several user records in one record of Kinesis, as its Producer Library packs them: four bytes,
 * a Protocol Buffers message, and the MD5 of that.
 *
 *     message AggregatedRecord { repeated string partition_key_table = 1;
 *                                repeated string explicit_hash_key_table = 2;
 *                                repeated Record records = 3; }
 *     message Record { required uint64 partition_key_index = 1;
 *                      optional uint64 explicit_hash_key_index = 2;
 *                      required bytes data = 3; repeated Tag tags = 4; }
 *
 * Each one's data is a payload. Everything else is put back as it came.
 */
#include "event/parts.h"

#include <openssl/evp.h>

enum { DIGEST = 16, RECORDS = 3, DATA = 3, USER_RECORDS_MAX = 10000 };
enum wire { VARINT, FIXED_64, BYTES, FIXED_32 = 5 };

static const str magic = STR_INIT("\xf3\x89\x9a\xc2");

/* ---- Protocol Buffers ---- */

struct field {
    uint64_t number;
    str whole; /* with its number and length */
    str value; /* of BYTES */
    bool is_bytes;
};

static bool damaged(struct err *e)
{
    return err_set(e, ERR_INPUT, "the aggregate of the Kinesis Producer Library is damaged");
}

static bool take_varint(str *rest, uint64_t *ret)
{
    uint64_t value = 0;

    for (size_t i = 0; i < rest->len && i < 10; i++) {
        value |= (uint64_t)((unsigned char)rest->at[i] & 0x7f) << (7 * i);
        if ((unsigned char)rest->at[i] < 0x80) {
            *rest = str_sub(*rest, i + 1, rest->len);
            *ret = value;
            return true;
        }
    }
    return false;
}

/* The length of what follows a field's number. */
static bool take_length(str *rest, unsigned wire, uint64_t *ret)
{
    str after = *rest;

    switch (wire) {
    case VARINT:
        if (!take_varint(&after, ret))
            return false;
        *ret = rest->len - after.len;
        return true;
    case FIXED_64:
    case FIXED_32:
        *ret = wire == FIXED_64 ? 8 : 4;
        return true;
    case BYTES:
        return take_varint(rest, ret);
    default:
        return false;
    }
}

static bool take_field(str *message, struct field *ret, struct err *e)
{
    str rest = *message;
    uint64_t key, length;

    if (!take_varint(&rest, &key) || !take_length(&rest, key & 7, &length) || length > rest.len)
        return damaged(e);
    ret->number = key >> 3;
    ret->is_bytes = (key & 7) == BYTES;
    ret->value = str_sub(rest, 0, (size_t)length);
    rest = str_sub(rest, (size_t)length, rest.len);
    ret->whole = str_sub(*message, 0, message->len - rest.len);
    *message = rest;
    return true;
}

static void put_varint(struct buf *out, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        buf_addc(out, (char)(value | 0x80));
    buf_addc(out, (char)value);
}

static void put_bytes(struct buf *out, uint64_t number, str bytes)
{
    put_varint(out, number << 3 | BYTES);
    put_varint(out, bytes.len);
    buf_add(out, bytes);
}

/* ---- opening ---- */

static void digest_of(str message, unsigned char ret[DIGEST])
{
    memset(ret, 0, DIGEST);
    EVP_Digest(message.at, message.len, ret, NULL, EVP_md5(), NULL);
}

bool event_aggregate_is(str bytes)
{
    return str_starts(bytes, magic);
}

static bool message_of(str bytes, str *ret, struct err *e)
{
    unsigned char digest[DIGEST];

    if (bytes.len < magic.len + DIGEST)
        return damaged(e);
    *ret = str_sub(bytes, magic.len, bytes.len - magic.len - DIGEST);
    digest_of(*ret, digest);
    return memcmp(digest, bytes.at + bytes.len - DIGEST, DIGEST) == 0 || damaged(e);
}

/* The data of a user record; the last one counts, as Protocol Buffers have it, so there may be
 * no other. */
static bool data_of(str record, str *ret, struct err *e)
{
    struct field f;
    bool found = false;

    while (record.len) {
        if (!take_field(&record, &f, e))
            return false;
        if (f.number != DATA)
            continue;
        if (!f.is_bytes || found)
            return damaged(e);
        *ret = f.value;
        found = true;
    }
    return found || damaged(e);
}

static bool count_records(str message, uint32_t *ret, struct err *e)
{
    struct field f;

    *ret = 0;
    while (message.len) {
        if (!take_field(&message, &f, e))
            return false;
        if (f.number == RECORDS && !f.is_bytes)
            return damaged(e);
        *ret += f.number == RECORDS;
    }
    return *ret <= USER_RECORDS_MAX ||
           err_set(e, ERR_LIMIT, "the aggregate has %u records, more than %d", *ret,
                   USER_RECORDS_MAX);
}

bool event_aggregate_open(struct arena *a, str bytes, struct event_record *ret, struct err *e)
{
    struct json *payloads;
    uint32_t count, n = 0;
    struct field f;
    str message;

    if (!message_of(bytes, &message, e) || !count_records(message, &count, e))
        return false;
    payloads = arena_array(a, count, sizeof(*payloads));
    if (!payloads)
        return err_limit(e);
    while (message.len) {
        struct event_text t = {0};

        if (!take_field(&message, &f, e))
            return false;
        if (f.number != RECORDS)
            continue;
        if (!data_of(f.value, &t.text, e) || !event_read_bytes(a, &t, e))
            return false;
        payloads[n++] = t.value;
    }
    ret->where = EVENT_AGGREGATED;
    ret->payloads = payloads;
    ret->count = count;
    return true;
}

/* ---- closing ---- */

static bool put_record(struct arena *a, str record, const struct json *payload, struct buf *out,
                       struct err *e)
{
    struct event_text t = {0};
    struct field f;
    str text;

    if (!data_of(record, &t.text, e) || !event_read_bytes(a, &t, e) ||
        !event_text_of(a, &t, payload, &text, e))
        return false;
    while (record.len) {
        if (!take_field(&record, &f, e))
            return false;
        if (f.number == DATA)
            put_bytes(out, DATA, text);
        else
            buf_add(out, f.whole);
    }
    return true;
}

bool event_aggregate_close(struct arena *a, str bytes, const struct json *payloads, str *ret,
                           struct err *e)
{
    CLEANUP(buf_free) struct buf out = {.max = 2 * json_limits_event.bytes};
    CLEANUP(buf_free) struct buf record = {.max = json_limits_event.bytes};
    unsigned char digest[DIGEST];
    struct field f;
    str message;

    if (!message_of(bytes, &message, e))
        return false;
    buf_add(&out, magic);
    while (message.len) {
        if (!take_field(&message, &f, e))
            return false;
        if (f.number != RECORDS) {
            buf_add(&out, f.whole);
            continue;
        }
        buf_clear(&record);
        if (!put_record(a, f.value, payloads++, &record, e))
            return false;
        out.failed |= record.failed;
        put_bytes(&out, RECORDS, buf_str(&record));
    }
    digest_of(str_sub(buf_str(&out), magic.len, out.len), digest);
    buf_add(&out, (str){(const char *)digest, DIGEST});
    *ret = arena_str(a, buf_str(&out));
    return !out.failed && ret->at ? true : err_limit(e);
}
