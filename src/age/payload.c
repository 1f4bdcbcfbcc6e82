/*
 * payload: STREAM over ChaCha20-Poly1305. Chunks of 64 KB, counted, the last one marked.
 */
#include "age/parts.h"

struct counter {
    uint8_t nonce[AGE_NONCE]; /* 11 bytes of counter, then whether it is the last */
};

static void counter_next(struct counter *c)
{
    for (int i = AGE_NONCE - 2; i >= 0 && ++c->nonce[i] == 0; i--)
        ;
}

struct key {
    uint8_t bytes[AGE_KEY];
};

static void key_wipe(struct key *k)
{
    memory_wipe(k, sizeof(*k));
}

static bool payload_key(const uint8_t file_key[AGE_FILE_KEY], const char *nonce,
                        struct key *ret, struct err *e)
{
    return hkdf((struct bytes){file_key, AGE_FILE_KEY}, (struct bytes){nonce, AGE_STREAM_NONCE},
                STR("payload"), ret->bytes, e);
}

/*
 * Opens one chunk, trying the mark first that its place asks for: the last in the file should be
 * marked as the last. A chunk with the other mark is authentic as well, and is released before
 * the file is refused.
 */
static bool open_chunk(const struct key *key, struct counter *c, str chunk, bool at_end,
                       struct secret *ret, struct err *e)
{
    bool full = chunk.len == AGE_CHUNK + AGE_TAG;

    for (int i = 0; i < (full ? 2 : 1) && !e->code; i++) {
        c->nonce[AGE_NONCE - 1] = at_end != (i == 1);
        if (aead_open(key->bytes, c->nonce, chunk, (uint8_t *)ret->at, e)) {
            ret->len = chunk.len - AGE_TAG;
            return true;
        }
    }
    return false;
}

static enum age_verdict open_chunks(const struct key *key, str rest, struct secret *plain,
                                    const struct age_sink *to, struct err *e)
{
    struct counter c = {{0}};

    for (bool first = true;; first = false) {
        str chunk = str_sub(rest, 0, AGE_CHUNK + AGE_TAG);

        rest = str_sub(rest, chunk.len, rest.len);
        if (!open_chunk(key, &c, chunk, !rest.len, plain, e))
            return e->code ? AGE_FAILED
                           : age_refuse(e, AGE_PAYLOAD, "the payload is damaged or cut");
        if (!plain->len && !first)
            return age_refuse(e, AGE_PAYLOAD, "the payload ends with an empty chunk");
        if (plain->len && !to->write(to->self, secret_str(plain), e))
            return AGE_FAILED;
        if (c.nonce[AGE_NONCE - 1])
            return rest.len
                       ? age_refuse(e, AGE_PAYLOAD, "something follows the end of the payload")
                       : AGE_OK;
        if (!rest.len)
            return age_refuse(e, AGE_PAYLOAD, "the payload is cut");
        counter_next(&c);
    }
}

enum age_verdict payload_open(const uint8_t file_key[AGE_FILE_KEY], str nonce_and_payload,
                              const struct age_sink *to, struct err *e)
{
    CLEANUP(key_wipe) struct key key;
    CLEANUP(secret_free) struct secret plain = {0};
    str payload = str_sub(nonce_and_payload, AGE_STREAM_NONCE, nonce_and_payload.len);

    if (nonce_and_payload.len < AGE_STREAM_NONCE)
        return age_refuse(e, AGE_HEADER, "the file is cut within its nonce");
    if (!payload_key(file_key, nonce_and_payload.at, &key, e) ||
        !secret_new(payload.len < AGE_CHUNK ? payload.len : AGE_CHUNK, &plain, e))
        return AGE_FAILED;
    return open_chunks(&key, payload, &plain, to, e);
}

static bool seal_chunk(const struct key *key, const struct counter *c, str chunk,
                       struct buf *ret, struct err *e)
{
    uint8_t *to = (uint8_t *)buf_reserve(ret, chunk.len + AGE_TAG);

    if (!to)
        return err_limit(e);
    if (!aead_seal(key->bytes, c->nonce, chunk, to, e))
        return false;
    ret->len += chunk.len + AGE_TAG;
    return true;
}

bool payload_seal(const uint8_t file_key[AGE_FILE_KEY], str plain, struct buf *ret,
                  struct err *e)
{
    CLEANUP(key_wipe) struct key key;
    char nonce[AGE_STREAM_NONCE];
    struct counter c = {{0}};

    random_bytes(nonce, sizeof(nonce));
    buf_add(ret, (str){nonce, sizeof(nonce)});
    if (!payload_key(file_key, nonce, &key, e))
        return false;
    while (plain.len > AGE_CHUNK) {
        if (!seal_chunk(&key, &c, str_sub(plain, 0, AGE_CHUNK), ret, e))
            return false;
        plain = str_sub(plain, AGE_CHUNK, plain.len);
        counter_next(&c);
    }
    c.nonce[AGE_NONCE - 1] = 1;
    return seal_chunk(&key, &c, plain, ret, e);
}
