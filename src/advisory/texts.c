/* Rows that grow, and texts that are there once. */
#include "advisory/compiler.h"

#include <stdlib.h>

enum { ROWS_FIRST = 256, TEXTS_FIRST = 4096 };
static const size_t ROWS_BYTES_MAX = (size_t)1 << 31;

void *rows_add(struct advisory_compiler *c, struct rows *r, size_t size)
{
    char *grown;

    r->size = size;
    if (r->count == r->capacity) {
        size_t capacity = r->capacity ? 2 * r->capacity : ROWS_FIRST;

        grown = capacity > ROWS_BYTES_MAX / size ? NULL : realloc(r->at, capacity * size);
        if (!grown) {
            c->failed = true;
            return NULL;
        }
        r->at = grown;
        r->capacity = capacity;
    }
    return memset(r->at + size * r->count++, 0, size);
}

static str text_read(str bytes, uint32_t at)
{
    uint16_t len;

    memcpy(&len, bytes.at + at, sizeof(len));
    return str_sub(bytes, at + sizeof(len), len);
}

str text_at(const struct advisory_compiler *c, uint32_t text)
{
    return text_read(buf_str(&c->texts.bytes), text);
}

static size_t slot_of(const struct texts *t, str s)
{
    size_t slot = str_hash(s, 0) & (t->capacity - 1);

    while (t->slots[slot] && !str_equal(text_read(buf_str(&t->bytes), t->slots[slot] - 1), s))
        slot = (slot + 1) & (t->capacity - 1);
    return slot;
}

static bool grow(struct texts *t)
{
    struct texts larger = *t;

    larger.capacity = t->capacity ? 2 * t->capacity : TEXTS_FIRST;
    larger.slots = calloc(larger.capacity, sizeof(*larger.slots));
    if (!larger.slots)
        return false;
    for (size_t i = 0; i < t->capacity; i++)
        if (t->slots[i])
            larger.slots[slot_of(&larger, text_read(buf_str(&t->bytes), t->slots[i] - 1))] =
                t->slots[i];
    free(t->slots);
    *t = larger;
    return true;
}

/* What is printed shall not move a cursor: control characters become blanks. */
static str plain(str s, char *room)
{
    bool same = true;

    for (size_t i = 0; i < s.len; i++) {
        bool control = (unsigned char)s.at[i] < 0x20 || s.at[i] == 0x7f;

        room[i] = control ? ' ' : s.at[i];
        same = same && !control;
    }
    return same ? s : (str){room, s.len};
}

uint32_t text_add(struct advisory_compiler *c, str s)
{
    struct texts *t = &c->texts;
    char room[TEXT_MAX];
    uint16_t len;
    size_t slot;

    s = plain(str_utf8_cut(s, TEXT_MAX), room);
    len = (uint16_t)s.len;
    if (2 * t->count >= t->capacity && !grow(t)) {
        c->failed = true;
        return 0;
    }
    slot = slot_of(t, s);
    if (!t->slots[slot]) {
        t->slots[slot] = (uint32_t)t->bytes.len + 1;
        buf_add(&t->bytes, (str){(const char *)&len, sizeof(len)});
        buf_add(&t->bytes, s);
        t->count++;
        c->failed |= t->bytes.failed;
    }
    return t->bytes.failed ? 0 : t->slots[slot] - 1;
}
