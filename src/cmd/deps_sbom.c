/* From lock files to components: what several files name is one, and so is who needs whom. */
#include "cmd/deps_sbom.h"

#include "json/json.h"

#include <stdlib.h>

struct making {
    const struct deps *d;
    struct sbom *s;
    uint32_t *slots; /* component + 1 by the hash of its ref; 0: free */
    size_t slot_count;
    struct err *e;
};

static size_t packages_of(const struct deps *d)
{
    size_t n = 0;

    for (size_t i = 0; i < d->file_count; i++)
        n += d->files[i].lock.count;
    return n;
}

static size_t needs_of(const struct deps *d)
{
    size_t n = 0;

    for (size_t i = 0; i < d->file_count; i++)
        n += d->files[i].lock.need_count;
    return n;
}

static bool make_room(struct making *m)
{
    size_t packages = packages_of(m->d);
    struct arena *a = m->d->a;
    struct sbom *s = m->s;

    for (m->slot_count = 64; m->slot_count < 2 * packages;)
        m->slot_count *= 2;
    m->slots = arena_array(a, m->slot_count, sizeof(*m->slots));
    s->components = arena_array(a, packages + 1, sizeof(*s->components));
    s->places = arena_array(a, packages + 1, sizeof(*s->places));
    s->edges = arena_array(a, needs_of(m->d) + packages + 1, sizeof(*s->edges));
    s->of = arena_array(a, m->d->file_count + 1, sizeof(*s->of));
    return (m->slots && s->components && s->places && s->edges && s->of) || err_limit(m->e);
}

static bool ref_of(struct making *m, const struct lockfile_package *p, str *ref, bool *is_purl)
{
    CLEANUP(buf_free) struct buf b = {0};

    lockfile_purl(&b, p);
    *is_purl = b.len > 0;
    if (!b.len)
        buf_addf(&b, "%.*s/%.*s@%.*s", STR_ARG(p->ecosystem), STR_ARG(p->name),
                 STR_ARG(p->version));
    *ref = arena_str(m->d->a, buf_str(&b));
    return (ref->at && !b.failed) || err_limit(m->e);
}

static bool add_component(struct making *m, const struct lockfile_package *p, uint32_t *ret)
{
    struct sbom *s = m->s;
    struct sbom_component *c;
    bool is_purl;
    size_t slot;
    str ref;

    if (!ref_of(m, p, &ref, &is_purl))
        return false;
    slot = str_hash(ref, 0) & (m->slot_count - 1);
    while (m->slots[slot] && !str_equal(s->components[m->slots[slot] - 1].ref, ref))
        slot = (slot + 1) & (m->slot_count - 1);
    if (!m->slots[slot]) {
        s->components[s->count] =
            (struct sbom_component){.ref = ref, .is_purl = is_purl, .package = p};
        m->slots[slot] = (uint32_t)++s->count;
    }
    *ret = m->slots[slot] - 1;
    c = &s->components[*ret];
    c->used |= !p->dev && !p->optional && !p->peer;
    c->optional |= !p->dev;
    return true;
}

static bool add_file(struct making *m, uint32_t file)
{
    const struct lockfile *f = &m->d->files[file].lock;
    struct sbom *s = m->s;
    uint32_t *of = arena_array(m->d->a, f->count + 1, sizeof(*of));

    if (!of)
        return err_limit(m->e);
    for (uint32_t i = 0; i < f->count; i++) {
        if (!add_component(m, &f->packages[i], &of[i]))
            return false;
        s->places[s->place_count++] = (struct sbom_place){of[i], file, f->packages[i].line};
        if (f->packages[i].direct)
            s->edges[s->edge_count++] = (struct sbom_edge){SBOM_PROJECT, of[i]};
    }
    for (size_t i = 0; i < f->need_count; i++) {
        uint32_t by = f->needs[i].by;

        s->edges[s->edge_count++] =
            (struct sbom_edge){by == LOCKFILE_ROOT ? SBOM_PROJECT : of[by], of[f->needs[i].to]};
    }
    s->of[file] = of;
    return true;
}

