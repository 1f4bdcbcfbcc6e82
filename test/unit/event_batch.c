/*
 * event_batch: messages in the envelopes of other sources, records that are changed and put back,
 * and the answers to batches.
 */
#include "event.h"

#define QUOTED(text) "\"" text "\""
#define SQS(body) "{\"Records\":[{\"eventSource\":\"aws:sqs\",\"body\":" body "}]}"

/* ---- envelopes ---- */

/* A record's body, written as the text of the JSON that it holds. */
static struct json *message(struct arena *a, const char *json)
{
    struct json *event = read_json(a, STR(SQS("\"\"")));
    struct json *body =
        (struct json *)json_get(&json_get(event, STR("Records"))->items[0], STR("body"));

    body->text = str_of(json);
    return event;
}

#define NOTICE(message)                                                                        \
    "{\"Type\":\"Notification\",\"TopicArn\":\"arn:aws:sns:x\",\"Message\":" message "}"
#define BUS(detail)                                                                             \
    "{\"version\":\"0\",\"id\":\"1\",\"detail-type\":\"t\",\"source\":\"s\",\"account\":\"0\"," \
    "\"time\":\"n\",\"region\":\"r\",\"resources\":[],\"detail\":" detail "}"
#define UPLOAD                                                                                  \
    "{\"Records\":[{\"eventSource\":\"aws:s3\",\"s3\":{\"bucket\":{\"name\":\"b\"},\"object\":" \
    "{\"key\":\"k+1\"}}}]}"
#define UPLOAD_IN_TEXT                                                                         \
    "\"{\\\"Records\\\":[{\\\"eventSource\\\":\\\"aws:s3\\\",\\\"s3\\\":{\\\"bucket\\\":"      \
    "{\\\"name\\\":\\\"b\\\"},\\\"object\\\":{\\\"key\\\":\\\"k+1\\\"}}}]}\""

static const struct {
    const char *name, *body;
    const char *layers; /* NULL: those that are recognised */
    const char *held; /* NULL: refused */
} wrapped[] = {
    {"nothing around it", "{\"n\":1}", NULL, "[{\"n\":1}]"},
    {"SNS", NOTICE("\"{\\\"n\\\":1}\""), NULL, "[{\"n\":1}]"},
    {"SNS around text", NOTICE("\"hello\""), NULL, "[\"hello\"]"},
    {"SNS, one member more",
     "{\"n\":2,\"Type\":\"Notification\",\"TopicArn\":\"arn:x\","
     "\"Message\":\"1\"}",
     NULL, "[{\"n\":2,\"Type\":\"Notification\",\"TopicArn\":\"arn:x\",\"Message\":\"1\"}]"},
    {"SNS, a member of another kind",
     "{\"Type\":\"Notification\",\"TopicArn\":\"arn:x\","
     "\"Message\":\"1\",\"Subject\":[]}",
     NULL,
     "[{\"Type\":\"Notification\",\"TopicArn\":\"arn:x\",\"Message\":\"1\",\"Subject\":[]}]"},
    {"SNS of no topic", "{\"Type\":\"Notification\",\"TopicArn\":\"x\",\"Message\":\"1\"}",
     NULL, "[{\"Type\":\"Notification\",\"TopicArn\":\"x\",\"Message\":\"1\"}]"},
    {"SNS with a name twice inside", NOTICE("\"{\\\"n\\\":1,\\\"n\\\":2}\""), NULL, NULL},
    {"EventBridge", BUS("{\"n\":1}"), NULL, "[{\"n\":1}]"},
    {"S3", UPLOAD, NULL, "[{\"bucket\":\"b\",\"key\":\"k 1\"}]"},
    {"S3 in SNS", NOTICE(UPLOAD_IN_TEXT), NULL, "[{\"bucket\":\"b\",\"key\":\"k 1\"}]"},
    {"S3's test message",
     "{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\","
     "\"Bucket\":\"b\"}",
     NULL, "[]"},
    {"none, and none is expected", "{\"n\":1}", "", "[{\"n\":1}]"},
    {"SNS where none is expected", NOTICE("\"1\""), "",
     "[{\"Type\":\"Notification\",\"TopicArn\":\"arn:aws:sns:x\",\"Message\":\"1\"}]"},
    {"SNS as expected", NOTICE("\"1\""), "sns", "[1]"},
    {"none where SNS is expected", "{\"n\":1}", "sns", NULL},
    {"SNS where EventBridge is expected", NOTICE("\"1\""), "eventbridge", NULL},
    {"S3 in SNS as expected", NOTICE(UPLOAD_IN_TEXT), "sns s3",
     "[{\"bucket\":\"b\",\"key\":\"k 1\"}]"},
    {"S3 in SNS where SNS is expected", NOTICE("\"{\\\"Records\\\":[]}\""), "sns",
     "[{\"Records\":[]}]"},
    {"something else in SNS where S3 is expected", NOTICE("\"{}\""), "sns s3", NULL},
    {"S3 alone where it is expected in SNS", UPLOAD, "sns s3", NULL},
};

