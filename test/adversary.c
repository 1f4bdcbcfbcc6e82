#include "adversary.h"

#include "json/json.h"
#include "schema/schema.h"

#include <time.h>

enum { RUNS = 3 };

/* As for events, but for the size of those that are made to be large. */
static const struct json_limits limits = {.bytes = 1 << 26, .depth = 64, .nodes = 4000000};
static const struct json_limits schema_limits = {
    .bytes = 1 << 26, .depth = 1000, .nodes = 4000000};
static const size_t MEMORY = (size_t)1 << 30;

/* What stands for nothing in a row is NULL. */
#define TEXT(text)                                                                             \
    {                                                                                          \
        .head = (text)                                                                         \
    }

const struct adversary adversaries[] = {
    /* Constants by the thousand. */
    {"an enum of 2,000 numbers, asked 100,000 times",
     REFUSED,
     {"{\"items\":{\"enum\":[", "%,", 2000, "\"x\"]}}", NULL, NULL},
     {"[", "1999.0,", 100000, "2000]", NULL, NULL}},
    {"an enum of 2,000 objects, asked 20,000 times",
     REFUSED,
     {"{\"items\":{\"enum\":[", "{\"kind\":\"a\",\"id\":%},", 2000, "0]}}", NULL, NULL},
     {"[", "{\"kind\":\"a\",\"id\":1999},", 20000, "{\"kind\":\"a\",\"id\":2000}]", NULL,
      NULL}},

    /* Patterns that explode. */
    {"^(a+)+$ against 35 characters",
     REFUSED,
     TEXT("{\"pattern\":\"^(a+)+$\"}"),
     {"\"", "a", 34, "!\"", NULL, NULL}},
    {"^(a+)+$ against 1 MB",
     REFUSED,
     TEXT("{\"pattern\":\"^(a+)+$\"}"),
     {"\"", "a", 1000000, "!\"", NULL, NULL}},
    {"^(a+)+$ against 1 MB that matches",
     ACCEPTED,
     TEXT("{\"pattern\":\"^(a+)+$\"}"),
     {"\"", "a", 1000000, "\"", NULL, NULL}},
    {"^(a+)+$ against 25,000 texts of 35 characters",
     REFUSED,
     TEXT("{\"items\":{\"anyOf\":[{\"pattern\":\"^(a+)+$\"},{\"minLength\":35}]}}"),
     {"[", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\",", 25000, "\"!\"]", NULL, NULL}},
    {"^([a-zA-Z0-9]+\\s?)*$ against 41 characters",
     REFUSED,
     TEXT("{\"pattern\":\"^([a-zA-Z0-9]+\\\\s?)*$\"}"),
     {"\"", "a", 40, "!\"", NULL, NULL}},
    {"^([a-zA-Z0-9]+\\s?)*$ against 1 MB",
     REFUSED,
     TEXT("{\"pattern\":\"^([a-zA-Z0-9]+\\\\s?)*$\"}"),
     {"\"", "a", 1000000, "!\"", NULL, NULL}},
    {"(.*)*=(.*)*x against 20 KB",
     REFUSED,
     TEXT("{\"pattern\":\"(.*)*=(.*)*x\"}"),
     {"\"", "=", 20000, "\"", NULL, NULL}},
    {"(.*)*=(.*)*x against 1 MB",
     REFUSED,
     TEXT("{\"pattern\":\"(.*)*=(.*)*x\"}"),
     {"\"", "=", 1000000, "\"", NULL, NULL}},
    {"^([a-z]|[0-9])*$ against 10,000 characters",
     ACCEPTED,
     TEXT("{\"pattern\":\"^([a-z]|[0-9])*$\"}"),
     {"\"", "a7", 5000, "\"", NULL, NULL}},
    {"^([a-z]|[0-9])*$ against 1 MB",
     ACCEPTED,
     TEXT("{\"pattern\":\"^([a-z]|[0-9])*$\"}"),
     {"\"", "a7", 500000, "\"", NULL, NULL}},
    {"not ^([a-z]|[0-9])*$ against 10,000 characters",
     REFUSED,
     TEXT("{\"not\":{\"pattern\":\"^([a-z]|[0-9])*$\"}}"),
     {"\"", "a7", 5000, "\"", NULL, NULL}},
    {"not (x+x+)+y against 20 KB that match",
     REFUSED,
     TEXT("{\"not\":{\"pattern\":\"^(x+x+)+y\"}}"),
     {"\"", "x", 20000, "y\"", NULL, NULL}},
    {"not not (x+x+)+y against 20 KB that do not match",
     REFUSED,
     TEXT("{\"not\":{\"not\":{\"pattern\":\"^(x+x+)+y\"}}}"),
     {"\"", "x", 20000, "\"", NULL, NULL}},

    /* What is compared with everything else. */
    {"uniqueItems, 20,000 objects",
     ACCEPTED,
     TEXT("{\"uniqueItems\":true}"),
     {"[", "{\"id\":%,\"name\":\"a\",\"tags\":[1,2]},", 20000, "0]", NULL, NULL}},
    {"uniqueItems, 20,000 objects and one again in another order",
     REFUSED,
     TEXT("{\"uniqueItems\":true}"),
     {"[", "{\"id\":%,\"name\":\"a\",\"tags\":[1,2]},", 20000,
      "{\"tags\":[1.0,2],\"name\":\"\\u0061\",\"id\":1e1}]", NULL, NULL}},
    {"uniqueItems, 30,000 strings of 200 bytes that begin alike",
     ACCEPTED,
     TEXT("{\"uniqueItems\":true}"),
     {"[",
      "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@\",",
      30000, "0]", NULL, NULL}},
    {"uniqueItems, 200,000 numbers",
     ACCEPTED,
     TEXT("{\"uniqueItems\":true}"),
     {"[", "%.50,", 200000, "0]", NULL, NULL}},
    {"uniqueItems, 200,000 numbers and one again in other words",
     REFUSED,
     TEXT("{\"uniqueItems\":true}"),
     {"[", "%.50,", 200000, "1005e-1]", NULL, NULL}},
    {"closed object of 2,000 names of 40 bytes, alike at both ends",
     ACCEPTED,
     {"{\"additionalProperties\":false,\"properties\":{",
      "\"aaaaaaaaaaaaaaaa@aaaaaaaaaaaaaaaa\":{\"type\":\"integer\"},", 2000, "\"z\":true}}",
      NULL, NULL},
     {"{", "\"aaaaaaaaaaaaaaaa@aaaaaaaaaaaaaaaa\":%,", 2000, "\"z\":0}", NULL, NULL}},
    {"the same and one that is not known",
     REFUSED,
     {"{\"additionalProperties\":false,\"properties\":{",
      "\"aaaaaaaaaaaaaaaa@aaaaaaaaaaaaaaaa\":{\"type\":\"integer\"},", 2000, "\"z\":true}}",
      NULL, NULL},
     {"{", "\"aaaaaaaaaaaaaaaa@aaaaaaaaaaaaaaaa\":%,", 2001, "\"z\":0}", NULL, NULL}},
    {"required, 2,000 names of an object of as many",
     ACCEPTED,
     {"{\"required\":[", "\"aaaaaaaaaaaaaaaa@aaaaaaaaaaaaaaaa\",", 2000, "\"z\"]}", NULL, NULL},
     {"{", "\"aaaaaaaaaaaaaaaa@aaaaaaaaaaaaaaaa\":%,", 2000, "\"z\":0}", NULL, NULL}},
    {"additionalProperties, 100,000 members",
     ACCEPTED,
     TEXT("{\"additionalProperties\":{\"type\":\"integer\"}}"),
     {"{", "\"name%\":%,", 100000, "\"z\":0}", NULL, NULL}},
    {"an enum of 20,000 strings, asked 50,000 times",
     ACCEPTED,
     {"{\"items\":{\"enum\":[", "\"word-@\",", 20000, "0]}}", NULL, NULL},
     {"[", "\"word-00019999\",", 50000, "0]", NULL, NULL}},

    /* What two readers may understand differently. */
    {"a name twice, user and admin", UNREADABLE,
     TEXT("{\"properties\":{\"role\":{\"const\":\"user\"}}}"),
     TEXT("{\"role\":\"user\",\"role\":\"admin\"}")},
    {"a name twice, admin and user", UNREADABLE,
     TEXT("{\"properties\":{\"role\":{\"const\":\"user\"}}}"),
     TEXT("{\"role\":\"admin\",\"role\":\"user\"}")},
    {"a name twice, once escaped", UNREADABLE, TEXT("true"),
     TEXT("{\"role\":\"user\",\"r\\u006fle\":\"admin\"}")},
    {"half a surrogate pair", UNREADABLE, TEXT("{\"type\":\"string\"}"), TEXT("\"\\ud800\"")},
    {"half a surrogate pair in a name", UNREADABLE, TEXT("true"), TEXT("{\"\\udfff\":1}")},
    {"100,000 arrays in one another, recursive schema",
     UNREADABLE,
     TEXT("{\"items\":{\"$ref\":\"#\"}}"),
     {NULL, "[", 100000, NULL, "]", NULL}},
    {"__proto__ in an open object", ACCEPTED, TEXT("{\"properties\":{\"a\":{}}}"),
     TEXT("{\"__proto__\":{\"a\":1},\"constructor\":1}")},
    {"__proto__ in a closed object", REFUSED,
     TEXT("{\"properties\":{\"a\":{}},\"additionalProperties\":false}"),
     TEXT("{\"__proto__\":{}}")},
    {"__proto__ with a schema", REFUSED,
     TEXT("{\"properties\":{\"__proto__\":{\"type\":\"string\"}}}"), TEXT("{\"__proto__\":1}")},
    {"what every JavaScript object has is not there", REFUSED,
     TEXT("{\"required\":[\"toString\"]}"), TEXT("{}")},

    /* Numbers. */
    {"19.99 is a multiple of 0.01", ACCEPTED, TEXT("{\"multipleOf\":0.01}"), TEXT("19.99")},
    {"100,000 multiples of 0.01",
     ACCEPTED,
     TEXT("{\"items\":{\"multipleOf\":0.01}}"),
     {"[", "%.07,", 100000, "1.1]", NULL, NULL}},
    {"1e400 is a number", ACCEPTED, TEXT("{\"type\":\"integer\",\"minimum\":1e399}"),
     TEXT("1e400")},
    {"1e400 is past 1e308", REFUSED, TEXT("{\"maximum\":1e308}"), TEXT("1e400")},
    {"1e9999999 is past 1e400", REFUSED, TEXT("{\"maximum\":1e400}"), TEXT("1e9999999")},
    {"1e9999999 and 1e9999998 differ", ACCEPTED, TEXT("{\"uniqueItems\":true}"),
     TEXT("[1e9999999,1e9999998]")},
    {"1e9999999 is no multiple of 7, 100,000 times",
     REFUSED,
     TEXT("{\"items\":{\"not\":{\"multipleOf\":7}},\"contains\":{\"const\":0}}"),
     {"[", "1e9999999,", 100000, "1]", NULL, NULL}},
    {"an integer of 1 MB",
     ACCEPTED,
     TEXT("{\"type\":\"integer\",\"minimum\":1e308}"),
     {NULL, "7", 1000000, NULL, NULL, NULL}},
    {"an integer of 1 MB is a multiple of 7",
     ACCEPTED,
     TEXT("{\"multipleOf\":7}"),
     {NULL, "7", 1000000, NULL, NULL, NULL}},
    {"two integers of 500 KB that differ at their end",
     ACCEPTED,
     TEXT("{\"uniqueItems\":true}"),
     {"[7", "7", 500000, ",7", "7", "0]"}},

    /* Text. */
    {"minLength counts code points, 1 MB",
     ACCEPTED,
     TEXT("{\"minLength\":500000,\"maxLength\":500000}"),
     {"\"", "\xc3\xa9", 500000, "\"", NULL, NULL}},
    {"maxLength counts code points, 1 MB",
     REFUSED,
     TEXT("{\"maxLength\":249999}"),
     {"\"", "\xf0\x9f\x98\x80", 250000, "\"", NULL, NULL}},
    {"200,000 escapes",
     ACCEPTED,
     TEXT("{\"minLength\":200000,\"maxLength\":200000}"),
     {"\"", "\\ud83d\\ude00", 200000, "\"", NULL, NULL}},
    {"propertyNames with a pattern, 50,000 members",
     ACCEPTED,
     TEXT("{\"propertyNames\":{\"pattern\":\"^([a-z]|[0-9]|-)+$\"}}"),
     {"{", "\"some-name-@\":%,", 50000, "\"z\":0}", NULL, NULL}},
    {"20 patternProperties, 20,000 members",
     REFUSED,
     {"{\"additionalProperties\":false,\"patternProperties\":{",
      "\"-%$\":{\"type\":\"integer\"},", 20, "\"^x-[0-9]+$\":{\"type\":\"integer\"}}}", NULL,
      NULL},
     {"{", "\"x-@\":%,", 20000, "\"z\":0}", NULL, NULL}},

    /* Schemas that multiply what a document costs. */
    {"1,000 branches of allOf over 20,000 members",
     REFUSED,
     {"{\"allOf\":[", "{\"properties\":{\"name%\":{\"type\":\"integer\"}}},", 1000,
      "{\"required\":[\"nothing\"]}]}", NULL, NULL},
     {"{", "\"name%\":%,", 20000, "\"z\":0}", NULL, NULL}},
    {"anyOf in anyOf, 30 levels, 20,000 items",
     ACCEPTED,
     {"{\"items\":", "{\"anyOf\":[{\"const\":\"%\"},", 30, "{\"type\":\"object\"}", "]}", "}"},
     {"[", "{\"a\":\"text of some length, and more of it\"},", 20000, "{}]", NULL, NULL}},
    {"oneOf of 50 kinds of object, 10,000 items of the last",
     ACCEPTED,
     {"{\"items\":{\"oneOf\":[",
      "{\"properties\":{\"kind\":{\"const\":\"k%\"}},\"required\":[\"kind\"]},", 50,
      "{\"type\":\"null\"}]}}", NULL, NULL},
     {"[",
      "{\"id\":%,\"note\":\"a text that fills the item up to about a hundred bytes, as"
      " they do\",\"kind\":\"k49\"},",
      10000, "{\"kind\":\"k0\"}]", NULL, NULL}},
    {"a chain of 150 $ref, 50,000 items",
     ACCEPTED,
     {"{\"items\":{\"$ref\":\"#/$defs/d0\"},\"$defs\":{", "\"d%\":{\"$ref\":\"#/$defs/d&\"},",
      150, "\"d150\":{\"type\":[\"string\",\"integer\"]}}}", NULL, NULL},
     {"[", "\"a text of 20 bytes.\",", 50000, "0]", NULL, NULL}},
    {"contains, 300,000 items of which the last is meant",
     ACCEPTED,
     TEXT("{\"contains\":{\"const\":1}}"),
     {"[", "0,", 300000, "1]", NULL, NULL}},
    {"maxContains, 300,000 items of which all are meant",
     REFUSED,
     TEXT("{\"contains\":{\"type\":\"integer\"},\"maxContains\":300000}"),
     {"[", "0,", 300000, "1]", NULL, NULL}},
    {"a constant of 20,000 members",
     ACCEPTED,
     {"{\"const\":{", "\"name@\":%,", 20000, "\"z\":1.0}}", NULL, NULL},
     {"{\"z\":1,", "\"name@\":%,", 19999, "\"name00019999\":19999}", NULL, NULL}},
    {"if and then, 100,000 items",
     REFUSED,
     TEXT("{\"items\":{\"if\":{\"required\":[\"a\"]},\"then\":{\"required\":[\"b\"]}}}"),
     {"[", "{\"b\":1,\"a\":%},", 100000, "{\"a\":1}]", NULL, NULL}},
    {"$dynamicRef, a tree of 20,000 nodes",
     REFUSED,
     TEXT(
         "{\"$id\":\"https://example.org/strict\",\"$dynamicAnchor\":\"node\",\"$ref\":\"tree\","
         "\"unevaluatedProperties\":false,\"$defs\":{\"tree\":{\"$id\":\"tree\",\"$dynamicAnchor\":"
         "\"node\",\"properties\":{\"data\":true,\"children\":{\"items\":{\"$dynamicRef\":\"#node\"}}}}}}"),
     {"{\"children\":[", "{\"data\":\"some text of a node\",\"children\":[]},", 20000,
      "{\"daat\":1}]}", NULL, NULL}},
    {"unevaluatedProperties over 100 branches, 5,000 objects",
     REFUSED,
     {"{\"items\":{\"unevaluatedProperties\":false,\"allOf\":[",
      "{\"properties\":{\"n%\":{\"type\":\"integer\"}}},", 100,
      "{\"properties\":{\"text\":{\"type\":\"string\"}}}]}}", NULL, NULL},
     {"[",
      "{\"n0\":1,\"n50\":2,\"n99\":3,\"text\":\"fills the object up to about a hundred bytes, and"
      " then some more of it\"},",
      5000, "{\"n100\":1}]", NULL, NULL}},
    {"unevaluatedProperties over anyOf of 50, an object of 20,000 members",
     ACCEPTED,
     {"{\"unevaluatedProperties\":false,\"anyOf\":[",
      "{\"patternProperties\":{\"^n[0-9]*%$\":{\"type\":\"integer\"}}},", 10,
      "{\"required\":[\"nothing\"]}]}", NULL, NULL},
     {"{", "\"n%\":1,", 20000, "\"n00\":0}", NULL, NULL}},
    {"unevaluatedItems beside contains, 200,000 items",
     REFUSED,
     TEXT("{\"contains\":{\"type\":\"integer\"},\"unevaluatedItems\":{\"type\":\"string\"}}"),
     {"[", "0,\"a\",", 100000, "null]", NULL, NULL}},
    {"$ref to itself in every member, 60 levels, twice asked for at each",
     REFUSED,
     TEXT(
         "{\"allOf\":[{\"properties\":{\"a\":{\"$ref\":\"#\"}}},{\"properties\":{\"a\":{\"$ref\":\"#\"}}}],"
         "\"not\":{\"const\":1}}"),
     {NULL, "{\"a\":", 60, "1", "}", NULL}},
    {"not in not, 60 levels of a document",
     REFUSED,
     TEXT("{\"not\":{\"not\":{\"items\":{\"$ref\":\"#\"},\"type\":\"array\"}}}"),
     {NULL, "[", 60, "0", "]", NULL}},
    {"dependentSchemas, 200 of them, 20,000 members",
     REFUSED,
     {"{\"dependentSchemas\":{", "\"n%\":{\"required\":[\"m%\"]},", 200, "\"z\":false}}", NULL,
      NULL},
     {"{\"z\":1,", "\"m%\":1,\"n%\":2,", 20000, "\"y\":0}", NULL, NULL}},

    /* Formats of long texts. */
    {"format date-time, 1 MB of it",
     ACCEPTED,
     TEXT("{\"format\":\"date-time\"}"),
     {"\"2026-01-31T12:34:56.", "1", 1000000, "Z\"", NULL, NULL}},
    {"format email, 1 MB of nearly that",
     REFUSED,
     TEXT("{\"format\":\"email\"}"),
     {"\"a", "a", 1000000, "@example.org\"", NULL, NULL}},
    {"format hostname, 1 MB of nearly that",
     REFUSED,
     TEXT("{\"format\":\"hostname\"}"),
     {"\"a", "a.", 500000, "a\"", NULL, NULL}},
    {"format idn-hostname, 1 MB of nearly that",
     REFUSED,
     TEXT("{\"format\":\"idn-hostname\"}"),
     {"\"\xc3\xbc", "\xc3\xbc.", 333333, "a\"", NULL, NULL}},
    {"format uri, 1 MB of it",
     ACCEPTED,
     TEXT("{\"format\":\"uri\"}"),
     {"\"https://example.org/", "a/", 500000, "?q\"", NULL, NULL}},
    {"format iri, 1 MB of it",
     ACCEPTED,
     TEXT("{\"format\":\"iri\"}"),
     {"\"https://example.org/", "\xc3\xbc", 500000, "\"", NULL, NULL}},
    {"format uri-template, 1 MB of it",
     ACCEPTED,
     TEXT("{\"format\":\"uri-template\"}"),
     {"\"https://example.org/", "{a,b}", 200000, "\"", NULL, NULL}},
    {"format json-pointer, 1 MB of it",
     ACCEPTED,
     TEXT("{\"format\":\"json-pointer\"}"),
     {"\"", "/a~0", 250000, "\"", NULL, NULL}},
    {"format ipv6, 1 MB of nearly that",
     REFUSED,
     TEXT("{\"format\":\"ipv6\"}"),
     {"\"", "1:", 500000, "\"", NULL, NULL}},
    {"format regex, 1 MB of nearly that",
     REFUSED,
     TEXT("{\"format\":\"regex\"}"),
     {"\"", "(a|b)*", 166666, "\"", NULL, NULL}},
    {"format uuid, 1 MB of nearly that",
     REFUSED,
     TEXT("{\"format\":\"uuid\"}"),
     {"\"", "a-", 500000, "\"", NULL, NULL}},
    {"format duration, 1 MB of nearly that",
     REFUSED,
     TEXT("{\"format\":\"duration\"}"),
     {"\"P", "1D", 500000, "\"", NULL, NULL}},
    {"format idn-email, 1 MB of nearly that",
     REFUSED,
     TEXT("{\"format\":\"idn-email\"}"),
     {"\"", "\xc3\xbc", 500000, "@\xc3\xbc\"", NULL, NULL}},
};
const size_t adversary_count = COUNT(adversaries);

