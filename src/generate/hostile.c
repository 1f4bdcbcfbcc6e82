/*
 * hostile: what attackers send to those who hand a value on: to a database, a shell, a file
 * system, a template, a page, or to a parser of their own.
 */
#include "generate/inside.h"

enum { TRIES = 14, NESTING = 40 };

/* Short ones first: what a schema bounds it bounds by length. */
static const struct {
    const char *kind, *text;
} texts[] = {
    {"SQL", "'"},
    {"SQL", "1' OR '1'='1"},
    {"SQL", "x'; DROP TABLE t; --"},
    {"SQL", "1 UNION SELECT NULL, NULL"},
    {"shell", ";id"},
    {"shell", "$(id)"},
    {"shell", "`id`"},
    {"shell", "a|id"},
    {"shell", "a\nid"},
    {"shell", "-rf"},
    {"shell", "';id;\"$(id)`id`|id&id\n"},
    {"path", "../"},
    {"path", "../../../../etc/passwd"},
    {"path", "/etc/passwd"},
    {"path", "..%2f..%2fetc%2fpasswd"},
    {"path", "a.txt%00.png"},
    {"path", "file:///etc/passwd"},
    {"template", "${7*7}"},
    {"template", "{{7*7}}"},
    {"template", "<%= 7*7 %>"},
    {"template", "#{7*7}"},
    {"script", "<script>alert(1)</script>"},
    {"script", "\"><img src=x onerror=alert(1)>"},
    {"script", "javascript:alert(1)"},
    {"NoSQL", "{\"$ne\": null}"},
    {"NoSQL", "'; return true; var a='"},
    {"LDAP", "*)(uid=*"},
    {"XML", "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><x>&e;</x>"},
    {"format", "%s%n%x"},
    {"header", "a\r\nX-Injected: 1"},
    {"request forgery", "http://169.254.169.254/latest/meta-data/"},
    {"deserialisation", "!!python/object/apply:os.getcwd []"},
    {"pattern", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"},
    {"Unicode", "\xe2\x80\xae"
                "abc"}, /* right to left */
    {"Unicode", "a\xe2\x80\x8b"
                "b"}, /* no width */
    {"Unicode", "\xef\xbc\x87 OR 1=1"}, /* folds to a quote */
    {"Unicode", "\xef\xb7\xba"}, /* one character that grows eighteenfold by NFKC */
    {"Unicode", "I\xcc\x87\xc4\xb1\xc5\xbf"}, /* that change when their case does */
    {"Unicode", "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81"},
    {"empty", ""},
    {"empty", " "},
    {"empty", "null"},
};

static const char *const numbers[] = {
    "0",
    "-0",
    "-1",
    "1e308",
    "-1e308",
    "5e-324",
    "2147483648",
    "-2147483649",
    "9007199254740993",
    "18446744073709551616",
    "99999999999999999999999999",
    "0.1e-6",
    "1.7976931348623157e308",
};

struct attack {
    struct arena *a;
    const struct generate_schema *schema;
    struct generate_random *random;
    const struct json *valid;
    struct generated *ret;
};

static uint32_t below(struct attack *k, uint32_t n)
{
    return generate_below(k->random, n);
}

/* Puts `value` in the n-th place. */
static bool place(struct attack *k, size_t n, const struct json *value, const char *what)
{
    struct json *document = arena_alloc(k->a, sizeof(*document));
    str where = STR("");

    if (!document || !tree_with(k->a, k->valid, n, value, document) ||
        !tree_at(k->a, k->valid, n, &where))
        return false;
    *k->ret = (struct generated){
        .document = document,
        .valid = k->schema->valid(k->schema->self, document),
        .what = what,
        .where = where,
    };
    return true;
}

/* The number of a value of that kind, chosen among all of them; false when there is none. */
static bool find(struct attack *k, enum json_kind kind, size_t *ret)
{
    size_t size = tree_size(k->valid), seen = 0;

    for (size_t i = 0; i < size; i++) {
        str where = STR("");
        const struct json *v = tree_at(k->a, k->valid, i, &where);

        if (v && v->kind == kind && below(k, (uint32_t)++seen) == 0)
            *ret = i;
    }
    return seen > 0;
}

/* ---- attacks ---- */

/* Rather one that the schema lets through. */
static bool attack_text(struct attack *k)
{
    size_t n;

    if (!find(k, JSON_STRING, &n))
        return false;
    for (unsigned i = 0; i < TRIES; i++) {
        uint32_t row = below(k, COUNT(texts));
        struct json value = {.kind = JSON_STRING, .text = str_of(texts[row].text)};

        if (!place(k, n, &value, texts[row].kind))
            return false;
        if (k->ret->valid)
            return true;
    }
    return true;
}

static bool attack_number(struct attack *k)
{
    size_t n;

    if (!find(k, JSON_NUMBER, &n))
        return false;
    for (unsigned i = 0; i < TRIES; i++) {
        struct json value = {.kind = JSON_NUMBER,
                             .text = str_of(numbers[below(k, COUNT(numbers))])};

        if (!place(k, n, &value, "number"))
            return false;
        if (k->ret->valid)
            return true;
    }
    return true;
}

static bool attack_long(struct attack *k)
{
    static const size_t lengths[] = {256, 1024, 4096, 20000};
    size_t n, length = lengths[below(k, COUNT(lengths))];
    struct json value = {.kind = JSON_STRING};
    char *text;

    if (!find(k, JSON_STRING, &n))
        return false;
    text = arena_alloc(k->a, length);
    if (!text)
        return false;
    memset(text, 'A', length);
    value.text = (str){text, length};
    return place(k, n, &value, "length");
}

static bool attack_nesting(struct attack *k)
{
    struct json value = {.kind = JSON_ARRAY};
    size_t size = tree_size(k->valid);

    for (unsigned i = 0; i < NESTING; i++) {
        struct json *inner = arena_alloc(k->a, sizeof(*inner));

        if (!inner)
            return false;
        *inner = value;
        value = (struct json){.kind = JSON_ARRAY, .count = 1, .items = inner};
    }
    return place(k, below(k, (uint32_t)size), &value, "nesting");
}

/* An operator where a text is expected. */
static bool attack_operator(struct attack *k)
{
    static struct json null = {.kind = JSON_NULL};
    struct json_member *member = arena_alloc(k->a, sizeof(*member));
    struct json value = {.kind = JSON_OBJECT, .count = 1, .members = member};
    size_t n;

    if (!member || !find(k, JSON_STRING, &n))
        return false;
    *member = (struct json_member){.name = STR("$ne"), .value = null};
    return place(k, n, &value, "NoSQL");
}

/* A member that changes what all objects have, where names are copied without thought. */
static bool attack_prototype(struct attack *k)
{
    static const str names[] = {STR_INIT("__proto__"), STR_INIT("constructor"),
                                STR_INIT("$where")};
    struct json_member *members;
    const struct json *object;
    struct json value;
    str where = STR("");
    size_t n;

    if (!find(k, JSON_OBJECT, &n))
        return false;
    object = tree_at(k->a, k->valid, n, &where);
    members = arena_array(k->a, object->count + 1, sizeof(*members));
    if (!members)
        return false;
    memcpy(members, object->members, object->count * sizeof(*members));
    members[object->count] = (struct json_member){
        .name = names[below(k, COUNT(names))],
        .value = {.kind = JSON_STRING, .text = STR_INIT("1")},
    };
    value = (struct json){.kind = JSON_OBJECT, .count = object->count + 1, .members = members};
    return place(k, n, &value, "prototype");
}

/* A name twice, which the gate must never let through: readers differ on which counts. */
static bool attack_twice(struct attack *k)
{
    CLEANUP(buf_free) struct buf out = {0};
    struct generated *g = k->ret;

    if (k->valid->kind != JSON_OBJECT || !k->valid->count)
        return false;
    json_write(&out, k->valid);
    out.len -= !out.failed; /* the brace */
    buf_addc(&out, ',');
    json_write_str(&out, k->valid->members[0].name);
    buf_add(&out, STR(":null}"));
    *g = (struct generated){.document = k->valid,
                            .raw = arena_str(k->a, buf_str(&out)),
                            .what = "name twice",
                            .where = STR("")};
    return !out.failed && g->raw.at;
}

/* Text is what most attacks are. */
static bool (*const attacks[])(struct attack *k) = {
    attack_text,     attack_text,      attack_text,    attack_text,   attack_text,
    attack_text,     attack_text,      attack_number,  attack_number, attack_long,
    attack_operator, attack_prototype, attack_nesting, attack_twice,
};

bool hostile_document(struct arena *a, const struct generate_schema *s,
                      struct generate_random *r, const struct json *valid,
                      struct generated *ret)
{
    struct attack k = {.a = a, .schema = s, .random = r, .valid = valid, .ret = ret};
    uint32_t start = generate_below(r, COUNT(attacks));

    for (uint32_t i = 0; i < COUNT(attacks); i++)
        if (attacks[(start + i) % COUNT(attacks)](&k))
            return true;
    return attack_nesting(&k);
}
