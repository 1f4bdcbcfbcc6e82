/*
 * OpenVEX: what somebody found out about flaws, so that they need not be told again.
 *
 * A flaw is suppressed by a statement that it does not affect the package, with one of the five
 * justifications, or that it is fixed there. The newest statement on it decides. What cannot be
 * understood suppresses nothing.
 *
 * https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md
 */
#include "cmd/deps.h"
#include "json/json.h"

enum { VEX_BYTES_MAX = 16 << 20, STATEMENTS_MAX = 10000 };

static const struct json_limits limits = {
    .bytes = VEX_BYTES_MAX, .depth = 32, .nodes = 1 << 20, .repeats = true};

static const char *const justifications[] = {
    "component_not_present",
    "vulnerable_code_not_present",
    "vulnerable_code_not_in_execute_path",
    "vulnerable_code_cannot_be_controlled_by_adversary",
    "inline_mitigations_already_exist",
};

static bool is_justification(str s)
{
    for (size_t i = 0; i < COUNT(justifications); i++)
        if (str_is(s, justifications[i]))
            return true;
    return false;
}

/* ---- reading ---- */

static str text_of(const struct json *v)
{
    return v && v->kind == JSON_STRING ? v->text : STR("");
}

static void judge(struct deps_vex *v)
{
    if (str_is(v->status, "fixed")) {
        v->suppresses = true;
    } else if (str_is(v->status, "not_affected")) {
        v->suppresses = is_justification(v->justification);
        if (!v->suppresses)
            v->fault = "it gives no justification that OpenVEX knows";
    } else if (!str_is(v->status, "affected") && !str_is(v->status, "under_investigation")) {
        v->fault = "its status is none of OpenVEX";
    }
}

static bool read_statement(struct deps *d, const struct json *root,
                           const struct json *statement, str text, struct deps_vex *ret,
                           struct err *e)
{
    const struct json *vulnerability = json_get(statement, STR("vulnerability"));
    struct deps_vex v = {.statement = statement,
                         .status = json_get_str(statement, STR("status")),
                         .justification = json_get_str(statement, STR("justification")),
                         .when = json_get_str(statement, STR("timestamp")),
                         .line = json_place(text, NULL, statement->at, 0).line};

    /* Until 0.2.0 the name stood alone. */
    v.vulnerability = vulnerability && vulnerability->kind == JSON_OBJECT
                          ? json_get_str(vulnerability, STR("name"))
                          : text_of(vulnerability);
    if (!v.vulnerability.len) {
        err_at(e, json_place(text, d->vex_path, statement->at, 1),
               "this statement names no vulnerability");
        return err_fix(e, "give it \"vulnerability\": {\"name\": \"CVE-...\"}");
    }
    if (!v.when.len)
        v.when = json_get_str(root, STR("timestamp"));
    judge(&v);
    *ret = v;
    return true;
}

bool deps_vex_read(struct deps *d, const char *path, struct err *e)
{
    const struct json *list;
    struct json *root;
    str text;

    d->vex_path = path;
    if (!file_read(d->a, path, VEX_BYTES_MAX, &text, e))
        return false;
    if (!json_read(d->a, text, &limits, &root, e)) {
        e->at.file = path;
        return false;
    }
    list = json_get(root, STR("statements"));
    if (!list || list->kind != JSON_ARRAY)
        return err_set(e, ERR_INPUT, "'%s' is not OpenVEX: it has no list 'statements'", path);
    if (list->count > STATEMENTS_MAX)
        return err_set(e, ERR_LIMIT, "'%s' has more than %d statements", path, STATEMENTS_MAX);
    d->vex = arena_array(d->a, list->count + 1, sizeof(*d->vex));
    if (!d->vex)
        return err_limit(e);
    for (uint32_t i = 0; i < list->count; i++)
        if (!read_statement(d, root, &list->items[i], text, &d->vex[d->vex_count++], e))
            return false;
    return true;
}

/* ---- whether a statement is about a package ---- */

