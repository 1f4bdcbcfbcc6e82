/* The compiled file's bytes. */
#include "advisory/compiler.h"

#include <openssl/evp.h>
#include <stdlib.h>

uint32_t package_hash(str ecosystem, str name)
{
    uint32_t h = 2166136261;

    for (size_t i = 0; i < ecosystem.len; i++)
        h = (h ^ (unsigned char)ecosystem.at[i]) * 16777619;
    h *= 16777619; /* the NUL between them */
    for (size_t i = 0; i < name.len; i++)
        h = (h ^ (unsigned char)name.at[i]) * 16777619;
    return h;
}

void file_digest(str bytes, unsigned char digest[DIGEST_SIZE])
{
    static const unsigned char none[DIGEST_SIZE];
    const size_t at = offsetof(struct file_head, digest);
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    if (!context || EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1 ||
        EVP_DigestUpdate(context, bytes.at, at) != 1 ||
        EVP_DigestUpdate(context, none, sizeof(none)) != 1 ||
        EVP_DigestUpdate(context, bytes.at + at + DIGEST_SIZE, bytes.len - at - DIGEST_SIZE) !=
            1 ||
        EVP_DigestFinal_ex(context, digest, NULL) != 1)
        abort();
    EVP_MD_CTX_free(context);
}

/* ---- packages, each with what records say of it ---- */

struct packages {
    struct named *names; /* sorted; those of kept records only */
    size_t name_count;
    struct package_row *rows;
    struct affected_row *affected;
    uint32_t *slots;
    size_t count, slot_count;
};

static void packages_free(struct packages *p)
{
    free(p->names);
    free(p->rows);
    free(p->affected);
    free(p->slots);
}

static int order_names(const void *a, const void *b)
{
    const struct named *x = a, *y = b;

    if (x->ecosystem != y->ecosystem)
        return x->ecosystem < y->ecosystem ? -1 : 1;
    if (x->name != y->name)
        return x->name < y->name ? -1 : 1;
    return (x->affected > y->affected) - (x->affected < y->affected);
}

static void keep_names(struct advisory_compiler *c, const struct merged *m, struct packages *p)
{
    const struct named *all = (const struct named *)c->names.at;
    const struct affected_row *affected = (const struct affected_row *)c->affected.at;

    for (size_t i = 0; i < c->names.count; i++)
        if (m->place[affected[all[i].affected].record] != NOT_KEPT)
            p->names[p->name_count++] = all[i];
    qsort(p->names, p->name_count, sizeof(*p->names), order_names);
}

static void fill_rows(struct advisory_compiler *c, const struct merged *m, struct packages *p)
{
    const struct affected_row *all = (const struct affected_row *)c->affected.at;

    for (size_t i = 0; i < p->name_count; i++) {
        const struct named *n = &p->names[i];

        if (!i || n->ecosystem != n[-1].ecosystem || n->name != n[-1].name)
            p->rows[p->count++] = (struct package_row){n->ecosystem, n->name, (uint32_t)i, 0};
        p->rows[p->count - 1].affected_count++;
        p->affected[i] = all[n->affected];
        p->affected[i].record = m->place[all[n->affected].record];
    }
}

static void fill_slots(struct advisory_compiler *c, struct packages *p)
{
    for (size_t i = 0; i < p->count; i++) {
        size_t slot =
            package_hash(text_at(c, p->rows[i].ecosystem), text_at(c, p->rows[i].name)) &
            (p->slot_count - 1);

        while (p->slots[slot])
            slot = (slot + 1) & (p->slot_count - 1);
        p->slots[slot] = (uint32_t)i + 1;
    }
}

static bool packages_make(struct advisory_compiler *c, const struct merged *m,
                          struct packages *ret)
{
    size_t most = c->names.count + 1;
    struct packages p = {.names = calloc(most, sizeof(*p.names)),
                         .rows = calloc(most, sizeof(*p.rows)),
                         .affected = calloc(most, sizeof(*p.affected))};
    bool ok = p.names && p.rows && p.affected;

    if (ok) {
        keep_names(c, m, &p);
        fill_rows(c, m, &p);
        for (p.slot_count = 16; p.slot_count < 2 * p.count;)
            p.slot_count *= 2;
        p.slots = calloc(p.slot_count, sizeof(*p.slots));
        ok = p.slots;
    }
    if (ok)
        fill_slots(c, &p);
    *ret = p;
    return ok;
}

/* ---- the file ---- */

static struct span add_span(struct buf *out, const void *rows, size_t count, size_t size)
{
    struct span s;

    while (out->len % 8)
        buf_addc(out, '\0');
    s = (struct span){(uint32_t)out->len, (uint32_t)count};
    buf_add(out, (str){rows, count * size});
    return s;
}

static struct span add_rows(struct buf *out, const struct rows *r, size_t size)
{
    return add_span(out, r->at, r->count, size);
}

static uint32_t newest(struct advisory_compiler *c, const struct merged *m)
{
    uint32_t text = 0;

    for (uint32_t i = 0; i < m->count; i++)
        if (str_compare(text_at(c, m->records[i].modified), text_at(c, text)) > 0)
            text = m->records[i].modified;
    return text;
}

static void write_file(struct advisory_compiler *c, const struct merged *m,
                       const struct packages *p, uint64_t wall_ms, struct buf *out)
{
    struct file_head head = {.magic = FILE_MAGIC,
                             .order = FILE_ORDER,
                             .version = FILE_VERSION,
                             .built_ms = wall_ms,
                             .newest = newest(c, m),
                             .package_count = (uint32_t)p->count};

    add_span(out, &head, 1, sizeof(head));
    head.slots = add_span(out, p->slots, p->slot_count, sizeof(*p->slots));
    head.packages = add_span(out, p->rows, p->count, sizeof(*p->rows));
    head.affected = add_span(out, p->affected, p->name_count, sizeof(*p->affected));
    head.ranges = add_rows(out, &c->ranges, sizeof(struct range_row));
    head.events = add_rows(out, &c->events, sizeof(struct event_row));
    head.lists = add_rows(out, &c->lists, sizeof(uint32_t));
    head.records = add_span(out, m->records, m->count, sizeof(*m->records));
    head.texts = add_span(out, c->texts.bytes.at, c->texts.bytes.len, 1);
    if (out->failed)
        return;
    head.size = out->len;
    memcpy(out->at, &head, sizeof(head));
    file_digest(buf_str(out), head.digest);
    memcpy(out->at, &head, sizeof(head));
}

bool advisory_write(struct advisory_compiler *c, uint64_t wall_ms, struct buf *ret,
                    struct advisory_counts *counts, struct err *e)
{
    struct packages p = {0};
    struct merged m;
    bool ok;

    if (c->failed)
        return err_limit(e);
    if (!records_merge(c, &m, e))
        return false;
    ok = packages_make(c, &m, &p);
    if (ok)
        write_file(c, &m, &p, wall_ms, ret);
    *counts = (struct advisory_counts){.records = m.count,
                                       .withdrawn = m.withdrawn,
                                       .packages = p.count,
                                       .exploited = m.exploited,
                                       .scored = m.scored};
    merged_free(&m);
    packages_free(&p);
    return (ok && !ret->failed) || err_limit(e);
}
