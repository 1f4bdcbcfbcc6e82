/*
 * A record's payload taken out of what it is packed in, and packed again.
 */
#include "event/parts.h"

#include <openssl/evp.h>

void event_md5(str text, char ret[33])
{
    unsigned char digest[16] = {0};

    /* Not for safety: it is SQS's own check that a message is whole. */
    EVP_Digest(text.at, text.len, digest, NULL, EVP_md5(), NULL);
    hex_write(ret, digest, sizeof(digest));
    ret[32] = 0;
}

/* ---- opening ---- */

static bool no_text(struct err *e, const char *const path[2])
{
    return err_set(e, ERR_INPUT, "the record has no %s%s%s that is text", path[0],
                   path[1] ? "." : "", path[1] ? path[1] : "");
}

bool event_read_bytes(struct arena *a, struct event_text *t, struct err *e)
{
    CLEANUP(buf_free) struct buf encoded = {.max = 2 * json_limits_event.bytes};

    if (str_is_utf8(t->text))
        return event_text(a, t->text, &t->value, &t->is_json, e);
    base64_encode(&encoded, t->text);
    t->value = event_string(arena_str(a, buf_str(&encoded)));
    t->is_bytes = true;
    return !encoded.failed && t->value.text.at ? true : err_limit(e);
}

bool event_open_text(struct arena *a, const struct json *in, const char *const path[2],
                     bool base64, struct event_record *ret, struct err *e)
{
    const struct json *v = event_at(in, path, 2);
    struct event_text t = {.path = {path[0], path[1]}, .base64 = base64};

    if (!v || v->kind != JSON_STRING)
        return no_text(e, path);
    t.text = v->text;
    if (base64 && !base64_decode(a, v->text, &t.text))
        return err_set(e, ERR_INPUT, "the payload is not base64");
    if (!event_read_bytes(a, &t, e))
        return false;
    ret->texts[ret->text_count++] = t;
    return true;
}

static bool set_payload(struct arena *a, struct event_record *r, struct json payload,
                        struct err *e)
{
    struct json *one = arena_array(a, 1, sizeof(*one));

    if (!one)
        return err_limit(e);
    *one = payload;
    r->payloads = one;
    r->count = 1;
    return true;
}

static bool open_plain(struct arena *a, const char *name, struct event_record *r, struct err *e)
{
    const struct json *v = json_get(r->record, str_of(name));

    if (!v)
        return err_set(e, ERR_INPUT, "the record has no %s", name);
    r->where = EVENT_AT_MEMBER;
    r->member = name;
    return set_payload(a, r, *v, e);
}

static bool check_digest(const struct parts *p, const struct event_record *r, struct err *e)
{
    str said = p->digest ? json_get_str(r->record, str_of(p->digest)) : STR("");
    char digest[33];

    if (!said.len)
        return true;
    event_md5(r->texts[0].text, digest);
    return str_is(said, digest) ||
           err_set(e, ERR_INPUT, "%s is not the digest of the body", p->digest);
}

static bool is_absent(const struct parts *p, const struct json *record)
{
    const struct json *v = event_at(record, p->payload, COUNT(p->payload));

    return p->optional && (!v || v->kind == JSON_NULL);
}

/* What is at the top of the innermost text, where nothing else has been said. */
static bool take_payload(struct arena *a, struct event_record *r, struct err *e)
{
    const struct event_text *t = r->text_count ? &r->texts[r->text_count - 1] : NULL;

    if (r->payloads || r->is_test)
        return true;
    if (t && t->is_bytes)
        r->where = EVENT_DERIVED;
    return set_payload(a, r, t ? t->value : *r->record, e);
}

static bool open_payload(struct arena *a, const struct parts *p,
                         const struct event_unwrap *unwrap, struct event_record *r,
                         struct err *e)
{
    if (is_absent(p, r->record)) {
        r->where = EVENT_DERIVED;
        return set_payload(a, r, (struct json){.kind = JSON_NULL}, e);
    }
    if (p->plain)
        return open_plain(a, p->payload[0], r, e);
    return event_open_text(a, r->record, p->payload, p->base64, r, e) &&
           check_digest(p, r, e) && (!p->wrapped || event_open_layers(a, unwrap, r, e)) &&
           take_payload(a, r, e);
}

/* CloudWatch Logs asks so whether somebody is there. */
static bool is_control(const struct event_batch *b)
{
    return b->kind == EVENT_LOGS &&
           str_is(json_get_str(b->holder, STR("messageType")), "CONTROL_MESSAGE");
}

bool event_record_open(struct arena *a, const struct event_batch *b, size_t i,
                       const struct event_unwrap *unwrap, struct event_record *ret,
                       struct err *e)
{
    const struct parts *p = event_parts(b->kind);
    struct event_record r = {.record = b->records[i]};