static struct event_unwrap unwrap_of(const char *layers)
{
    struct event_unwrap u = {.exact = layers != NULL};
    str rest = str_of(layers), word;

    while (rest.len && str_cut(&rest, ' ', &word))
        if (event_layer_named(word, &u.layers[u.count]))
            u.count++;
    return u;
}

static str written(struct arena *a, const struct json *items, uint32_t count)
{
    struct json all = {.kind = JSON_ARRAY, .count = count, .items = (struct json *)items};

    return write_json(a, &all);
}

static void test_layers(void)
{
    for (size_t i = 0; i < COUNT(wrapped); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        struct json *event = message(a, wrapped[i].body);
        struct event_unwrap unwrap = unwrap_of(wrapped[i].layers);
        struct event_record r;
        struct event_batch b;
        struct json back;
        struct err e = {0};
        bool ok = event_batch_open(a, EVENT_SQS, event, 1, &b, &e) &&
                  event_record_open(a, &b, 0, &unwrap, &r, &e);

        CHECK(ok == (wrapped[i].held != NULL) && (ok || e.what[0]), "%s is %s", wrapped[i].name,
              ok ? "opened" : "refused");
        if (!ok)
            continue;
        CHECK_STR(written(a, r.payloads, r.count), wrapped[i].held, "%s: what it holds",
                  wrapped[i].name);
        CHECK(event_record_close(a, &b, &r, r.payloads, &back, &e), "%s can be put back",
              wrapped[i].name);
        CHECK_STR(json_get_str(&back, STR("body")), wrapped[i].body, "%s: as it was",
                  wrapped[i].name);
    }
}

/* SNS in SNS, `depth` times. */
static str nested(struct arena *a, unsigned depth)
{
    CLEANUP(buf_free) struct buf b = {0};
    str inner = STR("{\"n\":1}");

    for (unsigned i = 0; i < depth; i++) {
        buf_clear(&b);
        buf_add(&b, STR("{\"Type\":\"Notification\",\"TopicArn\":\"arn:t\",\"Message\":"));
        json_write_str(&b, inner);
        buf_addc(&b, '}');
        inner = arena_str(a, buf_str(&b));
    }
    return inner;
}

static void test_depth(void)
{
    for (unsigned depth = 0; depth < 6; depth++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        struct json *event = message(a, nested(a, depth).at);
        struct event_record r;
        struct event_batch b;
        struct err e = {0};
        bool ok = event_batch_open(a, EVENT_SQS, event, 1, &b, &e) &&
                  event_record_open(a, &b, 0, NULL, &r, &e);

        CHECK(ok == (depth <= EVENT_LAYERS_DEEP), "%u envelopes are %s %s", depth,
              ok ? "opened" : "refused:", e.what);
        if (ok)
            CHECK_STR(written(a, r.payloads, r.count), "[{\"n\":1}]",
                      "and hold what they hold");
    }
}

