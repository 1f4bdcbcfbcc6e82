/*
 * event_cloudevent: attributes of CloudEvents, and events in HTTP's binary mode.
 */
#include "event.h"

#define BASE "\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\""

static const struct {
    const char *name, *event, *why; /* NULL: it is one */
} structured[] = {
    {"what must be there", "{" BASE "}", NULL},
    {"all that may be",
     "{" BASE ",\"datacontenttype\":\"application/json\",\"dataschema\":\"x:y\","
     "\"subject\":\"s\",\"time\":\"2026-01-31T12:00:00Z\",\"data\":{},\"note\":\"n\",\"n\":7,"
     "\"b\":true,\"none\":null}",
     NULL},
    {"a time with a fraction", "{" BASE ",\"time\":\"2026-01-31t12:00:00.125+01:00\"}", NULL},
    {"data in base64", "{" BASE ",\"data_base64\":\"AA==\"}", NULL},
    {"no object", "[]", "must be an object"},
    {"no id", "{\"specversion\":\"1.0\",\"source\":\"/s\",\"type\":\"t\"}", "'id' is missing"},
    {"an id that is empty",
     "{\"specversion\":\"1.0\",\"id\":\"\",\"source\":\"/s\",\"type\":\"t\"}",
     "'id' is not text"},
    {"an id that is null",
     "{\"specversion\":\"1.0\",\"id\":null,\"source\":\"/s\",\"type\":\"t\"}",
     "'id' is not text"},
    {"another version",
     "{\"specversion\":\"0.3\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\"}",
     "'specversion' is not 1.0"},
    {"a date for a time", "{" BASE ",\"time\":\"2026-01-31\"}", "'time' is not a time"},
    {"a time without a zone", "{" BASE ",\"time\":\"2026-01-31T12:00:00\"}", "'time' is not"},
    {"a name in capitals", "{" BASE ",\"traceId\":\"x\"}", "lower case"},
    {"a name with a bar", "{" BASE ",\"trace_id\":\"x\"}", "lower case"},
    {"an extension that is an object", "{" BASE ",\"x\":{}}", "'x' is not text"},
    {"an extension past 32 bits", "{" BASE ",\"x\":2147483648}", "'x' is not text"},
    {"an extension with a fraction", "{" BASE ",\"x\":1.5}", "'x' is not text"},
    {"data twice", "{" BASE ",\"data\":1,\"data_base64\":\"\"}", "data twice"},
};

static bool contains(str text, const char *part)
{
    return str_find_str(text, str_of(part)) < text.len;
}

static void test_structured(void)
{
    for (size_t i = 0; i < COUNT(structured); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        struct err e = {0};
        bool ok = event_cloudevent_check(read_json(a, str_of(structured[i].event)), &e);

        CHECK(ok == !structured[i].why && (ok || contains(str_of(e.what), structured[i].why)),
              "%s: %s", structured[i].name, ok ? "an event" : e.what);
    }
}

#define HEAD "POST / HTTP/1.1\r\nHost: x\r\n"
#define ATTRIBUTES "ce-specversion: 1.0\r\nCe-Id: 1\r\nCE-SOURCE: /s\r\nce-type: t\r\n"