static int by_numbers(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int edge_order(const void *a, const void *b)
{
    const struct sbom_edge *x = a, *y = b;

    return x->by != y->by ? by_numbers(x->by, y->by) : by_numbers(x->to, y->to);
}

static int place_order(const void *a, const void *b)
{
    const struct sbom_place *x = a, *y = b;

    if (x->component != y->component)
        return by_numbers(x->component, y->component);
    return x->file != y->file ? by_numbers(x->file, y->file) : by_numbers(x->line, y->line);
}

static void sort(struct sbom *s)
{
    size_t n = 0;

    qsort(s->places, s->place_count, sizeof(*s->places), place_order);
    qsort(s->edges, s->edge_count, sizeof(*s->edges), edge_order);
    for (size_t i = 0; i < s->edge_count; i++)
        if (s->edges[i].by != s->edges[i].to &&
            (!n || edge_order(&s->edges[n - 1], &s->edges[i]) != 0))
            s->edges[n++] = s->edges[i];
    s->edge_count = n;
}

bool sbom_make(const struct deps *d, str name, str created, struct sbom *ret, struct err *e)
{
    struct sbom s = {.name = name, .created = created};
    struct making m = {.d = d, .s = &s, .e = e};

    if (!make_room(&m))
        return false;
    for (uint32_t i = 0; i < d->file_count; i++)
        if (!add_file(&m, i))
            return false;
    sort(&s);
    *ret = s;
    return true;
}

/* ---- small things ---- */

static bool is_hex(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!(s.at[i] >= '0' && s.at[i] <= '9') && !(s.at[i] >= 'a' && s.at[i] <= 'f'))
            return false;
    return s.len > 0;
}

static const struct {
    const char *name, *cyclonedx, *spdx;
    size_t bytes;
} algorithms[] = {{"sha1", "SHA-1", "SHA1", 20},
                  {"sha256", "SHA-256", "SHA256", 32},
                  {"sha384", "SHA-384", "SHA384", 48},
                  {"sha512", "SHA-512", "SHA512", 64}};

static bool from_base64(struct arena *a, str digest, str *hex)
{
    str bytes;
    char *out;

    if (!base64_decode(a, str_sub(digest, 0, str_find(digest, '?')), &bytes))
        return false;
    out = arena_alloc(a, 2 * bytes.len + 1);
    if (!out)
        return false;
    hex_write(out, bytes.at, bytes.len);
    *hex = (str){out, 2 * bytes.len};
    return true;
}

/* Of several ("sha1-... sha512-...") the last, which is the strongest as npm writes them. */
bool sbom_hash(struct arena *a, str hash, struct sbom_hash *ret)
{
    size_t from = hash.len, joint, i = 0;
    str name, digest, hex;

    while (from > 0 && hash.at[from - 1] != ' ')
        from--;
    hash = str_sub(hash, from, hash.len);
    joint = str_find(hash, str_find(hash, ':') < hash.len ? ':' : '-');
    name = str_sub(hash, 0, joint);
    digest = hex = str_sub(hash, joint + 1, hash.len);
    while (i < COUNT(algorithms) && !str_is(name, algorithms[i].name))
        i++;
    if (joint == hash.len || i == COUNT(algorithms) ||
        (hash.at[joint] == '-' && !from_base64(a, digest, &hex)) || !is_hex(hex) ||
        hex.len != 2 * algorithms[i].bytes)
        return false;
    *ret = (struct sbom_hash){algorithms[i].cyclonedx, algorithms[i].spdx, hex};
    return true;
}

uint32_t sbom_component_of(const struct sbom *s, const struct deps_flaw *f)
{
    return s->of[f->file][f->package];
}

static int flaw_order(const void *a, const void *b, void *sbom)
{
    const struct deps_flaw *x = *(const struct deps_flaw *const *)a;
    const struct deps_flaw *y = *(const struct deps_flaw *const *)b;
    int order = str_compare(x->flaw.id, y->flaw.id);

    if (!order)
        order = (x->vex > y->vex) - (x->vex < y->vex);
    return order ? order : by_numbers(sbom_component_of(sbom, x), sbom_component_of(sbom, y));
}

bool sbom_flaws(const struct deps *d, const struct sbom *s, const struct deps_flaw ***ret,
                struct err *e)
{
    const struct deps_flaw **list = arena_array(d->a, d->flaw_count + 1, sizeof(*list));

    if (!list)
        return err_limit(e);
    for (size_t i = 0; i < d->flaw_count; i++)
        list[i] = &d->flaws[i];
    qsort_r(list, d->flaw_count, sizeof(*list), flaw_order, (void *)s);
    *ret = list;
    return true;
}

void sbom_member(struct buf *out, const char *name, str value)
{
    if (!value.len)
        return;
    buf_addf(out, ",\"%s\":", name);
    json_write_str(out, value);
}