/* ---- payloads that were changed ---- */

static const struct {
    const char *name;
    enum event_kind kind;
    const char *event;
    const char *payload; /* in place of the first record's; a list of several */
    const char *result; /* NULL: it can't be put back */
} changed[] = {
    {"a body", EVENT_SQS, SQS(QUOTED("{\\\"n\\\": 1}")), "{\"n\":2}",
     SQS(QUOTED("{\\\"n\\\":2}"))},
    {"a body that is text", EVENT_SQS, SQS(QUOTED(" x ")), "\"x\"", SQS(QUOTED("x"))},
    {"a text that becomes JSON", EVENT_SQS, SQS(QUOTED("1\\u0000")), "\"1\"", NULL},
    {"a text that becomes a number", EVENT_SQS, SQS(QUOTED("x")), "1", NULL},
    {"a digest", EVENT_SQS,
     "{\"Records\":[{\"body\":\"{ }\",\"md5OfBody\":\"67c1890df55a3fda9bfa59ed880bdd0c\"}]}",
     "{\"n\":1}",
     "{\"Records\":[{\"body\":\"{\\\"n\\\":1}\","
     "\"md5OfBody\":\"082c26c8a6bc75226a31da5495cc9292\"}]}"},
    {"data in base64", EVENT_KINESIS,
     "{\"Records\":[{\"kinesis\":{\"data\":\"eyJuIjogMX0=\"}}]}", "{\"n\":2}",
     "{\"Records\":[{\"kinesis\":{\"data\":\"eyJuIjoyfQ==\"}}]}"},
    {"bytes", EVENT_KINESIS, "{\"Records\":[{\"kinesis\":{\"data\":\"//79\"}}]}", "\"x\"",
     NULL},
    {"an aggregate", EVENT_KINESIS,
     "{\"Records\":[{\"kinesis\":{\"data\":\"84mawgoDa2V5GhEIABoIeyJuIjogMX0iAwoBdBoLCAAaAmhpIgMKAXRQIJkZWcCQ+7xbemeeM/ee\"}}]}",
     "[{\"n\":2},\"ho\"]",
     "{\"Records\":[{\"kinesis\":{\"data\":\"84mawgoDa2V5GhAIABoHeyJuIjoyfSIDCgF0GgsIABoCaG8iAwoBdA8cXHr8HZDPTfMsKYhdqE4=\"}}]}"},
    {"an aggregate whose text becomes JSON", EVENT_KINESIS,
     "{\"Records\":[{\"kinesis\":{\"data\":\"84mawgoDa2V5GhEIABoIeyJuIjogMX0iAwoBdBoLCAAaAmhpIgMKAXRQIJkZWcCQ+7xbemeeM/ee\"}}]}",
     "[{\"n\":2},\"1\"]", NULL},
    {"a detail", EVENT_EVENTBRIDGE, "{\"detail\":{\"n\":1},\"id\":\"1\"}", "{\"n\":2}",
     "{\"detail\":{\"n\":2},\"id\":\"1\"}"},
    {"a direct event", EVENT_DIRECT, "{\"n\":1}", "{\"n\":2}", "{\"n\":2}"},
    {"an S3 record", EVENT_S3,
     "{\"Records\":[{\"s3\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"k\"}}}]}",
     "{\"bucket\":\"b\",\"key\":\"other\"}", NULL},
    {"an item", EVENT_DYNAMODB,
     "{\"Records\":[{\"dynamodb\":{\"NewImage\":{\"n\":{\"N\":\"1\"}}}}]}", "{\"n\":2}", NULL},
    {"a tombstone", EVENT_KAFKA, "{\"records\":{\"t-0\":[{\"value\":null}]}}", "{}", NULL},
};

