/*
 * event: the envelopes that events come in and answers go out in, as AWS makes them.
 *
 * HTTP requests become payload format 2.0 events and the function's result becomes the response
 * (function URLs); the Lambda Invoke API's names, bodies and errors; which trigger an invoked
 * event belongs to.
 */
#pragma once

#include "base/base.h"
#include "contract/contract.h"
#include "http/http.h"
#include "json/json.h"

/* ---- an HTTP request as an event (payload format 2.0) ---- */

struct event_pair {
    str name, value; /* decoded */
};

struct event_request {
    const struct http_head *head;
    str path; /* decoded, as routed; the event's rawPath */
    str route; /* "POST /orders/{id}", the event's routeKey */
    str body;
    const struct json *query, *headers; /* in place of the head's, when not NULL: texts */
    const struct event_pair *params; /* of the path */
    size_t param_count;
    str source_ip, request_id, domain, function;
    bool tls;
    uint64_t wall_ms;
};

/* The query as an object of strings: percent-decoded, names in order, repeated ones joined by
 * a comma as API Gateway does. At most 256 parameters. */
bool event_query(struct arena *a, str query, struct json **ret, struct err *e) MUST_USE;
/* The headers the same way, names in lower case, "cookie" left out. Refuses values that are
 * not UTF-8. */
bool event_headers(struct arena *a, const struct http_head *head, struct json **ret,
                   struct err *e) MUST_USE;
/* Values that are texts or stand for texts, numbers say, as an object of strings. */
bool event_texts(struct arena *a, const struct json *values, struct json **ret) MUST_USE;
/*
 * Appends the event to `ret`. The body is text when the content type speaks of text, json or xml
 * and it is UTF-8, else base64; empty members are left out. x-forwarded-for, -port, -proto and
 * x-amzn-trace-id are the gate's, whatever the client sent under these names.
 */
bool event_from_request(struct arena *a, const struct event_request *r, struct buf *ret,
                        struct err *e) MUST_USE;

/* The trace id in that event, for the Runtime API's header to say the same. */
void event_trace_id(struct buf *out, str request_id, uint64_t wall_ms);

/* "/orders/{id}" and "/files/{name+}" against a decoded path. Fills `params` (at most 16). A
 * parameter is never empty; "+" takes the rest of the path and stands only at the end. */
bool event_route_match(str pattern, str path, struct event_pair *params, size_t *param_count);

/* The path that matches `pattern` with these parameters; false when there is none, as for an
 * empty one. A parameter that is not among them stays out: false. */
bool event_route_path(struct arena *a, str pattern, const struct event_pair *params,
                      size_t param_count, str *ret) MUST_USE;

/* ---- the function's result as a response ---- */

enum { EVENT_HEADERS_MAX = 64, EVENT_COOKIES_MAX = 32 };

struct event_response {
    unsigned status;
    struct event_pair headers[EVENT_HEADERS_MAX + 16]; /* room for those that are added */
    size_t header_count;
    str cookies[EVENT_COOKIES_MAX]; /* as the function wrote them, "set-cookie" among them */
    size_t cookie_count;
    str body;
    str content_type; /* when no header says it */
};

/*
 * The mapping of payload format 2.0. False when the result is not a response that can be sent
 * (the caller answers 502). Headers of framing and connection are dropped; every name and value
 * is safe to write; of names that differ in case only the last counts. The body is empty for 204
 * and 304, which have none. `ret` points into `result` and the arena.
 */
bool event_to_response(struct arena *a, str result, struct event_response *ret,
                       struct err *e) MUST_USE;

/* ---- what of a response leaves ---- */

struct event_exit {
    const struct answers *answers; /* what the contract says */
    str host; /* as the client asked for it */
    bool tls; /* the client's connection is secure */
    bool is_public; /* others than this machine can connect */
};

struct event_dropped {
    size_t header_count, cookie_count;
    str headers; /* their names: "x-powered-by, server" */
    struct {
        str name;
        const char *why;
    } cookies[EVENT_COOKIES_MAX];
};