/* ---- the texts ---- */

static void add_part(struct buf *b, const char *part, unsigned i)
{
    for (; *part; part++) {
        if (*part == '%')
            buf_add_u64(b, i);
        else if (*part == '&')
            buf_add_u64(b, i + 1);
        else if (*part == '@')
            buf_addf(b, "%08u", i);
        else
            buf_addc(b, *part);
    }
}

/* With a NUL behind it, which is not counted. */
static str build(struct arena *a, const struct adversary_text *t)
{
    CLEANUP(buf_free) struct buf b = {.max = limits.bytes};

    buf_add(&b, str_of(t->head));
    for (unsigned i = 0; t->part && i < t->count; i++)
        add_part(&b, t->part, i);
    buf_add(&b, str_of(t->middle));
    for (unsigned i = 0; t->close && i < t->count; i++)
        buf_add(&b, str_of(t->close));
    buf_add(&b, str_of(t->tail));
    return arena_str(a, buf_str(&b));
}

/* ---- the judgement ---- */

/* What this process has used: the same whatever else the machine is doing. */
static uint64_t processor_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static enum adversary_verdict judge(const struct schema *s, str document, uint64_t *ns)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(MEMORY);
    uint64_t from = processor_ns();
    enum adversary_verdict verdict = UNREADABLE;
    struct err e = {0};
    struct json *v;

    if (json_read(a, document, &limits, &v, &e))
        verdict = schema_valid(s, v) ? ACCEPTED : REFUSED;
    *ns = least(*ns, processor_ns() - from);
    return verdict;
}

static bool compile(struct arena *a, const struct json *source, struct schema **ret,
                    uint64_t *ns, struct err *e)
{
    uint64_t from = processor_ns();
    uint32_t offset;

    if (!schema_compile(a, source, NULL, ret, &offset, e))
        return false;
    *ns = processor_ns() - from;
    return true;
}

bool adversary_run(const struct adversary *one, struct adversary_result *ret, struct err *e)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(MEMORY);
    struct adversary_result r = {.judge_ns = UINT64_MAX};
    str schema = build(a, &one->schema), document = build(a, &one->document);
    struct json *source;
    struct schema *s;

    if (!json_read(a, schema, &schema_limits, &source, e) ||
        !compile(a, source, &s, &r.compile_ns, e))
        return false;
    r.schema_bytes = schema.len;
    r.document_bytes = document.len;
    for (unsigned i = 0; i < RUNS; i++)
        r.verdict = judge(s, document, &r.judge_ns);
    schema_free(s);
    *ret = r;
    return true;
}

double adversary_ms_per_mb(uint64_t ns, size_t bytes)
{
    return (double)ns / (double)(bytes < 100000 ? 100000 : bytes);
}