static const struct {
    const char *name, *head, *body;
    enum event_mode mode;
    const char *event; /* NULL: refused, or not binary */
} requests[] = {
    {"JSON", ATTRIBUTES "Content-Type: application/json; charset=utf-8\r\n", "{\"n\": 1}",
     EVENT_BINARY,
     "{" BASE ",\"datacontenttype\":\"application/json; charset=utf-8\",\"data\":{\"n\":1}}"},
    {"text", ATTRIBUTES "Content-Type: text/plain\r\n", "hi", EVENT_BINARY,
     "{" BASE ",\"datacontenttype\":\"text/plain\",\"data\":\"hi\"}"},
    {"bytes", ATTRIBUTES "Content-Type: image/png\r\n", "hi", EVENT_BINARY,
     "{" BASE ",\"datacontenttype\":\"image/png\",\"data_base64\":\"aGk=\"}"},
    {"bytes of no type", ATTRIBUTES, "hi", EVENT_BINARY, "{" BASE ",\"data_base64\":\"aGk=\"}"},
    {"no data", ATTRIBUTES, "", EVENT_BINARY, "{" BASE "}"},
    {"an encoded value", ATTRIBUTES "ce-x: caf%C3%A9\r\n", "", EVENT_BINARY,
     "{" BASE ",\"x\":\"caf\xc3\xa9\"}"},
    {"a value in quotes", ATTRIBUTES "ce-x: \"a \\\"b\\\" %20c\"\r\n", "", EVENT_BINARY,
     "{" BASE ",\"x\":\"a \\\"b\\\"  c\"}"},
    {"an encoding that is none", ATTRIBUTES "ce-x: %C0%A0\r\n", "", EVENT_BINARY, NULL},
    {"an encoded NUL", ATTRIBUTES "ce-x: %00\r\n", "", EVENT_BINARY, NULL},
    {"an attribute twice", ATTRIBUTES "ce-id: 2\r\n", "", EVENT_BINARY, NULL},
    {"a content type as an attribute", ATTRIBUTES "ce-datacontenttype: text/plain\r\n", "",
     EVENT_BINARY, NULL},
    {"data as an attribute", ATTRIBUTES "ce-data: x\r\n", "", EVENT_BINARY, NULL},
    {"no type", "ce-specversion: 1.0\r\nce-id: 1\r\nce-source: /s\r\n", "", EVENT_BINARY, NULL},
    {"a name with a bar", ATTRIBUTES "ce-a-b: x\r\n", "", EVENT_BINARY, NULL},
    {"JSON that is none", ATTRIBUTES "Content-Type: application/json\r\n", "{", EVENT_BINARY,
     NULL},
    {"JSON with a name twice", ATTRIBUTES "Content-Type: application/vnd.x+json\r\n",
     "{\"n\":1,\"n\":2}", EVENT_BINARY, NULL},
    {"structured", "Content-Type: application/cloudevents+json; charset=utf-8\r\n", "",
     EVENT_STRUCTURED, NULL},
    {"structured, whatever the headers say",
     ATTRIBUTES "Content-Type: Application/CloudEvents+JSON\r\n", "", EVENT_STRUCTURED, NULL},
    {"a batch", "Content-Type: application/cloudevents-batch+json\r\n", "",
     EVENT_STRUCTURED_BATCH, NULL},
    {"another format", ATTRIBUTES "Content-Type: application/cloudevents+avro\r\n", "",
     EVENT_NO_CLOUDEVENT, NULL},
    {"none", "Content-Type: application/json\r\n", "", EVENT_NO_CLOUDEVENT, NULL},
};

static void test_requests(void)
{
    for (size_t i = 0; i < COUNT(requests); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        str text = arena_format(a, HEAD "%s\r\n", requests[i].head);
        struct http_head head;
        struct json event;
        struct err e = {0};
        const char *why = "";
        unsigned status;
        size_t used;
        bool ok;

        if (!CHECK(http_read_request(text, &head, &used, &status, &why) == HTTP_DONE &&
                       event_cloudevent_mode(&head) == requests[i].mode,
                   "the mode of %s %s", requests[i].name, why) ||
            requests[i].mode != EVENT_BINARY)
            continue;
        ok = event_cloudevent_from_request(a, &head, str_of(requests[i].body), &event, &e);
        CHECK(ok == (requests[i].event != NULL) && (ok || e.what[0]), "%s is %s %s",
              requests[i].name, ok ? "an event" : "none:", e.what);
        if (ok)
            CHECK_STR(write_json(a, &event), requests[i].event, "%s: the event",
                      requests[i].name);
    }
}

int main(void)
{
    test_structured();
    test_requests();
    return tap_end();
}