/*
 * Headers by allow-list: those of content, caching, CORS and security, and the contract's. What
 * protects a browser is added where the function did not say it: nosniff, and for a page the
 * headers that OWASP's cheat sheet asks for. Cookies are read strictly, get Secure, HttpOnly and
 * SameSite where they lack them, must keep the rules of their prefix, domain and path, and are
 * written anew. What does not leave is told in `dropped`.
 */
bool event_harden(struct arena *a, const struct event_exit *exit, struct event_response *r,
                  struct event_dropped *dropped, struct err *e) MUST_USE;

/* ---- an error as its caller may see it ---- */

/*
 * The payload that a function reported as {"errorType", "errorMessage"}: no stack, and each path
 * of the machine as "[path]". `roots` are directories that are known to be the machine's besides
 * the usual ones.
 */
void event_error_plain(struct buf *out, str payload, const str *roots, size_t root_count);
/* The text with those paths replaced. */
void event_hide_paths(struct buf *out, str text, const str *roots, size_t root_count);

/* ---- the Lambda Invoke API ---- */

/* name, name:qualifier, partial and full ARN (percent-decoded). */
struct event_name {
    str function, qualifier, account, region;
};
/* On failure e->what is AWS's message of a ValidationException. */
bool event_name_parse(str text, struct event_name *ret, struct err *e) MUST_USE;

/* The same for the query's Qualifier. One that differs from the name's own qualifier is an
 * InvalidParameterValueException: "The derived qualifier from the function name does not match
 * the specified qualifier." */
bool event_qualifier_check(str qualifier, struct err *e) MUST_USE;

enum event_error {
    EVENT_NOT_FOUND, /* 404 ResourceNotFoundException */
    EVENT_INVALID_CONTENT, /* 400 InvalidRequestContentException */
    EVENT_INVALID_PARAMETER, /* 400 InvalidParameterValueException */
    EVENT_VALIDATION, /* 400 ValidationException */
    EVENT_TOO_LARGE, /* 413 RequestTooLargeException */
    EVENT_THROTTLED, /* 429 TooManyRequestsException */
    EVENT_SERVICE, /* 500 ServiceException */
    EVENT_ERRORS,
};
unsigned event_error_status(enum event_error kind);
const char *event_error_type(enum event_error kind);
/* The body exactly as AWS forms it. */
void event_error_body(struct buf *out, enum event_error kind, str message);

/* The payloads that AWS makes when a function fails without answering. */
void event_failure_timeout(struct buf *out, str request_id, uint64_t timeout_ms);
/* `status` as from waitpid. */
void event_failure_exit(struct buf *out, str request_id, int status);
void event_failure_too_large(struct buf *out, size_t limit);

struct event_configuration { /* what GetFunctionConfiguration tells */
    str name, runtime, handler, code_sha256, modified; /* ISO 8601 */
    uint64_t code_size, memory_mb, timeout_s, tmp_mb;
};
void event_configuration(struct buf *out, const struct event_configuration *c);
/* "arn:aws:lambda:us-east-1:000000000000:function:NAME", and the qualifier when there is one.
 * The name is one that a contract allows, and not escaped. */
void event_function_arn(struct buf *out, str name, str qualifier);

/* ---- what an invoked event is ---- */

enum event_kind {
    EVENT_DIRECT,
    EVENT_RESPONSE, /* what another function answered */
    EVENT_HTTP_V2,
    EVENT_HTTP_V1,
    EVENT_ALB,
    EVENT_WEBSOCKET,
    EVENT_AUTHORIZER,
    EVENT_SQS,
    EVENT_SNS,
    EVENT_S3,
    EVENT_S3_TEST, /* what S3 sends when notifications are switched on */
    EVENT_S3_BATCH,
    EVENT_S3_OBJECT, /* Object Lambda */
    EVENT_EVENTBRIDGE,
    EVENT_SCHEDULE,
    EVENT_CLOUDEVENT, /* structured; in a batch an array of them */
    EVENT_DYNAMODB,
    EVENT_KINESIS,
    EVENT_FIREHOSE,
    EVENT_ANALYTICS,
    EVENT_KAFKA,
    EVENT_ACTIVEMQ,
    EVENT_RABBITMQ,
    EVENT_LOGS,
    EVENT_SES,
    EVENT_CODECOMMIT,
    EVENT_CODEPIPELINE,
    EVENT_CONFIG,
    EVENT_COGNITO,
    EVENT_APPSYNC,
    EVENT_LEX,
    EVENT_CONNECT,
    EVENT_IOT,
    EVENT_VPN,
    EVENT_ROTATION,
    EVENT_KINDS,
};
enum event_kind event_recognise(const struct json *event);