static void test_changed(void)
{
    for (size_t i = 0; i < COUNT(changed); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        struct json *event = read_json(a, str_of(changed[i].event)), *payload, record, whole;
        struct event_record r;
        struct event_batch b;
        const struct json *records[] = {&record};
        struct err e = {0};
        bool ok;

        if (!CHECK(event_batch_open(a, changed[i].kind, event, 1, &b, &e) &&
                       event_record_open(a, &b, 0, NULL, &r, &e),
                   "%s opens %s", changed[i].name, e.what))
            continue;
        payload = read_json(a, str_of(changed[i].payload));
        ok = event_record_close(a, &b, &r, r.count > 1 ? payload->items : payload, &record, &e);
        CHECK(ok == (changed[i].result != NULL), "%s is %s", changed[i].name,
              ok ? "put back" : "refused");
        if (ok && event_batch_close(a, &b, records, &whole, &e))
            CHECK_STR(write_json(a, &whole), changed[i].result, "%s: the event",
                      changed[i].name);
    }
}

/* ---- answers ---- */

/* "given a", "consumed b", "failed c|g": a fate, an id and a group, apart by commas. */
static size_t items_of(struct arena *a, const char *text, struct event_item *ret)
{
    static const char *const fates[] = {"given", "consumed", "failed"};
    str rest = str_of(text), word, fate;
    size_t n = 0;

    while (rest.len && str_cut(&rest, ',', &word)) {
        ret[n] = (struct event_item){0};
        str_cut(&word, ' ', &fate);
        while (!str_is(fate, fates[ret[n].fate]))
            ret[n].fate++;
        str_cut(&word, '|', &ret[n].name);
        ret[n].group = word;
        ret[n].data = STR("ZGF0YQ==");
        ret[n].id = (struct json){.kind = JSON_STRING, .text = ret[n].name};
        n++;
    }
    (void)a;
    return n;
}

#define FAILURES(list) "{\"batchItemFailures\":[" list "]}"
#define ITEM(id) "{\"itemIdentifier\":\"" id "\"}"

