/* The compiled file, read where it lies. Nothing in it is believed until it was looked at. */
#include "advisory/open.h"

static bool span_fits(const struct advisories *db, const struct span *s, size_t row)
{
    return s->at % 8 == 0 && s->at <= db->bytes.len &&
           s->count <= (db->bytes.len - s->at) / row;
}

static bool spans_fit(const struct advisories *db)
{
    const struct file_head *h = db->head;

    return span_fits(db, &h->slots, sizeof(uint32_t)) && h->slots.count &&
           !(h->slots.count & (h->slots.count - 1)) &&
           span_fits(db, &h->packages, sizeof(struct package_row)) &&
           span_fits(db, &h->affected, sizeof(struct affected_row)) &&
           span_fits(db, &h->ranges, sizeof(struct range_row)) &&
           span_fits(db, &h->events, sizeof(struct event_row)) &&
           span_fits(db, &h->lists, sizeof(uint32_t)) &&
           span_fits(db, &h->records, sizeof(struct record_row)) && span_fits(db, &h->texts, 1);
}

bool damaged(struct err *e)
{
    err_set(e, ERR_INPUT, "the file of advisories is damaged");
    return err_fix(e, "import the advisories again");
}

bool advisory_open(str bytes, struct advisories *ret, struct err *e)
{
    struct advisories db = {bytes, (const struct file_head *)(const void *)bytes.at};

    if (bytes.len < sizeof(*db.head) ||
        memcmp(db.head->magic, FILE_MAGIC, sizeof(FILE_MAGIC)) != 0)
        return err_set(e, ERR_INPUT, "this is not a file of advisories");
    if (db.head->order != FILE_ORDER || db.head->version != FILE_VERSION) {
        err_set(e, ERR_INPUT, "the file of advisories is of another version of fnward");
        return err_fix(e, "import the advisories again");
    }
    if (db.head->size != bytes.len || !spans_fit(&db))
        return damaged(e);
    *ret = db;
    return true;
}

bool advisory_verify(const struct advisories *db, struct err *e)
{
    unsigned char digest[DIGEST_SIZE];

    file_digest(db->bytes, digest);
    return memcmp(digest, db->head->digest, sizeof(digest)) == 0 || damaged(e);
}

const void *row_at(const struct advisories *db, const struct span *s, uint32_t i, size_t size)
{
    return i < s->count ? db->bytes.at + s->at + (size_t)i * size : NULL;
}

bool run_fits(const struct span *s, uint32_t first, uint32_t count)
{
    return first <= s->count && count <= s->count - first;
}

str text_in(const struct advisories *db, uint32_t text)
{
    const struct span *s = &db->head->texts;
    uint16_t len;

    if (s->count < sizeof(len) || text > s->count - sizeof(len))
        return STR("");
    memcpy(&len, db->bytes.at + s->at + text, sizeof(len));
    if (len > s->count - sizeof(len) - text)
        return STR("");
    return (str){db->bytes.at + s->at + text + sizeof(len), len};
}

str advisory_text(const struct advisories *db, uint32_t list, uint32_t i)
{
    const uint32_t *text =
        list + i < list ? NULL : row_at(db, &db->head->lists, list + i, sizeof(*text));

    return text ? text_in(db, *text) : STR("");
}

uint64_t advisory_built_ms(const struct advisories *db)
{
    return db->head->built_ms;
}

str advisory_newest(const struct advisories *db)
{
    return text_in(db, db->head->newest);
}

size_t advisory_count(const struct advisories *db)
{
    return db->head->records.count;
}

size_t advisory_package_count(const struct advisories *db)
{
    return db->head->package_count;
}

bool advisory_record(const struct advisories *db, uint32_t record, struct advisory *ret,
                     struct err *e)
{
    const struct record_row *r = row_at(db, &db->head->records, record, sizeof(*r));
    struct advisory a;

    if (!r)
        return damaged(e);
    a = (struct advisory){
        .id = text_in(db, r->id),
        .summary = text_in(db, r->summary),
        .published = text_in(db, r->published),
        .modified = text_in(db, r->modified),
        .word = text_in(db, r->word),
        .aliases = r->aliases,
        .alias_count = r->alias_count,
        .cwes = r->cwes,
        .cwe_count = r->cwe_count,
        .malicious = r->flags & RECORD_MALICIOUS,
        .exploited = text_in(db, r->exploited),
        .epss = r->epss ? (r->epss - 1) / 1e6 : -1,
    };
    for (size_t i = 0; i < ADVISORY_VECTORS; i++)
        a.vectors[i] = text_in(db, r->vectors[i]);
    if (!run_fits(&db->head->lists, r->aliases, r->alias_count) ||
        !run_fits(&db->head->lists, r->cwes, r->cwe_count))
        return damaged(e);
    *ret = a;
    return true;
}