/* ---- its records, and what the user put into them ---- */

/* The event as records: a batch's own, or the event itself as the only one. */
struct event_batch {
    enum event_kind kind;
    const struct json *event;
    const struct json *holder; /* of the records: the event, or what was packed in it */
    const struct json **records;
    size_t count;
};
/* Unpacks what is compressed, to at most an event's size. Fails past `max` records, and where
 * the envelope does not hold what its kind holds. */
bool event_batch_open(struct arena *a, enum event_kind kind, const struct json *event,
                      size_t max, struct event_batch *ret, struct err *e) MUST_USE;
/* The event with `records` in the place of its own; NULL leaves one out. */
bool event_batch_close(struct arena *a, const struct event_batch *b,
                       const struct json *const *records, struct json *ret,
                       struct err *e) MUST_USE;

/* Envelopes of other sources that a message may come in. */
enum event_layer { EVENT_LAYER_SNS, EVENT_LAYER_S3, EVENT_LAYER_EVENTBRIDGE, EVENT_LAYERS };
enum { EVENT_LAYERS_DEEP = 3 };
struct event_unwrap {
    bool exact; /* exactly these, outermost first; else those that are recognised */
    enum event_layer layers[EVENT_LAYERS_DEEP];
    unsigned count;
};
/* "sns", "s3", "eventbridge" */
bool event_layer_named(str name, enum event_layer *ret) MUST_USE;

struct event_text { /* a text of an envelope, and what it says */
    const char *path[2]; /* in the record, or in what the text around it says */
    str text; /* out of base64 */
    struct json value;
    bool base64, is_json, is_bytes; /* bytes: `value` is the base64 that they came in */
};

struct event_record {
    const struct json *record; /* as it stood in the event */
    const struct json *payloads; /* what the user's schema speaks of */
    uint32_t
        count; /* more than one of S3's records in a message, or of an aggregate's; 0: there is none */
    bool is_test; /* S3's test message: for nobody */
    /* How the payloads are packed, outermost first, and where in the innermost they stand. */
    struct event_text texts[1 + EVENT_LAYERS_DEEP];
    unsigned text_count;
    enum { EVENT_AT_TOP, EVENT_AT_MEMBER, EVENT_DERIVED, EVENT_AGGREGATED } where;
    const char *member;
};

/*
 * What a record holds:
 *
 * SQS       the body, or what the envelopes in it hold; md5OfBody must be the body's
 * SNS       the message, likewise
 * S3        {"eventName", "bucket", "key", "size", "eTag", "versionId"}, the key decoded
 * DynamoDB  NewImage (OldImage of what was removed, else Keys) as plain JSON
 * Kinesis, Firehose, Kafka, MQ    the data, out of base64; of an aggregate of the Kinesis
 *           Producer Library each user record's
 * logs      the message
 * EventBridge, schedule    the detail;  CloudEvents    the data;  SES    the mail
 * HTTP, WebSocket    the body, out of base64 where it says so; nothing where there is none
 * others    the event itself
 *
 * Text is read as JSON again, with the limits of an event; text that is not JSON is a string,
 * and bytes that are not UTF-8 are the string of their base64. Text that only a careless reader
 * takes for JSON (a name twice) is refused. `e->what` is the reason, and quotes no payload.
 */
bool event_record_open(struct arena *a, const struct event_batch *b, size_t i,
                       const struct event_unwrap *unwrap, struct event_record *ret,
                       struct err *e) MUST_USE;
/*
 * The record with `payloads`, as many as it had, in its envelopes: our own serialisation, the
 * checksums made again. Fails for a payload that was changed where it can't be put back (S3,
 * DynamoDB, bytes), and for text that would now read as JSON.
 */