/* "%40" to "@" and so on, as far as the qualifiers; what is no escape stays. */
static str plain(struct arena *a, str purl)
{
    str copy = arena_str(a, str_sub(purl, 0, str_find(purl, '?')));
    char *out = (char *)copy.at;
    size_t n = 0;

    for (size_t i = 0; out && i < copy.len; i++) {
        unsigned char c = (unsigned char)copy.at[i];

        if (c == '%' && hex_read(str_sub(copy, i + 1, 2), &c, 1))
            i += 2;
        out[n++] = (char)c;
    }
    return out ? (str){out, n} : STR("");
}

/* A package URL without a version is about all of them. */
static bool is_about(struct arena *a, str id, str name, str full)
{
    str purl = plain(a, id);

    return purl.len && (str_equal(purl, full) || str_equal(purl, name));
}

static bool names(struct arena *a, const struct json *product, str name, str full)
{
    if (is_about(a, text_of(product), name, full) ||
        is_about(a, json_get_str(product, STR("@id")), name, full))
        return true;
    return is_about(a, json_get_str(json_get(product, STR("identifiers")), STR("purl")), name,
                    full);
}

/* With subcomponents the product is what contains them, which is us: they are the packages. */
static bool any_names(struct arena *a, const struct json *list, str name, str full,
                      bool subcomponents)
{
    for (uint32_t i = 0; list && list->kind == JSON_ARRAY && i < list->count; i++) {
        const struct json *product = &list->items[i];
        const struct json *parts = json_get(product, STR("subcomponents"));

        if (subcomponents && parts && parts->kind == JSON_ARRAY && parts->count
                ? any_names(a, parts, name, full, false)
                : names(a, product, name, full))
            return true;
    }
    return false;
}

/* ---- whether it is about a flaw ---- */

static bool is_called(const struct deps *d, const struct advisory *record,
                      const struct advisory_flaw *f, str name)
{
    if (str_equal(name, f->id) || (f->cve.len && str_equal(name, f->cve)))
        return true;
    for (uint32_t i = 0; i < record->alias_count; i++)
        if (str_equal(name, advisory_text(d->advisories, record->aliases, i)))
            return true;
    return false;
}

static bool names_flaw(const struct deps *d, const struct deps_vex *v,
                       const struct advisory *record, const struct advisory_flaw *f)
{
    const struct json *vulnerability = json_get(v->statement, STR("vulnerability"));
    const struct json *aliases = json_get(vulnerability, STR("aliases"));

    if (is_called(d, record, f, v->vulnerability))
        return true;
    for (uint32_t i = 0; aliases && aliases->kind == JSON_ARRAY && i < aliases->count; i++)
        if (is_called(d, record, f, text_of(&aliases->items[i])))
            return true;
    return false;
}

static bool purls_of(struct deps *d, const struct deps_flaw *f, str *name, str *full,
                     struct err *e)
{
    struct lockfile_package p = d->files[f->file].lock.packages[f->package];
    CLEANUP(buf_free) struct buf with = {0};
    CLEANUP(buf_free) struct buf without = {0};

    lockfile_purl(&with, &p);
    p.version = STR("");
    p.source = SOURCE_REGISTRY;
    lockfile_purl(&without, &p);
    *full = plain(d->a, buf_str(&with));
    *name = plain(d->a, buf_str(&without));
    return (full->at && name->at) || err_limit(e);
}

static bool apply(struct deps *d, struct deps_flaw *f, struct err *e)
{
    const struct deps_vex *newest = NULL;
    struct advisory record;
    str name, full;

    if (!advisory_record(d->advisories, f->flaw.record, &record, e) ||
        !purls_of(d, f, &name, &full, e))
        return false;
    for (size_t i = 0; i < d->vex_count; i++) {
        struct deps_vex *v = &d->vex[i];

        if (!names_flaw(d, v, &record, &f->flaw) ||
            !any_names(d->a, json_get(v->statement, STR("products")), name, full, true))
            continue;
        v->fits = true;
        /* Of the same date the later in the file; dates are RFC 3339. */
        if (!newest || str_compare(v->when, newest->when) >= 0)
            newest = v;
    }
    if (newest && newest->suppresses && !f->flaw.malicious) {
        f->vex = newest;
        d->suppressed++;
    }
    return true;
}

bool deps_vex_apply(struct deps *d, struct err *e)
{
    for (size_t i = 0; d->vex_count && i < d->flaw_count; i++)
        if (!apply(d, &d->flaws[i], e))
            return false;
    return true;
}