static const struct {
    const char *name;
    enum event_kind kind;
    const char *items, *answer, *result;
} answers[] = {
    {"nothing to say", EVENT_SQS, "given a,given b", "null", "null"},
    {"an empty object", EVENT_SQS, "given a", "{}", "{}"},
    {"a word", EVENT_SQS, "given a", "\"ok\"", "\"ok\""},
    {"no JSON", EVENT_SQS, "given a,failed b", "{", "{"},
    {"not called", EVENT_SQS, "consumed a", "", FAILURES("")},
    {"not called, one failed", EVENT_SQS, "consumed a,failed b", "", FAILURES(ITEM("b"))},
    {"one failed before the function", EVENT_SQS, "given a,failed b", "null",
     FAILURES(ITEM("b"))},
    {"one failed before a word", EVENT_SQS, "given a,failed b", "\"ok\"", FAILURES(ITEM("b"))},
    {"one failed in the function", EVENT_SQS, "given a,consumed b", FAILURES(ITEM("a")),
     FAILURES(ITEM("a"))},
    {"one each", EVENT_SQS, "given a,failed b,given c", FAILURES(ITEM("c")),
     FAILURES(ITEM("b") "," ITEM("c"))},
    {"one named twice", EVENT_SQS, "given a", FAILURES(ITEM("a") "," ITEM("a")),
     FAILURES(ITEM("a"))},
    {"a list that is null", EVENT_SQS, "given a,failed b", "{\"batchItemFailures\":null}",
     FAILURES(ITEM("b"))},
    {"a list that is none", EVENT_SQS, "given a,given b", "{\"batchItemFailures\":{}}",
     FAILURES(ITEM("a") "," ITEM("b"))},
    {"a name that is empty", EVENT_SQS, "given a,consumed b", FAILURES(ITEM("")),
     FAILURES(ITEM("a"))},
    {"a name that is unknown", EVENT_SQS, "given a,given b", FAILURES(ITEM("a") "," ITEM("x")),
     FAILURES(ITEM("a") "," ITEM("b"))},
    {"a name of one that was not given", EVENT_SQS, "given a,consumed b", FAILURES(ITEM("b")),
     FAILURES(ITEM("a"))},
    {"a bad key", EVENT_SQS, "given a", FAILURES("{\"id\":\"a\"}"), FAILURES(ITEM("a"))},
    {"other members", EVENT_SQS, "given a,failed b", "{\"state\":{\"n\":1}}",
     "{\"state\":{\"n\":1},\"batchItemFailures\":[" ITEM("b") "]}"},
    {"a group", EVENT_SQS, "given a|g,given b|g,given c|h,given d|g", FAILURES(ITEM("b")),
     FAILURES(ITEM("b") "," ITEM("d"))},
    {"a group with one consumed", EVENT_SQS, "given a|g,consumed b|g,given c|g",
     FAILURES(ITEM("a")), FAILURES(ITEM("a") "," ITEM("c"))},
    {"a stream", EVENT_KINESIS, "given a|s,given b|s,given c|s",
     FAILURES(ITEM("c") "," ITEM("b")), FAILURES(ITEM("b"))},
    {"a stream that failed before", EVENT_DYNAMODB, "given a|s,failed b|s,failed c|s", "null",
     FAILURES(ITEM("b"))},
    {"partitions", EVENT_KAFKA, "given t-0/7|t-0,given u-0/7|u-0",
     FAILURES("{\"itemIdentifier\":{\"partition\":\"u-0\",\"offset\":7}}"),
     FAILURES(ITEM("u-0/7"))},
    {"a partition without its offset", EVENT_KAFKA, "given t-0/7|t-0,given u-0/7|u-0",
     FAILURES("{\"itemIdentifier\":{\"partition\":\"u-0\"}}"),
     FAILURES(ITEM("t-0/7") "," ITEM("u-0/7"))},
    {"Firehose", EVENT_FIREHOSE, "given a,consumed b,failed c,given d",
     "{\"records\":[{\"recordId\":\"a\",\"result\":\"Ok\"},{\"recordId\":\"d\"}]}",
     "{\"records\":[{\"recordId\":\"a\",\"result\":\"Ok\"},"
     "{\"recordId\":\"b\",\"result\":\"Dropped\"},"
     "{\"recordId\":\"c\",\"result\":\"ProcessingFailed\",\"data\":\"ZGF0YQ==\"},"
     "{\"recordId\":\"d\"}]}"},
    {"Firehose, not called", EVENT_FIREHOSE, "consumed a", "",
     "{\"records\":[{\"recordId\":\"a\",\"result\":\"Dropped\"}]}"},
    {"Firehose, a wrong answer", EVENT_FIREHOSE, "given a,consumed b", "{\"n\":1}",
     "{\"n\":1}"},
    {"Kinesis Analytics", EVENT_ANALYTICS, "consumed a,failed b", "",
     "{\"records\":[{\"recordId\":\"a\",\"result\":\"Ok\"},"
     "{\"recordId\":\"b\",\"result\":\"DeliveryFailed\"}]}"},
    {"no answer for each record", EVENT_SNS, "given a,consumed b", "{\"n\": 1}", "{\"n\": 1}"},
    {"no answer for each record, not called", EVENT_SNS, "consumed a", "", "null"},
};

static void test_answers(void)
{
    for (size_t i = 0; i < COUNT(answers); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        CLEANUP(buf_free) struct buf b = {0};
        struct event_item items[8];
        size_t n = items_of(a, answers[i].items, items);
        struct err e = {0};

        CHECK(
            event_batch_answer(a, answers[i].kind, items, n, str_of(answers[i].answer), &b, &e),
            "%s is answered", answers[i].name);
        CHECK_STR(buf_str(&b), answers[i].result, "%s: what the source is told",
                  answers[i].name);
    }
}