    r.is_test = is_control(b);
    if (r.is_test) {
        r.where = EVENT_DERIVED;
    } else if (p->open) {
        if (!p->open(a, r.record, &r, e) || (r.text_count && !take_payload(a, &r, e)))
            return false;
    } else if (p->payload[0]) {
        if (!open_payload(a, p, unwrap, &r, e))
            return false;
    } else if (!take_payload(a, &r, e)) {
        return false;
    }
    *ret = r;
    return true;
}

/* ---- closing ---- */

static bool cannot_change(struct err *e)
{
    return err_set(e, ERR_INPUT, "the cleaned payload cannot be put back where it was");
}

static bool is_same(struct arena *a, const struct json *one, const struct json *other,
                    bool *same, struct err *e)
{
    str left, right;

    *same = one == other;
    if (*same)
        return true;
    if (!event_written(a, one, &left, e) || !event_written(a, other, &right, e))
        return false;
    *same = str_equal(left, right);
    return true;
}

static bool are_same(struct arena *a, const struct event_record *r, const struct json *payloads,
                     struct err *e)
{
    bool same;

    for (uint32_t i = 0; i < r->count; i++)
        if (!is_same(a, &r->payloads[i], &payloads[i], &same, e) ||
            (!same && !cannot_change(e)))
            return false;
    return true;
}

bool event_text_of(struct arena *a, const struct event_text *t, const struct json *value,
                   str *ret, struct err *e)
{
    CLEANUP(buf_free) struct buf encoded = {.max = json_limits_event.bytes};
    struct json ignored;
    bool is_json = t->is_json;
    str text = value->text;

    if (!t->is_json && value->kind != JSON_STRING)
        return cannot_change(e);
    if (t->is_bytes) {
        if (!str_equal(text, t->value.text))
            return cannot_change(e);
        *ret = t->base64 ? t->value.text : t->text;
        return true;
    }
    if (t->is_json ? !event_written(a, value, &text, e)
                   : !str_equal(text, t->text) && !event_text(a, text, &ignored, &is_json, e))
        return false;
    if (is_json != t->is_json)
        return err_set(e, ERR_INPUT, "the cleaned text would be read as JSON");
    if (t->base64) {
        base64_encode(&encoded, text);
        text = arena_str(a, buf_str(&encoded));
    } else if (!t->is_json) {
        text = arena_str(a, text);
    }
    *ret = text;
    return text.at && !encoded.failed ? true : err_limit(e);
}

static bool put_text(struct arena *a, const struct json *in, const char *const path[2],
                     str text, struct json *ret, struct err *e)
{
    struct json inner;

    if (!path[1])
        return event_replace(a, in, path[0], event_string(text), ret, e);
    return event_replace(a, json_get(in, str_of(path[0])), path[1], event_string(text), &inner,
                         e) &&
           event_replace(a, in, path[0], inner, ret, e);
}

/* The value of the innermost text, or the record where there is none, with the payloads. */
static bool put_payloads(struct arena *a, const struct event_record *r,
                         const struct json *payloads, struct json *ret, struct err *e)
{
    const struct json *inner = r->text_count ? &r->texts[r->text_count - 1].value : r->record;

    if (r->where == EVENT_AT_MEMBER)
        return event_replace(a, inner, r->member, payloads[0], ret, e);
    if (r->where == EVENT_DERIVED && !are_same(a, r, payloads, e))
        return false;
    *ret = r->where == EVENT_AT_TOP && r->count ? payloads[0] : *inner;
    return true;
}

static bool close_aggregate(struct arena *a, const struct event_record *r,
                            const struct json *payloads, struct json *ret, struct err *e)
{
    CLEANUP(buf_free) struct buf encoded = {.max = 2 * json_limits_event.bytes};
    str bytes, text;

    if (!event_aggregate_close(a, r->texts[0].text, payloads, &bytes, e))
        return false;
    base64_encode(&encoded, bytes);
    text = arena_str(a, buf_str(&encoded));
    if (encoded.failed || !text.at)
        return err_limit(e);
    return put_text(a, r->record, r->texts[0].path, text, ret, e);
}

bool event_record_close(struct arena *a, const struct event_batch *b,
                        const struct event_record *r, const struct json *payloads,
                        struct json *ret, struct err *e)
{
    const struct parts *p = event_parts(b->kind);
    struct json v;
    str text = {NULL, 0};
    char digest[33];

    if (r->where == EVENT_AGGREGATED)
        return close_aggregate(a, r, payloads, ret, e);
    if (!put_payloads(a, r, payloads, &v, e))
        return false;
    for (unsigned i = r->text_count; i--;) {
        const struct json *in = i ? &r->texts[i - 1].value : r->record;

        if (!event_text_of(a, &r->texts[i], &v, &text, e) ||
            !put_text(a, in, r->texts[i].path, text, &v, e))
            return false;
    }
    if (p->digest && json_get_str(&v, str_of(p->digest)).len) {
        event_md5(text, digest);
        if (!event_replace(a, &v, p->digest, event_string(arena_str(a, (str){digest, 32})), &v,
                           e))
            return false;
    }
    *ret = v;
    return true;
}