bool event_record_close(struct arena *a, const struct event_batch *b,
                        const struct event_record *r, const struct json *payloads,
                        struct json *ret, struct err *e) MUST_USE;

/* ---- the answer to a batch ---- */

enum event_fate {
    EVENT_GIVEN, /* to the function */
    EVENT_CONSUMED, /* not given to it, and done with */
    EVENT_FAILED, /* not given to it, and to come again */
};
struct event_item {
    struct json id; /* as the source wants it back: a string, or Kafka's object */
    str name; /* the same for people */
    str group; /* records of one group, where it is not empty, are handled in their order */
    str source; /* the queue, stream, table or bucket */
    str data; /* as Firehose wants it back when it failed */
    enum event_fate fate;
};
/* All but the fate. Points into the record and the arena. */
bool event_item_of(struct arena *a, const struct event_batch *b, size_t i,
                   struct event_item *ret, struct err *e) MUST_USE;
/* The copy lives in `a` alone. */
bool event_item_copy(struct arena *a, const struct event_item *item, struct event_item *ret,
                     struct err *e) MUST_USE;
/* What was sent as this record, as it came: text, bytes out of base64, or the record itself. */
str event_raw(struct arena *a, const struct event_batch *b, size_t i);
/* What follows a failed record of its group would overtake it: it fails as well. */
bool event_fail_followers(struct arena *a, struct event_item *items, size_t count,
                          struct err *e) MUST_USE;
/* Whether the source takes an answer for each record, in whatever form. */
bool event_answers_records(enum event_kind kind);
/*
 * Appends the answer to the source: what the function answered (empty when it was not called),
 * with the fates of what it did not see. A function's list of failures that names what it was not
 * given, or nothing, fails all that it was given, as Lambda has it.
 */
bool event_batch_answer(struct arena *a, enum event_kind kind, const struct event_item *items,
                        size_t count, str answer, struct buf *ret, struct err *e) MUST_USE;

/* ---- CloudEvents 1.0 ---- */

/* The attributes of a structured event: those required, names, types, forms. */
bool event_cloudevent_check(const struct json *event, struct err *e) MUST_USE;
enum event_mode { EVENT_BINARY, EVENT_STRUCTURED, EVENT_STRUCTURED_BATCH, EVENT_NO_CLOUDEVENT };
/* Whether the body is JSON, by its content type: application/json, or any that ends with +json. */
bool event_is_json(const struct http_head *head);
bool event_is_json_type(str content_type);
enum event_mode event_cloudevent_mode(const struct http_head *head);
/* A request in binary mode as a structured event. */
bool event_cloudevent_from_request(struct arena *a, const struct http_head *head, str body,
                                   struct json *ret, struct err *e) MUST_USE;

/* ---- a request that came as an event ---- */

/* One form in which an event tells its query or its headers. */
struct event_form {
    const char *part; /* of the event: "multiValueHeaders" */
    struct json texts; /* as an object */
    bool changed; /* set it where `texts` is not any more what the event says */
};
struct event_call {
    str method, path;
    struct event_form queries[3], headers[2]; /* every form of them that the event has */
    size_t query_count, header_count;
};
/* Names of headers in lower case; a name's values: text, or a list of texts where the event has
 * several; null is absent. */
bool event_call_of(struct arena *a, enum event_kind kind, const struct json *event,
                   struct event_call *ret, struct err *e) MUST_USE;
/* Whether all that the event says of its method, path and route is the same. `path` is the one that
 * was routed: decoded, without a stage. */
bool event_call_agrees(enum event_kind kind, const struct json *event,
                       const struct event_call *call, str path, struct err *e) MUST_USE;
/* The event with the forms of the call that were changed, and of the form that its kind wants. */
bool event_with_call(struct arena *a, enum event_kind kind, const struct json *event,
                     const struct event_call *call, struct json *ret, struct err *e) MUST_USE;
/* The path without the stage in front, where API Gateway puts it there; else the path. */
str event_path_in_stage(const struct json *event, str path);
/* The event with the parameters that the route found in the path, in place of its own. */
bool event_with_params(struct arena *a, const struct json *event,
                       const struct event_pair *params, size_t count, struct json *ret,
                       struct err *e) MUST_USE;