static void test_followers(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct event_item items[8];
    size_t n =
        items_of(a, "given a|g,failed b|g,given c|h,given d|g,consumed e|g,given f", items);
    static const enum event_fate fates[] = {EVENT_GIVEN,  EVENT_FAILED,   EVENT_GIVEN,
                                            EVENT_FAILED, EVENT_CONSUMED, EVENT_GIVEN};
    struct err e = {0};

    CHECK(event_fail_followers(a, items, n, &e), "what follows a failure is found");
    for (size_t i = 0; i < n; i++)
        CHECK(items[i].fate == fates[i], "record %zu has its fate", i);
}

/* Ten thousand groups that all fail, and as many names: no square of them. */
static void test_many(void)
{
    enum { MANY = 10000 };
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    CLEANUP(buf_free) struct buf answer = {0};
    CLEANUP(buf_free) struct buf b = {0};
    struct event_item *items = arena_array(a, MANY, sizeof(*items));
    uint64_t start = clock_mono_ns();
    struct err e = {0};

    buf_add(&answer, STR("{\"batchItemFailures\":["));
    for (size_t i = 0; i < MANY; i++) {
        items[i].name = items[i].group = arena_format(a, "%080zu", i);
        items[i].id = (struct json){.kind = JSON_STRING, .text = items[i].name};
        buf_addf(&answer, "%s{\"itemIdentifier\":\"%080zu\"}", i ? "," : "", MANY - 1 - i);
    }
    buf_add(&answer, STR("]}"));
    CHECK(event_batch_answer(a, EVENT_SQS, items, MANY, buf_str(&answer), &b, &e) &&
              b.len == answer.len,
          "ten thousand failures are told");
    CHECK(clock_mono_ns() - start < 1000000000, "... in less than a second");
}

/* ---- the names of records ---- */

static void test_names(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct json *event = read_json(
        a, STR("{\"records\":{\"t-0\":[{\"topic\":\"t\",\"partition\":0,\"offset\":15}]}}"));
    struct event_item item, copy;
    struct event_batch b;
    struct err e = {0};

    if (!CHECK(event_batch_open(a, EVENT_KAFKA, event, 1, &b, &e) &&
                   event_item_of(a, &b, 0, &item, &e) && event_item_copy(a, &item, &copy, &e),
               "a record of Kafka has its names"))
        return;
    CHECK_STR(copy.name, "t-0/15", "one for people");
    CHECK_STR(write_json(a, &copy.id), "{\"partition\":\"t-0\",\"offset\":15}",
              "and one for Kafka");
    CHECK_STR(copy.group, "t-0", "its partition is its group");
    event = read_json(a, STR("{\"Records\":[{\"messageId\":\"m\",\"eventSourceARN\":\"q\","
                             "\"attributes\":{\"MessageGroupId\":\"g\"}}, 7]}"));
    CHECK(event_batch_open(a, EVENT_SQS, event, 2, &b, &e) &&
              event_item_of(a, &b, 0, &item, &e),
          "one of SQS");
    CHECK(str_is(item.name, "m") && str_is(item.source, "q") && str_is(item.group, "g"),
          "has its message, its queue and its group");
    CHECK(event_item_of(a, &b, 1, &item, &e) && !item.name.len, "one that is none has no name");
}

/* ---- what is compressed ---- */

static void test_logs(void)
{
    static const struct {
        const char *data, *why;
    } rows[] = {
        {"!", "no base64"},
        {"aGVsbG8=", "no gzip"},
        {"H4sIAAAAAAAAA6uuBQBDv6ajAgAAAA==", "no records"},
        {"H4sIAAAAAAAAA6uu", "cut short"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        str text = arena_format(a, "{\"awslogs\":{\"data\":\"%s\"}}", rows[i].data);
        struct event_batch b;
        struct err e = {0};

        CHECK(!event_batch_open(a, EVENT_LOGS, read_json(a, text), 10, &b, &e) && e.what[0],
              "%s: %s", rows[i].why, e.what);
    }
}

int main(void)
{
    test_layers();
    test_depth();
    test_changed();
    test_answers();
    test_followers();
    test_many();
    test_names();
    test_logs();
    return tap_end();
}
